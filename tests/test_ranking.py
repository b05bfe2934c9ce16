"""Ranks and gains: ties of what is printed, what a difference is worth, and the page of both."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dashboard_stores as stores
import figure_rows
import openpyxl
import pandas as pd
import pytest
import small_models
from forms import KNOWN, RENHUA, SHIXING, WENGYUAN, good
from streamlit.testing.v1 import AppTest

from app import areas, charts, formats, formula, peers, reads, view
from app.progress import findings, margins, shown
from app.scopes import Choices
from app.view import View

SHARE, OCCUPANCY = KNOWN.indicator("care_bed_share"), KNOWN.indicator("bed_occupancy")
DONGGUAN, RUYUAN = "441900", "440232"
FOUR = [SHIXING, RENHUA, WENGYUAN, RUYUAN]


def moved(
    by_area: dict[str, dict[str, tuple[int, int] | None]], codes: list[str] | None = None,
    period: str = "2023Q4", indicator: str = "care_bed_share", sample: tuple[str, ...] = (),
) -> pd.DataFrame:  # fmt: skip
    """The frame of counties that report care beds of beds in some quarters, by quarter."""
    cells = []
    for area, quarters in by_area.items():
        for quarter, beds in quarters.items():
            values = dict.fromkeys(good()) if beds is None else (
                good() | {"beds_care": beds[0], "beds_total": beds[1]}
            )  # fmt: skip
            cells += small_models.reported(
                "care_beds", {area: {quarter: values}}, quarter in sample
            )
    source = small_models.model(cells)
    return reads.county_progress(source, indicator, period, codes or list(by_area), "zh")


def by_code(rows: pd.DataFrame, *names: str) -> dict[str, tuple[Any, ...]]:
    return {
        row["area_code"]: tuple(None if pd.isna(row[n]) else row[n] for n in names)
        for row in rows.to_dict("records")
    }


# ------------------------------------------------------------------ ranks and gains


def test_counties_that_read_the_same_share_a_rank_and_the_next_one_is_left_out() -> None:
    # 55.04 and 54.96 percent are both printed 55.0, 54.94 is printed 54.9
    rows = moved({
        SHIXING: {"2023Q4": (5496, 10_000)}, RENHUA: {"2023Q4": (5504, 10_000)},
        WENGYUAN: {"2023Q4": (5494, 10_000)}, RUYUAN: {"2023Q4": None},
    })  # fmt: skip
    assert by_code(rows, "rank", "tied") == {
        SHIXING: (1, True), RENHUA: (1, True), WENGYUAN: (3, False), RUYUAN: (None, False),
    }  # fmt: skip


def test_a_gain_is_the_change_over_the_year_as_printed_and_ties_like_a_rank() -> None:
    rows = moved({
        SHIXING: {"2022Q4": (40, 100), "2023Q4": (50, 100)},  # +10
        RENHUA: {"2022Q4": (300, 1000), "2023Q4": (400, 1000)},  # +10
        WENGYUAN: {"2022Q4": (60, 100), "2023Q4": (58, 100)},  # -2
        RUYUAN: {"2023Q3": (10, 100), "2023Q4": (60, 100)},  # nothing a year before
    })  # fmt: skip
    assert by_code(rows, "gain", "gain_rank", "gain_tied") == {
        SHIXING: (10.0, 1, True), RENHUA: (10.0, 1, True), WENGYUAN: (-2.0, 3, False),
        RUYUAN: (None, None, False),
    }  # fmt: skip
    assert by_code(rows, "change_previous")[RUYUAN] == (50.0,)


def test_where_lower_is_better_a_fall_is_a_gain() -> None:
    # to convert: 55 - 40 = 15 beds, then 5; and 0, then 10
    rows = moved(
        {SHIXING: {"2022Q4": (40, 100), "2023Q4": (50, 100)},
         RENHUA: {"2022Q4": (55, 100), "2023Q4": (45, 100)}},
        indicator="care_beds_to_convert",
    )  # fmt: skip
    assert by_code(rows, "value", "rank", "gain", "gain_rank") == {
        SHIXING: (5.0, 1, 10.0, 1), RENHUA: (10.0, 2, -10.0, 2),
    }  # fmt: skip


def test_what_is_neither_good_nor_bad_has_neither_rank_nor_gain() -> None:
    rows = moved(
        {SHIXING: {"2022Q4": (40, 100), "2023Q4": (40, 200)}}, indicator=OCCUPANCY.id
    )  # fmt: skip
    assert by_code(rows, "rank", "gain", "gain_rank") == {SHIXING: (None, None, None)}
    assert rows["change_year"].notna().all()


def test_nothing_is_gained_from_sample_to_real_data_and_the_reason_says_so() -> None:
    rows = moved(
        {SHIXING: {"2022Q4": (40, 100), "2023Q4": (50, 100)}, RENHUA: {"2023Q4": (50, 100)},
         WENGYUAN: {"2022Q4": (40, 100), "2023Q4": None}},
        sample=("2022Q4",),
    )  # fmt: skip
    assert rows["gain"].isna().all()
    told = {r["area_code"]: findings.reason(r, "zh") for r in rows.to_dict("records")}
    assert told == {SHIXING: "上年同期是样例，不比", RENHUA: "上年同期未报", WENGYUAN: "未报"}


def test_the_small_line_has_the_last_quarters_as_far_as_unbroken() -> None:
    long = {
        f"{y}Q{q}": (10 * y + q - 20_200, 100) for y in (2021, 2022, 2023) for q in (1, 2, 3, 4)
    }
    rows = moved({
        SHIXING: long,
        RENHUA: {"2023Q1": (1, 100), "2023Q2": None, "2023Q3": (3, 100), "2023Q4": (4, 100)},
        WENGYUAN: {"2023Q3": (3, 100), "2023Q4": None},
    })  # fmt: skip
    trends = {row["area_code"]: list(row["trend"]) for row in rows.to_dict("records")}
    assert trends[SHIXING] == [21, 22, 23, 24, 31, 32, 33, 34]  # two years
    assert trends[RENHUA] == [3, 4]
    assert trends[WENGYUAN] == []


# ------------------------------------------------------------------ what a difference is worth


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("beds_care", True),
        ("orphans_institution + orphans_scattered", True),
        ("quarter(people_served_ytd) + a", True),
        ("standard * persons", False),
        ("min(1, townships)", False),
        ("3 * persons", False),
        ("beds - residents", False),
        ("minimum(standard)", False),
    ],
)
def test_only_a_sum_of_things_counted_can_have_one_more(text: str, wanted: bool) -> None:
    assert formula.is_sum(text) is wanted


def test_the_units_between_two_counties_are_worked_out_exactly() -> None:
    def part(numerator: float, denominator: float) -> dict[str, float]:
        return {"numerator": numerator, "denominator": denominator}

    # 60/100 is 120/200: two beds from 118; 61/100 is 122/200: four; 1/3 of 100 is 33.33, so one
    assert margins.units_between(part(60, 100), part(118, 200), SHARE) == 2
    assert margins.units_between(part(61, 100), part(118, 200), SHARE) == 4
    assert margins.units_between(part(1, 3), part(33, 100), SHARE) == 1
    # seven tenths of a float would be 0.7000000000000001 of 10
    assert margins.units_between(part(7, 10), part(6, 10), SHARE) == 1
    to_convert = KNOWN.indicator("care_beds_to_convert")
    assert margins.units_between(part(3, 0), part(10, 0), to_convert) == 7


def test_neighbours_a_few_units_or_less_than_a_digit_apart_are_close() -> None:
    rows = moved({
        SHIXING: {"2023Q4": (60, 100)}, RENHUA: {"2023Q4": (118, 200)},  # two beds
        WENGYUAN: {"2023Q4": (5496, 10_000)}, RUYUAN: {"2023Q4": (5494, 10_000)},  # 55.0 and 54.9
    })  # fmt: skip
    between = margins.margins(rows, SHARE)
    assert [(m.ahead["area_code"], m.units, m.rounding, m.close) for m in between] == [
        (SHIXING, 2, False, True), (RENHUA, 404, False, False), (WENGYUAN, 2, True, True),
    ]  # fmt: skip
    lines = findings.worth(rows, SHARE, "zh")
    assert lines[0].startswith("始兴县与第2位的仁化县相差1.0个百分点：仁化县的分子再差2张就持平")
    assert "3对县" in lines[1] and "2对" in lines[1]


def test_ties_for_the_first_place_are_said_as_one() -> None:
    rows = moved({a: {"2023Q4": (60, 100)} for a in (SHIXING, RENHUA)})
    assert findings.worth(rows, SHARE, "zh")[0] == "并列第1位：始兴县、仁化县，读数都是60.0%。"


def test_a_small_denominator_is_named_and_a_change_below_one_bed_is_none() -> None:
    rows = moved({
        SHIXING: {"2022Q4": (10, 29), "2023Q4": (11, 29)},
        RENHUA: {"2022Q4": (500, 1000), "2023Q4": (500, 1001)},
    })  # fmt: skip
    assert list(margins.small(rows, SHARE)["area_code"]) == [SHIXING]
    assert margins.unmoved(rows, SHARE) == 1
    told = "\n".join(findings.worth(rows, SHARE, "zh"))
    assert "分母小于30的：始兴县" in told and "1个县一年的变化还不到分子增减1张" in told


# ------------------------------------------------------------------ chart and title


def test_the_title_names_who_gained_and_who_lost_most() -> None:
    rows = moved({
        SHIXING: {"2022Q4": (40, 100), "2023Q4": (50, 100)},
        RENHUA: {"2022Q4": (50, 100), "2023Q4": (50, 100)},
        WENGYUAN: {"2022Q4": (60, 100), "2023Q4": (58, 100)},
    })  # fmt: skip
    told = findings.of_progress(rows, SHARE, "zh")
    assert "3个县中1个改善、1个变差" in told
    assert "改善最多的是始兴县（▲10.0个百分点）" in told
    assert "变差最多的是翁源县（▼2.0个百分点）" in told


def test_the_title_says_so_where_every_county_gained() -> None:
    rows = moved({
        SHIXING: {"2022Q4": (40, 100), "2023Q4": (50, 100)},
        RENHUA: {"2022Q4": (50, 100), "2023Q4": (52, 100)},
    })  # fmt: skip
    told = findings.of_progress(rows, SHARE, "zh")
    assert told == "护理型床位占比一年来2个县都有改善，改善最多的是始兴县（▲10.0个百分点）"


def test_the_chart_runs_from_gain_to_loss_and_tells_why_a_county_has_none() -> None:
    rows = moved({
        SHIXING: {"2022Q4": (60, 100), "2023Q4": (58, 100)},
        RENHUA: {"2022Q4": (40, 100), "2023Q4": (50, 100)},
        WENGYUAN: {"2023Q4": (70, 100)},
        RUYUAN: {"2023Q4": None},
    })  # fmt: skip
    reasons = [findings.reason(row, "zh") for row in rows.to_dict("records")]
    figure = charts.progress(rows, SHARE, figure_rows.caption(), reasons, RENHUA)
    names = list(figure.layout.yaxis.ticktext)
    assert names == ["<b>1 仁化县</b>", "2 始兴县", "翁源县", "乳源瑶族自治县"]
    traces = {trace.name: trace for trace in figure.data}
    assert list(traces["before"].x) == [40, 60, None, None]
    assert list(traces["now"].x) == [50, 58, None, None]
    assert traces["better"].line.dash != traces["worse"].line.dash  # also in black and white
    codes = [c[0] for trace in figure.data if trace.name == "rows" for c in trace.customdata]
    assert codes == [RENHUA, SHIXING, WENGYUAN, RUYUAN]
    texts = next(t.text for t in figure.data if t.mode == "text")
    assert [text.strip() for text in texts] == ["▲10.0", "▼2.0", "上年同期未报", "未报"]


def test_the_axis_of_changes_makes_no_room_for_a_county_without_one() -> None:
    both: dict[str, tuple[int, int] | None] = {"2022Q4": (50, 100), "2023Q4": (52, 100)}
    rows = moved({SHIXING: both, RENHUA: {"2022Q4": (1, 100), "2023Q4": None}})
    assert by_code(rows, "value_year")[RENHUA] == (1,)  # of a year before, but nothing now
    figure = charts.progress(rows, SHARE, figure_rows.caption(), ["", "未报"])
    assert figure.layout.xaxis.range[0] > 40


def test_a_row_of_a_ranking_says_that_it_is_tied() -> None:
    rows = moved({a: {"2023Q4": (60, 100)} for a in (SHIXING, RENHUA)})
    figure = charts.ranking(rows, SHARE, figure_rows.caption())
    assert list(figure.layout.yaxis.ticktext) == ["并列1 始兴县", "并列1 仁化县"]
    assert figure.data[2].customdata[0][6] == "并列第1位"


# ------------------------------------------------------------------ the page


@pytest.fixture
def sample(sampled: Path) -> Iterator[None]:
    with stores.store_at(sampled):
        yield


def opened(**query: str) -> AppTest:
    """The page as a link with these choices opens it."""
    return stores.opened("pages/explore/ranking.py", **query)


def drawn(at: AppTest) -> list[dict[str, Any]]:
    """The figures as they go to the browser."""
    protos = [e.proto for e in at.get("bidi_component") if e.proto.component_name == "figure"]
    return [json.loads(gzip.decompress(p.bytes))["figure"] for p in protos]


def words(at: AppTest) -> str:
    parts = [*at.title, *at.subheader, *at.markdown, *at.caption, *at.info]
    return "\n".join(part.value for part in parts)


def test_ranks_and_gains_are_those_of_the_workbooks(sample: None) -> None:
    at = opened(indicator=SHARE.id)
    shares = [stores.reported("care_beds", p) for p in (stores.LATEST, stores.YEAR_BEFORE)]
    now, before = (100 * s["beds_care"] / s["beds_total"] for s in shares)
    pilots = [code for code in areas.load() if code in areas.pilot()]
    name = {code: areas.load()[code].name for code in pilots}
    read = now[pilots].dropna().map(lambda v: float(formats.rounded(v, 1)))
    gain = (now - before)[pilots].dropna().map(lambda v: float(formats.rounded(v, 1)))
    rank = read.rank(ascending=False, method="min")
    gain_rank = gain.rank(ascending=False, method="min")
    table = at.dataframe[0].value.set_index("县（市、区）")
    assert len(table) == 45
    for code in pilots:
        row = table.loc[name[code]]
        told, moved_ = row["排名"].split(), row["进步名次"].split()
        assert told[:1] == ([str(int(rank[code]))] if code in rank else [])
        assert ("并列" in told) == (code in read and (read == read[code]).sum() > 1)
        assert moved_[:1] == ([str(int(gain_rank[code]))] if code in gain_rank else [])
        if code in read:
            assert row["护理型床位占比（%）"] == read[code]
    last = table[table["排名"] == ""]
    assert set(last["说明"]) == {"未报"} and list(table.index[-len(last) :]) == list(last.index)


def test_without_a_direction_nobody_is_ranked_and_the_page_says_so(sample: None) -> None:
    at = opened(indicator=OCCUPANCY.id)
    assert "这项指标不分好坏：不排名" in words(at)
    assert not {"排名", "进步名次"} & set(at.dataframe[0].value.columns)
    change = drawn(at)[1]
    title = re.sub("<.*?>", "", change["layout"]["annotations"][0]["text"])
    assert "一年变化最大的是" in title
    assert not any(name[0].isdigit() for name in change["layout"]["yaxis"]["ticktext"])


def test_a_link_opens_the_county_among_its_peers(sample: None) -> None:
    at = opened(indicator=SHARE.id, county=WENGYUAN, within="peers")
    source, _ = view.current()
    wanted = {WENGYUAN, *(p.area_code for p in peers.of(source, WENGYUAN))}
    assert set(at.dataframe[0].value["县（市、区）"]) == {areas.load()[c].name for c in wanted}
    assert dict(at.query_params)["within"] == "peers"
    subtitle = re.sub("<.*?>", "", drawn(at)[0]["layout"]["annotations"][1]["text"])
    assert "翁源县与10个相似县" in subtitle


def test_peers_of_no_county_are_asked_for_and_the_scope_is_shown(sample: None) -> None:
    at = opened(within="peers", scope="粤北")
    assert "先在上方" in at.info[0].value
    assert len(at.dataframe[0].value) == sum(a.region == "粤北" for a in areas.load().values())


def test_one_county_is_a_ranking_of_one(sample: None) -> None:
    at = opened(scope=DONGGUAN, indicator=SHARE.id)
    assert list(at.dataframe[0].value["排名"].str.strip()) == ["1"]


def test_a_quarter_nobody_reported_has_no_numbers_and_says_so(mixed: Path) -> None:
    with stores.store_at(mixed):
        at = opened(period=stores.ONLY_BEDS, indicator="child_paid_share")
        assert set(at.dataframe[0].value["说明"]) == {"未报"}
        assert all("没有" in f["layout"]["annotations"][0]["text"] for f in drawn(at))


def test_real_data_are_not_held_against_the_sample_of_a_year_before(mixed: Path) -> None:
    with stores.store_at(mixed):
        at = opened(period=stores.LATEST, indicator=SHARE.id)
    notes = at.dataframe[0].value.set_index("县（市、区）")["说明"]
    assert notes["翁源县"] == "上年同期是样例，不比"
    assert notes["南雄市"] == "未报"


def test_an_empty_store_says_what_to_do(empty: Path) -> None:
    with stores.store_at(empty):
        assert "template" in opened().info[0].value


def test_the_page_speaks_english(sample: None) -> None:
    at = opened(lang="en", indicator=SHARE.id)
    told = words(at).partition("Basis")[0]
    assert not {c for c in told if "\u4e00" <= c <= "\u9fff"}
    assert not {
        c for f in drawn(at) for c in json.dumps(f, ensure_ascii=False)
        if "\u4e00" <= c <= "\u9fff"
    }  # fmt: skip


def test_the_files_hold_the_table_and_what_it_rests_on(sample: None) -> None:
    source, stamp = view.current()
    seen = View(source, stamp, Choices(stores.LATEST, "pilot", None, SHARE.id, "zh"), None)
    titles, rows = shown.long_table(seen, shown.SCOPE)
    record = next(dict(zip(titles, r, strict=True)) for r in rows if r[0] == WENGYUAN)
    beds = stores.reported("care_beds").loc[WENGYUAN]
    assert record["数值"] == 100 * beds["beds_care"] / beds["beds_total"]
    assert (record["分子"], record["分母"]) == (beds["beds_care"], beds["beds_total"])
    assert record["是否样例"] == "样例数据"
    book = openpyxl.load_workbook(io.BytesIO(shown.workbook(seen, shown.SCOPE))).worksheets[0]
    heads = [c.value for c in book[4]]
    row = next(r for r in book.iter_rows(min_row=5, values_only=True) if r[0] == "翁源县")
    share = dict(zip(heads, row, strict=True))["护理型床位占比（%）"]
    assert share == float(formats.rounded(record["数值"], 1))
    assert "样例数据" in book["A3"].value
