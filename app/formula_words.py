"""Formulas of the catalogue as a reader would write them, with the measures' names."""

from __future__ import annotations

import re

from app import formula
from app.catalogue import Dataset, Indicator
from app.i18n import t

_SIGNS = {"*": "×", "/": "÷", "-": "\N{MINUS SIGN}"}
_WORD = re.compile(
    r"(quarter|minimum|target|given|past|chosen)\(\s*(\w+)\s*(?:,\s*(\w+)\s*)?\)"
    r"|\b(max|min|ceil)\b|\b([a-z]\w*)|[*/-]"
)


def in_words(indicator: Indicator, dataset: Dataset, lang: str) -> str:
    """The formula of an indicator with the measures' names, and how groups are computed."""
    names = {measure.id: measure.label(lang) for measure in dataset.measures}

    def word(found: re.Match[str]) -> str:
        qualifier, qualified, choice, function, measure = found.groups()
        if qualifier == "target":
            return t("formula.target", lang)
        if choice:
            chosen = dataset.measure(qualified).choices[choice](lang)
            return t("formula.chosen", lang, measure=names[qualified], choice=chosen)
        if qualifier:
            return t(f"formula.{qualifier}", lang, measure=names[qualified])
        if function:
            return t(f"formula.{function}", lang)
        return names[measure] if measure else _SIGNS[found[0]]

    sides = [side for side in (indicator.numerator, indicator.denominator) if side]
    wrapped = {side: _WORD.sub(word, side) for side in sides}
    bracketed = {
        s: f"({w})" if len(formula.references(s)) > 1 or " " in s else w for s, w in wrapped.items()
    }
    if indicator.denominator is None:
        return t("formula.sum", lang, numerator=wrapped[indicator.numerator])
    return t(
        "formula.ratio", lang, numerator=bracketed[indicator.numerator],
        denominator=bracketed[indicator.denominator],
        factor="" if indicator.factor == 1 else f" × {indicator.factor:g}",
        unit="%" if indicator.unit == "percent" else "",
    )  # fmt: skip
