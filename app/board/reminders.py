"""The text that reminds those whose reports have not come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from app import catalogue, levels, periods
from app.board import reports
from app.board.reports import Report
from app.i18n import t


def text(found: Iterable[Report], period: str, day: dt.date, lang: str) -> str:
    """Who owes what, city by city, with the day it was due; empty where nothing is owed."""
    known = catalogue.load()
    owed = reports.outstanding(found)
    if not owed:
        return ""
    by_city: dict[str, list[str]] = {}
    between, last = t("board.list", lang), t("board.stop", lang)
    for code, rows in owed.items():
        area = levels.unit(code)
        names = between.join(_named(known.dataset(r.dataset).label(lang), r, lang) for r in rows)
        city = area.city_en if lang == "en" else area.city
        label = area.label(lang)
        by_city.setdefault(city, []).append(
            t("board.owes", lang, area=label, datasets=names, count=len(rows))
        )
    head = t(
        "board.remind", lang, period=periods.label(period, lang), day=day.isoformat(),
        areas=len(owed), reports=sum(map(len, owed.values())),
    )  # fmt: skip
    lines = [
        t("board.of_city", lang, city=city, areas=t("board.semicolon", lang).join(told)) + last
        for city, told in by_city.items()
    ]
    return "\n".join([head, *lines])


def _named(label: str, report: Report, lang: str) -> str:
    if report.due is None:
        return label
    key = "overdue_by" if report.state == "overdue" else "due_on"
    return t(f"board.{key}", lang, dataset=label, day=report.due.isoformat())
