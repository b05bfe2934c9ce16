"""All indicators and all counties in one table: what its cells say, its order, files and page."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import dashboard_stores as stores
import figure_rows
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from streamlit.testing.v1 import AppTest

from app import areas, catalogue, palette, scopes, view
from app.reads import Standing
from app.rug import files, page, weaving
from app.rug.weaving import Rug
from app.scopes import Choices
from app.view import View

KNOWN = catalogue.load()
TEN = list(areas.load())[:10]
WENGYUAN, DONGGUAN, SHIXING, RENHUA = "440229", "441900", "440222", "440224"
PARTS = ("粤东", "粤西", "粤北", "珠三角")
VALUES = [90, 80, 80, 70, 60, 60, 60, 50, 40, 40]


def observed(value: float, verdict: str = "none", gap: float | None = None) -> Standing:
    return Standing(value, "observed", verdict, gap, False)


def absent(status: str) -> Standing:
    return Standing(None, status, "none", None, False)


def woven(
    standings: list[Standing], *, direction: Any = "higher", target: float | None = None,
    lang: str = "zh", names: list[str] | None = None,
) -> Rug:  # fmt: skip
    """A table of the first counties on one indicator, below a group without a value."""
    indicator = figure_rows.indicator(direction=direction, target=target)
    groups = [f"county/{code}" for code in TEN[: len(standings)]]
    named = names or [areas.load()[code].name for code in TEN[: len(standings)]]
    found = {(g, indicator.id): s for g, s in zip(groups, standings, strict=True)}
    counties = dict(zip(groups, named, strict=True))
    return weaving.weave(found, [indicator], {"pilot/pilot": "试点县"}, counties, lang)


def looks(table: Rug) -> list[str]:
    return [row.cells[0].look for row in table.counties]


# ------------------------------------------------------------------ what a cell says


@pytest.mark.parametrize(
    ("high_first", "worked"),
    [
        # before each value from the high end: 0 1 1 3 4 4 4 7 8 8 of ten
        (True, [1, 1, 1, 2, 3, 3, 3, 4, 5, 5]),
        # from the low end: 9 7 7 6 3 3 3 2 0 0
        (False, [5, 4, 4, 4, 2, 2, 2, 2, 1, 1]),
    ],
)
def test_ten_counties_fall_into_fifths_and_equal_values_into_the_same_one(
    high_first: bool, worked: list[int]
) -> None:
    assert weaving.fifths([Decimal(v) for v in VALUES], high_first=high_first) == worked


def test_ten_different_values_fill_each_fifth_with_two() -> None:
    values = [Decimal(v) for v in range(10)]
    assert weaving.fifths(values, high_first=False) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


@pytest.mark.parametrize("values", [[], [1, 2, 3, 4], [7, 7, 7, 7, 7, 7]])
def test_fewer_than_five_values_or_equal_ones_are_not_divided(values: list[int]) -> None:
    assert weaving.fifths([Decimal(v) for v in values], high_first=True) is None


def test_a_direction_without_a_target_gives_fifths_from_the_best() -> None:
    higher = woven([observed(v) for v in VALUES])
    assert looks(higher) == [f"fifth_{n}" for n in (1, 1, 1, 2, 3, 3, 3, 4, 5, 5)]
    lower = woven([observed(v) for v in VALUES], direction="lower")
    assert looks(lower) == [f"fifth_{n}" for n in (5, 4, 4, 4, 2, 2, 2, 2, 1, 1)]
    assert [row.cells[0].sign for row in higher.counties][:4] == ["1", "1", "1", "2"]


def test_what_is_neither_good_nor_bad_gets_greys_and_no_digit() -> None:
    table = woven([observed(v) for v in VALUES], direction="none")
    assert looks(table) == [f"level_{n}" for n in (5, 4, 4, 4, 2, 2, 2, 2, 1, 1)]
    for row in table.counties:
        look = palette.LOOKS[row.cells[0].look]
        assert look.ground[1:3] == look.ground[3:5] == look.ground[5:7]
        assert not look.sign.isdigit()
        assert "不分好坏" in row.cells[0].hover


def test_values_that_are_printed_alike_lie_in_one_fifth() -> None:
    table = woven([observed(v) for v in (70, 60.04, 59.96, 50, 40)])
    assert [row.cells[0].text for row in table.counties][1:3] == ["60.0", "60.0"]
    assert looks(table)[1] == looks(table)[2]


def test_a_target_gives_verdicts_with_their_signs_and_the_distance_where_it_is_short() -> None:
    standings = [
        observed(60, "met", 5), observed(52.5, "near", -2.5), observed(40, "missed", -15),
        observed(50, "not_due", -5), absent("missing"), absent("not_applicable"),
        absent("suppressed"),
    ]  # fmt: skip
    table = woven(standings, target=55)
    told = [(r.cells[0].sign, r.cells[0].text, r.cells[0].look) for r in table.counties]
    assert told == [
        ("✓", "60.0", "met"), ("◐", "52.5", "near"), ("✗", "40.0", "missed"),
        ("○", "50.0", "not_due"), ("", "—", "missing"), ("", "不适用", "not_applicable"),
        ("", "不公布", "suppressed"),
    ]  # fmt: skip
    hovers = [row.cells[0].hover for row in table.counties]
    assert hovers[0] == "✓ 达标"
    assert hovers[1] == "◐ 接近，较目标 −2.5个百分点"
    assert hovers[4:] == ["未报", "不适用", "不公布"]


def test_what_is_not_found_at_all_is_missing_and_never_zero() -> None:
    table = woven([observed(0), absent("missing")])
    assert [row.cells[0].text for row in table.counties] == ["0.0", "—"]
    assert table.groups[0].cells[0].text == "—"


def test_a_group_is_in_no_fifth_of_the_counties() -> None:
    indicator = figure_rows.indicator(target=None)
    groups = [f"county/{code}" for code in TEN]
    found = {
        (g, indicator.id): observed(v) for g, v in zip(groups, VALUES, strict=True)
    } | {("pilot/pilot", indicator.id): observed(61)}  # fmt: skip
    table = weaving.weave(
        found, [indicator], {"pilot/pilot": "试点县"}, dict.fromkeys(groups, "县"), "zh"
    )
    assert (table.groups[0].cells[0].text, table.groups[0].cells[0].look) == ("61.0", "plain")


@pytest.mark.parametrize("name", palette.LOOKS)
def test_the_text_of_every_cell_reads_on_its_ground(name: str) -> None:
    look = palette.LOOKS[name]
    assert palette.contrast(look.ink, look.ground) >= 4.5


def test_no_two_looks_of_values_share_ground_and_sign() -> None:
    seen = [(x.ground, x.sign) for n, x in palette.LOOKS.items() if n not in weaving.MARKS]
    assert len(set(seen)) == len(seen)
    signs = [x.sign for x in palette.LOOKS.values() if x.sign]
    assert len(set(signs)) == len(signs)  # so that they are told apart in black and white


# ------------------------------------------------------------------ title, legend, order


def test_the_title_counts_the_verdicts_and_names_what_most_counties_miss() -> None:
    standings = [observed(60, "met", 5), observed(40, "missed", -15), observed(41, "missed", -14)]
    told = weaving.finding(woven(standings, target=55), "zh")
    assert "3项次" in told and "达标1" in told and "未达标2" in told
    assert "护理型占比（2个）" in told
    assert weaving.finding(woven([absent("missing")], target=55), "zh") == "本期没有数据"
    assert "没有目标" in weaving.finding(woven([observed(1)]), "zh")


def test_the_legend_counts_the_counties_of_each_look_and_leaves_out_what_is_not_there() -> None:
    table = woven([*[observed(60, "met", 5)] * 3, absent("missing"), absent("not_applicable")],
                  target=55)  # fmt: skip
    entries = [entry for key in weaving.legend(table, "zh") for entry in key.entries]
    assert entries == [
        ("met", "✓", "达标 3"), ("missing", "—", "未报 1"), ("not_applicable", "不适用", "1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("direction", "first", "order"),
    [
        ("higher", weaving.BEST, [3, 1, 4, 0, 2]),
        ("higher", weaving.WORST, [0, 1, 4, 3, 2]),
        ("lower", weaving.BEST, [0, 1, 4, 3, 2]),
        ("lower", weaving.WORST, [3, 1, 4, 0, 2]),
        ("none", weaving.BEST, [3, 1, 4, 0, 2]),
        ("none", weaving.WORST, [0, 1, 4, 3, 2]),
    ],
)
def test_counties_are_sorted_by_an_indicator_those_without_a_number_last(
    direction: str, first: str, order: list[int]
) -> None:
    standings = [observed(10), observed(20), absent("missing"), observed(30), observed(20)]
    table = woven(standings, direction=direction)
    rows = weaving.sorted_by(table, "care_bed_share", first)
    assert [row.county for row in rows] == [TEN[i] for i in order]


# ------------------------------------------------------------------ files


def cell_text(cell: Any) -> str:
    """A cell of a workbook as Excel shows it: its sign, then the number in its decimals."""
    if isinstance(cell.value, str):
        return str(cell.value)
    sign = cell.number_format.partition('"')[2].partition('"')[0]
    decimals = len(cell.number_format.rpartition(".")[2]) if "." in cell.number_format else 0
    return f"{sign}{cell.value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def opened_book(table: Rug, lang: str = "zh") -> Worksheet:
    told = {"title": "=1+1", "subtitle": "@x", "note": "样例数据", "footer": "-1"}
    sections = weaving.arranged(table, weaving.BY_REGION, weaving.BEST, lang)
    data = files.xlsx_bytes(table, sections, told, lang)
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def test_a_workbook_has_the_text_signs_and_fills_of_the_table(sampled: Path) -> None:
    with stores.store_at(sampled):
        shown = shown_view()
        table = page.woven(shown)
    sheet = opened_book(table)
    assert sheet.freeze_panes == "C7"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    # one page wide, which is what the file says by saying nothing, and as many as needed
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1)
    assert sheet.page_setup.fitToHeight == 0
    by_name = {(row[0].value, row[1].value): row for row in sheet.iter_rows(min_row=7)}
    for row in table.counties:
        area = areas.load()[row.county]
        written = by_name[area.name, area.city][2:]
        for cell, drawn in zip(row.cells, written, strict=False):
            assert cell_text(drawn) == f"{cell.sign} {cell.text}".strip()
            assert drawn.fill.start_color.rgb == "FF" + palette.LOOKS[cell.look].ground[1:]
    assert [c.value for c in sheet[5]][2 : 2 + len(table.columns)] == [
        column.short("zh") for column in table.columns
    ]


def test_nothing_in_the_files_runs_as_a_formula() -> None:
    table = woven([observed(v) for v in VALUES], names=["=1+1", "@x", "-1", "+1", *"abcdef"])
    sheet = opened_book(table)
    assert not [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    data = files.csv_bytes(table, {}, "2024年四季度", "-1", "zh")
    records = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [r["县（市、区）"] for r in records[:4]] == ["'=1+1", "'@x", "'-1", "'+1"]
    assert records[0]["范围与版本"] == "'-1"


def test_the_csv_has_a_row_for_each_county_and_indicator_with_the_value_not_rounded(
    sampled: Path,
) -> None:
    with stores.store_at(sampled):
        shown = shown_view()
        found = page.standings(shown)
        data = files.csv_bytes(page.woven(shown), found, "2024年四季度", "x", "zh")
    records = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(records) == 45 * len(weaving.columns())
    record = next(
        r for r in records if (r["行政区划代码"], r["指标代号"]) == (WENGYUAN, "care_bed_share")
    )
    beds = stores.reported("care_beds").loc[WENGYUAN]
    assert float(record["数值"]) == 100 * beds["beds_care"] / beds["beds_total"]
    assert record["是否样例"] == "样例数据"


# ------------------------------------------------------------------ the page


@pytest.fixture
def sample(sampled: Path) -> Iterator[None]:
    with stores.store_at(sampled):
        yield


def shown_view(scope: str = areas.PILOT, lang: str = "zh") -> View:
    source, stamp = view.current()
    return View(source, stamp, Choices(stores.LATEST, scope, None, "", lang), None)


def opened(**query: str) -> AppTest:
    """The page as a link with these choices opens it."""
    return stores.opened("pages/explore/rug.py", **query)


def sent(at: AppTest) -> dict[str, Any]:
    """The table as it goes to the browser."""
    proto = next(e.proto for e in at.get("bidi_component") if e.proto.component_name == "rug")
    document: dict[str, Any] = json.loads(gzip.decompress(proto.bytes))
    return document


def county_rows(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for s in document["sections"] for row in s["rows"] if row["code"]}


@pytest.mark.parametrize("scope", [areas.PILOT, areas.PROVINCE])
def test_every_indicator_is_a_column_and_every_county_of_the_scope_a_row(
    sample: None, scope: str
) -> None:
    document = sent(opened(scope=scope))
    assert [c["id"] for c in document["columns"]] == [i.id for i in weaving.columns()]
    rows = county_rows(document)
    assert sorted(rows) == sorted(scopes.members(scope))
    assert all(len(row["cells"]) == len(weaving.columns()) for row in rows.values())
    assert sum(d["span"] for d in document["datasets"]) == len(weaving.columns())
    first = document["sections"][0]["rows"]
    assert first[0]["name"] == ("试点县" if scope == areas.PILOT else "全省")
    assert "全省" in {row["name"] for row in first}
    headings = [s["heading"].partition("（")[0] for s in document["sections"][1:]]
    assert headings == [r for r in PARTS if scope == areas.PROVINCE or r != "珠三角"]


def test_a_cell_shows_what_the_workbook_reported(sample: None) -> None:
    document = sent(opened())
    beds = stores.reported("care_beds").loc[WENGYUAN]
    place = [c["id"] for c in document["columns"]].index("care_bed_share")
    share = 100 * beds["beds_care"] / beds["beds_total"]
    text, look, _ = county_rows(document)[WENGYUAN]["cells"][place]
    assert text == f"{share:.1f}"
    assert document["looks"][look]["sign"] == ("✓" if share >= 55 else "○")  # due in 2025


def test_the_page_marks_sample_data_in_the_table_itself(sample: None) -> None:
    document = sent(opened())
    assert document["note"] == "样例数据，不是统计数据"
    assert all("样例数据" in d["text"] for d in document["datasets"])


def test_only_the_datasets_that_are_sample_carry_the_mark(mixed: Path) -> None:
    with stores.store_at(mixed):
        document = sent(opened(period=stores.LATEST))
    marked = [d["text"] for d in document["datasets"] if "样例数据" in d["text"]]
    assert len(marked) == len(document["datasets"]) - 1
    assert not any("护理型床位" in text for text in marked)


def test_a_quarter_nobody_reported_shows_no_numbers_and_says_so(mixed: Path) -> None:
    with stores.store_at(mixed):
        document = sent(opened(period=stores.ONLY_BEDS, part="child_welfare"))
    assert document["title"] == "本期没有数据"
    assert {c[0] for row in county_rows(document).values() for c in row["cells"]} == {"—"}
    assert document["note"] == ""


def test_one_county_is_a_table_of_one_county(sample: None) -> None:
    document = sent(opened(scope=DONGGUAN))
    assert list(county_rows(document)) == [DONGGUAN]
    judged = sum(i.target is not None for i in weaving.columns())
    assert document["title"].startswith(f"{judged}项次")


def test_an_empty_store_says_what_to_do(empty: Path) -> None:
    with stores.store_at(empty):
        at = opened()
    assert "template" in at.info[0].value


def test_the_page_speaks_english(sample: None) -> None:
    at = opened(lang="en", scope=areas.PROVINCE, county=WENGYUAN)
    document = sent(at)
    text = json.dumps(document, ensure_ascii=False)
    assert {c for c in text if "\u4e00" <= c <= "\u9fff"} <= set("一二三四五六七八九十")
    assert at.title[0].value == "All indicators"
    assert [r["name"] for r in county_rows(document).values() if r["chosen"]] == ["Wengyuan County"]


def test_the_columns_can_be_those_of_a_dataset_or_of_a_clause(sample: None) -> None:
    document = sent(opened(part="care_beds"))
    assert [c["id"] for c in document["columns"]] == [
        i.id for i in KNOWN.dataset("care_beds").indicators
    ]
    for clause in {d.clause for d in KNOWN.datasets.values()}:
        inside = [d for d in KNOWN.datasets.values() if d.clause == clause]
        if len(inside) > 1:
            document = sent(opened(part=clause))
            assert {c["id"] for c in document["columns"]} == {
                i.id for d in inside for i in d.indicators
            }


def test_a_link_opens_the_order_it_was_copied_from(sample: None) -> None:
    at = opened(order="public_care_bed_share", first="worst")
    document = sent(at)
    place = [c["id"] for c in document["columns"]].index("public_care_bed_share")
    values = [float(r["cells"][place][0]) for r in county_rows(document).values()
              if r["cells"][place][0] not in ("—", "不适用")]  # fmt: skip
    assert values == sorted(values)
    assert document["columns"][place]["turned"] == "▲"
    assert dict(at.query_params)["order"] == "public_care_bed_share"


def test_no_indicator_without_a_direction_is_judged(sample: None) -> None:
    document = sent(opened(scope=areas.PROVINCE))
    names = list(palette.LOOKS)
    for place, column in enumerate(weaving.columns()):
        seen = {names[r["cells"][place][1]] for r in county_rows(document).values()}
        if column.direction == "none":
            assert not [n for n in seen if n in weaving.VERDICTS or n.startswith("fifth")]


def test_the_overview_leads_to_the_table(sample: None) -> None:
    at = stores.opened("pages/explore/overview.py", scope="粤西")
    link = next(e.proto for e in at.get("page_link") if e.proto.page == "rug")
    assert "scope=" in link.query_string
