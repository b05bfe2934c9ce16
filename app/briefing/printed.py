"""A cell of a briefing's table as a spreadsheet holds it: its unrounded number and its format.

The format of a cell is read off what is printed, so that both show the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from app import formats
from app.briefing import traced
from app.briefing.parts import Number, Quantity, Told, Trace
from app.briefing.runs import runs, words
from app.i18n import t

_LONGEST = 200  # of a number format, which may have 255 characters
_DIGITS = re.compile(r"[\d,]*\d(?:\.\d+)?")
_CHANGES: tuple[Quantity, ...] = ("change_previous", "change_year")


@dataclass(frozen=True)
class Printed:
    """What a cell shows: `text` if it is no number; otherwise its trace and its parts.

    `before` and `after` stand around the digits; `was` is what a change left in brackets.
    """

    text: str
    trace: Trace | None = None
    before: str = ""
    after: str = ""
    was: str = ""
    decimals: int = 0
    changed: bool = False
    digits: bool = True  # there are some, and it is not said to be unchanged
    grouped: bool = True  # in thousands, as a year is not

    def number_format(self, lang: str, *, bare: bool = False) -> str:
        """How a spreadsheet writes the number; `bare` leaves out what follows the digits."""
        assert self.trace is not None
        digits = formats.cell(self.decimals) if self.grouped else "0"
        after = self.was if bare else self.after + self.was
        if len(self.before) + len(after) > _LONGEST:
            after = ""
        behind = _literal(after)
        half = Decimal(5).scaleb(-self.decimals - 1)  # what is less is shown as nothing
        if self.trace.quantity in _CHANGES and self.before.strip() in _signs(lang):
            up, down = (_literal(t(f"format.{name}", lang)) for name in ("up", "down"))
            same = _literal(t("format.unchanged", lang))
            return (
                f"[>={half}]{up}{digits}{behind};[<=-{half}]{down}{digits}{behind};"
                f"{same}{_literal(self.was)}"
            )
        minus = _literal("\N{MINUS SIGN}")
        if self.trace.quantity in (*_CHANGES, "gap"):
            none = _literal(formats.number(0, self.decimals))
            return (
                f'[>={half}]"+"{digits}{behind};[<=-{half}]{minus}{digits}{behind};{none}{behind}'
            )
        ahead = _literal(self.before)
        return f"{ahead}{digits}{behind};{ahead}{minus}{digits}{behind}"


def cell(told: Told, lang: str) -> Printed:
    """A cell of a table; one with several numbers, or with none, is text.

    A number beside another is how many there are, or the year of a target: part of its text.
    """
    pieces = runs(told, lang)
    changed = any(run.mark for run in pieces)
    whole = words(pieces)
    numbers = [run for run in pieces if run.number is not None and not run.number.trace.of]
    if len(numbers) != 1 or numbers[0].number is None:
        numbers = [run for run in pieces if run.number is not None]
    if len(numbers) != 1 or numbers[0].number is None:
        return Printed(whole, changed=changed)
    place = pieces.index(numbers[0])
    was = words(run for run in pieces[place + 1 :] if run.mark == "old")
    before = words(pieces[:place])
    after = words(run for run in pieces[place + 1 :] if run.mark != "old")
    return _number(whole, numbers[0].number, (before, after, was), changed, lang)


def number(each: Number, lang: str) -> Printed:
    """A number of a sentence, in a cell of its own."""
    return _number(each.shown, each, ("", "", ""), False, lang)


def _number(
    whole: str, each: Number, around: tuple[str, str, str], changed: bool, lang: str
) -> Printed:
    before, after, was = around
    amount = traced.value(each, lang)
    if amount is None:
        return Printed(whole, changed=changed)
    trace = each.trace
    match = _DIGITS.search(each.shown)
    usual = traced.decimals(trace)
    if match is None:
        if trace.quantity not in _CHANGES or formats.rounded(amount, usual):
            return Printed(whole, changed=changed)
        same = t("format.unchanged", lang)
        return Printed(whole, trace, before + same, after, was, usual, changed, digits=False)
    digits = Decimal(match[0].replace(",", ""))
    decimals = -int(digits.as_tuple().exponent)
    ahead, behind = each.shown[: match.start()], each.shown[match.end() :]
    if abs(formats.rounded(amount, decimals)) != digits:  # in 万 or 亿, or less than can be shown
        decimals, ahead, behind = usual, "", traced.unit(trace, lang)
        while amount and not formats.rounded(amount, decimals):
            decimals += 1
    ahead = ahead.rstrip("+-\N{MINUS SIGN}")  # the sign is the number's
    return Printed(
        whole, trace, before + ahead, behind + after, was, decimals, changed,
        grouped=digits < 1000 or "," in match[0],
    )  # fmt: skip


def _signs(lang: str) -> set[str]:
    return {t(f"format.{name}", lang) for name in ("up", "down", "unchanged")}


def _literal(text: str) -> str:
    """Text within a number format."""
    return '"' + text.replace('"', "\N{RIGHT DOUBLE QUOTATION MARK}") + '"' if text else ""
