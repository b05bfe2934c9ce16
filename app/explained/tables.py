"""A change as tables: what it is made of, what each county adds, and both as files."""

from __future__ import annotations

import io
import math
from typing import Any

import pandas as pd
import xlsxwriter

from app import audience, catalogue, exports, formats, palette, periods
from app.charts.shared import finite, records_of
from app.explained import split as splits
from app.explained import told
from app.explained.split import Split
from app.i18n import t

NAME, CITY, KIND, PART = range(4)  # positions of the first columns
_TOP = 4  # rows of text above the table in a workbook


def unit_of(found: Split, lang: str) -> str:
    """The unit of a part: points where the figure is a percentage."""
    if found.indicator.unit == "percent":
        return t("format.points", lang)
    return catalogue.load().unit(found.indicator.unit).label(lang)


def summary(found: Split, lang: str) -> pd.DataFrame:
    """What the change is made of: own change, counties newly reporting, not reporting, total."""
    own = found.of(splits.BOTH)
    rows: list[tuple[str, int | None, float]] = [("both", len(own), found.part(splits.BOTH))]
    if found.indicator.denominator is not None:
        rows += [
            (side, None, found.part(splits.BOTH, side))
            for side in ("by_numerator", "by_denominator")
        ]
    rows += [
        (kind, len(found.of(kind)), found.part(kind)) for kind in (splits.ENTERED, splits.LEFT)
    ]
    counted = sum(len(found.of(kind)) for kind in splits.KINDS)
    rows.append(("total", counted, found.total))
    shown = told.decimals(found.indicator)
    return pd.DataFrame(
        {
            t("explained.summary.part", lang): [t(f"explained.summary.{r[0]}", lang) for r in rows],
            t("explained.summary.count", lang): pd.array([r[1] for r in rows], dtype="Int64"),
            t("explained.summary.amount", lang, unit=unit_of(found, lang)): [
                float(formats.rounded(r[2], shown)) for r in rows
            ],
        }
    )


def counties(found: Split, lang: str) -> pd.DataFrame:
    """What each county adds, the largest part first, with its numbers in both quarters.

    The earlier quarter as it was first told is there only where something was corrected.
    """
    indicator, ratio = found.indicator, found.indicator.denominator is not None
    points = unit_of(found, lang)
    rows = records_of(found.rows)
    label = {m: periods.label(getattr(found, m).period, lang) for m in ("before", "after")}
    columns: dict[str, list[Any]] = {
        t("export.county", lang): [row["area_name"] for row in rows],
        t("export.city", lang): [row["city_name"] for row in rows],
        t("explained.table.kind", lang): [_kind(row, lang) for row in rows],
        _head("contribution", lang, unit=points): _numbers(rows, "contribution"),
    }
    if ratio:
        for side in ("by_numerator", "by_denominator"):
            # of a county that came or went neither side alone says anything
            columns[_head(side, lang, unit=points)] = [
                finite(row[side]) if row["kind"] == splits.BOTH else None for row in rows
            ]
        own = {m: [told.own(row, m, indicator) for row in rows] for m in label}
        columns |= dict(zip(_own_heads(found, lang), own.values(), strict=True))
        columns[_head("change", lang, unit=points)] = [
            None if a is None or b is None else b - a for a, b in zip(*own.values(), strict=True)
        ]
    for moment, period in label.items():
        for side in ("numerator", "denominator") if ratio else ("numerator",):
            head = _head(side if ratio else "amount", lang, period=period)
            columns[head] = _numbers(rows, f"{side}_{moment}")
    if found.told is not None:
        then = t("explained.table.told", lang, period=label["before"])
        for side in ("numerator", "denominator") if ratio else ("numerator",):
            head = _head(side if ratio else "amount", lang, period=then)
            columns[head] = _numbers(rows, f"{side}_told")
        columns[_head("revision", lang, unit=points)] = _numbers(rows, "revision")
    for moment, period in label.items():
        columns[_head("submission", lang, period=period)] = [
            None if pd.isna(row[f"submission_{moment}"]) else f"S{int(row[f'submission_{moment}'])}"
            for row in rows
        ]
    return pd.DataFrame(columns)


def decimals(found: Split, table: pd.DataFrame, lang: str) -> dict[str, int]:
    """The decimals of the columns of numbers of the table of counties."""
    indicator = found.indicator
    whole = formats.decimals_of(indicator.unit, indicator.decimals)
    own = {*_own_heads(found, lang), _head("change", lang, unit=unit_of(found, lang))}
    parts = _part_heads(found, lang)
    return {
        name: told.decimals(indicator) if name in parts else whole if name in own else 0
        for name in table.columns[PART:]
        if table[name].dtype.kind in "fi"
    }


def signed(found: Split, lang: str) -> set[str]:
    """The columns whose numbers are changes."""
    return {*_part_heads(found, lang), _head("change", lang, unit=unit_of(found, lang))}


def _own_heads(found: Split, lang: str) -> list[str]:
    unit = catalogue.load().unit(found.indicator.unit).label(lang)
    return [
        _head("value", lang, period=periods.label(figure.period, lang), unit=unit)
        for figure in (found.before, found.after)
    ]


def _part_heads(found: Split, lang: str) -> set[str]:
    names = ("contribution", "by_numerator", "by_denominator", "revision")
    return {_head(name, lang, unit=unit_of(found, lang)) for name in names}


def shown(found: Split, lang: str) -> pd.DataFrame:
    """The table of counties rounded as a page shows it."""
    table = counties(found, lang)
    for name, places in decimals(found, table, lang).items():
        table[name] = [
            float(formats.rounded(v, places)) if math.isfinite(v) else v for v in table[name]
        ]
    return table


def csv_bytes(found: Split, facts: list[str], lang: str) -> bytes:
    """The table of counties with code, indicator, period and vintage; nothing is rounded."""
    table = counties(found, lang)
    indicator = found.indicator
    mark = t("sample.mark", lang) if found.sample else ""
    titles = [
        t("export.area_code", lang), *table.columns, t("export.indicator_id", lang),
        t("export.indicator", lang), t("export.facts", lang), t("export.sample", lang),
    ]  # fmt: skip
    told_of = [indicator.id, indicator.label(lang), " · ".join(facts), mark]
    rows = [
        [code, *(_blank(cell) for cell in row), *told_of]
        for code, row in zip(found.rows["area_code"], table.itertuples(index=False), strict=True)
    ]
    return exports.plain_csv(titles, rows)


def xlsx_bytes(found: Split, title: str, facts: list[str], lang: str) -> bytes:
    """A workbook with the finding, the table of counties and a live sum of what they add."""
    table = counties(found, lang)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(t("menu.change", lang))
    head = book.add_format(
        {"bold": True, "text_wrap": True, "border": 1, "bg_color": palette.TABLE_HEAD}
    )
    text = book.add_format({"border": 1})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, " · ".join([found.indicator.label(lang), *facts]))
    if found.sample:
        ink = {"bold": True, "font_color": palette.STATUSES["missed"].ink}
        sheet.write_string(2, 0, t("figure.sample_note", lang), book.add_format(ink))
    for column, name in enumerate(table.columns):
        sheet.write_string(_TOP - 1, column, name, head)
    places = decimals(found, table, lang)
    changes = signed(found, lang)
    forms = {
        name: book.add_format({"border": 1, "num_format": _number(count, name in changes)})
        for name, count in places.items()
    }
    for row, record in enumerate(table.itertuples(index=False), start=_TOP):
        for column, (name, cell) in enumerate(zip(table.columns, record, strict=True)):
            if isinstance(cell, str):
                sheet.write_string(row, column, cell, text)
            elif cell is None or pd.isna(cell):
                sheet.write_string(row, column, formats.mark("missing", lang), text)
            else:
                sheet.write_number(row, column, float(cell), forms[name])
    last = _TOP + len(table)
    sheet.write_string(last, NAME, t("explained.summary.total", lang), head)
    letter = chr(ord("A") + PART)
    formula = f"=SUM({letter}{_TOP + 1}:{letter}{last})"
    sheet.write_formula(last, PART, formula, forms[table.columns[PART]], found.total)
    sheet.set_column(0, len(table.columns) - 1, 13)
    sheet.freeze_panes(_TOP, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(audience.page_header(facts[-1]))
    book.close()
    return out.getvalue()


def _head(name: str, lang: str, **values: str) -> str:
    return t(f"explained.table.{name}", lang, **values)


def _kind(row: dict[str, Any], lang: str) -> str:
    kind = str(row["kind"])
    silent = [moment for moment in ("before", "after") if row[f"not_applicable_{moment}"]]
    if silent and kind != splits.BOTH:
        label = t(f"explained.table.silent.{'both' if len(silent) == 2 else silent[0]}", lang)
    else:
        label = t(f"explained.table.kinds.{kind}", lang)
    return t("explained.table.revised", lang, kind=label) if row["revised"] else label


def _numbers(rows: list[dict[str, Any]], name: str) -> list[float | None]:
    return [finite(row[name]) for row in rows]


def _number(places: int, signed: bool) -> str:
    plain = "#,##0" + ("." + "0" * places if places else "")
    return f"+{plain};-{plain};{plain}" if signed else plain


def _blank(cell: Any) -> Any:
    return "" if cell is None or pd.isna(cell) else cell
