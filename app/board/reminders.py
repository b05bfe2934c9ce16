"""The text that reminds those whose reports have not come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from app import catalogue, levels, periods
from app.board import reports
from app.board.reports import Report
from app.i18n import t


def text(found: Iterable[Report], period: str, day: dt.date, lang: str) -> str:
    """Who owes what, city by city, with the day it was due; empty where nothing is owed."""
    owed = reports.outstanding(found)
    if not owed:
        return ""
    by_city: dict[str, list[str]] = {}
    between, last = t("board.semicolon", lang), t("board.stop", lang)
    for code, rows in owed.items():
        area = levels.unit(code)
        city = area.city_en if lang == "en" else area.city
        label = area.label(lang)
        by_city.setdefault(city, []).append(
            t("board.owes", lang, area=label, datasets=between.join(_named(rows, lang)))
        )
    head = t(
        "board.remind", lang, period=periods.label(period, lang), day=day.isoformat(),
        areas=len(owed), reports=sum(map(len, owed.values())),
    )  # fmt: skip
    lines = [
        t("board.of_city", lang, city=city, areas=between.join(told)) + last
        for city, told in by_city.items()
    ]
    return "\n".join([head, *lines])


def _named(rows: Iterable[Report], lang: str) -> Iterator[str]:
    """The datasets that are due on one day together, with that day."""
    known = catalogue.load()
    together: dict[tuple[dt.date | None, bool], list[str]] = {}
    for row in rows:
        label = known.dataset(row.dataset).label(lang)
        together.setdefault((row.due, row.state == "overdue"), []).append(label)
    for (due, overdue), labels in together.items():
        names = t("board.list", lang).join(labels)
        key = "overdue_by" if overdue else "due_on"
        yield t(f"board.{key}", lang, datasets=names, day=due.isoformat()) if due else names
