"""Quarters, written 2023Q4 everywhere."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import cache
from zoneinfo import ZoneInfo

from app import spellings
from app.errors import BadPeriod
from app.i18n import t

SHANGHAI = ZoneInfo("Asia/Shanghai")
_PERIOD = re.compile(r"([0-9]{4})Q([1-4])")
_TITLE_LENGTH = 300


def parse(text: str) -> tuple[int, int]:
    """Split a period into year and quarter; raise BadPeriod for anything else than 2023Q4."""
    match = _PERIOD.fullmatch(text)
    if not match or not 1900 < int(match[1]) < 2200:
        raise BadPeriod("error.bad_period", period=text)
    return int(match[1]), int(match[2])


def interpret(text: object) -> str:
    """The period that an analyst's way of writing it means.

    A quarter by number (2023年第四季度, 2023-Q4), the months from January to its end
    (2023年1-12月), its last month (2023-12), or that month's first or last day. Raises BadPeriod.
    """
    written = _digits(text)
    for kind in ("quarter", "month", "day"):
        for pattern in _patterns(kind):
            if match := pattern.fullmatch(written):
                return _meant(match, text)
    raise BadPeriod("error.bad_period", period=text)


def named(text: str, *, months: bool = False) -> list[str]:
    """The periods that a title or a name mentions, in their order.

    `months` also takes a quarter's last month for it, unless a quarter is named outright. Days are
    not periods: a title holds the date of the report.
    """
    written = _digits(text[:_TITLE_LENGTH])
    for pattern in _patterns("day"):
        written = pattern.sub(" ", written)
    for kinds in (("quarter", "title"), ("month",)[: 1 if months else 0]):
        found: dict[str, None] = {}
        for pattern in (each for kind in kinds for each in _patterns(kind)):
            for match in pattern.finditer(written):
                try:
                    found[_meant(match, text)] = None
                except BadPeriod:
                    continue
        if found:
            return list(found)
    return []


def _digits(text: object) -> str:
    written = spellings.normal(text)
    numerals: dict[str, str] = spellings.load()["periods"]["numerals"]
    for numeral in sorted(numerals, key=len, reverse=True):
        written = written.replace(numeral, numerals[numeral])
    return written


@cache
def _patterns(kind: str) -> list[re.Pattern[str]]:
    written = spellings.load()["periods"]
    return [
        re.compile(f"(?<![0-9]){each.format(year=written['year'])}(?![0-9])", re.ASCII)
        for each in written[kind]
    ]


def _meant(match: re.Match[str], text: object) -> str:
    found = match.groupdict()
    year_, month = int(found["year"]), int(found.get("month") or 0)
    if "half" in found:
        quarter = 2
    elif found.get("quarter"):
        quarter = int(found["quarter"])
    else:
        quarter, rest = divmod(month, 3)
        if rest or not 1 <= quarter <= 4:
            raise BadPeriod("error.bad_period", period=text)
    period = f"{year_}Q{quarter}"
    parse(period)
    if found.get("day") and int(found["day"]) not in (1, calendar.monthrange(year_, month)[1]):
        raise BadPeriod("error.bad_period", period=text)
    return period


def year(period: str) -> int:
    """The calendar year a period lies in."""
    return parse(period)[0]


def shift(period: str, quarters: int) -> str:
    """The period a number of quarters later (negative: earlier)."""
    year_, quarter = parse(period)
    index = year_ * 4 + quarter - 1 + quarters
    return f"{index // 4}Q{index % 4 + 1}"


def between(first: str, last: str) -> int:
    """How many quarters a period is after another (negative: before)."""
    (year_, quarter), (from_year, from_quarter) = parse(last), parse(first)
    return (year_ - from_year) * 4 + quarter - from_quarter


def start(period: str) -> dt.date:
    """The first day of a period."""
    year_, quarter = parse(period)
    return dt.date(year_, quarter * 3 - 2, 1)


def last_day(period: str) -> dt.date:
    """The day on which a quarter ends."""
    year_, quarter = parse(period)
    return dt.date(year_, 3 * quarter, calendar.monthrange(year_, 3 * quarter)[1])


def last_ended(day: dt.date) -> str:
    """The last quarter that was over on a day."""
    return shift(f"{day.year}Q{(day.month + 2) // 3}", -1)


def today() -> dt.date:
    """Today's date in Guangdong."""
    return dt.datetime.now(SHANGHAI).date()


def label(period: str, lang: str = "zh") -> str:
    """A period as a reader writes it: 2023年四季度, or Q4 2023."""
    year_, quarter = parse(period)
    return t(f"period.q{quarter}", lang, year=year_)
