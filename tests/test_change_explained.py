"""Why a figure changed: parts that add up to it, what was corrected since, and the page of it."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import dashboard_stores as stores
import forms
import openpyxl
import pandas as pd
import pytest
from forms import RENHUA, SHIXING, WENGYUAN, row, stored, table
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from tries import tries

from app import areas, catalogue, charts, palette, reads, revisions, serving
from app.charts.waterfall import Step
from app.explained import split as splits
from app.explained import tables, told
from app.explained.split import Split
from app.serving import Serving
from app.settings import Settings

KNOWN = catalogue.load()
SHARE = KNOWN.indicator("care_bed_share")
SHAOGUAN, LECHANG = "440200", "440281"
CITY = ("city", SHAOGUAN)
PAGE = "pages/explore/change.py"


def beds(code: str, period: str, care: int, total: int) -> dict[str, forms.Value]:
    return row(
        code, period, beds_total=total, beds_care=care, public_beds_total=10, public_beds_care=5,
        residents=60, residents_disabled=30 + int(period[-1]),
    )  # fmt: skip


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Two quarters of four counties of one city, the first of them corrected after the second.

    始兴 40 of 100 beds, first told as 20, then 60 of 120; 仁化 30 of 100 twice; 翁源 80 of 200,
    then not reporting; 乐昌 newly with 10 of 80.
    """
    folder = tmp_path_factory.mktemp("corrected")
    with stores.store_at(folder) as store:
        first = [
            beds(SHIXING, "2023Q1", 20, 100), beds(RENHUA, "2023Q1", 30, 100),
            beds(WENGYUAN, "2023Q1", 80, 200),
        ]  # fmt: skip
        second = [
            beds(SHIXING, "2023Q2", 60, 120), beds(RENHUA, "2023Q2", 30, 100),
            beds(LECHANG, "2023Q2", 10, 80),
        ]  # fmt: skip
        for name, rows in (("a", first), ("b", second), ("c", [beds(SHIXING, "2023Q1", 40, 100)])):
            stored(store, table(folder / f"{name}.csv", rows), explain="属实")
        yield store


@pytest.fixture(scope="module")
def source(corrected: Settings) -> Serving:
    return serving.open_vintage(corrected)


@pytest.fixture(scope="module")
def found(source: Serving) -> Split:
    """The change of the city from the first quarter to the second."""
    return taken_apart(source)


def taken_apart(source: Serving, period: str = "2023Q2", lang: str = "zh") -> Split:
    base = splits.base_of(period, splits.QUARTER)
    return splits.split(
        source, SHARE, period, base, CITY, lang,
        lambda sample: revisions.first_told(source, "care_beds", period, sample, base),
    )  # fmt: skip


# ------------------------------------------------------------------ worked by hand


def test_three_counties_and_one_that_comes_add_up_as_worked_by_hand(
    source: Serving, found: Split
) -> None:
    by_code = found.rows.set_index("area_code")
    # 150 of 400 beds, then 100 of 300
    assert found.before.value == pytest.approx(37.5)
    assert found.after.value == pytest.approx(100 / 3)
    assert found.total == pytest.approx(-25 / 6)
    # 翁源 leaves: 70 of 200 remain of 150 of 400
    assert by_code["contribution"][WENGYUAN] == pytest.approx(35 - 37.5)
    # 始兴 alone moves the two that stay from 70 of 200 to 90 of 220:
    # (20 × 210 − 20 × 80) ÷ (200 × 220), of which 20 × 210 is the numerator's
    assert by_code["contribution"][SHIXING] == pytest.approx(65 / 11)
    assert by_code["by_numerator"][SHIXING] == pytest.approx(105 / 11)
    assert by_code["by_denominator"][SHIXING] == pytest.approx(-40 / 11)
    assert by_code["contribution"][RENHUA] == 0
    # 乐昌 enters: from 90 of 220 to 100 of 300
    assert by_code["contribution"][LECHANG] == pytest.approx(100 / 3 - 100 * 90 / 220)
    kinds = {SHIXING: "both", RENHUA: "both", WENGYUAN: "left", LECHANG: "entered"}
    assert {code: by_code["kind"][code] for code in kinds} == kinds
    assert by_code["contribution"].sum() == pytest.approx(found.total)
    # the own change is the like-for-like change that the other pages show
    headline = reads.headline(source, [SHARE.id], "2023Q2", *CITY)
    assert found.part("both") == pytest.approx(headline[SHARE.id]["change_previous"])


def test_the_earlier_figure_as_first_told_and_its_correction(
    corrected: Settings, found: Split
) -> None:
    assert found.told == splits.Told(pytest.approx(32.5), 1)  # 130 of 400, in the first vintage
    assert found.revision == pytest.approx(5)
    revised = found.revised()
    assert list(revised["area_code"]) == [SHIXING]
    assert list(revised["numerator_told"]) == [20]
    assert revised["revision"].iloc[0] == pytest.approx(5)
    said = told.revision(found, "zh")
    for word in ("2023年一季度", "32.5%", "第1版", "37.5%", "+5.00个百分点", "始兴县"):
        assert word in said
    # at the vintage before the correction nothing had been corrected
    past = taken_apart(serving.open_vintage(corrected, 2))
    assert past.told is None
    assert past.before.value == pytest.approx(32.5)


def test_counties_without_occasion_are_not_among_those_that_have_a_value(
    tmp_path: Path, store: Settings
) -> None:
    quarters = {
        "2023Q1": {SHIXING: 10, RENHUA: 20, WENGYUAN: 0},
        "2023Q2": {SHIXING: 12, RENHUA: 0},
    }
    for place, (period, orphans) in enumerate(quarters.items()):
        rows = [
            row(code, period, "child_welfare", orphans_institution=count, paid_children=20 + place)
            for code, count in orphans.items()
        ]
        stored(store, table(tmp_path / f"{period}.csv", rows), explain="属实")
    name = catalogue.load().indicator("institution_standard_ratio")
    source = serving.open_vintage(store)
    found = splits.split(source, name, "2023Q2", "2023Q1", CITY, "zh", lambda sample: None)
    # of three that reported, then of two, one has no orphans in institutions
    assert (found.before.valued, found.after.valued) == (2, 1)
    steps = [s for s in told.steps(found, "zh", None) if s.kind == "level"]
    assert [s.told for s in steps] == [("10个县中2个可算",), ("10个县中1个可算",)]


def test_the_finding_names_who_did_most_and_what_coming_and_going_did(found: Split) -> None:
    said = told.finding(found, "韶关市", splits.QUARTER, "zh")
    assert said.startswith("韶关市护理型床位占比比上季度下降4.17个百分点")
    assert "新报1个县−7.58" in said
    assert "未报1个县−2.50" in said
    assert said.index("新报1个县") < said.index("两期都有的县+5.91") < said.index("未报1个县")
    assert "始兴县" not in said  # it moved the other way


def test_the_rows_of_the_figure_hang_one_on_the_other(found: Split) -> None:
    steps = told.steps(found, "zh", RENHUA)
    assert [(s.kind, s.name) for s in steps] == [
        ("level", "2023年一季度当时"), ("revision", "更正（1个县）"), ("level", "2023年一季度"),
        ("entered", "乐昌市（新报）"), ("left", "翁源县（未报）"), ("both", "仁化县"),
        ("both", "始兴县"), ("level", "2023年二季度"),
    ]  # fmt: skip
    amounts = [step.amount for step in steps]
    assert amounts[0] + amounts[1] == pytest.approx(amounts[2])
    assert sum(amounts[2:-1]) == pytest.approx(amounts[-1])


def test_counties_beyond_the_named_ones_are_summed_and_nothing_is_lost() -> None:
    members = list(areas.load())[:25]
    rows = frame([(code, "both", Fraction(1), Fraction(9), Fraction(2 + i), Fraction(9))
                  for i, code in enumerate(members)])  # fmt: skip
    steps = told.steps(rows, "zh", members[0])
    assert [s.name for s in steps if not s.code] == ["2023年一季度", "其他14个县", "2023年二季度"]
    assert len([s for s in steps if s.code]) == told.NAMED + 1  # and the selected one
    assert sum(s.amount for s in steps[1:-1]) == pytest.approx(rows.total, abs=1e-9)


def test_what_does_not_add_up_as_printed_is_said() -> None:
    found = frame([("440222", "both", Fraction(0), Fraction(1), Fraction(1), Fraction(1))])
    exact = [Step("both", "甲", found.total)]
    assert not told.printed_apart(exact, found)
    thirds = [Step("both", "甲", found.total / 3)] * 3  # 33.33 × 3 is not 100.00
    assert told.printed_apart(thirds, found)


# ------------------------------------------------------------------ any counties


COUNTIES = [code for code, area in areas.load().items() if area.city_code == SHAOGUAN]
WHOLE = st.integers(0, 10**6)
SIDE = st.none() | st.tuples(WHOLE, WHOLE)
SIDES = st.lists(st.tuples(SIDE, SIDE, SIDE), min_size=len(COUNTIES), max_size=len(COUNTIES))


@pytest.fixture(scope="module")
def bare() -> Serving:
    """The model of an empty store, whose numerators and denominators a test writes itself."""
    source = Serving(serving.empty(), 0)
    source.cursor().execute("delete from area_indicator")
    return source


def written(source: Serving, indicator_id: str, periods: dict[str, list[Any]]) -> None:
    cursor = source.cursor()
    cursor.execute("delete from area_indicator")
    cursor.executemany(
        "insert into area_indicator by name select ? as indicator_id, ? as period, false as sample,"
        " ? as area_code, ? as numerator, ? as denominator, true as known,"
        " false as not_applicable",
        [
            (indicator_id, period, code, *known)
            for period, sides in periods.items()
            for code, known in zip(COUNTIES, sides, strict=True)
            if known is not None
        ]
        or [(indicator_id, "1999Q1", COUNTIES[0], 0, 0)],
    )


def ratio(sides: list[tuple[int, int] | None]) -> Fraction | None:
    known = [side for side in sides if side is not None]
    below = sum(d for _, d in known)
    return Fraction(100 * sum(n for n, _ in known), below) if below else None


@given(SIDES)
@settings(max_examples=tries(40), deadline=None)
def test_the_parts_of_any_counties_add_up_exactly(bare: Serving, sides: list[Any]) -> None:
    first, before, after = (list(each) for each in zip(*sides, strict=True))
    written(bare, SHARE.id, {"2023Q1": before, "2023Q2": after})
    known = [(code, *side) for code, side in zip(COUNTIES, first, strict=True) if side is not None]
    then = pd.DataFrame(known, columns=["area_code", "numerator", "denominator"])
    rows = reads.change_contributions(bare, SHARE.id, "2023Q2", "2023Q1", *CITY, "zh", then)
    assert len(rows) == len(COUNTIES)
    # a county of which nothing is known has no part, and not one of zero
    assert (rows["contribution"].isna() >= (rows["kind"] == "neither")).all()
    one, other, as_told = ratio(before), ratio(after), ratio(first)
    if one is None or other is None:
        return
    size = float(max(1, one, other))
    total = sum((Fraction(v) for v in rows["contribution"].dropna()), Fraction(0))
    assert float(abs(total - (other - one))) <= 1e-9 * size
    if as_told is not None:
        revision = sum((Fraction(v) for v in rows["revision"].dropna()), Fraction(0))
        assert float(abs(revision - (one - as_told))) <= 1e-9 * float(max(size, as_told))
    stays = [b is not None and a is not None for b, a in zip(before, after, strict=True)]
    same = [ratio([s for s, stay in zip(q, stays, strict=True) if stay]) for q in (before, after)]
    if same[0] is not None and same[1] is not None:
        own = sum((Fraction(v) for v in rows[rows["kind"] == "both"]["contribution"]), Fraction(0))
        assert float(abs(own - (same[1] - same[0]))) <= 1e-9 * size
        # a county whose numbers stay adds nothing
        for code, b, a in zip(COUNTIES, before, after, strict=True):
            if b is not None and b == a:
                assert rows.set_index("area_code")["contribution"][code] == 0


@given(SIDES)
@settings(max_examples=tries(15), deadline=None)
def test_of_an_amount_each_county_adds_its_difference(bare: Serving, sides: list[Any]) -> None:
    _, before, after = (list(each) for each in zip(*sides, strict=True))
    amounts = {
        "2023Q1": [None if s is None else (s[0], None) for s in before],
        "2023Q2": [None if s is None else (s[0], None) for s in after],
    }
    written(bare, "children_supported", amounts)
    rows = reads.change_contributions(
        bare, "children_supported", "2023Q2", "2023Q1", *CITY, "zh"
    ).set_index("area_code")
    for code, b, a in zip(COUNTIES, before, after, strict=True):
        if b is not None or a is not None:
            assert rows["contribution"][code] == (a[0] if a else 0) - (b[0] if b else 0)


def frame(counties: list[tuple[Any, ...]]) -> Split:
    """A change of counties given by code, kind and both sides, as their differences make it."""
    before = sum(n for _, _, n, _, _, _ in counties) / sum(c[3] for c in counties)
    after = sum(c[4] for c in counties) / sum(c[5] for c in counties)
    whole = sum(c[3] for c in counties)
    rows = pd.DataFrame(
        [
            {
                "area_code": code, "area_name": areas.load()[code].name, "city_name": "",
                "kind": kind, "contribution": float(100 * (n1 - n0) / whole),
                "numerator_before": float(n0), "denominator_before": float(d0),
                "numerator_after": float(n1), "denominator_after": float(d1),
                "not_applicable_before": False, "not_applicable_after": False, "revised": False,
            }
            for code, kind, n0, d0, n1, d1 in counties
        ]
    ).sort_values("contribution", ascending=False)  # fmt: skip
    figures = [
        splits.Figure(period, float(100 * value), len(rows), len(rows), False)
        for period, value in (("2023Q1", before), ("2023Q2", after))
    ]
    return Split(SHARE, *figures, None, rows)


# ------------------------------------------------------------------ how it looks


def drawn(steps: list[Step], direction: str) -> list[str]:
    """The colours of the bars."""
    indicator = SHARE.model_copy(update={"direction": direction})
    caption = charts.Caption("题", "注", "源")
    figure = charts.waterfall(steps, indicator, caption, 2)
    return list(figure.data[1].marker.color)


def test_a_step_is_coloured_by_whether_it_is_good_and_hollow_where_only_the_coverage_changed() -> (
    None
):
    steps = [Step("level", "前", 40.0), Step("both", "甲", 2.0), Step("both", "乙", -1.0),
             Step("left", "丙", 0.5), Step("level", "后", 41.5)]  # fmt: skip
    good, bad = palette.STATUSES["met"].fill, palette.STATUSES["missed"].fill
    assert drawn(steps, "higher")[1:4] == [good, bad, palette.PAPER]
    assert drawn(steps, "lower")[1:4] == [bad, good, palette.PAPER]
    assert drawn(steps, "none")[1:4] == [palette.GREY, palette.GREY, palette.PAPER]


def test_bars_begin_where_the_last_one_ended() -> None:
    steps = [Step("level", "前", 40.0), Step("both", "甲", 2.0), Step("both", "乙", -1.0),
             Step("level", "后", 41.0)]  # fmt: skip
    bars = charts.waterfall(steps, SHARE, charts.Caption("题", "注", "源"), 2).data[1]
    assert list(zip(bars.base, bars.x, strict=True))[1:3] == [(40, 2), (42, -1)]


# ------------------------------------------------------------------ the page


def opened(**query: str) -> AppTest:
    """The page as a link with these choices opens it."""
    return stores.opened("pages/explore/change.py", **query)


def figures_of(at: AppTest) -> list[dict[str, Any]]:
    found = [e.proto for e in at.get("bidi_component") if e.proto.component_name == "figure"]
    return [json.loads(gzip.decompress(proto.bytes))["figure"] for proto in found]


def words(at: AppTest) -> str:
    parts = [*at.title, *at.subheader, *at.markdown, *at.caption, *at.info, *at.warning]
    text = "\n".join(str(part.value) for part in parts)
    return text + json.dumps([f["layout"]["annotations"] for f in figures_of(at)],
                             ensure_ascii=False)  # fmt: skip


@pytest.fixture
def sample(sampled: Path) -> Iterator[None]:
    with stores.store_at(sampled):
        yield


def test_the_page_tells_the_change_of_the_workbooks(sample: None) -> None:
    sides = []
    for period in (stores.BEFORE, stores.LATEST):
        told_of = stores.reported("care_beds", period)[["beds_care", "beds_total"]].dropna()
        sides.append(told_of.loc[[c for c in told_of.index if c in areas.pilot()]])
    one, other = (100 * s["beds_care"].sum() / s["beds_total"].sum() for s in sides)
    both = sides[0].index.intersection(sides[1].index)
    same = [100 * s.loc[both, "beds_care"].sum() / s.loc[both, "beds_total"].sum() for s in sides]
    at = opened(indicator=SHARE.id)
    parts = at.dataframe[0].value.set_index("部分")
    amount = parts["贡献（个百分点）"]
    assert amount["合计"] == pytest.approx(other - one, abs=0.005)
    assert amount["原有县变动（同口径）"] == pytest.approx(same[1] - same[0], abs=0.005)
    assert parts["县数"]["未报的县"] == len(sides[0].index.difference(sides[1].index))
    counties = at.dataframe[1].value
    assert len(counties) == 45
    assert counties["贡献（个百分点）"].abs().is_monotonic_decreasing
    assert "样例数据" in words(at)
    assert f"{other - one:.2f}个百分点" in words(at)


def test_a_link_restores_the_page(sample: None) -> None:
    at = opened(indicator=SHARE.id, scope="粤北", base="year", county="440281", lang="en")
    assert at.segmented_control(key="own_base").value == "year"
    assert "Q4 2023 to Q4 2024" in words(at)
    assert not {c for c in words(at) if "\u4e00" <= c <= "\u9fff"} - set("民〔〕号粤函")
    names = next(f["layout"]["yaxis"]["ticktext"] for f in figures_of(at))
    assert [name for name in names if name.startswith("<b>")][1:-1] != []  # the chosen county


def test_sample_is_never_compared_with_real_data(mixed: Path) -> None:
    with stores.store_at(mixed):
        at = opened(indicator=SHARE.id, period=stores.LATEST)
        assert "不作比较" in at.info[0].value
        assert not figures_of(at)
        assert not at.dataframe
        after = opened(indicator=SHARE.id, period=stores.ONLY_BEDS)
        assert len(figures_of(after)) == 1  # real since real
        nothing = opened(indicator="children_supported", period=stores.ONLY_BEDS)
        assert "没有" in nothing.info[0].value


def test_a_year_to_date_figure_warns_where_the_year_begins_anew(sample: None) -> None:
    fulfilment = KNOWN.indicator("care_bed_plan_fulfilment")
    assert splits.cumulative(fulfilment)
    assert not splits.cumulative(KNOWN.indicator("cross_province_applications"))
    assert not opened(indicator=fulfilment.id).warning  # within one year
    assert not opened(indicator=fulfilment.id, base="year").warning


def test_the_page_tells_of_a_correction_and_lists_what_was_told(corrected: Settings) -> None:
    with stores.store_at(Path(corrected.catalog_file or "").parent):
        at = opened(indicator=SHARE.id, scope=SHAOGUAN, period="2023Q2")
        assert "第1版" in at.info[0].value
        counties = at.dataframe[1].value.set_index("县（市、区）")
        assert counties["类别"]["始兴县"] == "原有·更正"
        assert counties["2023年一季度当时分子"]["始兴县"] == 20
        assert counties["2023年一季度入库号"]["始兴县"] == "S3"
        assert counties["贡献（个百分点）"]["仁化县"] == 0
        assert pd.isna(counties["贡献（个百分点）"]["武江区"])  # never reported
        assert pd.isna(counties["更正影响（个百分点）"]["武江区"])
        past = opened(indicator=SHARE.id, scope=SHAOGUAN, period="2023Q2", as_of="2")
        assert not past.info


def test_an_empty_store_says_what_to_do(empty: Path) -> None:
    with stores.store_at(empty):
        assert stores.opened(PAGE).info


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_files_hold_what_the_page_shows_and_a_live_total(found: Split, lang: str) -> None:
    rows = list(csv.reader(io.StringIO(tables.csv_bytes(found, ["甲"], lang).decode("utf-8-sig"))))
    amounts = {line[0]: line[4] for line in rows[1:]}
    assert float(amounts[SHIXING]) == pytest.approx(65 / 11)
    book = openpyxl.load_workbook(io.BytesIO(tables.xlsx_bytes(found, "=1", ["甲"], lang)))
    sheet = book.worksheets[0]
    last = sheet.max_row
    assert sheet.cell(last, 4).value == f"=SUM(D5:D{last - 1})"
    assert sheet.cell(1, 1).value == "=1" and sheet.cell(1, 1).data_type == "s"


# ------------------------------------------------------------------ corrections in trends


def trend_of(values: list[float | None], sample: bool = False) -> pd.DataFrame:
    """A trend frame of one group over the quarters of 2023."""
    return pd.DataFrame(
        {
            "group_code": "pilot", "group_name": "试点县", "level": "pilot",
            "period": [f"2023Q{n + 1}" for n in range(len(values))], "value": values,
            "areas_reporting": 4, "areas_expected": 4, "sample": sample,
        }
    )  # fmt: skip


def dotted(now: list[float | None], before: pd.DataFrame) -> list[Any]:
    caption = charts.Caption("题", "注", "源")
    figure = charts.trend(trend_of(now), SHARE, caption, before=before, before_name="更正前：第7版")
    named = any("第7版" in note.text for note in figure.layout.annotations)
    found = [trace for trace in figure.data if trace.line.dash == "dot"]
    assert named == bool(found)
    return found


def test_a_corrected_point_is_dotted_from_and_to_its_neighbours() -> None:
    (trace,) = dotted([40, 41, 42, 43], trend_of([40, 45, 42, 43]))
    assert list(trace.y) == [40, 45, 42, None]
    assert [size > 0 for size in trace.marker.size] == [False, True, False, False]


@pytest.mark.parametrize(
    "before",
    [
        trend_of([40, 41.01, 42, 43]),  # reads alike in one decimal
        trend_of([40, 41]),  # later quarters are no correction
        trend_of([40, 45, 42, 43], sample=True),  # sample is no earlier state of real data
        trend_of([40, None, 42, 43]),
    ],
)
def test_nothing_is_dotted_where_nothing_reads_otherwise(before: pd.DataFrame) -> None:
    assert dotted([40, 41, 42, 43], before) == []


def test_the_vintage_before_the_last_correction_is_found_and_opened_only_then(
    corrected: Settings, source: Serving
) -> None:
    with stores.store_at(Path(corrected.catalog_file or "").parent):
        found = revisions.before(source, SHARE.id, [f"city/{SHAOGUAN}"], "zh")
        assert found is not None
        assert found.vintage == 2
        assert dict(zip(found.rows["period"], found.rows["value"], strict=True)) == {
            "2023Q1": pytest.approx(32.5), "2023Q2": pytest.approx(100 / 3)
        }  # fmt: skip
        assert "第2版" in found.name("zh") and "vintage 2" in found.name("en")
    # without a correction nothing is looked for in the store, which may be gone
    assert revisions.before(source, "children_supported", [f"city/{SHAOGUAN}"], "zh") is None


def test_a_topic_page_shows_the_line_before_the_correction(corrected: Settings) -> None:
    with stores.store_at(Path(corrected.catalog_file or "").parent):
        at = stores.opened("pages/topics/care_beds.py", scope=SHAOGUAN, county=SHIXING)
        trend = next(
            f for f in figures_of(at) if any("第2版" in str(d.get("name")) for d in f["data"])
        )
        before = [d for d in trend["data"] if "第2版" in d["name"]]
        assert {d["y"][0] for d in before} == {32.5, 20}  # the city and the county


def test_one_dataset_of_a_vintage_says_what_the_whole_vintage_says(corrected: Settings) -> None:
    alone = serving.open_vintage(corrected, 2, "care_beds")
    whole = serving.open_vintage(corrected, 2)
    groups = [f"city/{SHAOGUAN}", f"county/{SHIXING}"]
    one, other = (reads.group_trend(s, SHARE.id, groups, "zh") for s in (alone, whole))
    pd.testing.assert_frame_equal(one, other)
    assert alone.vintage == 2
