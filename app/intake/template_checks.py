"""What the workbook checks while one types: what a cell admits, and colours for what is doubtful.

A sheet can be pasted over, so that all of this only helps; the intake decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from app import formula, periods
from app.catalogue import Catalogue, Dataset, Measure
from app.formula import Reference
from app.i18n import LANGUAGES, t
from app.intake import template_notes

# A change is doubtful beyond half of what the last quarter lets expect, if it is this much at all.
HALF, NOTICEABLE = 0.5, 10
_WORDS = ("value.not_applicable", "format.missing")


@dataclass(frozen=True)
class Place:
    """Where the cells are: columns by measure id, first and last row, all counted from 0."""

    inputs: Mapping[str, int]
    references: Mapping[str, int]
    first: int
    last: int
    period: str
    keys: int  # the columns before the ones to fill in; the last of them holds the period


def attach(
    book: xlsxwriter.Workbook,
    sheet: Worksheet,
    catalogue: Catalogue,
    dataset: Dataset,
    place: Place,
    lang: str,
) -> None:
    """Put the checks on the cells of a form: what is typed, and colours in the order of gravity.

    A formula asks with IF whether there are numbers: AND and OR look at all their parts, and a text
    in one of them would be an error.
    """
    _lock_keys(sheet, place, lang)
    error, doubt = (book.add_format(look) for look in (template_notes.ERROR, template_notes.DOUBT))
    for measure in dataset.measures:
        if not measure.numeric:
            _check_answer(sheet, measure, place, lang)
            continue
        whole = catalogue.unit(measure.unit).whole
        _check_typing(sheet, measure, whole, place, lang)
        column = place.inputs[measure.id]
        cell = xl_rowcol_to_cell(place.first, column)
        rules = {
            severity: [
                _broken(rule.holds, place)
                for rule in dataset.rules
                if rule.measure == measure.id and rule.severity == severity
            ]
            for severity in ("error", "warning")
        }
        out_of_range = f"IF(ISNUMBER({cell}),NOT({_within(measure, whole, cell)}))"
        wrong_text = f"AND(ISTEXT({cell}),NOT({_is_word(cell)}))"
        _colour(
            sheet, place, column, [out_of_range, *rules["error"], _falling(measure, place)], error
        )
        _colour(sheet, place, column, [wrong_text, *rules["warning"], _leap(measure, place)], doubt)


def _lock_keys(sheet: Worksheet, place: Place, lang: str) -> None:
    """Refuse typing where nothing is to be filled in; pasting stays possible."""
    refused = {
        "validate": "custom",
        "value": "=FALSE",
        "error_title": t("template.check_title", lang),
        "error_message": t("template.check_locked", lang),
    }
    last = place.keys - 1
    sheet.data_validation(place.first, 0, place.last, last - 1, refused)
    for column in place.references.values():
        sheet.data_validation(place.first, column, place.last, column, refused)
    sheet.data_validation(
        place.first,
        last,
        place.last,
        last,
        {
            "validate": "list",
            "source": [place.period],
            "error_title": t("template.check_title", lang),
            "error_message": t("template.check_period", lang, period=place.period),
        },
    )


def _check_typing(sheet: Worksheet, measure: Measure, whole: bool, place: Place, lang: str) -> None:
    column = place.inputs[measure.id]
    cell = xl_rowcol_to_cell(place.first, column)
    within = _within(measure, whole, cell)
    sheet.data_validation(
        place.first,
        column,
        place.last,
        column,
        {
            "validate": "custom",
            "value": f"=IF(ISNUMBER({cell}),{within},{_is_word(cell)})",
            "error_title": t("template.check_title", lang),
            "error_message": t(
                "template.check_number", lang, bounds=template_notes.bounds(measure, whole, lang)
            ),
        },
    )


def _check_answer(sheet: Worksheet, measure: Measure, place: Place, lang: str) -> None:
    """A list to choose from, or a day; a text may say anything."""
    title = t("template.check_title", lang)
    check: dict[str, object]
    if measure.kind == "choice":
        labels = [label(lang) for label in measure.choices.values()]
        check = {
            "validate": "list",
            "source": labels,
            "error_title": title,
            "error_message": t(
                "check.not_a_choice", lang, choices=t("check.and", lang).join(labels)
            ),
        }
    elif measure.kind == "date":
        check = {
            "validate": "date",
            "criteria": "between",
            "minimum": dt.date(2000, 1, 1),
            "maximum": dt.date(2099, 12, 31),
            "error_title": title,
            "error_message": t("check.not_a_date", lang),
        }
    else:
        return
    column = place.inputs[measure.id]
    sheet.data_validation(place.first, column, place.last, column, check)


def _within(measure: Measure, whole: bool, cell: str) -> str:
    parts = [f"{cell}>={template_notes.plain(measure.minimum)}"]
    if measure.maximum is not None:
        parts.append(f"{cell}<={template_notes.plain(measure.maximum)}")
    if whole:
        parts.append(f"{cell}=INT({cell})")
    return f"AND({','.join(parts)})"


def _is_word(cell: str) -> str:
    """Whether a cell holds one of the words that may stand for a number."""
    words = {t(key, lang): key for lang in LANGUAGES for key in _WORDS}
    return "OR(" + ",".join(f'{cell}="{word}"' for word in words) + ")"


def _broken(holds: str, place: Place) -> str | None:
    """A rule as the formula that is true where it is broken; None if the sheet can't judge it."""
    used = formula.references(holds)
    if any(ref.qualifier or ref.measure not in place.inputs for ref in used):
        return None

    def cell(reference: Reference) -> str:
        return str(xl_rowcol_to_cell(place.first, place.inputs[reference.measure]))

    comparison = formula.renamed(holds, cell)
    cells = ",".join(sorted(map(cell, used)))
    return comparison and f"IF(COUNT({cells})={len(used)},NOT({comparison}))"


def _falling(measure: Measure, place: Place) -> str | None:
    """A cumulative flow that is less than it was in the quarter before, within a year."""
    within_year = measure.kind == "flow" and periods.parse(place.period)[1] > 1
    if not within_year or measure.id not in place.references:
        return None
    cell, before = _both(measure, place)
    return f"IF(COUNT({cell},{before})=2,{cell}<{before})"


def _leap(measure: Measure, place: Place) -> str | None:
    """A figure far from what the quarter before lets expect.

    Of a cumulative flow that is as much a quarter as before; what is set for the whole year is to
    stay as it is within the year.
    """
    if measure.id not in place.references:
        return None
    cell, before = _both(measure, place)
    quarter = periods.parse(place.period)[1]
    if measure.constant_within_year and quarter > 1:
        return f"IF(COUNT({cell},{before})=2,{cell}<>{before})"
    expected = before
    if measure.kind == "flow":
        expected = f"{before}*{quarter}/{quarter - 1 or 4}"
    return (
        f"IF(COUNT({cell},{before})=2,AND({before}>0,ABS({cell}-{expected})>={NOTICEABLE},"
        f"ABS({cell}-{expected})>{HALF}*{expected}))"
    )


def _both(measure: Measure, place: Place) -> tuple[str, str]:
    """The first cell of a measure and that of the quarter before."""
    return (
        xl_rowcol_to_cell(place.first, place.inputs[measure.id]),
        xl_rowcol_to_cell(place.first, place.references[measure.id]),
    )


def _colour(
    sheet: Worksheet, place: Place, column: int, formulas: list[str | None], style: Format
) -> None:
    for each in filter(None, formulas):
        sheet.conditional_format(
            place.first,
            column,
            place.last,
            column,
            {"type": "formula", "criteria": f"={each}", "format": style, "stop_if_true": True},
        )
