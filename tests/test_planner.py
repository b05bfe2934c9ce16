"""The target planner: what is lacking, the pace, a group and its counties, figures, file, page."""

from __future__ import annotations

import gzip
import io
import json
import math
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import dashboard_stores as stores
import openpyxl
import pytest
import template_forms
from forms import DONGGUAN, RENHUA, SHIXING, WENGYUAN, row, stored, table
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from streamlit.testing.v1 import AppTest

from app import areas, catalogue, choices, reads, serving, settings
from app.errors import CatalogueInvalid
from app.planner import county_sheet, drawn, needs, plans, told, workbook
from app.planner.needs import Aim, Need, Way
from app.planner.plans import Plan
from app.scopes import Choices
from app.serving import Serving
from app.view import View

KNOWN = catalogue.load()
LECHANG = "440281"
NOW, BEFORE, END = "2024Q4", "2023Q4", "2025Q4"
WAYS: tuple[Way, ...] = ("within", "added")


def aim(target: float = 55, way: Way = "within", deadline: str = END, period: str = NOW) -> Aim:
    return Aim(Decimal(str(target)), way, period, deadline)


# ------------------------------------------------------------------ what is lacking


@pytest.mark.parametrize(
    ("numerator", "denominator", "target", "convert", "build"),
    [
        (40, 100, "55", 15, 34),  # 55 - 40; 1500 / 45 = 33.3
        (55, 100, "55", 0, 0),
        (56, 100, "55", 0, 0),
        (54, 100, "55", 1, 3),  # 100 / 45 = 2.2
        (0, 3, "55", 2, 4),  # 1.65; 165 / 45 = 3.7
        (1, 3, "62.5", 1, 3),  # 0.875; 87.5 / 37.5 = 2.3
        (549, 1000, "54.9", 0, 0),  # 54.9 × 1000 is above 54900 in floats
        (277, 1000, "27.7", 0, 0),
        (99, 100, "100", 1, None),
        (100, 100, "100", 0, 0),
        (0, 0, "55", 0, 0),
    ],
)
def test_what_is_lacking_is_as_worked_by_hand(
    numerator: int, denominator: int, target: str, convert: int, build: int | None
) -> None:
    parts = Fraction(numerator), Fraction(denominator), Decimal(target)
    assert needs.lacking(*parts, "within") == convert
    assert needs.lacking(*parts, "added") == build


counts = st.integers(0, 10**7)
targets = st.integers(1, 9999).map(lambda hundredths: Decimal(hundredths) / 100)


@given(counts, counts, targets, st.sampled_from(WAYS))
def test_with_exactly_that_many_the_target_is_met_and_with_one_fewer_it_is_not(
    one: int, other: int, target: Decimal, way: Way
) -> None:
    numerator, denominator = sorted((one, other))
    amount = needs.lacking(Fraction(numerator), Fraction(denominator), target, way)
    assert amount is not None

    def met(units: int) -> bool:
        whole = denominator + (units if way == "added" else 0)
        return 100 * (numerator + units) >= Fraction(target) * whole

    assert met(amount)
    assert amount == 0 or not met(amount - 1)


@given(st.integers(0, 10**6), st.integers(1, 40))
def test_what_is_spread_over_quarters_adds_up_and_is_never_behind_an_even_pace(
    amount: int, quarters: int
) -> None:
    units = needs.spread(amount, quarters)
    assert len(units) == quarters and sum(units) == amount
    assert max(units) - min(units) <= 1
    for k in range(1, quarters + 1):
        assert sum(units[:k]) >= Fraction(amount * k, quarters)


def test_fifteen_beds_over_four_quarters_are_four_four_four_and_three() -> None:
    assert needs.spread(15, 4) == [4, 4, 4, 3]


# ------------------------------------------------------------------ when it is met


def county(now: float, before: float | None, whole: float = 100, **wanted: Any) -> Need:
    """A county's need: beds of care type now and a year before, of so many beds."""
    number, past = needs.exact(now), needs.exact(before)
    speed = needs.pace(number, past)
    return needs.needed(aim(**wanted), number, needs.exact(whole), None, speed)


@pytest.mark.parametrize(
    ("now", "before", "verdict", "met_in", "quarter"),
    [
        (40.0, 32.0, "short", 8, "2026Q4"),  # 15 at 2 a quarter
        (40.0, 25.0, "enough", 4, "2025Q4"),  # 15 at 3.75: just in time
        (40.0, 26.0, "short", 5, "2026Q1"),  # 15 at 3.5
        (55.0, None, "met", 0, "2024Q4"),
        (40.0, 40.0, "short", None, None),
        (40.0, 44.0, "short", None, None),
        (40.0, None, "unknown", None, None),
        (40.0, 38.5, "short", 40, "2034Q4"),  # 15 at 0.375: the last year that is told
        (40.0, 38.6, "short", 43, None),  # 15 at 0.35: 2035
        (40.0, 39.0, "short", 60, None),
    ],
)
def test_the_target_is_met_when_the_pace_so_far_has_made_up_for_what_is_lacking(
    now: float, before: float | None, verdict: str, met_in: int | None, quarter: str | None
) -> None:
    need = county(now, before)
    assert (need.verdict, need.met_in) == (verdict, met_in)
    assert needs.met_quarter(need, aim()) == quarter


def test_a_quarter_too_far_off_and_one_that_never_comes_are_told_in_words() -> None:
    assert told.met(county(40, 39), aim(), "zh") == "2034年以后"
    assert told.met(county(40, 40), aim(), "zh") == "达不到"
    assert told.met(county(40, None), aim(), "zh") == "算不出"
    assert told.met(county(55, 50), aim(), "zh") == "已达标"
    assert told.met(county(40, 32), aim(), "en") == "Q4 2026"


def test_a_whole_can_not_be_reached_by_building_and_that_is_said() -> None:
    need = county(40, 32, target=100, way="added")
    assert need.verdict == "impossible" and need.lacking is None
    assert told.verdict(need, "zh") == "这样做达不到"
    assert county(100, 90, target=100, way="added").verdict == "met"


# ------------------------------------------------------------------ the group and its counties


def beds(area: str, period: str, care: int, total: int = 100) -> dict[str, Any]:
    return row(
        area, period, beds_total=total, beds_care=care, public_beds_total=min(total, 20),
        public_beds_care=min(care, 10), residents=total // 2, residents_disabled=total // 4,
        care_beds_added_ytd=0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, str]]:
    """始兴 32 → 40 of 100 beds, 仁化 30 → 50, 翁源 70 without a year before, 东莞 without beds."""
    folder = tmp_path_factory.mktemp("planner")
    with stores.store_at(folder) as store:
        rows = [beds(SHIXING, BEFORE, 32), beds(RENHUA, BEFORE, 30)]
        stored(store, table(folder / "a.csv", rows), explain="实报")
        rows = [beds(SHIXING, NOW, 40), beds(RENHUA, NOW, 50), beds(WENGYUAN, NOW, 70)]
        rows.append(beds(DONGGUAN, NOW, 0, 0))
        stored(store, table(folder / "b.csv", rows), explain="实报")
        yield serving.open_vintage(store), str(folder)


def view_of(
    small: tuple[Serving, str], scope: str = "440200", lang: str = "zh", **chosen: str
) -> View:
    source, stamp = small
    wanted = Choices(NOW, scope, chosen.get("county"), "care_bed_share", lang)
    return View.of(source, stamp, wanted)


def planned(view: View, **wanted: Any) -> Plan:
    return plans.plan(view, view.indicator, aim(**wanted))


def test_the_group_as_a_whole_and_the_sum_of_its_counties_are_two_things(
    small: tuple[Serving, str],
) -> None:
    plan = planned(view_of(small))
    assert {c.code: c.need.lacking for c in plan.known} == {SHIXING: 15, RENHUA: 5, WENGYUAN: 0}
    assert plan.each == 20
    assert plan.whole.lacking == 5  # 55 % of 300 beds are 165, and there are 160
    built = planned(view_of(small), way="added")
    assert {c.code: c.need.lacking for c in built.known} == {SHIXING: 34, RENHUA: 12, WENGYUAN: 0}
    assert (built.each, built.whole.lacking) == (46, 12)  # 500 / 45 = 11.1


def test_the_pace_of_a_group_is_that_of_the_counties_known_a_year_before(
    small: tuple[Serving, str],
) -> None:
    plan = planned(view_of(small))
    assert {c.code: c.need.pace for c in plan.paced} == {SHIXING: 2, RENHUA: 5}
    assert plan.whole.pace == 7
    assert (plan.whole.met_in, plan.whole.verdict) == (1, "enough")
    verdicts = {c.code: c.need.verdict for c in plan.known}
    assert verdicts == {SHIXING: "short", RENHUA: "enough", WENGYUAN: "met"}


def test_those_that_lack_most_come_first_and_those_without_a_figure_last(
    small: tuple[Serving, str],
) -> None:
    plan = planned(view_of(small, areas.PROVINCE))
    assert [c.code for c in plan.counties[:3]] == [SHIXING, RENHUA, WENGYUAN]
    last = {c.code: c.need.verdict for c in plan.counties[3:]}
    assert last[DONGGUAN] == "not_applicable" and last[LECHANG] == "missing"
    assert len(plan.counties) == len(areas.load()) and len(plan.known) == 3
    assert plan.each == 20  # what is missing is in no sum, and not zero


def test_a_group_without_a_figure_needs_nothing_that_could_be_told(
    small: tuple[Serving, str],
) -> None:
    plan = planned(view_of(small, "440500"))
    assert plan.known == [] and plan.each is None
    assert (plan.whole.verdict, plan.whole.lacking) == ("missing", None)


def test_sample_and_real_data_are_never_taken_for_one_pace(mixed: Path) -> None:
    with stores.store_at(mixed) as store:
        view = view_of((serving.open_vintage(store), str(mixed)))
        plan = planned(view)
    assert {c.code: c.need.lacking for c in plan.known} == {SHIXING: 5, RENHUA: 0, WENGYUAN: 0}
    assert plan.paced == [] and plan.whole.pace is None  # a year before there is sample alone
    assert plan.whole.verdict == "met" and not plan.sample  # 180 of 300 are 60 %
    assert next(c for c in plan.counties if c.code == SHIXING).need.verdict == "unknown"


@pytest.fixture(scope="module")
def pilots(sampled: Path) -> View:
    """The pilot counties of the sample."""
    with stores.store_at(sampled) as store:
        source = serving.open_vintage(store)
    wanted = Choices(NOW, areas.PILOT, None, "care_bed_share", "zh")
    return View.of(source, str(sampled), wanted)


@pytest.mark.parametrize(
    ("way", "indicator"), [("within", "care_beds_to_convert"), ("added", "care_beds_to_build")]
)
def test_at_the_target_of_the_catalogue_the_plan_agrees_with_its_indicators(
    pilots: View, way: Way, indicator: str
) -> None:
    rows = reads.county_values(pilots.source, [indicator], NOW, "pilot", areas.PILOT, "zh")
    known = rows[rows["status"] == "observed"]
    wanted = dict(zip(known["area_code"], known["value"], strict=True))
    plan = planned(pilots, way=way)
    found = {c.code: c.need.lacking for c in plan.known}
    assert len(found) > 40 and found == {code: wanted[code] for code in found}


def test_the_plan_of_the_sample_is_what_pandas_makes_of_its_workbooks(pilots: View) -> None:
    now, before = stores.reported("care_beds"), stores.reported("care_beds", BEFORE)
    now = now[now.index.isin(areas.pilot())].dropna(subset=["beds_care", "beds_total"])
    both = now.index.intersection(before.dropna(subset=["beds_care", "beds_total"]).index)
    growth = now.loc[both, "beds_care"] - before.loc[both, "beds_care"]
    plan = planned(pilots)
    assert plan.each == sum(
        max(0, math.ceil(Fraction(int(55 * r.beds_total - 100 * r.beds_care), 100)))
        for r in now.itertuples()
    )
    short = Fraction(int(55 * now["beds_total"].sum() - 100 * now["beds_care"].sum()), 100)
    assert plan.whole.lacking == math.ceil(short)
    assert plan.whole.pace == Fraction(int(growth.sum()), 4)
    assert len(plan.paced) == len(both)


# ------------------------------------------------------------------ figures


def lines(figure: Any) -> dict[str, dict[str, Any]]:
    drawn_lines = [trace for trace in figure.to_plotly_json()["data"]]
    return {t["line"]["dash"]: dict(zip(t["x"], t["y"], strict=True)) for t in drawn_lines}


def test_the_figure_shows_the_past_the_needed_path_and_the_pace_so_far(
    small: tuple[Serving, str],
) -> None:
    view = view_of(small, county=SHIXING)
    figure = drawn.path_figure(view, planned(view), own=False)
    found = lines(figure)
    assert found["solid"] == {
        "2023Q4": 32, "2024Q1": None, "2024Q2": None, "2024Q3": None, "2024Q4": 40,
    }  # fmt: skip
    assert list(found["dash"].values()) == [40, 44, 48, 52, 55]
    assert list(found["dot"].values()) == [40, 42, 44, 46, 48]
    text = " ".join(a.text for a in figure.layout.annotations).replace("<br>", "")
    assert "始兴县" in text and "2026年四季度" in text and "目标 55%" in text


def test_a_path_by_building_counts_the_new_beds_on_both_sides(small: tuple[Serving, str]) -> None:
    view = view_of(small, county=SHIXING)
    found = lines(drawn.path_figure(view, planned(view, way="added"), own=True))
    # 34 beds: 9, 8, 9, 8, so (40 + 9) / 109 and so on
    assert list(found["dash"].values()) == [40, 45, 48.7, 52.4, 55.2]


def test_a_target_that_is_met_has_no_path_to_it(small: tuple[Serving, str]) -> None:
    view = view_of(small, county=WENGYUAN)
    assert list(lines(drawn.path_figure(view, planned(view), own=False))) == ["solid"]


def test_the_bars_show_what_each_county_lacks(small: tuple[Serving, str]) -> None:
    view = view_of(small)
    figure = drawn.bars_figure(view, planned(view))
    assert list(figure.data[0].x) == [15, 5]
    text = " ".join(a.text for a in figure.layout.annotations).replace("<br>", "")
    assert "2个县未到55%，共尚需改造20张" in text and "乐昌市" in text


# ------------------------------------------------------------------ the workbook


def book(view: View, **wanted: Any) -> bytes:
    costs = wanted.pop("costs", {"within": Decimal("2.5")})
    return workbook.made(view, aim(**wanted), costs, ["目标的出处"])


def sheets(content: bytes | Path, *, values: bool) -> list[Worksheet]:
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    return openpyxl.load_workbook(source, data_only=values).worksheets


def rows_of(sheet: Worksheet) -> dict[str, dict[str, Any]]:
    """The rows of a sheet of counties by the county's name, its cells by their column."""
    heads = [*county_sheet.PLACE, *(f"quarter_{k}" for k in range(1, county_sheet.COLUMNS + 1))]
    return {
        str(cells[county_sheet.PLACE["county"]]): dict(zip(heads, cells, strict=False))
        for cells in sheet.iter_rows(min_row=county_sheet.WHOLE + 1, values_only=True)
    }


def test_the_workbook_holds_the_plan_before_anything_is_recalculated(
    small: tuple[Serving, str],
) -> None:
    _, convert, build = sheets(book(view_of(small)), values=True)
    found = rows_of(convert)
    wanted = {
        "始兴县": [40, 100, 40, 32, 2, 15, 4, 8, "2026Q4", "进度不够", 37.5, 4, 4, 4, 3],
        "仁化县": [50, 100, 50, 30, 5, 5, 2, 1, "2025Q1", "进度够", 12.5, 2, 1, 1, 1],
        "翁源县": [70, 100, 70, "—", "算不出", 0, 0, 0, "已达标", "已达标", 0, 0, 0, 0, 0],
        "整体达标": [160, 300, 160 / 3, None, 7, 5, 2, 1, "2025Q1", "进度够", 12.5, 2, 1, 1, 1],
    }
    for name, cells in wanted.items():
        assert list(found[name].values())[3:18] == pytest.approx(cells), name
    total = found["各县都达标"]
    assert [total[name] for name in ("lacking", "most", "cost")] == [20, 6, 50]
    assert [total[f"quarter_{k}"] for k in range(1, 5)] == [6, 5, 5, 4]
    assert total["verdict"].startswith("已达标 1个，进度够 1个，进度不够 1个")
    assert rows_of(build)["始兴县"]["lacking"] == 34
    assert not rows_of(build)["始兴县"]["cost"]  # no unit cost of building was given


def test_the_cells_of_the_workbook_refer_to_its_parameters(small: tuple[Serving, str]) -> None:
    content = book(view_of(small))
    parameters, convert, build = sheets(content, values=False)
    names = openpyxl.load_workbook(io.BytesIO(content)).defined_names
    assert {"target", "deadline", "quarters", "cost_within", "cost_added"} <= set(names)
    held = {name: names[name].attr_text.partition("!")[2].replace("$", "") for name in names
            if "!" in names[name].attr_text and "Print" not in name}  # fmt: skip
    assert parameters[held["target"]].value == 55
    assert parameters[held["deadline"]].value == END
    assert parameters[held["cost_within"]].value == 2.5
    assert parameters[held["cost_added"]].value is None
    row = rows_of(convert)["始兴县"]
    assert "ROUNDUP((ROUND(target*100,0)*E" in row["lacking"]
    assert "quarters" in row["most"] and "cost_within" in row["cost"]
    assert "(10000-ROUND(target*100,0))" in rows_of(build)["始兴县"]["lacking"]
    assert re.search(r"SUM\(I7:I\d+\)", rows_of(convert)["各县都达标"]["lacking"])


def test_a_workbook_says_where_its_target_is_from_and_which_vintage_it_shows(
    small: tuple[Serving, str],
) -> None:
    words = " ".join(
        str(cell.value)
        for cells in sheets(book(view_of(small)), values=True)[0].iter_rows()
        for cell in cells
    )
    assert "目标的出处" in words and "数据版本 2" in words and "2024年四季度" in words
    assert "样例数据" not in words


def test_the_workbook_of_sample_data_says_so_on_every_sheet(pilots: View) -> None:
    for sheet in sheets(book(pilots), values=True):
        assert sheet["A3"].value == "样例数据，不是统计数据"


def test_the_name_of_a_county_never_runs(small: tuple[Serving, str]) -> None:
    source, stamp = small
    odd = Serving(source.cursor(), source.vintage)
    odd.db.execute("begin")
    odd.db.execute(f"update unit set area_name = '=1+1' where area_code = '{SHIXING}'")
    try:
        content = book(view_of((_Same(odd), f"{stamp} odd")))
    finally:
        odd.db.execute("rollback")
    names = [
        cell for sheet in sheets(content, values=False)[1:] for cell in sheet["B"]
        if cell.value == "=1+1"
    ]  # fmt: skip
    assert len(names) == 2
    assert {cell.data_type for cell in names} == {"s"}


class _Same(Serving):
    """A database read through one cursor, so that what was not committed is seen."""

    def __init__(self, source: Serving) -> None:
        super().__init__(source.db, source.vintage)

    def cursor(self) -> Any:
        return self.db


def test_the_workbook_recalculates_when_its_parameters_change(pilots: View, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(book(pilots, costs={}))
    changed = openpyxl.load_workbook(path)  # which drops every value that was kept
    parameters = changed.worksheets[0]
    for name, value in (("target", 62.3), ("deadline", "2026Q2"), ("cost_added", 0.35)):
        cell = changed.defined_names[name].attr_text.partition("!")[2].replace("$", "")
        parameters[cell] = value
    changed.save(path)
    _, convert, build = sheets(template_forms.by_libreoffice(path, "xlsx"), values=True)
    now, before = stores.reported("care_beds"), stores.reported("care_beds", BEFORE)
    goal, checked, sums = Fraction(623, 10), 0, {"within": 0, "added": 0}
    for code in areas.pilot():
        if code not in now.index or now.loc[code, ["beds_care", "beds_total"]].isna().any():
            continue
        care, total = int(now.loc[code, "beds_care"]), int(now.loc[code, "beds_total"])
        for way, sheet, each in (("within", convert, 100), ("added", build, 100 - goal)):
            row = next(r for r in rows_of(sheet).values() if r["code"] == code)
            lacking = max(0, math.ceil((goal * total - 100 * care) / each))
            sums[way] += lacking
            assert row["lacking"] == lacking
            quarters = [row[f"quarter_{k}"] for k in range(1, 7)]
            assert sum(quarters) == lacking and max(quarters) == row["most"]
            assert not row["quarter_7"]
            if way == "added":
                assert row["cost"] == pytest.approx(float(lacking * Fraction(35, 100)), abs=0.006)
            past = before["beds_care"].get(code, math.nan)
            if lacking and not math.isnan(past) and care > past:
                late = math.ceil(Fraction(4 * lacking, int(care - past)))
                assert row["quarters"] == late
                assert row["verdict"] == ("进度够" if late <= 6 else "进度不够")
                year, quarter = divmod(2024 * 4 + 3 + late, 4)
                assert row["met"] == ("2034年以后" if year > 2034 else f"{year}Q{quarter + 1}")
                checked += 1
    assert checked > 40
    assert rows_of(convert)["各县都达标"]["lacking"] == sums["within"]
    assert rows_of(build)["各县都达标"]["lacking"] == sums["added"]
    assert not rows_of(convert)["各县都达标"]["cost"]


# ------------------------------------------------------------------ the page


@pytest.fixture
def sample(sampled: Path) -> Iterator[None]:
    with stores.store_at(sampled):
        yield


def opened(**query: str) -> AppTest:
    """The page as a link with these choices opens it."""
    return stores.opened("pages/explore/planner.py", **query)


def words(at: AppTest) -> str:
    parts = [*at.title, *at.subheader, *at.markdown, *at.caption, *at.info]
    return "\n".join(part.value for part in parts)


def metrics(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


def in_url(at: AppTest, key: str) -> str:
    """What the page keeps in its address under a key; empty where it keeps nothing."""
    kept = at.query_params.get(key, "")
    return kept[0] if isinstance(kept, list) else kept


def drawn_figures(at: AppTest) -> list[dict[str, Any]]:
    found = [e.proto for e in at.get("bidi_component") if e.proto.component_name == "figure"]
    return [json.loads(gzip.decompress(proto.bytes))["figure"] for proto in found]


def test_the_page_opens_with_the_target_of_the_catalogue_and_its_source(sample: None) -> None:
    at = opened()
    assert at.number_input[0].value == 55
    assert "二手来源，待核：《广东省民政事业发展“十四五”规划》" in words(at)
    assert at.selectbox(key="own_deadline_zh").value == END
    assert "用户设定" not in words(at)
    assert set(metrics(at)) == {"试点县现在", "尚需改造", "每季需（张）", "按目前进度达标"}
    assert len(drawn_figures(at)) == 2
    assert len(at.dataframe[1].value) == len(areas.pilot())
    gaps = at.dataframe[1].value["尚需改造（张）"].dropna().tolist()
    assert gaps == sorted(gaps, reverse=True)


def test_a_link_restores_goal_deadline_way_and_costs(sample: None) -> None:
    query = {"goal": "60.5", "deadline": "2026Q2", "way": "added", "cost_added": "12.5"}
    at = opened(**query)
    assert at.number_input[0].value == 60.5
    assert at.selectbox(key="own_deadline_zh").value == "2026Q2"
    assert "**目标 60.5%：用户设定**" in words(at) and "期限 2026年二季度：用户设定" in words(at)
    assert "尚需新建" in metrics(at)
    lacking = int(metrics(at)["尚需新建"].replace(",", "").removesuffix("张"))
    assert metrics(at)["费用（万元）"] == f"{Decimal('12.5') * lacking:,.1f}".replace(".0", "")
    assert "按用户填写的单位成本" in words(at)
    assert {key: in_url(at, key) for key in query} == query


def test_what_is_typed_goes_to_the_url(sample: None) -> None:
    at = opened()
    at.number_input[0].set_value(70.0).run()
    assert in_url(at, "goal") == "70"
    at.number_input[1].set_value(3.0).run()
    assert in_url(at, "cost_within") == "3" and "费用（万元）" in metrics(at)
    at.number_input[0].set_value(55.0).run()  # the catalogue's own is no choice
    assert "用户设定" not in words(at)


def test_a_choice_that_makes_no_sense_is_not_taken(sample: None) -> None:
    at = opened(goal="=1+1", deadline="2020Q1", way="sideways", cost_within="-3")
    assert at.number_input[0].value == 55 and "费用（万元）" not in metrics(at)
    assert at.selectbox(key="own_deadline_zh").value == END
    assert opened(goal="250").number_input[0].value == 55


def test_a_target_goes_with_the_indicator_for_which_it_was_set(sample: None) -> None:
    at = opened(goal="60")
    at.selectbox(key="indicator_zh").select("child_paid_share").run()
    assert not at.exception
    assert at.number_input[0].value == 100 and in_url(at, "goal") == ""


def test_without_a_target_one_is_asked_for_and_none_is_made_up(sample: None) -> None:
    at = opened(indicator="one_card_share")
    assert at.number_input[0].value is None
    assert "没有经核实的目标值" in words(at) and "填一个目标" in words(at)
    assert not metrics(at) and not drawn_figures(at)
    at.number_input[0].set_value(99.0).run()
    assert not at.exception and "用户设定" in words(at) and len(drawn_figures(at)) == 2


def test_a_deadline_that_is_past_becomes_four_quarters_on(sample: None) -> None:
    at = opened(indicator="station_coverage")
    assert at.selectbox(key="own_deadline_zh").value == "2025Q4"
    assert "规定的目标：100%（2022年）" in words(at) and "按四个季度后测算" in words(at)


def test_at_a_whole_the_page_says_that_building_leads_nowhere(sample: None) -> None:
    at = opened(goal="100", way="added")
    assert "再多新建也补不上" in words(at) and metrics(at)["尚需新建"] == "—"
    assert len(drawn_figures(at)) == 1


def test_a_county_that_has_not_reported_shows_that_and_no_zero(sample: None) -> None:
    at = opened(county=LECHANG, lang="en")
    assert metrics(at)["Yet to convert"] == metrics(at)["Needed a quarter (beds)"] == "—"
    assert "no data this quarter" in json.dumps(drawn_figures(at)[0]["layout"]["annotations"])


def test_every_indicator_that_can_be_planned_has_its_page_in_both_languages(sample: None) -> None:
    at = opened()
    for lang in ("zh", "en"):
        at.segmented_control(key="language").set_value(lang).run()
        for name in KNOWN.plannable[:: 4 if lang == "en" else 1]:
            at.selectbox(key=f"indicator_{lang}").select(name).run()
            at.number_input[0].set_value(97.5).run()
            assert not at.exception, f"{name}: {at.exception}"
            assert len(drawn_figures(at)) == 2, name


def test_a_quarter_without_the_report_and_a_past_vintage_say_what_is_absent(mixed: Path) -> None:
    with stores.store_at(mixed):
        at = opened(period=stores.ONLY_BEDS, indicator="child_paid_share")
        assert "没有可算的县" in words(at) and not drawn_figures(at)
        at = opened(as_of="1")
        assert "历史版本" in words(at)


def test_an_empty_store_says_that_there_is_nothing_yet(empty: Path) -> None:
    with stores.store_at(empty):
        assert "还没有数据" in words(opened())


def test_an_indicator_that_this_page_does_not_offer_gives_way_to_one_it_does(sample: None) -> None:
    # offered on the overview alone
    at = stores.opened("pages/explore/planner.py", indicator="care_bed_plan_fulfilment")
    assert at.selectbox(key="indicator_zh").value == KNOWN.plannable[0]
    at.selectbox(key="indicator_zh").select("point_coverage").run()
    at.switch_page("pages/explore/overview.py").run()
    assert not at.exception
    assert at.selectbox(key="indicator_zh").value in choices.indicator_options(None)


# ------------------------------------------------------------------ the catalogue


def test_only_shares_that_can_be_counted_up_to_a_target_are_planned() -> None:
    assert {"care_bed_share", "station_coverage", "one_card_share", "hardship_coverage"} <= set(
        KNOWN.plannable
    )
    for name in ("care_bed_plan_fulfilment", "alert_handling_rate", "hardship_standard_ratio",
                 "rehab_county_coverage", "bed_occupancy", "beds_per_1000_elderly"):  # fmt: skip
        assert name not in KNOWN.plannable


PLAN = "    plan:\n      within: {zh: 做, en: do}\n"
REFUSED = {
    "a lower direction": ("care_beds_to_convert", "the higher the better"),
    "no direction": ("bed_occupancy", "the higher the better"),
    "a flow": ("care_bed_plan_fulfilment", "care_beds_added_ytd is a flow"),
    "an amount": ("beds_per_1000_elderly", "a percentage"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_plan_for_what_can_not_be_planned_is_refused_with_its_line(
    tmp_path: Path, case: str
) -> None:
    name, message = REFUSED[case]
    refusal, line = refused(tmp_path, "care_beds.yaml", f"  - id: {name}\n", PLAN)
    assert refusal.startswith(f"care_beds.yaml, line {line}: ") and message in refusal


@pytest.mark.parametrize(
    ("file", "name", "message"),
    [
        ("mental_rehab.yaml", "rehab_county_coverage", "a measure or a sum of them: min("),
        ("social_assistance.yaml", "rural_urban_standard_ratio", "a sum of them"),
        ("work_tasks.yaml", "task_done_share", "one row a county"),
    ],
)
def test_a_plan_for_other_formulas_or_other_rows_is_refused(
    tmp_path: Path, file: str, name: str, message: str
) -> None:
    refusal, _ = refused(tmp_path, file, f"  - id: {name}\n", PLAN)
    assert message in refusal


def test_a_plan_without_its_word_is_refused(tmp_path: Path) -> None:
    broken = "    plan:\n      added: {zh: 做, en: do}\n"
    refusal, line = refused(tmp_path, "care_beds.yaml", "  - id: bed_occupancy\n", broken)
    assert refusal.startswith(f"care_beds.yaml, line {line}: ") and "within" in refusal


def refused(folder: Path, file: str, after: str, added: str) -> tuple[str, int]:
    """The refusal of a catalogue with an entry more, and the line of that entry."""
    copy = Path(shutil.copytree(settings.CATALOGUE, folder / "catalogue"))
    path = copy / file
    text = path.read_text("utf-8")
    at = text.index(after) + len(after)
    path.write_text(text[:at] + added + text[at:], "utf-8")
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue.load(copy)
    return str(caught.value), text.count("\n", 0, at) + 1
