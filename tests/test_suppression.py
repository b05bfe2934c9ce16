"""Small counts of children and of disabled or ill persons stay hidden from people outside."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest
from attacker import Attack, Cell
from forms import DONGGUAN, GOOD, KNOWN, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from small_models import model, reported
from tries import tries

import queries
from app import areas, reads
from app.errors import SuppressionRefused
from app.samples import child_welfare, tekun_care
from app.samples.shapes import PERIODS, Row
from app.serving import Serving, bases, laid
from app.suppression import plan, public, worlds
from app.suppression.linked import Linked
from app.suppression.plan import Plan
from app.suppression.table import WIDTH, Groups, Table

ZHONGSHAN, SHAOGUAN = "442000", "440200"
# 浈江, 武江 and 曲江 are no pilot counties, 始兴, 仁化 and 翁源 are: all of 韶关
ZHENJIANG, WUJIANG, QUJIANG, SHIXING, RENHUA, WENGYUAN = (
    "440203", "440204", "440205", "440222", "440224", "440229",
)  # fmt: skip
CHILDREN_PARTS = ("orphans_institution", "orphans_scattered", "unattended_children")
PLENTY: dict[str, Value] = GOOD["child_welfare"] | {
    "orphans_institution": 40, "orphans_scattered": 50, "unattended_children": 60,
    "paid_children": 90, "paid_amount_ytd": 600000, "applications_cross_province_ytd": 20,
}  # fmt: skip

By = dict[str, dict[str, dict[str, Value]]]


def children(changed: Mapping[str, dict[str, Value]], period: str = "2023Q1") -> By:
    """One quarter of every county, with plenty of children but for what is told."""
    return {code: {period: PLENTY | changed.get(code, {})} for code in areas.load()}


def hidden_of(source: Serving, measure: str, period: str = "2023Q1") -> set[str]:
    """The counties of which a measure is suppressed."""
    rows = queries.rows(
        "county_measure", source.cursor(), dataset_id="child_welfare", period=period,
        level="province", group_code="440000",
    )  # fmt: skip
    mine = [row for row in rows if row["measure_id"] == measure]
    assert all(row["value"] is None for row in mine if row["status"] == "suppressed")
    return {row["area_code"] for row in mine if row["status"] == "suppressed"}


def figure(source: Serving, indicator: str, level: str, code: str) -> dict[str, Any]:
    """What the pages say of one group."""
    return reads.headline(source, [indicator], "2023Q1", level, code)[indicator]


def outside(by_area: By, threshold: int = 10) -> Serving:
    """What people outside see of some reports."""
    return public.of(model(reported("child_welfare", by_area)), threshold)


# ------------------------------------------------------------------ what is hidden


@pytest.fixture(scope="module")
def one_small() -> Serving:
    """3 orphans in institutions in 始兴; of the pilot counties there 仁化 has fewest, 25."""
    changed: dict[str, dict[str, Value]] = {
        SHIXING: {"orphans_institution": 3}, RENHUA: {"orphans_institution": 25},
        "440232": {"orphans_institution": 0},
    }  # fmt: skip
    return outside(children(changed))


def test_a_small_count_is_hidden_and_the_smallest_fellow_of_its_groups_with_it(
    one_small: Serving,
) -> None:
    assert hidden_of(one_small, "orphans_institution") == {SHIXING, RENHUA}


def test_a_zero_is_shown_and_covers_nothing(one_small: Serving) -> None:
    assert "440232" not in hidden_of(one_small, "orphans_institution")


def test_rates_changes_ranks_and_targets_of_a_hidden_count_are_hidden(one_small: Serving) -> None:
    frame = reads.county_values(
        one_small,
        ["institution_care_share", "children_supported"],
        "2023Q1",
        "city",
        SHAOGUAN,
        "zh",
    )
    own = frame[frame["area_code"] == SHIXING]
    assert set(own["status"]) == {"suppressed"} and set(own["target_status"]) == {"none"}
    numbers = ["value", "numerator", "denominator", "gap", "rank", "change_previous", "change_year"]
    assert own[numbers].isna().all(axis=None)


def test_totals_of_all_groups_stay(one_small: Serving) -> None:
    # ten counties of 韶关: 3 + 25 + 0 and seven times 40; and 124 counties in all
    shaoguan, province = 3 + 25 + 7 * 40, 3 + 25 + 121 * 40
    for level, code, total in (("city", SHAOGUAN, shaoguan), ("province", "440000", province)):
        found = figure(one_small, "institution_care_share", level, code)
        assert (found["numerator"], found["status"]) == (total, "observed")
        rows = reads.measure_totals(
            one_small, "child_welfare", ["orphans_institution"], "2023Q1", [f"{level}/{code}"], "zh"
        )
        assert rows["value"].item() == total
        assert rows["areas_reporting"].item() == rows["areas_expected"].item() or level != "city"


def test_a_city_that_is_one_county_loses_its_total_and_another_does_for_it() -> None:
    source = outside(children({DONGGUAN: {"orphans_institution": 4}}))
    # 中山 is a county and a city as well, in the same region: one cell and its total cover it
    hidden = hidden_of(source, "orphans_institution")
    assert DONGGUAN in hidden and len(hidden) == 2
    assert figure(source, "children_supported", "city", DONGGUAN)["status"] == "suppressed"
    assert figure(source, "children_supported", "region", "珠三角")["status"] == "observed"
    assert figure(source, "children_supported", "province", "440000")["numerator"] == (
        123 * 150 + 114
    )


def test_amounts_are_hidden_with_the_children_they_are_paid_to() -> None:
    source = outside(children({SHIXING: {"paid_children": 7}}))
    assert hidden_of(source, "paid_amount_ytd") >= {SHIXING}
    assert hidden_of(source, "paid_amount_ytd") == hidden_of(source, "paid_children")
    assert hidden_of(source, "standard_institution") == set()


def test_a_sum_too_small_for_three_values_gets_another_county() -> None:
    # 1 + 2 = 3 leaves each of the two but 1 or 2
    changed: dict[str, dict[str, Value]] = {
        SHIXING: {"orphans_scattered": 1}, RENHUA: {"orphans_scattered": 2},
    }  # fmt: skip
    hidden = hidden_of(outside(children(changed)), "orphans_scattered")
    assert hidden > {SHIXING, RENHUA} and len(hidden) == 3


def test_a_rule_that_leaves_no_room_hides_the_count_it_is_held_against() -> None:
    # all children of both are paid: with the paid published, none of the supported could be fewer
    tight: dict[str, Value] = {"orphans_institution": 4, "paid_children": 4 + 50 + 60}
    by_area = children({SHIXING: tight, RENHUA: tight})
    source = outside(by_area)
    assert hidden_of(source, "paid_children") >= {SHIXING}


def test_a_small_own_amount_of_a_quarter_hides_the_year_to_date() -> None:
    by_area = children({})
    for code, quarters in by_area.items():
        later = 20 + (2 if code == SHIXING else 30)
        quarters["2023Q2"] = PLENTY | {"applications_cross_province_ytd": later}
    source = outside(by_area)
    assert SHIXING in hidden_of(source, "applications_cross_province_ytd", "2023Q2")
    assert hidden_of(source, "applications_cross_province_ytd", "2023Q1") == set()


def test_what_was_written_beside_a_submission_is_not_shown(one_small: Serving) -> None:
    told = one_small.cursor().execute("select count(explanation) from submission").fetchone()
    assert told == (0,)


def test_no_stored_number_of_a_hidden_cell_is_in_the_database(one_small: Serving) -> None:
    for table in ("observation", "reported", "measure_value"):
        kept = one_small.cursor().execute(
            f"select count(value) from {table} where measure_id = 'orphans_institution'"
            f" and area_code in ('{SHIXING}', '{RENHUA}')"
        )
        assert kept.fetchone() == (0,)


def test_without_small_counts_everything_is_as_it_is() -> None:
    inside = model(reported("child_welfare", children({})))
    source = public.of(inside)
    for table in ("measure_value", "published_observation", "kept_total"):
        wanted = inside.cursor().execute(f"select * from {table}").fetchall()
        found = source.cursor().execute(f"select * from {table}").fetchall()
        assert sorted(map(str, wanted)) == sorted(map(str, found))


def test_a_threshold_below_five_is_refused() -> None:
    with pytest.raises(SuppressionRefused, match="5"):
        public.checked(4)
    assert public.checked(5) == 5


def test_a_past_vintage_is_refused() -> None:
    with pytest.raises(SuppressionRefused):
        public.of(Serving(model([]).db, 1, past=True))


def test_a_quarter_that_is_not_released_is_not_there() -> None:
    by_area = children({SHIXING: {"orphans_institution": 3}})
    for quarters in by_area.values():
        quarters["2023Q2"] = dict(PLENTY)
    inside = model(reported("child_welfare", by_area))
    everything = public.shown("released", inside, 10)
    first = public.shown("released", inside, 10, frozenset({"2023Q1"}))
    assert everything[1] != first[1]
    assert reads.available_periods(first[0]) == ["2023Q1"]
    assert SHIXING in hidden_of(first[0], "orphans_institution")


def two_years(first_quarter: Mapping[str, Value]) -> Serving:
    """Two datasets over a border of years; what is told of 仁化 is of 2023Q1 alone."""
    by_area = children({SHIXING: {"orphans_institution": 3}}, "2022Q4")
    for period, small in (("2023Q1", 4), ("2023Q2", 12)):
        row: dict[str, Value] = {
            "orphans_scattered": small,
            "applications_cross_province_ytd": small,
        }
        told = {SHIXING: row} | ({RENHUA: dict(first_quarter)} if period == "2023Q1" else {})
        for code, each in children(told, period).items():
            by_area[code] |= each
    allowances = {code: {"2023Q1": GOOD["disability_allowances"]} for code in by_area}
    return model([
        *reported("child_welfare", by_area), *reported("disability_allowances", allowances),
    ])  # fmt: skip


def differences(kept: Serving, whole: Serving) -> dict[str, int]:
    """How many rows of each table are in one of the two alone."""
    found = {}
    for table in (*laid.TABLES, "kept_total", "period"):
        whole.db.register("kept", kept.cursor().sql(f"from {table}").to_arrow_table())
        (found[table],) = whole.db.execute(
            f"select count(*) from ((from {table} except all from kept)"
            f" union all (from kept except all from {table}))"
        ).fetchall()[0]
        whole.db.unregister("kept")
    return {table: count for table, count in found.items() if count}


@pytest.mark.parametrize(("chunk", "threshold"), [(1, 11), (bases.CHUNK, 10)])
def test_the_view_kept_by_years_is_the_one_worked_out_at_once(
    chunk: int, threshold: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bases, "CHUNK", chunk)
    inside = two_years({})
    kept, _ = public.shown("by years", inside, threshold)
    assert SHIXING in hidden_of(kept, "orphans_scattered")
    assert differences(kept, public.of(inside, threshold)) == {}


def test_only_the_years_that_changed_are_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    before = two_years({})
    first, _ = public.shown("before", before, 12)
    made: list[set[tuple[str, str]]] = []
    make = plan.make

    def noting(*args: Any) -> Plan:
        found = make(*args)
        made.append({key[:2] for key in found.tables})
        return found

    monkeypatch.setattr(plan, "make", noting)
    after = two_years({"applications_cross_province_ytd": 7})
    later, _ = public.shown("after", after, 12)
    assert made == [{("child_welfare", "2023Q1"), ("child_welfare", "2023Q2")}]
    assert RENHUA in hidden_of(later, "applications_cross_province_ytd", "2023Q2")
    assert differences(later, public.of(after, 12)) == {}
    assert differences(first, public.of(before, 12)) == {}  # it is as it was


def test_the_public_view_is_kept_and_has_a_stamp_of_its_own() -> None:
    inside = model(reported("child_welfare", children({SHIXING: {"orphans_institution": 3}})))
    first, stamp = public.shown("a state", inside, 10)
    again, _ = public.shown("a state", inside, 10)
    other, other_stamp = public.shown("a state", inside, 5)
    assert again is first and other is not first
    assert len({"a state", stamp, other_stamp}) == 3


# ------------------------------------------------------------------ the attacker


def sample(
    rows: Callable[[areas.Area], list[Row]], dataset_id: str, year: str
) -> tuple[Serving, list[str]]:
    """The first half of a year of the sample of one dataset, every county."""
    by_area: By = {}
    for code, area in areas.load().items():
        found = rows(area)  # up to 2024Q4
        for period, row in zip(PERIODS[-len(found) :], found, strict=True):
            if period in (f"{year}Q1", f"{year}Q2"):
                by_area.setdefault(code, {})[period] = {**row}
    return model(reported(dataset_id, by_area)), [f"{year}Q1", f"{year}Q2"]


def attacked(
    source: Serving, dataset_id: str, periods: list[str], *, cover: bool = True, threshold: int = 10
) -> tuple[Attack, list[Cell], dict[Cell, float]]:
    """An attacker of what is published, the protected cells, and the true numbers."""
    known = KNOWN.only(dataset_id)
    hiding = plan.make(source, known, threshold, cover=cover)
    truth, told, protected = _told(hiding)
    outside = public.build(source, known, hiding)
    attack = Attack(outside, known, known.dataset(dataset_id), periods, told)
    assert set(attack.unknown) == set(truth)
    assert attack.holds(truth)
    return attack, protected, truth


def _told(
    hiding: Plan,
) -> tuple[dict[Cell, float], dict[Cell, tuple[float, float | None]], list[Cell]]:
    """The true numbers, what the attacker is told of each, and the protected cells.

    As if a sign told small counts from those that cover them: these are none or not small.
    """
    truth: dict[Cell, float] = {}
    told: dict[Cell, tuple[float, float | None]] = {}
    protected: list[Cell] = []
    for (dataset, period, measure), table in hiding.tables.items():
        counted = measure in Linked(KNOWN.dataset(dataset)).counts
        for place in np.flatnonzero(table.hidden):
            cell = (measure, period, hiding.groups.areas[place])
            value = truth[cell] = float(table.values[place])
            if counted and table.primary[place]:
                told[cell] = (float(table.low[place]), float(table.high[place]))
                protected.append(cell)
            elif counted:
                told[cell] = (hiding.threshold, None) if value else (0.0, 0.0)
    return truth, told, protected


def test_the_attacker_finds_out_no_count_of_the_sample() -> None:
    source, periods = sample(child_welfare.rows, "child_welfare", "2024")
    attack, protected, truth = attacked(source, "child_welfare", periods)
    assert len(protected) > 200
    for cell in protected[::15]:
        least, greatest = attack.interval(cell)
        assert least <= truth[cell] <= greatest
        assert greatest - least + 1 >= WIDTH, cell


def test_the_attacker_finds_out_no_dependent_person_of_the_sample() -> None:
    source, periods = sample(tekun_care.rows, "tekun_care", "2024")
    attack, protected, _ = attacked(source, "tekun_care", periods)
    assert protected
    for cell in protected:
        least, greatest = attack.interval(cell)
        assert greatest - least + 1 >= WIDTH, cell


def small_world() -> Serving:
    """Small counts in a city with one, in pilot counties, in cities that are counties."""
    changed: dict[str, dict[str, Value]] = {
        ZHENJIANG: {"orphans_institution": 2, "orphans_scattered": 9, "paid_children": 70},
        SHIXING: {"orphans_institution": 9, "orphans_scattered": 1, "paid_children": 70},
        DONGGUAN: {"orphans_institution": 1, "applications_cross_province_ytd": 5},
        ZHONGSHAN: {"paid_children": 3},
        "440523": {"orphans_scattered": 6, "unattended_children": 1, "paid_children": 47},
        "440402": {"unattended_children": 4, "applications_cross_province_ytd": None},
    }  # fmt: skip
    return model(reported("child_welfare", children(changed)))


def test_the_attacker_finds_out_no_count_of_a_small_world() -> None:
    attack, protected, truth = attacked(small_world(), "child_welfare", ["2023Q1"])
    assert len(protected) == 10
    for cell in protected:
        least, greatest = attack.interval(cell)
        assert least <= truth[cell] <= greatest
        assert greatest - least + 1 >= WIDTH, cell


def test_the_attacker_finds_counts_where_they_alone_are_hidden() -> None:
    attack, protected, truth = attacked(small_world(), "child_welfare", ["2023Q1"], cover=False)
    found = [cell for cell in protected if attack.interval(cell) == (truth[cell], truth[cell])]
    assert len(found) >= 5
    assert ("orphans_institution", "2023Q1", DONGGUAN) in found


# ------------------------------------------------------------------ any table at all


def any_children(seed: int) -> Serving:
    """Two quarters of every county with few children, some reports and cells missing."""
    rng = random.Random(seed)
    few = rng.choice([3, 8, 20, 60])
    by_area: By = {}
    for code in areas.load():
        row = dict(PLENTY)
        for period in ("2023Q1", "2023Q2"):
            parts = {name: int(rng.triangular(0, few, 1)) for name in CHILDREN_PARTS}
            children = sum(parts.values())
            paid = children - rng.choice([0, 0, 1, 5])
            done = row["applications_cross_province_ytd"] if period == "2023Q2" else 0
            assert isinstance(done, int)
            row = PLENTY | parts | {
                "paid_children": max(0, paid), "paid_amount_ytd": 6000 * children,
                "applications_cross_province_ytd": done + rng.choice([0, 1, 2, 15]),
                "standard_institution": rng.choice([2400, 2500]),
            }  # fmt: skip
            if rng.random() < 0.97:
                gone = rng.choice([*CHILDREN_PARTS, "paid_children"]) if rng.random() < 0.05 else ""
                told = {name: None if name == gone else value for name, value in row.items()}
                by_area.setdefault(code, {})[period] = told
    return model(reported("child_welfare", by_area))


@settings(max_examples=tries(1), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6), st.sampled_from([5, 10]))
def test_the_attacker_finds_out_no_count_of_any_children(seed: int, threshold: int) -> None:
    attack, protected, truth = attacked(
        any_children(seed), "child_welfare", ["2023Q1", "2023Q2"], threshold=threshold
    )
    for cell in random.Random(seed).sample(protected, min(30, len(protected))):
        least, greatest = attack.interval(cell)
        assert least <= truth[cell] <= greatest
        assert greatest - least + 1 >= WIDTH, cell


CITIES = [("city", "a")] * 3 + [("city", "b")] * 2 + [("city", "c")] + [("city", "d")] * 2
NAMES = [*dict.fromkeys(CITIES), ("region", "e"), ("region", "w"), ("pilot", "pilot"),
         ("pilot_region", "pilot_w"), ("province", "p")]  # fmt: skip


def eight_counties(pilots: list[bool]) -> Groups:
    """Four cities in two regions; any counties are pilots."""
    inside = np.zeros((len(NAMES), 8), dtype=np.bool_)
    for place, city in enumerate(CITIES):
        region = ("region", "e" if city[1] in "ab" else "w")
        mine = {city, region, ("province", "p")}
        if pilots[place]:
            mine |= {("pilot", "pilot")} | ({("pilot_region", "pilot_w")} if place > 4 else set())
        for name in mine:
            inside[NAMES.index(name), place] = True
    return Groups([str(i) for i in range(8)], NAMES, inside)


def least_and_greatest(
    tables: list[Table], rule: bool, which: int, county: int
) -> tuple[float, float]:
    """Bounds of a hidden number from the published totals of one or two tables, by HiGHS.

    With the rule, the second is at most the first in every county.
    """
    size = len(tables[0].values)
    bounds: list[tuple[float, float | None]] = []
    equal, totals = [], []
    for number, table in enumerate(tables):
        for place in range(size):
            value = float(table.values[place])
            if not table.hidden[place]:
                bounds.append((value, value))
            elif table.primary[place]:
                bounds.append((float(table.low[place]), float(table.high[place])))
            else:
                bounds.append((0, None))
        for group in np.flatnonzero(table.published):
            row = np.zeros(size * len(tables))
            row[number * size : (number + 1) * size] = table.groups.members[group]
            equal.append(row)
            totals.append(float(table.values[table.groups.members[group]].sum()))
    most = np.hstack([-np.eye(size), np.eye(size)]) if rule else None
    found = []
    for sign in (1, -1):
        goal = np.zeros(size * len(tables))
        goal[which * size + county] = sign
        result = linprog(
            goal, A_ub=most, b_ub=np.zeros(size) if rule else None, A_eq=equal or None,
            b_eq=totals or None, bounds=bounds, method="highs",
        )  # fmt: skip
        found.append(sign * result.fun if result.status == 0 else np.inf)
    return found[0], found[1]


def table_of(groups: Groups, numbers: list[int], threshold: int = 10) -> Table:
    values = np.array(numbers, dtype=float)
    small = (values >= 1) & (values < threshold)
    return Table(groups, values, small, np.ones(8), np.full(8, threshold - 1.0), threshold)


NUMBERS = st.lists(st.integers(0, 30), min_size=8, max_size=8)
PILOTS = st.lists(st.booleans(), min_size=8, max_size=8)


@settings(max_examples=tries(60), deadline=None)
@given(NUMBERS, PILOTS)
def test_no_small_number_of_any_table_is_found_out(numbers: list[int], pilots: list[bool]) -> None:
    table = table_of(eight_counties(pilots), numbers)
    table.mend()
    for county in np.flatnonzero(table.primary):
        least, greatest = least_and_greatest([table], False, 0, int(county))
        assert np.floor(greatest + 1e-6) - np.ceil(least - 1e-6) + 1 >= WIDTH


@settings(max_examples=tries(60), deadline=None)
@given(NUMBERS, st.lists(st.integers(0, 3), min_size=8, max_size=8), PILOTS)
def test_nor_of_two_tables_one_of_which_is_part_of_the_other(
    numbers: list[int], less: list[int], pilots: list[bool]
) -> None:
    groups = eight_counties(pilots)
    parts = [max(0, number - fewer) for number, fewer in zip(numbers, less, strict=True)]
    tables = {
        "registered": table_of(groups, numbers), "participants": table_of(groups, parts)
    }  # fmt: skip
    for table in tables.values():
        table.mend()
    worlds.mend(tables, {}, Linked(KNOWN.dataset("mental_rehab")).rules)
    for which, table in enumerate(tables.values()):
        for county in np.flatnonzero(table.primary):
            least, greatest = least_and_greatest(list(tables.values()), True, which, int(county))
            assert np.floor(greatest + 1e-6) - np.ceil(least - 1e-6) + 1 >= WIDTH


@settings(max_examples=tries(15), deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([5, 10]))
def test_rules_that_hang_together_leave_every_number_room(seed: int, threshold: int) -> None:
    # one-card payments ≤ recipients of both ≤ the eligible: a chain through five counts
    rng, groups = random.Random(seed), eight_counties([True, False] * 4)
    most = rng.choice([1, 3, 12, 40])

    def below(numbers: list[int]) -> list[int]:
        return [rng.randint(max(0, number - 2), number) for number in numbers]

    hardship, severe = ([rng.randint(0, most) for _ in range(8)] for _ in range(2))
    paid, nursed = below(hardship), below(severe)
    counts = {
        "hardship_eligible": hardship, "hardship_recipients": paid, "severe_eligible": severe,
        "severe_recipients": nursed,
        "paid_by_one_card": below([p + n for p, n in zip(paid, nursed, strict=True)]),
    }  # fmt: skip
    tables = {name: table_of(groups, numbers, threshold) for name, numbers in counts.items()}
    for table in tables.values():
        table.mend()
    worlds.mend(tables, {}, Linked(KNOWN.dataset("disability_allowances")).rules)
    for name, table in tables.items():
        for county in np.flatnonzero(table.primary):
            assert widths(tables, name, int(county)) >= WIDTH


def widths(tables: dict[str, Table], name: str, county: int) -> int:
    """How many whole numbers the bounds, totals and rules leave one, by HiGHS."""
    names = list(tables)
    at = {(each, place): i for i, (each, place) in enumerate(product(names, range(8)))}
    bounds: list[tuple[float, float | None]] = []
    equal, totals, most = [], [], []
    for each, place in at:
        table = tables[each]
        value = float(table.values[place])
        known = (float(table.low[place]), float(table.high[place]))
        small = known if table.primary[place] else (0.0, None)
        bounds.append(small if table.hidden[place] else (value, value))
    for each, table in tables.items():
        for group in np.flatnonzero(table.published):
            inside = table.groups.members[group]
            equal.append(row_of(at, {(each, int(i)): 1 for i in np.flatnonzero(inside)}))
            totals.append(float(table.values[inside].sum()))
    for place in range(8):
        for less, more in (
            (["hardship_recipients"], ["hardship_eligible"]),
            (["severe_recipients"], ["severe_eligible"]),
            (["paid_by_one_card"], ["hardship_recipients", "severe_recipients"]),
        ):
            signs = {(each, place): 1 for each in less} | {(each, place): -1 for each in more}
            most.append(row_of(at, signs))
    found = []
    for sign in (1, -1):
        result = linprog(
            row_of(at, {(name, county): sign}), A_ub=most, b_ub=np.zeros(len(most)),
            A_eq=equal or None, b_eq=totals or None, bounds=bounds, method="highs",
        )  # fmt: skip
        assert result.status == 0
        found.append(sign * result.fun)
    return int(np.floor(found[1] + 1e-6) - np.ceil(found[0] - 1e-6)) + 1


def row_of(at: dict[tuple[str, int], int], signs: dict[tuple[str, int], int]) -> list[float]:
    row = [0.0] * len(at)
    for key, sign in signs.items():
        row[at[key]] = sign
    return row
