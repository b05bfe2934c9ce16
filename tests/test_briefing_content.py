"""What briefings say: every number against the figures, and the figures against the workbooks."""

from __future__ import annotations

import dataclasses
import itertools
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import dashboard_stores as stores
import pandas as pd
import pytest
import typer
from forms import KNOWN
from small_models import model, reported

from app import areas, figures, i18n, peers, periods, reads, scopes, view
from app.briefing import make, parts
from app.briefing.content import KINDS, SECTIONS, build, section_label, sections_of
from app.briefing.parts import (
    Briefing,
    Chart,
    Heading,
    Paragraph,
    Request,
    Table,
    Trace,
    text,
)
from app.command import briefing as command
from app.errors import BadPeriod, BadRequest, DashboardError, UnknownName
from app.settings import ROOT

LATEST, YEAR_BEFORE = stores.LATEST, stores.YEAR_BEFORE
NANAO, DONGGUAN, SHANTOU = "440523", "441900", "440500"
PILOT = sorted(areas.pilot())
REQUESTS = {
    "county": Request("county", LATEST, NANAO),
    "a county that is no pilot": Request("county", LATEST, "440103", "en"),
    "region": Request("area", LATEST, "粤北", "en"),
    "city": Request("area", LATEST, SHANTOU),
    "bulletin": Request("bulletin", LATEST, "pilot"),
    "topic": Request("topic", LATEST, "pilot", dataset="care_beds"),
    "topic of cities": Request("topic", LATEST, "pilot", "en", dataset="work_tasks"),
    "composed": Request(
        "composed", LATEST, "pilot", counties=(NANAO, "440825"), sections=tuple(SECTIONS),
        indicators=("care_bed_share", "care_beds_to_convert", "bed_occupancy", "aid_delivered",
                    "alert_handling_rate", "task_done_share"),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(sampled: Path) -> Iterator[Callable[[str], Briefing]]:
    """The briefings of REQUESTS by name, each built once."""
    with stores.store_at(sampled):
        source, stamp = view.current()
        yield cache(lambda name: build(REQUESTS[name], source, stamp))


@pytest.fixture
def current(sampled: Path) -> Iterator[tuple[Any, str]]:
    with stores.store_at(sampled):
        yield view.current()


# ------------------------------------------------------------------ every number


class Figures:
    """The figures of `reads.indicator_values`, asked for once for all traces of a briefing."""

    def __init__(self, source: Any, traces: Sequence[Trace]) -> None:
        self.source = source
        self.rows: dict[tuple[str, str, str, str], dict[str, Any]] = {}
        names = {t.indicator for t in traces if t.indicator in KNOWN.indicators}
        quarters = {t.period for t in traces}
        quarters |= {periods.shift(p, back) for p in quarters for back in (-1, -4)}
        levels = {t.level for t in traces} | {"county"}
        for row in reads.indicator_values(source, sorted(names), sorted(quarters), sorted(levels)):
            self.rows[row["indicator"], row["level"], row["area_code"], row["period"]] = row

    def row(self, trace: Trace, back: int = 0) -> dict[str, Any]:
        """The row of a trace, or of the same some quarters before."""
        quarter = periods.shift(trace.period, back)
        return self.rows[trace.indicator, trace.level, trace.area_code, quarter]


def known(row: dict[str, Any]) -> bool:
    return row["numerator"] is not None and (
        row["denominator"] is not None or KNOWN.indicator(row["indicator"]).denominator is None
    )


def reporters(trace: Trace) -> tuple[str, list[str]]:
    """Those who report in the group of a trace: their level and codes."""
    level = KNOWN.dataset_of[trace.indicator].level
    if trace.level == "pilot_region":
        inside = scopes.members(trace.area_code.removeprefix("pilot_"))
        inside = [code for code in inside if code in areas.pilot()]
        if level == "city":
            inside = sorted({areas.load()[code].city_code for code in inside})
        return level, inside
    return level, scopes.members(trace.area_code, level)


def like_for_like(figures: Figures, trace: Trace, back: int) -> tuple[float | None, int]:
    """A change over those known in both quarters, added up here; and how many they are."""
    indicator = KNOWN.indicator(trace.indicator)
    level, codes = reporters(trace)
    now, then = (
        [figures.rows[trace.indicator, level, code, periods.shift(trace.period, quarters)]
         for code in codes]
        for quarters in (0, back)
    )  # fmt: skip
    both = [(a, b) for a, b in zip(now, then, strict=True)
            if known(a) and known(b) and a["sample"] == b["sample"]]  # fmt: skip
    if not both:
        return None, 0

    def value(side: int) -> float | None:
        top = sum(pair[side]["numerator"] for pair in both)
        if indicator.denominator is None:
            return float(indicator.factor * top)
        bottom = sum(pair[side]["denominator"] for pair in both)
        return indicator.factor * top / bottom if bottom else None

    after, before = value(0), value(1)
    if after is None or before is None:
        return None, len(both)
    return after - before, len(both)


def expected(figures: Figures, trace: Trace) -> float | None:
    """What a number must be, from the figures of `indicator_values` alone."""
    indicator = KNOWN.indicator(trace.indicator)
    aim = indicator.target
    back = -4 if trace.quantity == "change_year" or trace.of == "with_year" else -1
    if trace.quantity == "value":
        return figures.row(trace)["value"]
    if trace.quantity == "target":
        assert aim is not None
        return float(aim.year) if trace.of == "year" else aim.value
    if trace.quantity == "gap":
        assert aim is not None
        return figures.row(trace)["value"] - aim.value
    if trace.quantity == "areas_valued":
        level, codes = reporters(trace)
        rows = (figures.rows[trace.indicator, level, code, trace.period] for code in codes)
        return sum(row["value"] is not None for row in rows)
    if trace.quantity in ("areas_reporting", "areas_expected"):
        return figures.row(trace)[trace.quantity]
    if trace.quantity in ("change_previous", "change_year"):
        if trace.level == "county":
            now, then = figures.row(trace), figures.row(trace, back)
            same = now["sample"] == then["sample"] and None not in (now["value"], then["value"])
            return now["value"] - then["value"] if same else None
        return like_for_like(figures, trace, back)[0]
    if trace.quantity == "rank":
        values = printed(figures, trace)
        own = values[trace.area_code]
        better = (lambda v: v > own) if indicator.direction == "higher" else (lambda v: v < own)
        return 1 + sum(map(better, values.values()))
    assert trace.quantity == "count", trace
    return counted(figures, trace, back)


def printed(figures: Figures, trace: Trace) -> dict[str, Decimal]:
    """The values of the group a rank or a count was taken in, as printed, by area."""
    indicator = KNOWN.indicator(trace.indicator)
    decimals = indicator.decimals
    if decimals is None:
        decimals = KNOWN.unit(indicator.unit).decimals
    level, _, code = trace.within.partition("/")
    reporting = KNOWN.dataset_of[indicator.id].level
    if level == "peers":
        codes = [code, *(peer.area_code for peer in peers.of(figures.source, code))]
    else:
        codes = scopes.members(code, reporting)
    found = {}
    for area in codes:
        value = figures.rows[indicator.id, reporting, area, trace.period]["value"]
        if value is not None:
            step = Decimal(1).scaleb(-decimals)
            found[area] = Decimal(f"{value:.12g}").quantize(step, ROUND_HALF_UP)
    return found


def counted(figures: Figures, trace: Trace, back: int) -> float | None:
    """Counts, each by its own rule."""
    indicator = KNOWN.indicator(trace.indicator)
    if trace.of in ("with_previous", "with_year") and not trace.within:
        return like_for_like(figures, trace, back)[1]
    if not trace.within:  # of counties that were picked
        return None
    level, codes = KNOWN.dataset_of[indicator.id].level, None
    rows = [
        figures.rows[indicator.id, level, code, trace.period]
        for code in scopes.members(trace.within.partition("/")[2], level)
    ] if not trace.within.startswith("peers") else []  # fmt: skip
    seen = [row["value"] for row in rows if row["value"] is not None]
    if trace.of in ("ranked", "observed"):
        return len(printed(figures, trace))
    if trace.of in ("missed", "not_due", "short"):
        assert indicator.target is not None
        aim, lower = indicator.target.value, indicator.direction == "lower"
        return sum(v > aim if lower else v < aim for v in seen)
    if trace.of in ("better", "worse", "compared"):
        gains = []
        for row in rows:
            then = figures.rows[
                indicator.id, level, row["area_code"], periods.shift(trace.period, -4)
            ]  # fmt: skip
            if None in (row["value"], then["value"]) or row["sample"] != then["sample"]:
                continue
            moved = Decimal(f"{row['value'] - then['value']:.10f}")
            step = Decimal(1).scaleb(-(indicator.decimals or KNOWN.unit(indicator.unit).decimals))
            moved = moved.quantize(step, ROUND_HALF_UP)
            gains.append(-moved if indicator.direction == "lower" else moved)
        return {
            "better": sum(g > 0 for g in gains), "worse": sum(g < 0 for g in gains),
            "compared": len(gains),
        }[trace.of]  # fmt: skip
    assert codes is None
    return None


@pytest.mark.parametrize("name", list(REQUESTS))
def test_every_number_is_that_of_the_figures(
    name: str, made: Callable[[str], Briefing], current: tuple[Any, str]
) -> None:
    briefing = made(name)
    numbers = briefing.numbers()
    traces = [n.trace for n in numbers]
    assert len(numbers) > 20
    assert {t.vintage for t in traces} == {current[0].vintage}
    figures = Figures(current[0], traces)
    checked = set()
    for number in numbers:
        trace = number.trace
        if trace.indicator not in KNOWN.indicators or trace.value is None:
            continue
        wanted = expected(figures, trace)
        if wanted is None and trace.quantity == "count":
            continue
        assert trace.value == pytest.approx(wanted, abs=1e-9), trace
        checked.add(trace.quantity)
    assert {"value", "change_previous"} <= checked


@pytest.mark.parametrize("name", list(REQUESTS))
def test_what_is_printed_is_the_number_rounded(name: str, made: Callable[[str], Briefing]) -> None:
    for number in made(name).numbers():
        value, shown = number.trace.value, number.shown
        if value is None:
            assert shown in ("—", "不适用", "n.a."), number
            continue
        if re.search("万|亿|million|不到|less than|持平|unchanged|no change", shown):
            continue
        digits = re.search(r"[\d,]*\d(\.\d+)?", shown)
        assert digits, number
        amount = Decimal(digits[0].replace(",", ""))
        step = Decimal(1).scaleb(amount.as_tuple().exponent)
        exact = abs(Decimal(f"{value:.12g}"))
        assert amount == exact.quantize(step, ROUND_HALF_UP), number


@pytest.mark.parametrize("name", list(REQUESTS))
def test_no_hole_shows_and_it_comes_back_from_its_json(
    name: str, made: Callable[[str], Briefing]
) -> None:
    briefing = made(name)
    assert parts.read(parts.written(briefing)) == briefing
    for words in every_text(briefing):
        assert words.strip()
        assert not re.search(r"\bnan\b|None|[{}]|，，|。。|, ,|\.\.", words), words
    if briefing.request.lang == "en":
        for words in every_text(briefing):
            assert not re.search(r"[，。、]", words), words


def every_text(briefing: Briefing) -> Iterator[str]:
    yield from (briefing.title, briefing.subtitle)
    for block in briefing.blocks:
        if isinstance(block, Heading):
            yield block.text
        elif isinstance(block, Paragraph):
            yield text(block.told)
        elif isinstance(block, Chart):
            yield from (block.caption, block.alt)
        else:
            yield from (block.caption, *block.head)


# ------------------------------------------------------------------ against the workbooks


def table(briefing: Briefing, caption: str) -> Table:
    """The table whose caption begins so."""
    return next(
        b for b in briefing.blocks if isinstance(b, Table) and b.caption.startswith(caption)
    )


def told(briefing: Briefing) -> str:
    return "\n".join(text(b.told) for b in briefing.blocks if isinstance(b, Paragraph))


def half_up(value: float, decimals: int = 1) -> str:
    return str(Decimal(f"{value:.12g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def test_the_pilot_counties_care_beds_are_those_of_the_workbooks(
    made: Callable[[str], Briefing],
) -> None:
    now, before = stores.reported("care_beds"), stores.reported("care_beds", stores.BEFORE)
    beds = ["beds_care", "beds_total"]
    now, before = (frame.reindex(PILOT)[beds].dropna() for frame in (now, before))
    share = 100 * now["beds_care"].sum() / now["beds_total"].sum()
    both = now.index.intersection(before.index)
    sums = now.loc[both].sum(), before.loc[both].sum()
    moved = 100 * (sums[0].iloc[0] / sums[0].iloc[1] - sums[1].iloc[0] / sums[1].iloc[1])
    said = told(made("bulletin"))
    partial = f"（按有数的{len(now)}个县计算）" if len(now) < len(PILOT) else ""
    assert f"护理型床位占比为{half_up(share)}%{partial}，" in said
    assert f"比上季度提高{half_up(moved)}个百分点" in said
    assert f"距2025年55%的目标还差{half_up(55 - share)}个百分点" in said


def test_first_and_last_of_a_ranking_are_those_of_the_workbooks(
    made: Callable[[str], Briefing],
) -> None:
    frame = stores.reported("care_beds").reindex(PILOT)
    shares = (100 * frame["beds_care"] / frame["beds_total"]).dropna()
    read = shares.map(lambda v: float(half_up(v)))
    order = read.reset_index().sort_values(
        [read.name or 0, "行政区划代码"], ascending=[False, True]
    )
    codes = list(order["行政区划代码"])
    wanted = [areas.load()[code].name for code in codes[:5] + codes[-5:]]
    rows = table(made("bulletin"), "试点县护理型床位占比前5位和后5位").rows
    assert [text(row[0]) for row in rows] == wanted
    ranks = read.rank(ascending=False, method="min")
    ties = read.duplicated(keep=False)
    assert [text(row[2]) for row in rows] == [
        f"{'并列' if ties[code] else ''}{int(ranks[code])}" for code in codes[:5] + codes[-5:]
    ]


def test_who_has_not_reported_is_absent_from_the_workbooks(
    made: Callable[[str], Briefing],
) -> None:
    rows = {text(row[0]): row for row in table(made("bulletin"), "各季报上报情况").rows}
    some = 0
    for dataset in KNOWN.datasets.values():
        if dataset.level != "county":
            continue
        frame = stores.reported(dataset.id).reindex(PILOT)
        columns = [m.id for m in dataset.measures if m.id in frame and m.reference is None]
        absent = [code for code in PILOT if frame.loc[code, columns].isna().all()]
        names = "、".join(areas.load()[code].name for code in absent) or "全部已报"
        row = rows[dataset.label("zh")]
        assert [text(cell) for cell in row[1:]] == [str(45 - len(absent)), "45", names], dataset.id
        some += len(absent)
    assert some > 0


def test_best_and_worst_moves_are_those_of_the_workbooks(made: Callable[[str], Briefing]) -> None:
    now, then = (stores.reported("care_beds", p).reindex(PILOT) for p in (LATEST, YEAR_BEFORE))
    moved = 100 * (now["beds_care"] / now["beds_total"] - then["beds_care"] / then["beds_total"])
    best = moved.dropna().map(lambda v: float(half_up(v))).nlargest(1, keep="all")
    request = Request("bulletin", LATEST, "pilot", indicators=("care_bed_share",),
                      sections=("moves",))  # fmt: skip
    briefing = build(request, *view.current())
    row = table(briefing, "试点县一年来").rows[0]
    wanted = [f"{areas.load()[str(c)].name}（▲{v:.1f}个百分点）" for c, v in best.items()]
    assert 0 < len(wanted) <= 3
    assert text(row[1]) == "、".join(wanted)


def test_targets_missed_are_told_by_name_and_distance(made: Callable[[str], Briefing]) -> None:
    frame = stores.reported("social_work_stations").reindex(PILOT)
    townships = pd.Series({code: areas.load()[code].townships for code in PILOT})
    reported_towns = frame["townships"] if "townships" in frame else townships
    share = (100 * frame["stations"] / reported_towns.fillna(townships)).dropna()
    missed = share[share < 100].sort_values()
    said = next(line for line in told(made("bulletin")).splitlines()
                if line.startswith("乡镇（街道）社工站覆盖率："))  # fmt: skip
    assert f"有数的{len(share)}个县中，{len(missed)}个县未达到100%的目标：" in said
    code, lowest = str(missed.index[0]), float(missed.iloc[0])
    assert f"{areas.load()[code].name}（差{half_up(100 - lowest)}个百分点）" in said


# ------------------------------------------------------------------ kinds and sections


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("county", "南澳县民政领域有效衔接简报（2024年四季度）"),
        ("bulletin", "2024年四季度粤东粤西粤北试点县民政重点指标通报"),
        ("topic", "试点县护理型床位专题报告（2024年四季度）"),
        ("city", "汕头市民政领域有效衔接情况报告（2024年四季度）"),
        ("region", "Northern Guangdong: report on civil affairs and rural revitalisation, Q4 2024"),
    ],
)
def test_each_kind_has_its_title_and_its_sections(
    name: str, title: str, made: Callable[[str], Briefing]
) -> None:
    briefing = made(name)
    assert briefing.title == title
    request = briefing.request
    headings = [b.text for b in briefing.blocks if isinstance(b, Heading) and b.level == 1]
    usual = [section_label(s, request.lang) for s in sections_of(request.kind)]
    assert headings == [heading for heading in usual if heading in headings]
    # a city lies within one region
    assert set(usual) - set(headings) <= {section_label("regions", request.lang)}


def test_a_county_is_told_in_what_one_page_holds(made: Callable[[str], Briefing]) -> None:
    briefing = made("county")
    assert [type(b) for b in briefing.blocks].count(Table) == 1
    assert [c.kind for c in briefing.charts()] == ["trend"]
    assert len(told(briefing)) < 480
    assert len(table(briefing, "南澳县主要指标").rows) == 11


def test_the_picture_of_a_trend_ends_with_the_quarter_of_the_briefing(
    current: tuple[Any, str],
) -> None:
    briefing = build(Request("area", stores.BEFORE, "粤北", sections=("trend",)), *current)
    (chart,) = briefing.charts()
    figure = figures.drawn(chart.kind, *current, chart.choices)
    # the store has 2023Q4, 2024Q3 and 2024Q4
    assert {tuple(line.x) for line in figure.data} == {(stores.YEAR_BEFORE, stores.BEFORE)}


def test_charts_can_be_drawn_and_have_their_numbers(
    made: Callable[[str], Briefing], current: tuple[Any, str]
) -> None:
    for chart in [*made("city").charts()[:2], *made("topic").charts(), *made("city").charts()[-1:]]:
        figure = figures.drawn(chart.kind, *current, chart.choices)
        assert figure.data
        assert (chart.form is None) == (chart.kind == "map")
        for series in chart.series:
            assert len(series.numbers) == len(chart.categories) > 0
    kinds = {chart.kind for name in ("city", "topic") for chart in made(name).charts()}
    assert kinds == {"map", "ranking", "trend"}


def test_the_sample_is_marked_in_the_first_paragraph(made: Callable[[str], Briefing]) -> None:
    for name, said in (
        ("county", "本文全部数据为样例数据，由程序生成，不是统计数据，不得用于正式材料。"),
        ("region", "All data here are sample data made by a program, not statistics, and must not"
                   " be used in official papers."),
    ):  # fmt: skip
        briefing = made(name)
        first = briefing.blocks[0]
        assert briefing.sample
        assert isinstance(first, Paragraph)
        assert text(first.told) == said


def test_real_reports_beside_the_sample_are_told_apart(mixed: Path) -> None:
    with stores.store_at(mixed):
        briefing = build(Request("area", LATEST, "440200"), *view.current())
        first = briefing.blocks[0]
        assert isinstance(first, Paragraph)
        assert briefing.sample
        assert text(first.told).startswith("本文部分数据（社会救助、低收入人口动态监测、孤儿和")
        assert "护理型床位、" not in text(first.told).partition("）")[0]
        # three counties with 50, 60 and 70 of 100 beds; the quarter before is sample
        assert (
            "韶关市10个县（市、区）护理型床位占比为60.0%（按有数的3个县计算），"
            "上季度为样例数据，不作环比，上年同期为样例数据，不作同比，已达到55%的目标。"
        ) in told(briefing)
        only = Request("area", stores.ONLY_BEDS, "440200", sections=("standing", "core"))
        clean = build(only, *view.current())
        assert not clean.sample
        assert "样例" not in told(clean)
        assert len(table(clean, "韶关市10个县").rows) == 1


def test_a_quarter_in_which_only_some_have_reported(mixed: Path) -> None:
    with stores.store_at(mixed):
        briefing = build(Request("bulletin", stores.ONLY_BEDS, "pilot"), *view.current())
        said = told(briefing)
        assert "本季没有社会救助、低收入人口动态监测、孤儿和事实无人抚养儿童、" in said
        rows = table(briefing, "各季报上报情况").rows
        assert [text(cell) for cell in rows[0][:3]] == ["护理型床位", "3", "45"]
        county = build(Request("county", stores.ONLY_BEDS, NANAO), *view.current())
        assert "南澳县护理型床位占比无数据。" in told(county)
        assert "本季未报的季报1项：护理型床位（最近一次为2024年三季度）。" in told(county)


def test_a_past_vintage_tells_what_was_known_then(mixed: Path) -> None:
    with stores.store_at(mixed):
        now, stamp = view.current()
        then, past = view.current(str(now.vintage - 2))  # before the real reports
        request = Request("area", LATEST, "440200", sections=("core",))
        latest, earlier = build(request, now, stamp), build(request, then, past)
    assert (latest.vintage, earlier.vintage) == (now.vintage, now.vintage - 2)
    assert {n.trace.vintage for n in earlier.numbers()} == {now.vintage - 2}
    of_beds = {
        which: next(n.shown for n in b.numbers() if n.trace.indicator == "care_bed_share"
                    and n.trace.quantity == "value")
        for which, b in (("now", latest), ("then", earlier))
    }  # fmt: skip
    assert of_beds["now"] == "60.0"
    frame = stores.reported("care_beds")
    inside = frame[frame.index.str.startswith("4402")][["beds_care", "beds_total"]].dropna()
    share = 100 * inside["beds_care"].sum() / inside["beds_total"].sum()
    assert of_beds["then"] == half_up(share)


def test_a_composed_briefing_has_the_sections_asked_for_in_that_order(
    current: tuple[Any, str],
) -> None:
    request = Request(
        "composed", LATEST, "pilot", counties=("440825", NANAO), sections=("todo", "core", "moves"),
        indicators=("care_bed_share",),
    )  # fmt: skip
    briefing = build(request, *current)
    headings = [(b.level, b.text) for b in briefing.blocks if isinstance(b, Heading)]
    assert headings == [
        (1, "需要做的工作"), (2, "徐闻县"), (2, "南澳县"),
        (1, "主要指标"), (2, "徐闻县"), (2, "南澳县"),
        (1, "进步与退步"),
    ]  # fmt: skip
    assert table(briefing, "所选2个县一年来").rows
    used = {n.trace.indicator for n in briefing.numbers()}
    assert used <= {"care_bed_share", ""}


def test_a_section_that_does_not_apply_is_left_out_with_a_line(current: tuple[Any, str]) -> None:
    request = Request("composed", LATEST, SHANTOU, sections=("todo", "regions", "core"))
    said = told(build(request, *current))
    assert "“需要做的工作”不适用于汕头市7个县（市、区），略。" in said
    assert "“分区域情况”不适用于汕头市7个县（市、区），略。" in said
    # where nothing was picked there is no need to say so
    assert "不适用于" not in told(build(Request("area", LATEST, SHANTOU), *current))


def test_indicators_and_counties_restrict_other_kinds_too(current: tuple[Any, str]) -> None:
    few = ("440222", "440224", "440229")
    request = Request("bulletin", LATEST, "pilot", indicators=("station_coverage",), counties=few)
    briefing = build(request, *current)
    assert {n.trace.indicator for n in briefing.numbers()} <= {
        "station_coverage", "social_work_stations",
    }  # fmt: skip
    rows = table(briefing, "试点县乡镇（街道）社工站覆盖率位次").rows
    assert {text(row[0]) for row in rows} == {areas.load()[code].name for code in few}
    # ranks stay those among all
    chart = briefing.charts()[0]
    assert len(chart.categories) > 40


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (Request("county", LATEST, "pilot"), BadRequest),
        (Request("county", LATEST, "449999"), UnknownName),
        (Request("area", LATEST, NANAO), BadRequest),
        (Request("bulletin", LATEST, "粤北"), BadRequest),
        (Request("topic", LATEST, "pilot"), BadRequest),
        (Request("topic", LATEST, "pilot", dataset="nothing"), UnknownName),
        (Request("topic", LATEST, NANAO, dataset="care_beds"), BadRequest),
        (Request("county", "2019Q1", NANAO), BadRequest),
        (Request("county", "2024", NANAO), BadPeriod),
        (Request("composed", LATEST, "pilot", sections=("nothing",)), UnknownName),
        (Request("composed", LATEST, "pilot", indicators=("nothing",)), UnknownName),
        (Request("composed", LATEST, "pilot", counties=("449999",)), UnknownName),
    ],
)
def test_what_can_not_be_written_is_a_plain_error(
    request_: Request, error: type[DashboardError], current: tuple[Any, str]
) -> None:
    with pytest.raises(error) as caught:
        build(request_, *current)
    for lang in i18n.LANGUAGES:
        assert caught.value.text(lang)


def test_an_empty_store_says_that_there_are_no_data(empty: Path) -> None:
    with stores.store_at(empty), pytest.raises(BadRequest) as caught:
        build(Request("bulletin", LATEST, "pilot"), *view.current())
    assert caught.value.text("zh").startswith("2024年四季度没有任何数据入库")
    assert caught.value.text("en").startswith("No data are stored for Q4 2024")


def test_a_city_that_is_a_county_can_be_both(current: tuple[Any, str]) -> None:
    county = build(Request("county", LATEST, DONGGUAN), *current)
    city = build(Request("area", LATEST, DONGGUAN), *current)
    assert county.title.startswith("东莞市")
    assert city.title.startswith("东莞市")
    assert {n.trace.level for n in city.numbers()} >= {"city"}


def test_kinds_and_sections_have_names_in_both_languages() -> None:
    for lang in i18n.LANGUAGES:
        names = [section_label(name, lang) for name in SECTIONS]
        assert len(set(names)) == len(SECTIONS)
        assert len({i18n.t(f"briefing_text.kind.{kind}", lang) for kind in KINDS}) == len(KINDS)
    assert all(set(sections_of(kind)) <= set(SECTIONS) for kind in KINDS)


def test_a_tie_is_told_below_the_table() -> None:
    codes = PILOT[:14]
    cells = reported(
        "care_beds",
        {c: {"2023Q4": {"beds_total": 100, "beds_care": 90 if i < 8 else 50 - i}}
         for i, c in enumerate(codes)},
    )  # fmt: skip
    request = Request("bulletin", "2023Q4", "pilot", indicators=("care_bed_share",),
                      sections=("ranking",))  # fmt: skip
    briefing = build(request, model(cells), "a tie")
    assert told(briefing) == "并列第1位另有3个县，表中未列。"
    ranks = [text(row[2]) for row in table(briefing, "试点县护理型").rows]
    assert ranks == ["并列1"] * 5 + ["10", "11", "12", "13", "14"]


def test_what_a_county_has_to_do_is_told_by_urgency() -> None:
    code, period = PILOT[0], "2025Q4"
    cells = reported(
        "care_beds",
        {code: {period: {"beds_total": 200, "beds_care": 99, "care_beds_added_ytd": 30,
                         "care_beds_added_plan": 40}}},
    )  # fmt: skip
    cells += reported(
        "disability_allowances",
        {code: {"2025Q3": {"hardship_recipients": 90, "hardship_eligible": 100}},
         PILOT[1]: {period: {"hardship_recipients": 100, "hardship_eligible": 100}}},
    )  # fmt: skip
    request = Request("county", period, code, sections=("todo",))
    said = told(build(request, model(cells), "what to do"))
    # 49.5 of 55 %, 75 of 100 %; 11 beds to convert, which can't be held against points
    assert said == (
        "未达到目标的4项：年度计划完成率（本年累计）75.0%，距100%差25.0个百分点；"
        "护理型床位占比49.5%，距55%差5.5个百分点；达标尚需新建床位25张；另有1项。"
        "本季未报的季报1项：残疾人两项补贴（最近一次为2025年三季度）。"
    )


def test_what_a_county_is_short_of_before_its_time_is_told_apart() -> None:
    code, period = PILOT[0], "2024Q4"
    cells = reported(
        "care_beds",
        {code: {period: {"beds_total": 200, "beds_care": 99, "care_beds_added_ytd": 30,
                         "care_beds_added_plan": 40}}},
    )  # fmt: skip
    request = Request("county", period, code, sections=("todo",))
    said = told(build(request, model(cells), "what is ahead"))
    # the plan is of every year, 55 % of 2025
    assert said == (
        "未达到目标的1项：年度计划完成率（本年累计）75.0%，距100%差25.0个百分点。"
        "目标未到期、还有差距的3项：护理型床位占比49.5%，距55%差5.5个百分点；"
        "达标尚需新建床位25张；另有1项。各项季报本季都已上报。"
    )


# ------------------------------------------------------------------ the command


def asked(kind: Any, *chosen: str, **changed: Any) -> list[Request]:
    usual = {"lang": "zh", "dataset": "", "indicators": (), "sections": (),
             "fills": parts.Fills()}  # fmt: skip
    return command.requests(kind, LATEST, chosen, **(usual | changed))


def test_a_command_without_areas_is_about_all_pilot_counties() -> None:
    assert [r.area_code for r in asked("county")] == PILOT
    assert [r.area_code for r in asked("bulletin")] == ["pilot"]
    assert [r.area_code for r in asked("topic", dataset="care_beds")] == ["pilot"]
    assert [r.area_code for r in asked("county", NANAO, NANAO)] == [NANAO]
    for kind in ("area", "topic"):
        with pytest.raises(typer.BadParameter):
            asked(kind)


def test_writing_a_briefing_needs_no_streamlit() -> None:
    script = (
        "import sys, app.command.briefing, app.briefing.content; print('streamlit' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_a_composed_briefing_is_one_file_about_several_counties() -> None:
    (request,) = asked("composed", NANAO, "粤北", "440825", sections=("core",))
    assert (request.area_code, request.counties) == ("粤北", (NANAO, "440825"))
    with pytest.raises(typer.BadParameter):
        asked("composed", "粤北", "粤东")


def test_several_go_into_a_folder_or_an_archive_and_one_that_fails_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], made: Callable[[str], Briefing]
) -> None:
    briefing = made("county")
    other = dataclasses.replace(briefing, request=Request("county", LATEST, "440825"))

    def outcomes() -> Iterator[Any]:
        yield make.Made("甲.docx", b"1", briefing, "B1")
        yield make.Failed(Request("county", LATEST, "441322"), "坏了")
        yield make.Made("甲.docx", b"2", other, "B2", ("没有图",))

    assert command.save(outcomes(), tmp_path / "folder", 3, "zh") == 2
    names = ["甲-440825.docx", "甲.docx"]
    assert sorted(p.name for p in (tmp_path / "folder").iterdir()) == names
    said = capsys.readouterr().err
    assert "441322 没有写成：坏了" in said
    assert "3/3 甲-440825.docx" in said
    assert "没有图" in said
    command.save(outcomes(), tmp_path / "all.zip", 3, "zh")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert sorted(archive.namelist()) == names
        assert archive.read("甲-440825.docx") == b"2"

    def broken() -> Iterator[Any]:
        yield from itertools.islice(outcomes(), 1)
        raise BadRequest("error.briefing_topic_dataset", names="")

    with pytest.raises(BadRequest):
        command.save(broken(), tmp_path / "half.zip", 3, "zh")
    assert {p.name for p in tmp_path.iterdir()} == {"folder", "all.zip"}
