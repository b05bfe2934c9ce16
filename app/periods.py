"""Quarters, written 2023Q4 everywhere."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from app.errors import BadPeriod
from app.i18n import t

SHANGHAI = ZoneInfo("Asia/Shanghai")
_PERIOD = re.compile(r"(\d{4})Q([1-4])")


def parse(text: str) -> tuple[int, int]:
    """Split a period into year and quarter; raise BadPeriod for anything else than 2023Q4."""
    match = _PERIOD.fullmatch(text)
    if not match or not 1900 < int(match[1]) < 2200:
        raise BadPeriod(t("error.bad_period", period=text))
    return int(match[1]), int(match[2])


def year(period: str) -> int:
    """The calendar year a period lies in."""
    return parse(period)[0]


def shift(period: str, quarters: int) -> str:
    """The period a number of quarters later (negative: earlier)."""
    year_, quarter = parse(period)
    index = year_ * 4 + quarter - 1 + quarters
    return f"{index // 4}Q{index % 4 + 1}"


def start(period: str) -> dt.date:
    """The first day of a period."""
    year_, quarter = parse(period)
    return dt.date(year_, quarter * 3 - 2, 1)


def today() -> dt.date:
    """Today's date in Guangdong."""
    return dt.datetime.now(SHANGHAI).date()


def label(period: str, lang: str = "zh") -> str:
    """A period as a reader writes it: 2023年四季度, or Q4 2023."""
    year_, quarter = parse(period)
    return t(f"period.q{quarter}", lang, year=year_)
