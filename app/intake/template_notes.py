"""What the workbook says about its columns: the notes of the header and the second sheet."""

from __future__ import annotations

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from app import formula, notice
from app.catalogue import Catalogue, Dataset, Measure
from app.formula import Reference
from app.i18n import t
from app.intake import wording

A4 = 9  # as workbooks number the sizes of paper
ERROR = {"bg_color": "#FFC7CE", "font_color": "#9C0006", "bold": True}
DOUBT = {"bg_color": "#FFEB9C", "font_color": "#7F4F00", "underline": 1}
_SIGNS = {" <= ": " ≤ ", " >= ": " ≥ ", " * ": " × ", " / ": " ÷ "}
_COLUMNS = {
    "measure": 26,
    "name": 24,
    "unit_column": 13,
    "kind": 11,
    "column": 12,
    "bounds": 17,
    "definition": 62,
    "relations": 34,
}


def about(catalogue: Catalogue, dataset: Dataset, measure: Measure, lang: str) -> str:
    """The note on a measure's header: definition, unit, kind, bounds, and how it ties to others."""
    unit = catalogue.unit(measure.unit)
    lines = [
        measure.definition(lang),
        t(
            "template.about",
            lang,
            unit=unit.label(lang),
            kind=t(f"template.kind_{measure.kind}", lang),
            bounds=bounds(measure, unit.whole, lang),
        ),
    ]
    return "\n".join(lines + relations(dataset, measure, lang))


def bounds(measure: Measure, whole: bool, lang: str) -> str:
    """What a measure admits, in words."""
    if measure.kind == "choice":
        return t("check.and", lang).join(label(lang) for label in measure.choices.values())
    if not measure.numeric:
        return t(f"template.admits_{measure.kind}", lang)
    kind = "whole" if whole else "number"
    if measure.maximum is None:
        return t(f"template.{kind}_from", lang, minimum=plain(measure.minimum))
    return t(
        f"template.{kind}_between",
        lang,
        minimum=plain(measure.minimum),
        maximum=plain(measure.maximum),
    )


def relations(dataset: Dataset, measure: Measure, lang: str) -> list[str]:
    """The rules that point at a measure, as comparisons in words."""

    def name(reference: Reference) -> str:
        label = dataset.measure(reference.measure).label(lang)
        if not reference.qualifier:
            return label
        if reference.qualifier == "chosen":
            choice = dataset.measure(reference.measure).choices[reference.choice](lang)
            return t("template.chosen_of", lang, label=label, choice=choice)
        return t(f"template.{reference.qualifier}_of", lang, label=label)

    found = []
    for rule in dataset.rules:
        words = formula.renamed(rule.holds, name) if rule.measure == measure.id else None
        if words is not None:
            for sign, shown in _SIGNS.items():
                words = words.replace(sign, shown)
            found.append(words)
    return found


def plain(number: float) -> str:
    """A number as one types it into a cell."""
    return f"{number:.15g}"


def definitions(
    book: xlsxwriter.Workbook, catalogue: Catalogue, dataset: Dataset, lang: str
) -> None:
    """Add the sheet that explains the columns and how to fill them in."""
    sheet = book.add_worksheet(t("template.definitions", lang))
    title = book.add_format({"bold": True, "font_size": 14, "valign": "vcenter"})
    head = book.add_format(
        {"bold": True, "border": 1, "bg_color": "#DDEBEA", "align": "center", "valign": "vcenter"}
    )
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    wide = book.add_format({"text_wrap": True, "valign": "top"})
    last = len(_COLUMNS) - 1
    heading = t("template.definitions_title", lang, dataset=dataset.label(lang))
    sheet.write_string(0, 0, heading, title)
    clause = t(
        "page.clause_text",
        lang,
        clause=notice.number(dataset.clause, lang),
        text=dataset.clause_text(lang),
    )
    sheet.merge_range(1, 0, 1, last, clause, wide)
    sheet.merge_range(2, 0, 2, last, dataset.definition(lang), wide)
    for column, (key, width) in enumerate(_COLUMNS.items()):
        sheet.write_string(3, column, t(f"template.{key}", lang), head)
        sheet.set_column(column, column, width)
    for row, measure in enumerate(dataset.measures, start=4):
        unit = catalogue.unit(measure.unit)
        texts = {
            "measure": measure.id,
            "name": measure.label(lang),
            "unit_column": unit.label(lang),
            "kind": t(f"template.kind_{measure.kind}", lang),
            "column": t("template.required" if measure.required else "template.optional", lang),
            "bounds": bounds(measure, unit.whole, lang),
            "definition": measure.definition(lang),
            "relations": "\n".join(relations(dataset, measure, lang)),
        }
        for column, key in enumerate(_COLUMNS):
            sheet.write_string(row, column, texts[key], cell)
        tallest = max(wording.lines(texts[key], width - 2) for key, width in _COLUMNS.items())
        sheet.set_row(row, 4 + 15 * tallest)
    row = len(dataset.measures) + 5
    for note in (1, 2, 3, 4):
        sheet.write_string(row, 0, t(f"template.note_{note}", lang))
        row += 1
    for colour, look in (("error", ERROR), ("doubt", DOUBT)):
        sheet.write_string(row, 0, t(f"template.colour_{colour}", lang), book.add_format(look))
        sheet.write_string(row, 1, t(f"template.colour_{colour}_means", lang))
        row += 1
    room = sum(_COLUMNS.values()) - 10
    for heading_row, text in enumerate((heading, clause, dataset.definition(lang))):
        sheet.set_row(heading_row, 8 + 15 * wording.lines(text, room))
    sheet.freeze_panes(4, 2)
    sheet.print_area(0, 0, row - 1, last)
    sheet.repeat_rows(3)
    set_up_paper(sheet, heading, lang)


def set_up_paper(sheet: Worksheet, name: str, lang: str) -> None:
    """A4 landscape, as wide as the sheet, with the sheet's name and the page number below."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{name.replace('&', '&&')}&C{t('template.page', lang)}")
