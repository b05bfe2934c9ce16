"""The table of a county's profile on its way to the browser: text, marks and places of its spines.

A spine is a line from the worst to the best of those shown, after the English public health
profiles: the peers' spread and middle half, the region, the province, and the county itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from app import catalogue, formats, palette, periods, plot
from app.catalogue import Indicator
from app.i18n import t
from app.profile.standing import Report, Row, Standing
from app.quality import marks

MARGIN = 4.0  # percent of the line kept free at both ends
LOOKS = {name: {"fill": s.fill, "ink": s.ink} for name, s in palette.STATUSES.items()}
LEVEL = 6  # of compression


def packed(
    standing: Standing, told: dict[str, str], period: str, lang: str,
    doubts: Mapping[str, Sequence[str]],
) -> bytes:  # fmt: skip
    """The table as gzipped JSON; `told` has its title, subtitle, footer and the note on sample.

    `doubts` are the sentences on doubtful figures, by indicator.
    """
    known = catalogue.load()
    last = {report.dataset.id: report for report in standing.reports}
    grouped = groupby(standing.rows, key=lambda row: known.dataset_of[row.indicator.id].id)
    return plot.zipped(
        {
            **told,
            "heads": {name: t(f"profile.head_{name}", lang) for name in HEADS},
            "key": {name: t(f"profile.key_{name}", lang) for name in KEYS},
            "print": t("profile.print", lang),
            "flag": marks.SIGN,
            "looks": LOOKS,
            "judged": {
                "better": palette.STATUSES["met"].ink,
                "worse": palette.STATUSES["missed"].ink,
            },
            "groups": [
                {
                    "name": known.dataset(dataset_id).label(lang),
                    "last": _last(last.get(dataset_id), period, lang),
                    "rows": [shown(row, lang, doubts.get(row.indicator.id, ())) for row in rows],
                }
                for dataset_id, rows in grouped
            ],
        },
        LEVEL,
    )


HEADS = ("dataset", "indicator", "value", "target", "peers", "scope", "spine", "trend")
KEYS = ("own", "peers", "half", "middle", "province", "better")


def shown(row: Row, lang: str, doubts: Sequence[str] = ()) -> dict[str, Any]:
    """What the cells of a row say, and where its marks are on the line, in percent."""
    indicator, told = row.indicator, row.told
    status = str(told["target_status"])
    value = formats.value(
        told["value"], indicator.unit, lang, str(told["status"]), indicator.decimals
    )
    return {
        "id": indicator.id,
        "name": indicator.short(lang),
        "value": value,
        "sign": palette.STATUSES[status].sign,
        "look": status,
        "target": _target(indicator, lang),
        "peers": _place(row, "_peers", lang),
        "scope": _place(row, "", lang),
        "spine": spine(row),
        "line": _line(row),
        "trend": row.trend.sign(lang),
        "judged": row.trend.judged(indicator),
        "doubt": "\n".join(doubts),
        "hover": "\n".join(
            [*_hover(row, value, lang), *(f"{marks.SIGN} {each}" for each in doubts)]
        ),
    }


def spine(row: Row) -> dict[str, float] | None:
    """Where the marks of a row are, 0 the worst end and 100 the best (without direction: most).

    None where nothing is known. A count of a region is no measure for a county: it has no mark.
    """
    told, indicator = row.told, row.indicator
    marks = {
        "low": told["peers_low"], "first": told["peers_first"], "middle": told["peers_middle"],
        "third": told["peers_third"], "high": told["peers_high"], "own": told["value"],
    }  # fmt: skip
    if indicator.denominator is not None:
        marks |= {"region": told["region_value"], "province": told["province_value"]}
    known = {name: float(value) for name, value in marks.items() if value is not None}
    if not known:
        return None
    least, most = min(known.values()), max(known.values())
    if least == most:
        return dict.fromkeys(known, 50.0)
    scale = (100 - 2 * MARGIN) / (most - least)
    places = {name: MARGIN + (value - least) * scale for name, value in known.items()}
    if indicator.direction == "lower":
        places = {name: 100 - place for name, place in places.items()}
    return {name: round(place, 1) for name, place in places.items()}


def _target(indicator: Indicator, lang: str) -> str:
    if indicator.target is None:
        return ""
    amount = formats.number(indicator.target.value, 0 if indicator.target.value % 1 == 0 else 1)
    key = "lower" if indicator.direction == "lower" else "higher"
    return t(f"rug.aim_{key}", lang, target=amount)


def _place(row: Row, among: str, lang: str) -> str:
    rank, count = row.told[f"rank{among}"], row.told[f"ranked{among}"]
    if rank is None:
        return ""
    tied = row.told[f"same{among}"] > 1
    return t("profile.tied" if tied else "profile.place", lang, rank=rank, count=count)


def _line(row: Row) -> list[list[float]]:
    """The last values as points from 0 to 100, time to the right and more upwards."""
    if len(row.history) < 2:
        return []
    numbers = {p: 4 * periods.parse(p)[0] + periods.parse(p)[1] for p in row.history}
    first, last = min(numbers.values()), max(numbers.values())
    low, high = min(row.history.values()), max(row.history.values())
    return [
        [
            round(100 * (numbers[period] - first) / (last - first), 1),
            50.0 if high == low else round(100 * (value - low) / (high - low), 1),
        ]
        for period, value in row.history.items()
    ]


def _hover(row: Row, value: str, lang: str) -> list[str]:
    indicator, told = row.indicator, row.told

    def written(name: str) -> str:
        return formats.value(told[name], indicator.unit, lang, decimals=indicator.decimals)

    lines = [t("profile.hover", lang, indicator=indicator.label(lang), value=value)]
    if told["numerator"] is not None and told["denominator"] is not None:
        lines.append(
            t(
                "figure.hover.parts", lang, numerator=formats.number(told["numerator"]),
                denominator=formats.number(told["denominator"]),
            )
        )  # fmt: skip
    if indicator.target is not None and told["gap"] is not None:
        gap = formats.signed(told["gap"], indicator.unit, lang, indicator.decimals)
        lines.append(t("figure.hover.to_target", lang, gap=gap))
    for key, name in (("previous", "change_previous"), ("year", "change_year")):
        if told[name] is not None:
            moved = formats.change(told[name], indicator.unit, lang, indicator.decimals)
            lines.append(t(f"figure.hover.{key}", lang, change=moved))
    if told["peers_middle"] is not None:
        lines.append(
            t(
                "profile.hover_peers", lang, low=written("peers_low"),
                middle=written("peers_middle"), high=written("peers_high"),
            )
        )  # fmt: skip
    if indicator.denominator is not None:
        lines.append(
            t(
                "profile.hover_groups", lang, region=written("region_value"),
                province=written("province_value"),
            )
        )  # fmt: skip
    lines.append(t("profile.hover_trend", lang, trend=row.trend.words(indicator, lang)))
    return lines


def _last(report: Report | None, period: str, lang: str) -> str:
    if report is None or report.period is None:
        return t("profile.never", lang)
    return "" if report.period == period else t("profile.last_before", lang)
