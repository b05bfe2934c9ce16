"""A briefing is plain data: it comes back from its JSON as it was, and knows its numbers."""

from __future__ import annotations

from app.briefing.parts import (
    Briefing,
    Change,
    Chart,
    Heading,
    Number,
    Paragraph,
    Request,
    Series,
    Table,
    Trace,
    read,
    text,
    written,
)
from app.scopes import Choices


def number(shown: str, value: float | None, area_code: str = "440523") -> Number:
    return Number(shown, Trace("care_bed_share", "county", area_code, "2023Q4", 73, "value", value))


SHARE, OTHER = number("48.6%", 48.55), number("51.0%", 51.02, "440825")
MISSING = number("—", None, "441322")
BRIEFING = Briefing(
    Request("county", "2023Q4", "440523", indicators=("care_bed_share",)),
    title="南澳县简报", subtitle="2023年四季度", vintage=73, made="2026-07-31", sample=True,
    blocks=(
        Heading("护理型床位"),
        Paragraph(("占比为", SHARE, "。", Change((number("50.9%", 50.9),), (OTHER,)))),
        Table("表", ("县", "占比"), ((("南澳县",), (SHARE,)), (("甲县",), (MISSING,))), (0.5, 0.5)),
        Chart(
            "trend", Choices("2023Q4", "pilot", "440523", "care_bed_share", "zh"), "图1", "折线",
            "percent", 1, "line", ("2023Q4",), (Series("南澳县", (SHARE,)), Series("甲", (None,))),
        ),
    ),
)  # fmt: skip


def test_a_briefing_comes_back_from_its_json_as_it_was() -> None:
    assert read(written(BRIEFING)) == BRIEFING


def test_each_number_is_told_once_in_the_order_of_the_text_and_the_new_one_of_a_change() -> None:
    assert BRIEFING.numbers() == [SHARE, OTHER, MISSING]


def test_the_words_of_a_paragraph_are_those_that_stand_there_now() -> None:
    paragraph = BRIEFING.blocks[1]
    assert isinstance(paragraph, Paragraph)
    assert text(paragraph.told) == "占比为48.6%。51.0%"
