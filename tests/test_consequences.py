"""What follows from an upload: figures that move, targets crossed, ranks, and retired sample."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from forms import (
    DONGGUAN,
    KNOWN,
    RENHUA,
    SHIXING,
    WENGYUAN,
    checked,
    form,
    good,
    row,
    stored,
    table,
)
from hypothesis import given
from hypothesis import strategies as st
from tries import tries

import queries
from app import serving
from app.intake.consequences import Consequences, RetiredSample, as_dict, consequences
from app.settings import Settings

SHAOGUAN = "440200"  # the city of 始兴县, 仁化县 and 翁源县, all of them pilot counties of 粤北
GROUPS = [("province", "440000"), ("pilot", "pilot"), ("region", "粤北"), ("city", SHAOGUAN)]
SHARE, CONVERT, BUILD = "care_bed_share", "care_beds_to_convert", "care_beds_to_build"


def after(store: Settings, path: Path) -> Consequences:
    """What would follow from a file."""
    return consequences(store, checked(store, path), KNOWN)


def beds(area_code: str, care: int | None, period: str = "2025Q4", total: int = 200) -> Any:
    """A row with so many care-type beds of 200; 55 % are due at the end of 2025."""
    return row(area_code, period, beds_care=care, beds_total=total)


@pytest.fixture
def four(tmp_path: Path, store: Settings) -> Settings:
    """Four counties at the end of 2025: 60 %, 52 %, 45 % and, outside the pilot set, 60 %."""
    rows = [
        beds(SHIXING, 120),
        beds(RENHUA, 104),
        beds(WENGYUAN, 90),
        beds(DONGGUAN, 240, total=400),
    ]
    stored(store, table(tmp_path / "four.csv", rows))
    return store


def moves(found: Consequences, indicator_id: str) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Before and after of one indicator by level and group, rounded."""
    return {
        (m.level, m.group_code): (
            None if m.value_before is None else round(m.value_before, 2),
            None if m.value is None else round(m.value, 2),
        )
        for m in found.moves
        if m.indicator_id == indicator_id
    }


def ranks(found: Consequences, indicator_id: str, level: str) -> dict[str, tuple[int, int]]:
    """Rank before and after of the counties of one set."""
    return {
        r.area_code: (r.rank_before, r.rank)
        for r in found.ranks
        if (r.indicator_id, r.level) == (indicator_id, level)
    }


def crossings(found: Consequences, indicator_id: str = SHARE) -> dict[str, tuple[str, str, str]]:
    """Base, status before and after of one indicator by group."""
    return {
        c.group_code: (c.base, c.target_status_before, c.target_status)
        for c in found.crossings
        if c.indicator_id == indicator_id
    }


# ------------------------------------------------------------------ a corrected figure


def test_a_correction_moves_its_county_and_the_groups_it_is_in(
    tmp_path: Path, four: Settings
) -> None:
    found = after(four, table(tmp_path / "a.csv", [beds(RENHUA, 120)]))
    county = ("county", RENHUA)
    # of 1,000 beds 120 + 104 + 90 + 240 = 554 are care-type, then 570; of 600 pilot beds 314, 330
    assert moves(found, SHARE) == {
        GROUPS[0]: (55.4, 57.0),
        **dict.fromkeys(GROUPS[1:], (52.33, 55.0)),
        county: (52.0, 60.0),
    }
    # 仁化县 lacks 6 beds of 110 and 翁源县 20; new ones: 6 / 0.45 = 13.3 → 14 and 20 / 0.45 → 45
    assert moves(found, CONVERT) == dict.fromkeys(GROUPS, (26, 20)) | {county: (6, 0)}
    assert moves(found, BUILD) == dict.fromkeys(GROUPS, (59, 45)) | {county: (14, 0)}
    assert {m.indicator_id for m in found.moves} == {SHARE, CONVERT, BUILD}
    assert {
        (m.status_before, m.status, m.areas_valued_before, m.areas_valued) for m in found.moves
    } == {
        ("observed", "observed", 4, 4),
        ("observed", "observed", 3, 3),
        ("observed", "observed", 1, 1),
    }
    assert found.retired == ()


def test_a_correction_lets_counties_and_groups_cross_a_target(
    tmp_path: Path, four: Settings
) -> None:
    found = after(four, table(tmp_path / "a.csv", [beds(RENHUA, 120)]))
    # the province met the target before and after; near exists for percentages alone
    crossed = ("stored", "near", "met")
    assert crossings(found) == dict.fromkeys(("pilot", "粤北", SHAOGUAN, RENHUA), crossed)
    assert crossings(found, CONVERT) == {RENHUA: ("stored", "missed", "met")}
    (county,) = [c for c in found.crossings if (c.level, c.indicator_id) == ("county", SHARE)]
    assert (county.value_before, county.value) == (52.0, 60.0)


def test_equal_counties_share_a_rank(tmp_path: Path, four: Settings) -> None:
    found = after(four, table(tmp_path / "a.csv", [beds(RENHUA, 120)]))
    # 1, 1, 3, 4 becomes 1, 1, 1, 4
    assert ranks(found, SHARE, "province") == {RENHUA: (3, 1)}
    assert ranks(found, SHARE, "pilot") == {RENHUA: (2, 1)}
    # fewer beds to convert are better
    assert ranks(found, CONVERT, "province") == {RENHUA: (3, 1)}
    assert {(r.level, r.ranked_before, r.ranked) for r in found.ranks} == {
        ("province", 4, 4),
        ("pilot", 3, 3),
    }


def test_a_county_that_falls_moves_those_it_falls_behind(tmp_path: Path, four: Settings) -> None:
    found = after(four, table(tmp_path / "a.csv", [beds(SHIXING, 80)]))
    # 40 %: behind 60, 52 and 45
    assert ranks(found, SHARE, "province") == {RENHUA: (3, 2), WENGYUAN: (4, 3), SHIXING: (1, 4)}
    assert ranks(found, SHARE, "pilot") == {RENHUA: (2, 1), WENGYUAN: (3, 2), SHIXING: (1, 3)}
    assert crossings(found)[SHIXING] == ("stored", "met", "missed")


def test_an_indicator_without_direction_has_no_rank(tmp_path: Path, four: Settings) -> None:
    line = beds(RENHUA, 104) | {"residents": 20}
    found = after(four, table(tmp_path / "a.csv", [line]))
    # (150 × 3 + 20) / 1,000 beds, and 320 of 600
    assert moves(found, "bed_occupancy")["province", "440000"] == (60.0, 47.0)
    assert found.ranks == found.crossings == ()


def test_an_emptied_figure_leaves_its_groups(tmp_path: Path, four: Settings) -> None:
    found = after(four, table(tmp_path / "a.csv", [beds(WENGYUAN, None)]))
    county = next(m for m in found.moves if m.level == "county" and m.indicator_id == SHARE)
    assert (county.value, county.status_before, county.status) == (None, "observed", "missing")
    pilot = next(m for m in found.moves if m.level == "pilot" and m.indicator_id == SHARE)
    assert (pilot.value, pilot.areas_valued_before, pilot.areas_valued, pilot.areas_expected) == (
        56.0,
        3,
        2,
        45,
    )
    # what is not known crosses nothing and has no rank
    assert WENGYUAN not in crossings(found)
    assert ranks(found, SHARE, "province") == {}


def test_a_county_without_occasion_counts_as_reporting_but_not_as_one_with_a_value(
    tmp_path: Path, store: Settings
) -> None:
    def orphans(**by_area: int) -> Path:
        rows = [
            row(area.removeprefix("a"), "2023Q2", "child_welfare", orphans_institution=count)
            for area, count in by_area.items()
        ]
        return table(tmp_path / "a.csv", rows)

    stored(store, orphans(**{f"a{SHIXING}": 10}))
    found = after(store, orphans(**{f"a{SHIXING}": 10, f"a{RENHUA}": 20, f"a{WENGYUAN}": 0}))
    city = next(
        m for m in found.moves
        if (m.indicator_id, m.level) == ("institution_standard_ratio", "city")
    )  # fmt: skip
    # a ratio over the orphans of 翁源县, who are none, is none
    assert (city.areas_valued_before, city.areas_valued, city.areas_expected) == (1, 2, 10)
    county = next(
        m for m in found.moves
        if (m.indicator_id, m.group_code) == ("institution_standard_ratio", WENGYUAN)
    )  # fmt: skip
    assert (county.status, county.areas_valued) == ("not_applicable", 0)


def test_a_city_that_is_a_county_of_its_own_is_without_occasion_once(
    tmp_path: Path, store: Settings
) -> None:
    def orphans(path: str, rows: dict[str, int]) -> Path:
        return table(
            tmp_path / path,
            [
                row(
                    area,
                    "2023Q2",
                    "child_welfare",
                    orphans_institution=count,
                    paid_children=30,
                )  # fmt: skip
                for area, count in rows.items()
            ],
        )

    stored(store, orphans("before.csv", {SHIXING: 5, DONGGUAN: 0}))
    found = after(store, orphans("after.csv", {SHIXING: 5, RENHUA: 10, DONGGUAN: 0}))
    province = next(
        m for m in found.moves
        if (m.indicator_id, m.level) == ("institution_standard_ratio", "province")
    )  # fmt: skip
    # 始兴县, then 仁化县 too; 东莞市 reports no orphans, at both levels under one code
    assert (province.areas_valued_before, province.areas_valued) == (1, 2)


def test_an_earlier_cumulative_figure_changes_the_next_quarters_amount(
    tmp_path: Path, store: Settings
) -> None:
    def paid(**amounts: int) -> Path:
        rows = [
            row(SHIXING, period, "child_welfare", paid_amount_ytd=amount)
            for period, amount in amounts.items()
        ]
        return table(tmp_path / "a.csv", rows)

    indicator = "child_amount_per_month"
    stored(store, paid(**{"2023Q1": 66_000, "2023Q2": 132_000, "2023Q3": 198_000}))
    found = after(store, paid(**{"2023Q1": 33_000}))
    assert found.periods == ("2023Q1", "2023Q2")
    # 55 children and three months: 33,000 are 200 each, 132,000 − 33,000 are 600
    assert {
        (m.period, m.value_before, m.value)
        for m in found.moves
        if (m.indicator_id, m.level) == (indicator, "county")
    } == {("2023Q1", 400, 200), ("2023Q2", 400, 600)}
    assert after(store, paid(**{"2023Q4": 264_000})).periods == ("2023Q4",)


# ------------------------------------------------------------------ a new quarter


def test_a_new_quarter_is_compared_with_the_one_before(tmp_path: Path, store: Settings) -> None:
    before = [beds(SHIXING, 120, "2025Q3"), beds(RENHUA, 104, "2025Q3")]
    stored(store, table(tmp_path / "q3.csv", before))
    found = after(store, table(tmp_path / "q4.csv", [beds(SHIXING, 100), beds(RENHUA, 104)]))
    move = found.moves[0]
    assert (move.indicator_id, move.level) == (SHARE, "province")
    assert (move.value_before, move.status_before, move.areas_valued_before) == (None, "missing", 0)
    assert (move.value, move.value_previous, move.areas_valued) == (51.0, 56.0, 2)
    # 60 % was met ahead of time; 52 % is near now that it is due
    group = ("previous", "met", "near")
    assert crossings(found) == {
        **dict.fromkeys(("440000", "pilot", "粤北", SHAOGUAN, SHIXING), group),
        RENHUA: ("previous", "not_due", "near"),
    }
    assert ranks(found, SHARE, "pilot") == {SHIXING: (1, 2), RENHUA: (2, 1)}
    assert {r.base for r in found.ranks} == {"previous"}


def test_the_first_counties_of_a_quarter_are_no_group_to_compare(
    tmp_path: Path, store: Settings
) -> None:
    before = [beds(SHIXING, 120, "2025Q3"), beds(RENHUA, 104, "2025Q3")]
    stored(store, table(tmp_path / "q3.csv", before))
    found = after(store, table(tmp_path / "q4.csv", [beds(RENHUA, 104)]))
    assert crossings(found) == {RENHUA: ("previous", "not_due", "near")}
    assert found.ranks == ()  # first of one now, second of two then
    assert {m.value_previous for m in found.moves if m.level == "province"} == {None}


def test_a_target_of_each_year_begins_anew(tmp_path: Path, store: Settings) -> None:
    stored(
        store,
        table(tmp_path / "q4.csv", [row(SHIXING, "2023Q4", care_beds_added_ytd=20)]),
    )
    found = after(store, table(tmp_path / "q1.csv", [row(SHIXING, "2024Q1")]))
    assert moves(found, "care_bed_plan_fulfilment")["county", SHIXING] == (None, 25.0)
    assert crossings(found, "care_bed_plan_fulfilment") == {}
    # within the year the plan falls due with the fourth quarter
    stored(store, table(tmp_path / "q3.csv", [row(SHIXING, "2024Q3", care_beds_added_ytd=15)]))
    due = after(store, table(tmp_path / "q4.csv", [row(SHIXING, "2024Q4", care_beds_added_ytd=16)]))
    assert crossings(due, "care_bed_plan_fulfilment")[SHIXING] == ("previous", "not_due", "missed")


def test_the_first_upload_of_all_has_nothing_to_compare_with(
    tmp_path: Path, store: Settings
) -> None:
    found = after(store, table(tmp_path / "a.csv", [beds(SHIXING, 120)]))
    assert moves(found, SHARE) == dict.fromkeys([*GROUPS, ("county", SHIXING)], (None, 60.0))
    assert found.crossings == found.ranks == found.retired == ()
    assert store.catalog_file is not None and not store.catalog_file.exists()


# ------------------------------------------------------------------ sample


def test_the_first_real_figures_retire_the_sample_of_their_quarter(
    tmp_path: Path, store: Settings
) -> None:
    areas = (SHIXING, RENHUA, WENGYUAN)
    for period in ("2023Q1", "2023Q2"):
        rows = {area: good() for area in areas}
        stored(store, form(tmp_path / f"{period}.xlsx", period, rows, sample=True))
    found = after(store, table(tmp_path / "a.csv", [beds(SHIXING, 140, "2023Q2")]))
    assert found.retired == (RetiredSample("2023Q2", 3),)
    assert moves(found, SHARE) == dict.fromkeys([*GROUPS, ("county", SHIXING)], (60.0, 70.0))
    province = next(m for m in found.moves if m.level == "province")
    assert (province.sample_before, province.sample) == (True, False)
    assert (province.areas_valued_before, province.areas_valued) == (3, 1)


def test_sample_is_no_base_for_real_figures(tmp_path: Path, store: Settings) -> None:
    # 60 % each in the sample of both quarters, the target met; then really 70, 60 and 40 %
    for period in ("2023Q1", "2023Q2"):
        rows = {area: good() for area in (SHIXING, RENHUA, WENGYUAN)}
        stored(store, form(tmp_path / f"{period}.xlsx", period, rows, sample=True))
    real = [(SHIXING, 140), (RENHUA, 120), (WENGYUAN, 80)]
    found = after(
        store, table(tmp_path / "a.csv", [beds(area, care, "2023Q2") for area, care in real])
    )
    assert moves(found, SHARE)["county", WENGYUAN] == (60.0, 40.0)
    assert {m.value_previous for m in found.moves} == {None}
    assert found.crossings == found.ranks == ()
    assert found.retired == (RetiredSample("2023Q2", 3),)


def test_sample_over_sample_retires_nothing(tmp_path: Path, store: Settings) -> None:
    stored(store, form(tmp_path / "s.xlsx", "2023Q2", {SHIXING: good()}, sample=True))
    changed = form(tmp_path / "t.xlsx", "2023Q2", {SHIXING: good(beds_care=100)}, sample=True)
    found = after(store, changed)
    assert moves(found, SHARE)["county", SHIXING] == (60.0, 50.0)
    assert crossings(found)[SHIXING] == ("stored", "met", "not_due")
    assert found.retired == ()


def test_sample_behind_real_figures_changes_nothing(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [beds(SHIXING, 140, "2023Q2")]))
    sample = form(tmp_path / "s.xlsx", "2023Q2", {RENHUA: good()}, sample=True)
    found = after(store, sample)
    assert found.moves == found.crossings == found.ranks == found.retired == ()


# ------------------------------------------------------------------ bounds and form


def test_nothing_follows_from_what_is_stored_already(tmp_path: Path, four: Settings) -> None:
    assert after(four, table(tmp_path / "a.csv", [beds(SHIXING, 120)])) == Consequences("care_beds")


def test_of_many_quarters_the_last_eight_are_looked_at(tmp_path: Path, store: Settings) -> None:
    every = [f"{year}Q{quarter}" for year in (2022, 2023, 2024) for quarter in range(1, 5)]
    rows = [beds(SHIXING, 120, period) for period in every[1:11]]
    found = after(store, table(tmp_path / "a.csv", rows))
    assert found.left_out == ("2022Q2", "2022Q3")
    # the last one touched is 2024Q3, and the quarter after it could change
    assert found.periods == tuple(every[3:])
    assert {m.period for m in found.moves} == set(every[3:11])


def test_the_consequences_can_be_written_as_json(tmp_path: Path, four: Settings) -> None:
    found = after(four, table(tmp_path / "a.csv", [beds(RENHUA, 120)]))
    written = json.loads(json.dumps(as_dict(found), allow_nan=False))
    assert list(written) == [
        "dataset_id", "periods", "left_out", "moves", "crossings", "ranks", "retired",
    ]  # fmt: skip
    assert written["dataset_id"] == "care_beds" and written["periods"] == ["2025Q4"]
    assert written["ranks"][0] == {
        "indicator_id": SHARE, "period": "2025Q4", "level": "pilot", "group_code": "pilot",
        "area_code": RENHUA, "base": "stored", "rank_before": 2, "ranked_before": 3, "rank": 1,
        "ranked": 3,
    }  # fmt: skip


# ------------------------------------------------------------------ as the pages show it


def shown(store: Settings, periods: list[str]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Every figure and every rank of care beds as the pages read them."""
    source = serving.open_vintage(store)
    indicators = [i.id for i in KNOWN.dataset("care_beds").indicators]
    levels = ["province", "pilot", "region", "city", "county"]
    figures = {
        (r["indicator"], r["period"], r["level"], r["area_code"]): (
            r["value"], r["areas_reporting"],
        )
        for r in queries.rows(
            "indicator_value", source.cursor(), indicators=indicators, periods=periods,
            levels=levels, areas=[],
        )
    }  # fmt: skip
    standing = {
        (r["indicator_id"], period, level, r["area_code"]): r["rank"]
        for period in periods
        for level, code in (("pilot", "pilot"), ("province", "440000"))
        for r in queries.rows(
            "county_value", source.cursor(), indicators=indicators, period=period, level=level,
            group_code=code,
        )
    }  # fmt: skip
    return figures, standing


CARE = st.dictionaries(
    st.tuples(
        st.sampled_from((SHIXING, RENHUA, WENGYUAN, DONGGUAN)),
        st.sampled_from(("2023Q2", "2023Q3")),
    ),
    st.sampled_from((None, 80, 100, 120, 160)),
    min_size=1,
)


@hypothesis.settings(max_examples=tries(2), deadline=None)
@given(first=CARE, second=CARE)
def test_what_follows_is_what_the_pages_show_afterwards(
    tmp_path_factory: pytest.TempPathFactory, first: dict[Any, Any], second: dict[Any, Any]
) -> None:
    folder = tmp_path_factory.mktemp("both")
    store = Settings(f"sqlite:{folder / 'catalog.sqlite'}", str(folder), None, None, "zh")
    paths = [
        table(folder / f"{number}.csv", [beds(area, care, period) for (area, period), care in each])
        for number, each in enumerate((first.items(), second.items()))
    ]
    stored(store, paths[0], explain="核对无误")
    found = after(store, paths[1])
    touched = [period for period in ("2023Q2", "2023Q3") if period in found.periods]
    before = shown(store, touched)
    if found != Consequences("care_beds"):
        stored(store, paths[1], explain="核对无误")
    now = shown(store, touched)
    changed = {key for key in now[0] if before[0][key] != pytest.approx(now[0][key], nan_ok=True)}
    assert {(m.indicator_id, m.period, m.level, m.group_code) for m in found.moves} == changed
    for move in found.moves:
        key = (move.indicator_id, move.period, move.level, move.group_code)
        assert before[0][key] == (pytest.approx(move.value_before), move.areas_valued_before)
        assert now[0][key] == (pytest.approx(move.value), move.areas_valued)
    stood = {
        (r.indicator_id, r.period, r.level, r.area_code): (r.rank_before, r.rank)
        for r in found.ranks
        if r.base == "stored"
    }
    assert stood == {
        key: (before[1][key], rank)
        for key, rank in now[1].items()
        if None not in (before[1][key], rank) and before[1][key] != rank
    }
