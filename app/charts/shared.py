"""What the figures share: rows and axes, hover texts, the key of target status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from app import catalogue, formats, palette
from app.catalogue import Indicator
from app.i18n import t
from app.lettering import BODY, SMALL, Key, shorten, text_width

NAME_ROOM = 132  # px for the name of a county
ROW = {60: 20}  # px of a row, up to a number of rows
LEAST_ROW = 16  # px of a row of more
_VERDICTS = ("met", "near", "missed", "not_due")
DOT = 8  # px of a dot of an area
DOT_STANDOFF = 9  # px between a name and the plot, so that a dot at its edge covers no name


def facts(rows: pd.DataFrame, indicator: Indicator, lang: str) -> list[list[str]]:
    """What a reader is told of each county on hover, in the order `hover` expects.

    Code, name, city, value, numerator, denominator, rank, distance to the target, change on the
    quarter before, on the year before; units are left to `hover`.
    """
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    told = []
    for row in records_of(rows):
        status = str(row["status"])
        told.append(
            [
                str(row["area_code"]),
                str(row["area_name"]),
                str(row["city_name"]),
                formats.value(finite(row["value"]), indicator.unit, lang, status, decimals),
            ]
        )
        if status == "observed":
            numerator, denominator = (
                finite(row["numerator"]),
                finite(row["denominator"]),
            )
            rank = finite(row["rank"])
            told[-1] += [
                "" if numerator is None else formats.number(numerator),
                "" if denominator is None else formats.number(denominator),
                "" if rank is None else place_of(row, lang),
                signed(row["gap"], decimals),
                arrow(row["change_previous"], decimals, lang),
                arrow(row["change_year"], decimals, lang),
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
        line += t("figure.separator", lang) + "%{customdata[6]}"
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
            if name != "missing":  # a word of its own
                text = t(f"figure.{name}", lang, count=count)
            else:
                text = t("figure.count", lang, sign=f"{sign} ", label=label, count=count)
            key.append(Key(text, palette.MUTED))
    return key


def short_value(
    value: float | None, indicator: Indicator, lang: str, status: str = "observed"
) -> str:
    """A value beside its mark: a unit other than % stands in the caption."""
    return formats.value(
        value, indicator.unit, lang, status, indicator.decimals,
        with_unit=indicator.unit == "percent",
    )  # fmt: skip


def records_of(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dictionaries."""
    names = [str(name) for name in rows]
    columns = [rows[name].tolist() for name in names]  # thrice as quick as pandas' own
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def labels_of(rows: pd.DataFrame, code: str, label: str) -> dict[str, str]:
    """The codes of a column in the order in which they first come, each with its label."""
    return {str(each): str(text) for each, text in zip(rows[code], rows[label], strict=True)}


def finite(value: Any) -> float | None:
    """A number, or None where there is none."""
    if value is None or pd.isna(value):
        return None
    return float(value)


def compact(value: float | None, digits: int = 6) -> float | int | None:
    """As many digits as a screen can show, and no ".0"."""
    if value is None:
        return None
    short = float(f"{value:.{digits}g}")
    return int(short) if short.is_integer() else short


def printed(value: float | None, decimals: int) -> float | int | None:
    """A value as it is printed, so that the browser's own rounding has nothing left to round."""
    return None if value is None else compact(float(formats.rounded(value, decimals)), 15)


def one_if_equal(values: list[Any]) -> Any:
    """One value in place of a list of equal ones."""
    return values[0] if values and len(set(values)) == 1 else values


def target_of(indicator: Indicator) -> float | None:
    """The value of an indicator's target, if it has one."""
    return None if indicator.target is None else indicator.target.value


def target_label(indicator: Indicator, lang: str) -> str:
    """The target with its year."""
    target = indicator.target
    assert target is not None
    decimals = 0 if float(target.value).is_integer() else None
    value = formats.value(target.value, indicator.unit, lang, decimals=decimals)
    if target.year == "each":
        return t("figure.target", lang, value=value)
    return t("figure.target_year", lang, value=value, year=target.year)


def row_name(row: Mapping[str, Any], lang: str, selected: str | None) -> str:
    """The name of a county at its row, with its rank; bold where it is selected."""
    name = shorten(str(row["area_name"]), NAME_ROOM, BODY)
    rank = finite(row.get("rank"))
    if rank is not None:
        key = "figure.tied_row" if row.get("tied") else "figure.rank_row"
        name = t(key, lang, rank=int(rank), name=name)
    return f"<b>{name}</b>" if row["area_code"] == selected else name


def place_of(row: Mapping[str, Any], lang: str) -> str:
    """The rank of a county in words; who reads the same as another is said to be tied."""
    key = "figure.tied" if row.get("tied") else "figure.rank"
    return t(key, lang, rank=int(row["rank"]))


def plain(text: str) -> str:
    """A name without the mark of what is selected."""
    return text.removeprefix("<b>").removesuffix("</b>")


def rows_height(count: int) -> int:
    """The height of a plot of named rows in px, an empty one being as high as one row."""
    height = next((height for most, height in ROW.items() if count <= most), LEAST_ROW)
    return max(count, 1) * height


def room_for(texts: Iterable[str]) -> int:
    """The room of the widest of some texts in px."""
    return round(max((text_width(text, BODY) for text in texts), default=0))


def row_axis(names: list[str], standoff: int = 4) -> dict[str, Any]:
    """An axis of named rows, the first on top, its names `standoff` px from the plot."""
    return {
        "range": [len(names) - 0.5, -0.5],
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "ticklabelstandoff": standoff,
        "showgrid": False,
    }


def value_axis(unit: str, low: float, high: float) -> dict[str, Any]:
    """An axis of values in a unit."""
    axis: dict[str, Any] = {
        "range": [compact(low), compact(high)],
        "nticks": 6,
        "separatethousands": True,
    }
    return axis | ({"ticksuffix": "%"} if unit == "percent" else {})


def top_axis(unit: str, low: float, high: float, ticks: int = 4) -> dict[str, Any]:
    """An axis of values above named rows; with 0 `ticks` plotly chooses how many."""
    return value_axis(unit, low, high) | {"side": "top", "nticks": ticks, "tickangle": 0}


def axis_room(low: float, high: float) -> int:
    """The room of the numbers of an upright axis in px."""
    decimals = 0 if high - low >= 6 else 1
    return round(text_width(formats.number(high, decimals) + "%", BODY))


def span(values: Iterable[float | None]) -> tuple[float, float]:
    """The range of the value axis: all values and the target with some air around them."""
    known = [value for value in values if value is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    air = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    bottom = low - air
    return (max(bottom, 0.0) if low >= 0 else bottom), high + air


def click_rows(
    customdata: list[list[str]], first: int, low: float, high: float, template: str
) -> dict[str, Any]:
    """Unseen bars over the whole of each row, so that a short bar or none can be clicked."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": "rows",
        "x": [compact(high - low)] * len(customdata),
        "base": low,
        "y0": first,
        "dy": 1,
        "width": 1,
        "marker": {"color": "rgba(0,0,0,0)"},
        "customdata": customdata,
        "hovertemplate": template,
    }


def row_marks(name: str, values: Sequence[float | None], marker: dict[str, Any]) -> dict[str, Any]:
    """A mark a row; clicks go to the rows below them."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [compact(value) for value in values],
        "y0": 0,
        "dy": 1,
        "marker": marker,
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def row_texts(
    places: Sequence[float | None], texts: Sequence[str], rows: Sequence[float] | None = None,
    **look: Any,
) -> dict[str, Any]:  # fmt: skip
    """A text a row, to the right of a place on the axis of values; `rows` where not 0, 1, 2."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": places,
        **({"y0": 0, "dy": 1} if rows is None else {"y": rows}),
        "text": texts,
        "textposition": "middle right",
        **look,
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def outline(codes: Iterable[str], selected: str | None) -> dict[str, Any]:
    """The outline of the bars or marks of counties: that of the selected one is seen."""
    widths = [2 if code == selected else 0 for code in codes]
    return {"color": palette.SELECTED, "width": one_if_equal(widths)}


def pale_dots(codes: Iterable[str], selected: str | None) -> dict[str, Any]:
    """The look of the dots of areas, of which the selected one has a strong edge."""
    edges = [2.5 if code == selected else 1 for code in codes]
    return {
        "size": DOT,
        "color": palette.OUTSIDE_BORDER,
        "line": {"color": palette.GREY, "width": edges},
    }


def joins(
    one: list[float | None], other: list[float | None], colour: str = palette.BORDER,
    dash: str = "solid",
) -> dict[str, Any]:  # fmt: skip
    """The lines between the marks of a county, with a gap after each."""
    x: list[float | int | None] = []
    y: list[int | None] = []
    for index, (a, b) in enumerate(zip(one, other, strict=True)):
        if a is not None and b is not None:
            x += [compact(a), compact(b), None]
            y += [index, index, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "joins",
        "x": x,
        "y": y,
        "connectgaps": False,
        "line": {"color": colour, "width": 2, "dash": dash},
        "hoverinfo": "skip",
    }


def line(*, x: float | None = None, y: float | None = None) -> dict[str, Any]:
    """The dashed line of a target, across or upright."""
    line = {"color": palette.TARGET_LINE, "width": 1.5, "dash": "dash"}
    if y is not None:
        return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": x, "x1": x, "line": line}


def note_at(text: str, **place: Any) -> dict[str, Any]:
    """A small text in a plot."""
    return {
        "text": text,
        "font": {"size": SMALL, "color": palette.MUTED},
        "showarrow": False,
        "yanchor": "bottom",
        "borderpad": 1,
    } | place


def no_data_note(lang: str) -> dict[str, Any]:
    """That there is nothing to draw, in the middle of a plot."""
    return note_at(t("figure.no_data", lang), x=0.5, xref="paper", y=0.5, yref="paper")


def signed(value: Any, decimals: int) -> str:
    """A distance with its sign, without its unit."""
    number = finite(value)
    if number is None:
        return formats.mark("missing")
    text = formats.number(number, decimals)
    return f"+{text}" if formats.rounded(number, decimals) > 0 else text


def arrow(value: Any, decimals: int, lang: str) -> str:
    """A change with its arrow, without its unit."""
    number = finite(value)
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
