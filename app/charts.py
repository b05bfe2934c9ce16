"""Charts: rows in, figure out. The same functions serve pages, pictures and documents."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app import catalogue, formats, palette, periods
from app.catalogue import Indicator
from app.i18n import t
from app.lettering import (
    BODY,
    LEADING,
    SMALL,
    Caption,
    Key,
    frame,
    shorten,
    text_width,
    wrap,
)

__all__ = [
    "Caption",
    "facts",
    "gap_bars",
    "hover",
    "ranking",
    "stacked_bars",
    "status_key",
    "trend",
]

NAME_ROOM = 132  # px for the name of a county
LABEL_ROOM = 92  # px for the name at the end of a line
ROW = {60: 20, 1000: 16}  # px of a row, up to a number of rows
TREND_HEIGHT = 300
_VERDICTS = ("met", "near", "missed", "not_due")
_SYMBOLS = (0, 1, 2, 5, 17, 3)  # circle, square, diamond, triangle, star, cross
_DASHES = {"east": "solid", "west": "dot", "north": "dashdot", "delta": "longdashdot"}


def ranking(
    rows: pd.DataFrame, indicator: Indicator, caption: Caption, selected: str | None = None
) -> go.Figure:
    """Bars of all counties from the first rank to the last; those without a value come after.

    `rows` is the county frame of one indicator and period. Bars take the colour and sign of the
    target status, or grey without direction. Every row, the empty ones too, answers a click with
    the area's code as `customdata[0]`.
    """
    lang, unit = caption.lang, indicator.unit
    rows = _ranked(rows, indicator)
    count, ranked = len(rows), int((rows["status"] == "observed").sum())
    records = _records(rows)
    told = facts(rows, indicator, lang)
    values = [_number(v) if s == "observed" else None for v, s in _pairs(rows, "value", "status")]
    known = [v for v in values if v is not None]
    high = max([*known, _target(indicator) or 0, 0]) or 1
    low = min([*known, 0])

    looks = [_look(row, indicator) for row in records]
    labels = [
        _bar_label(v, s, unit, lang, look.sign)
        for (v, s), look in zip(_pairs(rows, "value", "status"), looks, strict=True)
    ]
    names = [_row_name(row, lang, selected) for row in records]
    left = round(max((text_width(_plain(n), BODY) for n in names), default=0)) + 12
    right = round(max((text_width(x, BODY) for x in labels), default=0)) + 10

    plot = max(count, 1) * _row_height(count)
    key = status_key(rows, indicator, lang)
    target = _target(indicator)
    shapes = []
    if target is not None:
        key = [Key("┄ " + _target_label(indicator, lang)), *key]
        shapes.append(_line(x=target))
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [_compact(v) for v in values],
            "y0": 0,
            "dy": 1,
            "width": 0.72,
            "marker": {
                "color": _shared([look.fill for look in looks]),
                "line": {
                    "color": palette.SELECTED,
                    "width": _shared([2 if c == selected else 0 for c in rows["area_code"]]),
                },
            },
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "text",
            "x": [_compact(high)] * count,
            "y0": 0,
            "dy": 1,
            "text": labels,
            "textposition": "middle right",
            "cliponaxis": False,
            "hoverinfo": "skip",
        },
        _click_rows(told[:ranked], 0, low, high, hover(rows, indicator, lang)),
        _click_rows(told[ranked:], ranked, low, high, hover(rows, indicator, lang, "missing")),
    ]
    layout = frame(caption, plot, left=left, right=right, above=20, below=4, key=key)
    layout |= {
        "barmode": "overlay",
        "shapes": shapes,
        "xaxis": _value_axis(unit, low, high) | {"side": "top", "nticks": 0, "tickangle": 0},
        "yaxis": _row_axis(names),
    }
    return go.Figure(data=data, layout=layout)


def trend(
    rows: pd.DataFrame,
    indicator: Indicator,
    caption: Caption,
    scope: str | None = None,
    selected: str | None = None,
) -> go.Figure:
    """A line for each group over the periods, named at its end.

    `rows` is the trend frame: group_code, group_name, level, period, value, areas_reporting,
    areas_expected, sample. A region keeps its colour, the province is black and dashed, the group
    `scope` is thick, `selected` is drawn above the others. A line breaks where a value is missing
    and where sample data ends; a point is hollow where some areas of the group have not reported.
    """
    lang, unit = caption.lang, indicator.unit
    order = sorted(rows["period"].unique())
    groups = [g for _, g in rows.groupby("group_code", sort=False)]
    groups.sort(key=lambda g: _prominence(g.iloc[0], scope, selected))
    data, ends, hollow = [], [], False
    for index, group in enumerate(groups):
        first = group.iloc[0]
        look = _line_look(first, index, scope, selected)
        points = _points(group, order)
        hollow = hollow or any(p["partial"] for p in points)
        data.append(_line_trace(points, str(first["group_name"]), look, indicator, lang))
        last = next((p for p in reversed(points) if p["value"] is not None), None)
        if last is not None:
            name = wrap(str(first["group_name"]), LABEL_ROOM - 8, SMALL)
            shown = formats.value(last["value"], unit, lang, decimals=indicator.decimals)
            number = shown if unit == "percent" else shown.split(" ")[0]
            if lang == "zh" and unit != "percent":
                number = formats.value(
                    last["value"], unit, lang, decimals=indicator.decimals, with_unit=False
                )
            bold = _prominence(first, scope, selected) > 1
            ends.append((last["value"], [*name[:2], number], look["color"], bold))

    known = [v for v in (_number(v) for v in rows["value"]) if v is not None]
    target = _target(indicator)
    low, high = _span([*known, *([target] if target is not None else [])], unit)
    shapes: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    if target is not None and known:
        shapes.append(_line(y=target))
        annotations.append(
            _note(_target_label(indicator, lang), x=0, xref="paper", xanchor="left", y=target)
        )
    for before, after in _turns(rows, order):
        place = (order.index(before) + order.index(after)) / 2
        shapes.append(
            _line(x=place) | {"line": {"color": palette.MUTED, "width": 1, "dash": "dot"}}
        )
        annotations.append(
            _note(
                "← " + t("figure.sample", lang) + " ", x=place, xanchor="right", y=0, yref="paper"
            )
        )
    if not known:
        annotations.append(
            _note(t("figure.no_data", lang), x=0.5, xref="paper", y=0.5, yref="paper")
        )
    annotations += _end_labels(ends, low, high, len(order) - 1)
    ticks = order[::-1][:: max(1, math.ceil(len(order) / 4))][::-1]
    left = round(text_width(formats.number(high, _axis_decimals(low, high)) + "%", BODY)) + 8
    note = t("figure.partial", lang) if hollow else ""
    layout = frame(caption, TREND_HEIGHT, left=left, right=LABEL_ROOM, above=8, below=38, note=note)
    layout["annotations"] += annotations
    layout |= {
        "shapes": shapes,
        "xaxis": {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": order,
            "range": [-0.3, len(order) - 0.8],
            "tickvals": ticks,
            "ticktext": ["<br>".join(wrap(periods.label(p, lang), 44, BODY)) for p in ticks],
            "showgrid": False,
            "showline": True,
        },
        "yaxis": _value_axis(unit, low, high) | {"range": [low, high]},
    }
    return go.Figure(data=data, layout=layout)


def gap_bars(
    rows: Mapping[str, pd.DataFrame],
    indicators: Sequence[Indicator],
    caption: Caption,
    selected: str | None = None,
    limit: int | None = None,
) -> go.Figure:
    """What each county lacks, most first: a bar for each indicator, side by side.

    `rows` holds the county frame of each indicator by its id; at most three indicators. Counties
    that lack nothing are counted, those that have not reported are named. `limit` keeps the largest
    and says how many are left out.
    """
    lang = caption.lang
    first = rows[indicators[0].id]
    lacking = first[(first["status"] == "observed") & (first["value"] > 0)]
    lacking = lacking.sort_values(["value", "area_code"], ascending=[False, True])
    none_left = int(((first["status"] == "observed") & (first["value"] <= 0)).sum())
    unknown = first[first["status"] != "observed"]
    omitted = max(0, len(lacking) - limit) if limit else 0
    shown = lacking.head(limit) if limit else lacking
    codes = list(shown["area_code"])
    names = [_row_name({**row, "rank": None}, lang, selected) for row in _records(shown)]
    fills = [palette.SEQUENTIAL[4 - 2 * i] for i in range(len(indicators))]
    key = [Key(i.short(lang), swatch=fill) for i, fill in zip(indicators, fills, strict=True)]
    if none_left:
        key.append(Key(t("figure.none_left", lang, count=none_left)))
    if omitted:
        key.append(Key(t("figure.omitted", lang, count=omitted)))
    data, high, labels = [], 1.0, [""]
    for indicator, fill in zip(indicators, fills, strict=True):
        by_code = rows[indicator.id].set_index("area_code")
        values = [_number(by_code["value"].get(c)) for c in codes]
        statuses = [str(by_code["status"].get(c, "missing")) for c in codes]
        text = [
            formats.value(v, indicator.unit, lang, s, indicator.decimals, with_unit=False)
            for v, s in zip(values, statuses, strict=True)
        ]
        labels += text
        high = max([high, *(v for v in values if v is not None)])
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": indicator.short(lang),
                "x": [_compact(v) for v in values],
                "y0": 0,
                "dy": 1,
                "text": text,
                "textposition": "outside",
                "cliponaxis": False,
                "constraintext": "none",
                "textangle": 0,
                "marker": {
                    "color": fill,
                    "line": {
                        "color": palette.SELECTED,
                        "width": _shared([2 if c == selected else 0 for c in codes]),
                    },
                },
                "customdata": [[c] for c in codes],
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
    note = ""
    if len(unknown):
        separator = t("figure.list", lang)
        listed = separator.join(unknown["area_name"].astype(str))
        note = t("figure.unknown_gap", lang, names=listed, count=len(unknown))
    plot = max(len(codes), 1) * (14 * len(indicators) + 8)
    left = round(max((text_width(_plain(n), BODY) for n in names), default=0)) + 12
    right = round(max(text_width(x, BODY) for x in labels)) + 12
    layout = frame(caption, plot, left=left, right=right, above=4, below=6, key=key, note=note)
    layout |= {
        "barmode": "group",
        "bargap": 0.22,
        "xaxis": _value_axis(indicators[0].unit, 0, high) | {"showticklabels": False},
        "yaxis": _row_axis(names),
    }
    return go.Figure(data=data, layout=layout)


def stacked_bars(rows: pd.DataFrame, unit: str, caption: Caption) -> go.Figure:
    """Whole and parts of each group: one bar a group, one piece a part, with the number inside.

    `rows`: group_code, group_name, part, part_label, value, status; groups and parts in the order
    of the rows. A part without a value leaves no piece: its mark joins the total, and a note names
    it.
    """
    lang = caption.lang
    groups = list(dict.fromkeys(rows["group_code"]))
    parts = list(dict.fromkeys(rows["part"]))
    names = [str(rows[rows["group_code"] == g]["group_name"].iloc[0]) for g in groups]
    fills = [palette.SEQUENTIAL[i] for i in (4, 2, 1, 3, 0)][: len(parts)]
    cells = {(r["group_code"], r["part"]): r for r in _records(rows)}
    data, key = [], []
    totals = dict.fromkeys(groups, 0.0)
    absent: dict[str, list[tuple[str, str]]] = {g: [] for g in groups}
    for part, fill in zip(parts, fills, strict=True):
        label = str(rows[rows["part"] == part]["part_label"].iloc[0])
        key.append(Key(label, swatch=fill))
        values = []
        for group in groups:
            cell = cells.get((group, part), {})
            status = str(cell.get("status", "missing"))
            number = _number(cell.get("value")) if status == "observed" else None
            values.append(number)
            totals[group] += number or 0
            if number is None:
                shown = formats.value(None, unit, lang, status)
                absent[group].append((label, shown))
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": label,
                "x": [_compact(v) for v in values],
                "y0": 0,
                "dy": 1,
                "text": [
                    "" if v is None else formats.value(v, unit, lang, with_unit=False)
                    for v in values
                ],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {"color": palette.on(fill), "size": SMALL},
                "marker": {"color": fill, "line": {"color": palette.PAPER, "width": 1}},
                "customdata": [[g] for g in groups],
                "hovertemplate": "%{fullData.name} %{text}<extra></extra>",
            }
        )
    ends = [
        "+".join(
            [formats.value(totals[g], unit, lang, with_unit=False), *(m for _, m in absent[g])]
        )
        for g in groups
    ]
    note = t("figure.list", lang).join(
        t("figure.part_mark", lang, group=name, part=part, mark=shown)
        for name, g in zip(names, groups, strict=True)
        for part, shown in absent[g]
    )
    data.append(
        {
            "type": "scatter",
            "mode": "text",
            "x": [_compact(totals[g]) for g in groups],
            "y0": 0,
            "dy": 1,
            "text": [f" <b>{e}</b>" for e in ends],
            "textposition": "middle right",
            "cliponaxis": False,
            "hoverinfo": "skip",
        }
    )
    left = round(max((text_width(n, BODY) for n in names), default=0)) + 12
    right = round(max((text_width(e, BODY) for e in ends), default=0)) + 16
    plot = max(len(groups), 1) * 34
    layout = frame(caption, plot, left=left, right=right, above=4, below=6, key=key, note=note)
    layout |= {
        "barmode": "stack",
        "bargap": 0.3,
        "xaxis": _value_axis(unit, 0, max([*totals.values(), 1])) | {"showticklabels": False},
        "yaxis": _row_axis([shorten(n, NAME_ROOM, BODY) for n in names]),
        "uniformtext": {"minsize": 10, "mode": "hide"},
    }
    return go.Figure(data=data, layout=layout)


# ------------------------------------------------------------------ what figures share


def facts(rows: pd.DataFrame, indicator: Indicator, lang: str) -> list[list[str]]:
    """What a reader is told of each county on hover, in the order `hover` expects.

    Code, name, city, value, numerator, denominator, rank, distance to the target, change on the
    quarter before, on the year before; units are left to `hover`.
    """
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    told = []
    for row in _records(rows):
        status = str(row["status"])
        told.append(
            [
                str(row["area_code"]),
                str(row["area_name"]),
                str(row["city_name"]),
                formats.value(_number(row["value"]), indicator.unit, lang, status, decimals),
            ]
        )
        if status == "observed":
            numerator, denominator = _number(row["numerator"]), _number(row["denominator"])
            rank = _number(row["rank"])
            told[-1] += [
                "" if numerator is None else formats.number(numerator),
                "" if denominator is None else formats.number(denominator),
                "" if rank is None else str(int(rank)),
                _signed(row["gap"], decimals),
                _arrow(row["change_previous"], decimals, lang),
                _arrow(row["change_year"], decimals, lang),
            ]
    return told


def hover(
    rows: pd.DataFrame, indicator: Indicator, lang: str, status: str = "observed", word: str = ""
) -> str:
    """The hover text of a trace whose customdata are `facts`; `word` names the target status."""
    lines = ["<b>%{customdata[1]}</b> %{customdata[2]}"]
    place = "%{customdata[3]}"
    if status != "observed":
        lines.append(f"{indicator.short(lang)} <b>{place}</b>")
        return "<br>".join(lines) + "<extra></extra>"
    line = f"{indicator.short(lang)} <b>{place}</b>" + (f" {word}" if word else "")
    if rows["rank"].notna().any():
        line += t("figure.separator", lang) + t("figure.rank", lang, rank="%{customdata[6]}")
    lines.append(line)
    if indicator.denominator is not None:
        lines.append(
            t(
                "figure.hover.parts",
                lang,
                numerator="%{customdata[4]}",
                denominator="%{customdata[5]}",
            )
        )
    points = _points_unit(indicator, lang)
    for index, key, column in (
        (7, "to_target", "gap"),
        (8, "previous", "change_previous"),
        (9, "year", "change_year"),
    ):
        if rows[column].notna().any():
            amount = f"%{{customdata[{index}]}}{points}"
            lines.append(t(f"figure.hover.{key}", lang, gap=amount, change=amount))
    return "<br>".join(lines) + "<extra></extra>"


def status_key(rows: pd.DataFrame, indicator: Indicator, lang: str) -> list[Key]:
    """How many counties have each target status, and how many have no value and why."""
    observed = rows[rows["status"] == "observed"]
    key = []
    for name in _VERDICTS:
        count = int((observed["target_status"] == name).sum())
        if count and indicator.direction != "none":
            look = palette.STATUSES[name]
            label = t(f"figure.status.{name}", lang)
            text = t("figure.count", lang, sign=look.sign, label=label, count=count)
            key.append(Key(text, look.ink))
    for name in formats.MARKS:
        count = int((rows["status"] == name).sum())
        if count:
            sign = formats.mark(name, lang)
            label = t(f"map.{name}", lang)
            if name == "not_applicable":
                text = t("figure.not_applicable", lang, count=count)
            else:
                text = t("figure.count", lang, sign=f"{sign} ", label=label, count=count)
            key.append(Key(text, palette.MUTED))
    return key


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]


def _pairs(rows: pd.DataFrame, one: str, other: str) -> Iterable[tuple[Any, Any]]:
    return zip(rows[one], rows[other], strict=True)


def _number(value: Any) -> float | None:
    if value is None or pd.isna(value):
        return None
    return float(value)


def _compact(value: float | None, digits: int = 6) -> float | int | None:
    """As many digits as a screen can show, and no ".0"."""
    if value is None:
        return None
    short = float(f"{value:.{digits}g}")
    return int(short) if short.is_integer() else short


def _shared(values: list[Any]) -> Any:
    """One value in place of a list of equal ones."""
    return values[0] if values and len(set(values)) == 1 else values


def _target(indicator: Indicator) -> float | None:
    return None if indicator.target is None else indicator.target.value


def _target_label(indicator: Indicator, lang: str) -> str:
    target = indicator.target
    assert target is not None
    decimals = 0 if float(target.value).is_integer() else None
    value = formats.value(target.value, indicator.unit, lang, decimals=decimals)
    if target.year == "each":
        return t("figure.target", lang, value=value)
    return t("figure.target_year", lang, value=value, year=target.year)


def _ranked(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    observed = rows[rows["status"] == "observed"]
    if observed["rank"].notna().any():
        observed = observed.sort_values(["rank", "area_code"])
    else:
        ascending = indicator.direction == "lower"
        observed = observed.sort_values(["value", "area_code"], ascending=[ascending, True])
    rest = [
        rows[rows["status"] == name].sort_values("area_code")
        for name in ("suppressed", "not_applicable", "missing")
    ]
    parts = [part for part in (observed, *rest) if len(part)]
    return pd.concat(parts) if parts else rows


def _look(row: Mapping[str, Any], indicator: Indicator) -> palette.Status:
    if row["status"] != "observed" or indicator.direction == "none":
        return palette.STATUSES["none"]
    return palette.STATUSES[str(row["target_status"])]


def _bar_label(value: Any, status: str, unit: str, lang: str, sign: str) -> str:
    text = formats.value(_number(value), unit, lang, status, with_unit=unit == "percent")
    return f" {text} {sign}".rstrip()


def _row_name(row: Mapping[str, Any], lang: str, selected: str | None) -> str:
    name = shorten(str(row["area_name"]), NAME_ROOM, BODY)
    rank = _number(row.get("rank"))
    if rank is not None:
        name = f"{int(rank)} {name}"
    return f"<b>{name}</b>" if row["area_code"] == selected else name


def _plain(text: str) -> str:
    return text.removeprefix("<b>").removesuffix("</b>")


def _row_height(count: int) -> int:
    return next(height for most, height in ROW.items() if count <= most)


def _row_axis(names: list[str]) -> dict[str, Any]:
    return {
        "range": [len(names) - 0.5, -0.5],
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "ticklabelstandoff": 4,
        "showgrid": False,
    }


def _value_axis(unit: str, low: float, high: float) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "range": [_compact(low), _compact(high)],
        "nticks": 6,
        "separatethousands": True,
    }
    return axis | ({"ticksuffix": "%"} if unit == "percent" else {})


def _click_rows(
    customdata: list[list[str]], first: int, low: float, high: float, template: str
) -> dict[str, Any]:
    """Unseen bars over the whole of each row, so that a short bar or none can be clicked."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": "rows",
        "x": [_compact(high - low)] * len(customdata),
        "base": low,
        "y0": first,
        "dy": 1,
        "width": 1,
        "marker": {"color": "rgba(0,0,0,0)"},
        "customdata": customdata,
        "hovertemplate": template,
    }


def _line(*, x: float | None = None, y: float | None = None) -> dict[str, Any]:
    line = {"color": palette.TARGET_LINE, "width": 1.5, "dash": "dash"}
    if y is not None:
        return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": x, "x1": x, "line": line}


def _note(text: str, **place: Any) -> dict[str, Any]:
    return {
        "text": text,
        "font": {"size": SMALL, "color": palette.MUTED},
        "showarrow": False,
        "yanchor": "bottom",
        "borderpad": 1,
    } | place


def _signed(value: Any, decimals: int) -> str:
    number = _number(value)
    if number is None:
        return formats.mark("missing")
    text = formats.number(number, decimals)
    return f"+{text}" if formats.rounded(number, decimals) > 0 else text


def _arrow(value: Any, decimals: int, lang: str) -> str:
    number = _number(value)
    if number is None:
        return formats.mark("missing", lang)
    shown = formats.rounded(number, decimals)
    sign = "" if shown == 0 else t("format.up" if shown > 0 else "format.down", lang)
    return sign + formats.number(abs(number), decimals)


def _points_unit(indicator: Indicator, lang: str) -> str:
    if indicator.unit == "percent":
        label = t("format.points", lang)
    else:
        label = catalogue.load().unit(indicator.unit).label(lang)
    return label if lang == "zh" else f" {label}"


# ------------------------------------------------------------------ lines


def _prominence(row: pd.Series, scope: str | None, selected: str | None) -> int:
    if selected is not None and row["group_code"] == selected:
        return 3
    if scope is not None and row["group_code"] == scope:
        return 2
    return 1 if row["level"] == "province" else 0


def _region(row: pd.Series) -> str | None:
    colour = palette.region_colour(str(row["group_code"])) or palette.region_colour(
        str(row["group_name"])
    )
    return next((code for code, c in palette.REGIONS.items() if c == colour), None)


def _line_look(
    row: pd.Series, index: int, scope: str | None, selected: str | None
) -> dict[str, Any]:
    region, rank = _region(row), _prominence(row, scope, selected)
    look: dict[str, Any] = {"color": palette.GREY, "dash": "solid", "width": 2}
    look["symbol"] = _SYMBOLS[index % len(_SYMBOLS)]
    if region is not None:
        look |= {"color": palette.REGIONS[region], "dash": _DASHES[region]}
        look["symbol"] = _SYMBOLS[list(palette.REGIONS).index(region)]
    elif row["level"] == "province":
        look |= {"color": palette.PROVINCE, "dash": "dash", "symbol": 3}
    elif rank == 2:
        look |= {"color": palette.SCOPE, "symbol": 0}
    if rank == 3 and region is None and row["level"] != "province":
        look |= {"color": palette.COUNTY, "symbol": 17}
    if rank >= 2:
        look["width"] = 4
    return look


def _points(group: pd.DataFrame, order: Sequence[str]) -> list[dict[str, Any]]:
    """A point for each period, also where there is none: a gap is a gap."""
    by_period = {r["period"]: r for r in _records(group)}
    nothing = {"value": None, "sample": None, "areas_reporting": 0, "areas_expected": 0}
    points = []
    for period in order:
        row = by_period.get(period, nothing)
        value = _number(row["value"])
        known = value is not None
        reporting, expected = int(row["areas_reporting"]), int(row["areas_expected"])
        points.append(
            {
                "period": period,
                "value": value,
                "sample": bool(row["sample"]) if known else None,
                "partial": known and reporting < expected,
                "coverage": f"{reporting}/{expected}" if known else "",
            }
        )
    return points


def _line_trace(
    points: list[dict[str, Any]],
    name: str,
    look: dict[str, Any],
    indicator: Indicator,
    lang: str,
) -> dict[str, Any]:
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    x: list[str] = []
    y: list[float | int | None] = []
    symbols: list[int] = []
    coverage: list[str] = []
    before: bool | None = None
    for point in points:
        value = point["value"]
        if value is not None:
            if before is not None and point["sample"] is not before:
                x, y = [*x, point["period"]], [*y, None]  # no line from sample to real
                symbols.append(look["symbol"])
                coverage.append("")
            before = point["sample"]
        x.append(point["period"])
        # As printed, so that the browser's own rounding has nothing left to round
        y.append(None if value is None else _compact(float(formats.rounded(value, decimals)), 15))
        symbols.append(look["symbol"] + (100 if point["partial"] else 0))
        coverage.append(point["coverage"])
    unit = "%" if indicator.unit == "percent" else ""
    told = t("figure.hover.coverage", lang, coverage="%{text}")
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": x,
        "y": y,
        "connectgaps": False,
        "line": {"color": look["color"], "dash": look["dash"], "width": look["width"]},
        "marker": {
            "symbol": _shared(symbols),
            "size": 9 if look["width"] > 2 else 7,
            "color": look["color"],
            "line": {"width": 1.5, "color": look["color"]},
        },
        "cliponaxis": False,
        "text": coverage,
        "hovertemplate": f"<b>{html.escape(name, quote=False)}</b><br>%{{x}} "
        f"%{{y:,.{decimals}f}}{unit}<br>{told}<extra></extra>",
    }


def _end_labels(
    ends: list[tuple[float, list[str], str, bool]], low: float, high: float, last: int
) -> list[dict[str, Any]]:
    """Names at the right end of the lines, moved apart where they would overlap."""
    scale = TREND_HEIGHT / (high - low)
    placed = sorted(ends, key=lambda end: end[0])
    half = [len(lines) * SMALL * LEADING / 2 for _, lines, _, _ in placed]
    centre = [(value - low) * scale for value, *_ in placed]
    for i in range(1, len(placed)):
        centre[i] = max(centre[i], centre[i - 1] + half[i - 1] + half[i] + 2)
    if placed:
        centre[-1] = min(centre[-1], TREND_HEIGHT + 4 - half[-1])
    for i in reversed(range(len(placed) - 1)):
        centre[i] = min(centre[i], centre[i + 1] - half[i + 1] - half[i] - 2)
    labels = []
    for (value, lines, colour, bold), middle in zip(placed, centre, strict=True):
        text = "<br>".join(lines)
        labels.append(
            {
                "text": f"<b>{text}</b>" if bold else text,
                "font": {"size": SMALL, "color": palette.ink_of(colour)},
                "align": "left",
                "showarrow": False,
                "borderpad": 0,
                "x": 1,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 4,
                "y": _compact(value),
                "yanchor": "middle",
                "yshift": round(middle - (value - low) * scale),
            }
        )
    return labels


def _span(values: list[float], unit: str) -> tuple[float, float]:
    """The range of the value axis: all values and the target with some air around them."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    air = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    bottom = low - air
    return (max(bottom, 0.0) if low >= 0 else bottom), high + air


def _axis_decimals(low: float, high: float) -> int:
    return 0 if high - low >= 6 else 1


def _turns(rows: pd.DataFrame, order: Sequence[str]) -> list[tuple[str, str]]:
    """Neighbouring periods of which one is sample and the next is real."""
    known = rows[rows["value"].notna()]
    kinds = {str(p): set(g["sample"].astype(bool)) for p, g in known.groupby("period")}
    there = [p for p in order if p in kinds]
    return [(a, b) for a, b in pairwise(there) if kinds[a] == {True} and kinds[b] == {False}]
