"""The dictionary as a Word file: how to read it, contents by clause, a table an entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from docx.document import Document

from app import notice, word
from app.dictionary import facts
from app.dictionary.entries import Dictionary, IndicatorEntry, MeasureEntry, clause_title
from app.i18n import t
from app.periods import SHANGHAI

FACTS = (2.6, 14.0)  # cm
MEASURES = (3.5, 1.7, 2.1, 5.8, 3.5)
STANDARDS = (3.4, 1.5, 2.2, 1.9, 7.6)
NOTES = ("about", "sample", "groups", "marks", "sources", "standards")


def made(dictionary: Dictionary) -> bytes:
    """The dictionary as a Word file in its language."""
    lang = dictionary.lang
    document = word.document(t("dictionary.title", lang), lang)
    told = notice.load()
    day = dt.datetime.now(SHANGHAI).date().isoformat()
    document.add_paragraph(
        t("dictionary.subtitle", lang, number=told.number, title=told.title(lang), day=day)
    )
    document.add_heading(t("dictionary.how", lang), 1)
    for name in NOTES:
        document.add_paragraph(t(f"dictionary.note.{name}", lang), style="List Bullet")
    _contents(document, dictionary)
    for clause, entries in groupby(dictionary.indicators, lambda entry: entry.clause):
        word.heading(document, clause_title(clause, lang), 1, _clause(clause))
        for entry in entries:
            word.heading(document, entry.label, 2, _name(dictionary, entry))
            lines = [(f.heading, f.lines) for f in facts.facts(entry, lang)]
            word.table(document, lines, FACTS, head=False)
    if dictionary.measures:
        word.heading(document, t("dictionary.measures_title", lang), 1, "measures")
        for dataset, measures in groupby(dictionary.measures, lambda entry: entry.dataset):
            document.add_heading(dataset, 2)
            _measures(document, list(measures), lang)
    if standards := facts.all_standards(dictionary):
        word.heading(document, t("dictionary.standards_title", lang), 1, "standards")
        head = [t(f"dictionary.{name}", lang) for name in
                ("measure", "year", "area_class_column", "value", "source")]  # fmt: skip
        rows = [
            [s.measure, str(s.year), s.area_class, facts.amount(s.value), s.source]
            for s in standards
        ]
        document.add_paragraph(t("dictionary.standards_unit", lang, unit=standards[0].unit))
        word.table(document, [head, *rows], STANDARDS, head=True)
    return word.written(document)


def _contents(document: Document, dictionary: Dictionary) -> None:
    lang = dictionary.lang
    document.add_heading(t("dictionary.contents", lang), 1)
    for clause, entries in groupby(dictionary.indicators, lambda entry: entry.clause):
        word.contents_line(document, clause_title(clause, lang), 1, _clause(clause))
        for entry in entries:
            word.contents_line(document, entry.label, 2, _name(dictionary, entry))
    if dictionary.measures:
        word.contents_line(document, t("dictionary.measures_title", lang), 1, "measures")
    if facts.all_standards(dictionary):
        word.contents_line(document, t("dictionary.standards_title", lang), 1, "standards")


def _measures(document: Document, entries: Sequence[MeasureEntry], lang: str) -> None:
    head = [t(f"dictionary.{name}", lang) for name in
            ("measure", "unit", "kind", "definition", "used_by")]  # fmt: skip
    rows = [
        [
            [entry.label, entry.id.partition(".")[2]], entry.unit, entry.kind, entry.definition,
            facts.used_by(entry, lang),
        ]
        for entry in entries
    ]  # fmt: skip
    word.table(document, [head, *rows], MEASURES, head=True)


def _name(dictionary: Dictionary, entry: IndicatorEntry) -> str:
    return f"entry_{dictionary.indicators.index(entry) + 1}"  # an id may be too long for Word


def _clause(clause: str) -> str:
    return f"clause_{notice.CLAUSES.index(clause) + 1}"
