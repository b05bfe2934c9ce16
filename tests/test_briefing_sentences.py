"""Sentences of briefings, each worked by hand over a model of a few cells."""

from __future__ import annotations

import dataclasses
import itertools
import string
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

import hypothesis
import pytest
from forms import KNOWN, Value
from hypothesis import given
from hypothesis import strategies as st
from small_models import Cell, model, reported
from tries import tries

from app.briefing import phrases, sentences, table_cells
from app.briefing.content import about, build
from app.briefing.content.about import About, Place
from app.briefing.facts import Base, Fact, Rank
from app.briefing.parts import Number, Paragraph, Request, Table, Told, text

SHIXING, RENHUA, WENGYUAN = "440222", "440224", "440229"  # counties of Shaoguan, 粤北, all pilot
SHAOGUAN = Place("city", "440200")
_stamps = itertools.count()
Beds = Mapping[str, Mapping[str, Mapping[str, Value]]]


def beds(share: float | None, total: float = 2000) -> dict[str, Value]:
    """Beds of which a percentage is care-type."""
    return {"beds_total": total, "beds_care": None if share is None else share * total / 100}


def told_of(cells: list[Cell], period: str = "2023Q4", lang: str = "zh", **asked: str) -> About:
    """What a briefing on one indicator of the cells is about."""
    request = Request(
        "composed", period, asked.get("area_code", "pilot"), lang,
        indicators=(asked.get("indicator", "care_bed_share"),),
    )  # fmt: skip
    return about.of(request, model(cells), f"sentences-{next(_stamps)}")


def county(
    by_period: Mapping[str, Mapping[str, Value]], period: str = "2023Q4", lang: str = "zh",
    indicator: str = "care_bed_share", dataset: str = "care_beds",
) -> str:  # fmt: skip
    """The whole sentence on one county."""
    cells = reported(dataset, {SHIXING: {p: dict(row) for p, row in by_period.items()}})
    found = told_of(cells, period, lang, indicator=indicator, area_code=SHIXING)
    fact = found.facts(found.place)[indicator]
    return text(sentences.whole(fact, found.place.name(lang)))


def test_value_both_changes_and_the_distance_from_a_target_that_is_not_due() -> None:
    by_period = {"2022Q4": beds(45.6), "2023Q3": beds(47.4), "2023Q4": beds(48.6)}
    assert county(by_period) == (
        "截至2023年四季度，始兴县护理型床位占比为48.6%，比上季度提高1.2个百分点，"
        "比上年同期提高3.0个百分点，距2025年55%的目标还差6.4个百分点。"
    )
    assert county(by_period, lang="en") == (
        "At the end of Q4 2023, care-type share of beds in Shixing County stood at 48.6%,"
        " up 1.2 points on the quarter before, up 3.0 points on the year before,"
        " 6.4 points short of the target of 55% for 2025."
    )


def test_a_missing_base_is_said() -> None:
    assert county({"2023Q4": beds(48.6)}) == (
        "截至2023年四季度，始兴县护理型床位占比为48.6%，上季度和上年同期均无数据，无法环比、同比，"
        "距2025年55%的目标还差6.4个百分点。"
    )
    assert "上季度无数据，无法环比，比上年同期下降0.4个百分点，" in county(
        {"2022Q4": beds(49), "2023Q4": beds(48.6)}
    )
    assert "比上季度提高1.2个百分点，上年同期无数据，无法同比，" in county(
        {"2022Q4": beds(None), "2023Q3": beds(47.4), "2023Q4": beds(48.6)}
    )
    assert "with no data for the year before to compare with" in county(
        {"2023Q3": beds(47.4), "2023Q4": beds(48.6)}, lang="en"
    )


def test_sample_is_no_base_for_what_was_reported() -> None:
    cells = reported("care_beds", {SHIXING: {"2023Q3": beds(47.4)}}, sample=True)
    cells += reported("care_beds", {SHIXING: {"2023Q4": beds(48.6)}})
    found = told_of(cells, area_code=SHIXING)
    said = text(sentences.whole(found.facts(found.place)["care_bed_share"]))
    assert "上季度为样例数据，不作环比，上年同期无数据，无法同比" in said
    made = build(found.request, found.source, found.stamp)
    first = made.blocks[0]
    # the trend shows the sample of the quarter before
    assert made.sample
    assert isinstance(first, Paragraph)
    assert text(first.told).startswith("本文部分数据（护理型床位的以前季度）为样例数据")
    request = dataclasses.replace(found.request, sections=("core",))
    assert not build(request, found.source, found.stamp).sample


def test_missing_not_applicable_and_zero_are_three_things() -> None:
    assert county({"2023Q4": beds(None)}) == "截至2023年四季度，始兴县护理型床位占比无数据。"
    assert county({"2023Q4": beds(0, total=0)}) == "截至2023年四季度，始兴县护理型床位占比不适用。"
    assert county({"2023Q3": beds(0), "2023Q4": beds(0)}).startswith(
        "截至2023年四季度，始兴县护理型床位占比为0.0%，与上季度持平，"
    )
    assert county({"2023Q4": beds(0, total=0)}, lang="en") == (
        "At the end of Q4 2023, care-type share of beds did not apply to Shixing County."
    )
    # nothing to compare with is not the same as no data
    assert "上季度不适用，无法环比" in county({"2023Q3": beds(0, total=0), "2023Q4": beds(48.6)})


@pytest.mark.parametrize(
    ("share", "period", "said"),
    [
        (55, "2023Q4", "已达到55%的目标。"),
        (48.6, "2025Q4", "未达到55%的目标，差6.4个百分点。"),
        (52, "2025Q4", "未达到55%的目标，差3.0个百分点。"),
        # printed 55.0 %, and yet not there
        (54.99, "2025Q4", "占比为55.0%，上季度和上年同期均无数据，无法环比、同比，"
                          "未达到55%的目标，差不到0.1个百分点。"),
    ],
)  # fmt: skip
def test_a_verdict_is_given_only_when_the_target_is_due(
    share: float, period: str, said: str
) -> None:
    assert county({period: beds(share, 10000)}, period).endswith(said)


def test_what_rounds_to_nothing_is_no_change() -> None:
    by_period = {"2022Q4": beds(48.66, 10000), "2023Q3": beds(48.57, 10000)}
    said = county(by_period | {"2023Q4": beds(48.6, 10000)})
    # 0.03 rounds to nothing, −0.06 does not
    assert "与上季度持平，比上年同期下降0.1个百分点" in said


def test_an_indicator_without_a_target_or_a_direction_says_only_up_and_down() -> None:
    residents = {p: {"beds_total": 200, "residents": n} for p, n in
                 {"2022Q4": 120, "2023Q3": 90, "2023Q4": 100}.items()}  # fmt: skip
    assert county(residents, indicator="bed_occupancy") == (
        "截至2023年四季度，始兴县养老机构床位入住率为50.0%，比上季度上升5.0个百分点，"
        "比上年同期下降10.0个百分点。"
    )


def test_year_to_date_says_so_and_is_not_compared_with_the_quarter_before() -> None:
    def plan(added: float) -> dict[str, Value]:
        return {"care_beds_added_ytd": added, "care_beds_added_plan": 100}

    by_period = {"2022Q2": plan(35), "2023Q1": plan(20), "2023Q2": plan(40)}
    assert county(by_period, "2023Q2", indicator="care_bed_plan_fulfilment") == (
        "截至2023年二季度，始兴县新增护理型床位年度计划完成率（本年累计）为40.0%，累计数不作环比，"
        "比上年同期提高5.0个百分点，距100%的全年目标还差60.0个百分点。"
    )
    assert "(year to date) in Shixing County stood at 40.0%" in county(
        by_period, "2023Q2", "en", "care_bed_plan_fulfilment"
    )


def test_an_amount_of_the_quarter_is_of_the_quarter_not_of_its_end() -> None:
    def aid(amount: float) -> dict[str, Value]:
        return {"aid_amount_ytd": amount}

    # since 1 January 900,000 and 3,136,000: 2,236,000 in the second quarter
    by_period = {"2023Q1": aid(900_000), "2023Q2": aid(3_136_000)}
    assert county(by_period, "2023Q2", "zh", "aid_delivered", "town_support") == (
        "2023年二季度，始兴县本季度拨付援藏援疆资金为223.6万元，比上季度增加133.6万元，"
        "上年同期无数据，无法同比。"
    )
    assert county(by_period, "2023Q2", "en", "aid_delivered", "town_support").startswith(
        "In Q2 2023, aid delivered in the quarter in Shixing County stood at 2.2 million yuan"
    )


def test_beds_are_beds_and_one_is_one_bed() -> None:
    # 54 of 100 lack one bed of 55, 53 lack two
    by_period = {"2023Q3": beds(53, 100), "2023Q4": beds(54, 100)}
    said = county(by_period, lang="en", indicator="care_beds_to_convert")
    assert "stood at 1 bed, down 1 bed on the quarter before" in said
    assert "比上季度减少1张" in county(by_period, indicator="care_beds_to_convert")
    by_period = {"2023Q3": beds(51, 100), "2023Q4": beds(53, 100)}
    said = county(by_period, lang="en", indicator="care_beds_to_convert")
    assert "stood at 2 beds, down 2 beds on the quarter before" in said


def city(by_area: Beds, lang: str = "zh") -> tuple[Fact, str]:
    """The figure of Shaoguan and its ten counties, and the sentence on it."""
    plain = {a: {p: dict(row) for p, row in rows.items()} for a, rows in by_area.items()}
    found = told_of(reported("care_beds", plain), lang=lang, area_code=SHAOGUAN.code)
    fact = found.facts(SHAOGUAN)["care_bed_share"]
    return fact, text(sentences.whole(fact, SHAOGUAN.name(lang)))


def test_coverage_is_said_and_a_change_is_over_those_known_in_both() -> None:
    by_area = {
        SHIXING: {"2023Q3": beds(40, 100), "2023Q4": beds(50, 100)},
        RENHUA: {"2023Q3": beds(40, 300), "2023Q4": beds(42, 300)},
        WENGYUAN: {"2023Q4": beds(90, 100)},
    }
    # now (50 + 126 + 90) / 500 = 53.2 %; of the two known in both 176 / 400 = 44 % against 40 %
    fact, said = city(by_area)
    assert said == (
        "截至2023年四季度，韶关市10个县（市、区）护理型床位占比为53.2%（按有数的3个县计算），"
        "按两期都有数的2个县同口径比上季度提高4.0个百分点，上年同期无数据，无法同比，"
        "距2025年55%的目标还差1.8个百分点。"
    )
    assert city(by_area, "en")[1] == (
        "At the end of Q4 2023, care-type share of beds in the 10 counties of Shaoguan stood at"
        " 53.2% (over the 3 counties with data), up 4.0 points on the quarter before like for like"
        " (2 counties with data in both), with no data for the year before to compare with,"
        " 1.8 points short of the target of 55% for 2025."
    )
    assert (fact.reporting, fact.expected, fact.previous.matched) == (3, 10, 2)


def test_a_change_is_like_for_like_also_where_more_were_known_before() -> None:
    by_area = {
        SHIXING: {"2023Q3": beds(40, 100), "2023Q4": beds(50, 100)},
        RENHUA: {"2023Q3": beds(90, 300)},
    }
    fact, said = city(by_area)
    assert "（按有数的1个县计算），同口径比上季度提高10.0个百分点，" in said
    assert "up 10.0 points on the quarter before like for like, with" in city(by_area, "en")[1]
    assert (fact.previous.matched, fact.previous.reporting) == (1, 2)


def test_no_county_in_both_quarters_is_no_change() -> None:
    _, said = city({SHIXING: {"2023Q3": beds(40)}, RENHUA: {"2023Q4": beds(50)}})
    assert "（按有数的1个县计算），没有两个季度都有数的县，无法环比，" in said


def test_a_single_county_with_data_is_one_county() -> None:
    _, said = city({SHIXING: {"2023Q4": beds(50)}}, "en")
    assert "(over the 1 county with data)" in said


def test_places_that_read_the_same_are_shared() -> None:
    cells = reported(
        "care_beds",
        {
            SHIXING: {"2023Q4": beds(50.04, 10000)},
            RENHUA: {"2023Q4": beds(50, 10000)},
            WENGYUAN: {"2023Q4": beds(60)},
        },
    )
    found = told_of(cells, area_code=SHIXING)
    fact = found.facts(found.place)["care_bed_share"]
    rank = found.ranks["care_bed_share", SHIXING]
    assert rank == Rank("pilot/pilot", 2, 3, tied=True)
    assert text(sentences.ranked(fact, rank, "试点县")) == "在试点县中居并列第2位（有数的3个）"
    assert text(table_cells.rank_cell(fact, rank)) == "并列2/3"
    first = found.ranks["care_bed_share", WENGYUAN]
    assert text(table_cells.rank_cell(fact, first)) == "1/3"
    english = told_of(cells, lang="en", area_code=SHIXING).facts(found.place)["care_bed_share"]
    assert text(sentences.ranked(english, rank, "the pilot counties")) == (
        "tied at rank 2 of 3 among the pilot counties with a value"
    )


def test_an_indicator_without_direction_is_not_ranked() -> None:
    cells = reported(
        "care_beds",
        {c: {"2023Q4": {"beds_total": 100, "residents": n}} for c, n in
         {SHIXING: 40, RENHUA: 50}.items()},
    )  # fmt: skip
    found = told_of(cells, indicator="bed_occupancy", area_code=SHIXING)
    assert found.ranks == {}
    assert text(table_cells.rank_cell(found.facts(found.place)["bed_occupancy"], None)) == "不排名"
    request = Request("composed", "2023Q4", "pilot", indicators=("bed_occupancy",),
                      sections=("ranking", "moves"))  # fmt: skip
    blocks = build(request, found.source, found.stamp).blocks
    assert not any(isinstance(block, Table) for block in blocks)
    told = [text(block.told) for block in blocks if isinstance(block, Paragraph)]
    assert told == [
        "“位次情况”本季没有可列的内容，略。", "“进步与退步”本季没有可列的内容，略。",
    ]  # fmt: skip


def test_cells_agree_with_sentences() -> None:
    cells = reported(
        "care_beds", {SHIXING: {"2023Q3": beds(47.4), "2023Q4": beds(48.6)}}
    )  # fmt: skip
    found = told_of(cells, area_code=SHIXING)
    fact = found.facts(found.place)["care_bed_share"]
    shown = [
        text(cell)
        for cell in (
            table_cells.cell(fact), table_cells.change_cell(fact, "previous"),
            table_cells.change_cell(fact, "year"), table_cells.target_cell(fact),
            table_cells.gap_cell(fact),
        )
    ]  # fmt: skip
    assert shown == ["48.6", "▲1.2", "—", "55%（2025年）", "−6.4个百分点"]


def test_every_number_of_a_sentence_has_its_unrounded_value() -> None:
    cells = reported(
        "care_beds", {SHIXING: {"2023Q3": {"beds_total": 300, "beds_care": 100},
                                "2023Q4": {"beds_total": 300, "beds_care": 101}}}
    )  # fmt: skip
    found = told_of(cells, area_code=SHIXING)
    said = sentences.whole(found.facts(found.place)["care_bed_share"])
    numbers = {n.trace.quantity + n.trace.of: n for n in said if isinstance(n, Number)}
    assert numbers["value"].shown == "33.7%"
    assert numbers["value"].trace.value == pytest.approx(10100 / 300)
    assert numbers["change_previous"].shown == "0.3个百分点"
    assert numbers["change_previous"].trace.value == pytest.approx(100 / 300)
    assert numbers["gap"].trace.value == pytest.approx(10100 / 300 - 55)
    assert numbers["target"].trace.value == 55
    assert (numbers["targetyear"].shown, numbers["targetyear"].trace.value) == ("2025年", 2025)
    assert {n.trace.area_code for n in numbers.values()} == {SHIXING}
    assert {n.trace.period for n in numbers.values()} == {"2023Q4"}


# ------------------------------------------------------------------ whatever the figures are

MILLI = st.integers(-10_000_000, 10_000_000)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    """A figure of any indicator with or without bases, in either language."""
    indicator = draw(st.sampled_from(list(KNOWN.indicators.values())))
    status = draw(st.sampled_from(["observed", "observed", "missing", "not_applicable"]))
    known = status == "observed"
    value = draw(st.integers(0, 10_000_000)) / 1000 if known else None

    def base(period: str) -> Base:
        change = draw(st.one_of(st.none(), MILLI)) if known else None
        then = draw(st.sampled_from(["observed", "missing", "not_applicable", "suppressed"]))
        return Base(
            period, None if change is None else change / 1000, draw(st.integers(0, 3)),
            draw(st.integers(0, 3)), "observed" if change is not None else then,
            draw(st.booleans()),
        )  # fmt: skip

    target = indicator.target if known else None
    verdict = draw(st.sampled_from(["met", "near", "missed", "not_due"])) if target else "none"
    return Fact(
        indicator, draw(st.sampled_from(["county", "city", "pilot"])), SHIXING, "2023Q4", 7,
        draw(st.sampled_from(["zh", "en"])), value, status, verdict,
        None if target is None or value is None else value - target.value,
        draw(st.booleans()), 3, draw(st.integers(0, 3)), 3, base("2023Q3"), base("2022Q4"),
        draw(st.sampled_from(["county", "city"])),
    )  # fmt: skip


@hypothesis.settings(max_examples=tries(150), deadline=None)
@given(facts())
def test_what_is_printed_is_what_is_traced_rounded(fact: Fact) -> None:
    said = sentences.whole(fact, "始兴县")
    whole = text(said)
    assert not any(wrong in whole for wrong in ("nan", "None", "{", "}", "inf", "，，", ", ,"))
    points = "个百分点" if fact.lang == "zh" else "points"
    for number in said:
        if not isinstance(number, Number) or number.trace.value is None:
            continue
        assert number.trace.vintage == 7
        change = number.trace.quantity in ("change_previous", "change_year")
        if not change and number.trace.quantity != "gap":
            assert points not in number.shown
            continue
        assert fact.indicator.unit != "yuan" or points not in number.shown
        if number.shown in ("持平", "unchanged") or fact.indicator.unit == "yuan":
            continue
        assert (points in number.shown) == (fact.indicator.unit == "percent")
        digits = number.shown.removeprefix("不到").removeprefix("less than ")
        digits = digits.split("个")[0].split(" ")[0]
        shown = Decimal("".join(c for c in digits if c in string.digits + "."))
        exact = abs(Decimal(f"{number.trace.value:.12g}"))
        rounded = exact.quantize(Decimal(1).scaleb(shown.as_tuple().exponent), ROUND_HALF_UP)
        if number.shown.startswith(("不到", "less than")):
            assert 0 < exact < shown
        else:
            assert shown == rounded


@hypothesis.settings(max_examples=tries(100), deadline=None)
@given(facts())
def test_without_a_direction_nothing_is_good_or_bad(fact: Fact) -> None:
    whole = text(sentences.whole(fact, "始兴县")).replace(fact.indicator.label(fact.lang), "")
    judging = ("改善", "退步", "提高", "better", "worse", "improv")
    if fact.indicator.direction == "none":
        assert not any(word in whole for word in judging)


def test_a_list_reads_as_a_list() -> None:
    parts: list[Told] = [("甲",), ("乙",), ("丙",)]
    assert text(phrases.listed(parts, "zh")) == "甲、乙和丙"
    assert text(phrases.listed(parts[:1], "en")) == "甲"
    assert text(phrases.listed(parts[:2], "en")) == "甲 and 乙"
