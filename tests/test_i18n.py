"""Words that agree with the number before them."""

from __future__ import annotations

import re

import pytest

from app.catalogue import RemainingView, load
from app.i18n import LANGUAGES, filled, t, texts

AFTER_A_NUMBER = re.compile(
    r"(?<![Aa]ll )\{\w+\}(?:\*\*)? (?:other |more |similar |pilot |chosen |small |old )*"
    r"(counties|cities|townships|areas|tasks|files|rows|cells|figures|numbers|warnings|errors"
    r"|submissions|vintages|indicators|quarters|reports|targets|briefings)\b"
)
# numbers that are never 1: of a setting, of a group that has more, or told by pieces
NEVER_ONE = ("briefing_text.", "quality.", "planner.sheet.", "dictionary.")


@pytest.mark.parametrize(
    ("count", "of_all", "said"),
    [
        (1, 45, "1 of 45 counties reaches 100% (x)"),
        (1, 1, "1 of 1 county reaches 100% (x)"),
        (0, 1, "0 of 1 county reach 100% (x)"),
        (2, 45, "2 of 45 counties reach 100% (x)"),
    ],
)
def test_english_words_agree_with_their_number(count: int, of_all: int, said: str) -> None:
    told = t("finding.target", "en", indicator="x", target="100%", reached=count, observed=of_all)
    assert told == said


def test_what_one_county_has_left_is_told_in_the_singular() -> None:
    views = [
        view for dataset in load().datasets.values() for view in dataset.views
        if isinstance(view, RemainingView)
    ]  # fmt: skip
    assert views
    for view in views:
        assert "in 1 county " in filled(view.left.en, count=1, total="1"), view
        assert "in 2 counties " in filled(view.left.en, count=2, total="1,803"), view


def test_a_number_given_as_text_counts_too() -> None:
    assert t("scope.other", "en", name="x", count="1") == "x, 1 county"
    assert t("scope.other", "en", name="x", count="1,001") == "x, 1,001 counties"


def test_every_english_noun_after_a_number_can_be_one() -> None:
    found = {
        key: text for key, text in texts("en").items()
        if AFTER_A_NUMBER.search(text) and not key.startswith(NEVER_ONE)
    }  # fmt: skip
    assert found == {}


def test_words_that_agree_come_in_pairs_after_a_number_of_the_text() -> None:
    for lang in LANGUAGES:
        for key, text in texts(lang).items():
            for name, words in re.findall(r"\{(\w+):([^}]*\|[^}]*)\}", text):
                assert f"{{{name}}}" in text and words.count("|") == 1, key
