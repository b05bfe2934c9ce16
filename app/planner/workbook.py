"""The plan as a workbook that goes on working: change a parameter and all sheets follow."""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from app import audience, catalogue, exports, palette
from app.cells import A4, SAFE, Formula, put
from app.i18n import t
from app.planner import plans, told
from app.planner.cells import base
from app.planner.county_sheet import HEAD, Counties, columns, facts
from app.planner.needs import WAYS, Aim, Way
from app.planner.plans import Plan
from app.view import View

_WIDTHS = (34, 14, 78)  # of the columns of parameters
_SHARE = {"validate": "decimal", "criteria": "between", "minimum": 0.01, "maximum": 100}


def made(view: View, aim: Aim, costs: dict[Way, Decimal], lines: list[str]) -> bytes:
    """The workbook of a scope; `lines` say where target and deadline are from."""
    assert view.indicator.plan is not None
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, SAFE)
    ways = [way for way in WAYS if way == "within" or view.indicator.plan.added]
    made_by_way = {
        way: plans.plan(view, view.indicator, Aim(aim.target, way, aim.period, aim.deadline))
        for way in ways
    }
    formats_of = _formats(book)
    _parameters(book, view, made_by_way, costs, lines, formats_of)
    for way, plan in made_by_way.items():
        Counties(book, view, plan, costs.get(way), formats_of).write()
    book.close()
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    border = {"border": 1}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "sample": book.add_format({"bold": True, "font_color": palette.STATUSES["missed"].ink}),
        "head": book.add_format(
            border
            | {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": palette.TABLE_HEAD}
        ),
        "text": book.add_format(border | {"text_wrap": True, "valign": "vcenter"}),
        "right": book.add_format(border | {"align": "right"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "vcenter"}),
        "whole": book.add_format(border | {"num_format": "#,##0", "align": "right"}),
        "one": book.add_format(border | {"num_format": "#,##0.0", "align": "right"}),
        "two": book.add_format(border | {"num_format": "#,##0.##", "align": "right"}),
        "pace": book.add_format(border | {"num_format": "+#,##0.00;-#,##0.00;0", "align": "right"}),
        "input": book.add_format(
            border | {"bg_color": palette.INPUT, "align": "right", "bold": True}
        ),
    }


@dataclass(frozen=True)
class _Parameter:
    """A cell with a name that every other sheet refers to; `form` is its format."""

    name: str
    label: str
    form: str
    value: Any
    note: str


def _parameters(
    book: Any, view: View, made_by_way: dict[Way, Plan], costs: dict[Way, Decimal],
    lines: list[str], formats_of: dict[str, Any],
) -> None:  # fmt: skip
    """The sheet of parameters, with what the plan takes for granted below them."""
    lang, plan = view.lang, made_by_way["within"]
    name = t("planner.sheet.parameters", lang)
    sheet = book.add_worksheet(name)
    heading = t("planner.sheet.title", lang, indicator=view.indicator.label(lang))
    sheet.write_string(0, 0, heading, formats_of["title"])
    sheet.write_string(1, 0, facts(view))
    if plan.sample:
        sheet.write_string(2, 0, t("figure.sample_note", lang), formats_of["sample"])
    heads = ("planner.sheet.parameter", "planner.sheet.value", "planner.sheet.note")
    for column, key in enumerate(heads):
        sheet.write_string(HEAD, column, t(key, lang), formats_of["head"])
    parameters = [
        *_inputs(view, plan.aim, {way: costs.get(way) for way in made_by_way}, lines),
        *_outcomes(plan.aim, lang),
    ]
    for row, each in enumerate(parameters, start=HEAD + 1):
        sheet.write_string(row, 0, each.label, formats_of["text"])
        put(sheet, row, 1, each.value, formats_of[each.form])
        sheet.write_string(row, 2, each.note, formats_of["wrap"])
        cell = xl_rowcol_to_cell(row, 1, row_abs=True, col_abs=True)
        book.define_name(each.name, f"='{name}'!{cell}")
    sheet.data_validation(HEAD + 1, 1, HEAD + 1, 1, _SHARE)  # the target comes first
    for row, note in enumerate(_notes(view, plan), start=HEAD + len(parameters) + 2):
        sheet.merge_range(row, 0, row, 2, "", formats_of["wrap"])
        sheet.write_string(row, 0, note, formats_of["wrap"])
        sheet.set_row(row, 48)
    sheet.set_row(HEAD + 1, 15 * (2 + len(lines)))
    _set_page(sheet, view)


def _inputs(
    view: View, aim: Aim, costs: dict[Way, Decimal | None], lines: list[str]
) -> list[_Parameter]:
    """What is there to be changed: target, deadline, and what a unit costs on each way."""
    lang, indicator = view.lang, view.indicator
    unit = catalogue.load().unit(told.unit_of(indicator)).label(lang)
    note = t("planner.sheet.deadline_note", lang)
    return [
        _Parameter(
            "target", t("planner.goal", lang), "input", float(aim.target), "\n".join(lines)
        ),
        _Parameter("deadline", t("planner.deadline", lang), "input", aim.deadline, note),
        *(
            _Parameter(
                f"cost_{way}",
                t("planner.unit_cost", lang, way=told.way(indicator, way, lang), unit=unit),
                "input", None if cost is None else float(cost), t("planner.sheet.cost_note", lang),
            )
            for way, cost in costs.items()
        ),
    ]  # fmt: skip


def _outcomes(aim: Aim, lang: str) -> list[_Parameter]:
    """The quarter of the data, and how many are left from there to the deadline."""
    left = f"VALUE(LEFT(deadline,4))*4+VALUE(RIGHT(deadline,1))-{base(aim.period) + 1}"
    return [
        _Parameter(
            "period", t("export.period", lang), "right", aim.period,
            t("planner.sheet.period", lang),
        ),
        _Parameter(
            "quarters", t("planner.sheet.quarters_left", lang), "whole",
            Formula(left, aim.quarters), t("planner.sheet.quarters_note", lang, count=columns(aim)),
        ),
    ]  # fmt: skip


def _notes(view: View, plan: Plan) -> list[str]:
    """What pace and need mean, what is known of the indicator, and where the data are from."""
    lang, indicator = view.lang, view.indicator
    source = t(
        "caption.footer", lang, vintage=exports.origin(view.source, lang),
        dataset=catalogue.load().dataset_of[indicator.id].label(lang),
    )  # fmt: skip
    return [
        t("planner.pace_meaning", lang, paced=len(plan.paced), known=len(plan.known)),
        t("planner.two_meaning", lang, way=told.way(indicator, plan.aim.way, lang)),
        t("planner.sheet.lacking_note", lang),
        *([indicator.caveat(lang)] if indicator.caveat is not None else []),
        source,
    ]


def _set_page(sheet: Any, view: View) -> None:
    """The widths of the columns, and how the sheet is printed."""
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(audience.page_header(facts(view)))
