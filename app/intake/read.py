"""Reads an analyst's file into cells: which area, period and measure each number belongs to."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from app import periods, spellings
from app.catalogue import Catalogue, Dataset
from app.errors import BadPeriod, UploadRejected
from app.i18n import LANGUAGES, t
from app.intake import headers, places, towns
from app.intake.cells import is_blank
from app.intake.headers import Header, Top
from app.intake.keys import Context
from app.intake.line import Findings
from app.intake.rows import SheetReader
from app.intake.tables import Opened, Sheet, open_sheets
from app.intake.upload import BlankRow, Finding, Gathered, Picks, ReadCell, Upload
from app.spellings import normal

__all__ = ["BlankRow", "Finding", "Picks", "ReadCell", "Upload", "read"]

_OPENED = 0.5  # how much is done when a file is open
_MOST_ERRORS, _MOST_NOTES, _SAME_NOTES = 1_000, 150, 5
_LOOKED_AT = 200  # rows of a sheet without header, for areas with figures


def read(
    path: Path,
    catalogue: Catalogue,
    dataset_id: str | None,
    lang: str,
    picks: Picks | None = None,
    progress: Callable[[float], None] | None = None,
) -> Upload:
    """Read a file into an Upload; raises UploadRejected if it is no table of any dataset at all.

    Whatever is interpreted becomes a note. `progress` is told how much is done, 0 to 1.
    """
    tell = progress or (lambda done: None)
    opened = open_sheets(path, lambda done: tell(done * _OPENED))
    tell(_OPENED)
    tops = [Top(sheet) for sheet in opened.sheets]
    if dataset_id is None:
        dataset = _guess(tops, catalogue, path.name, lang)
    else:
        dataset = catalogue.dataset(dataset_id)
    sha256 = hashlib.sha256(opened.content).hexdigest()
    upload = Upload(path.name, sha256, opened.content, dataset)
    found = Findings(
        Gathered(_MOST_ERRORS, _MOST_ERRORS),
        Gathered(_MOST_ERRORS, _MOST_ERRORS),
        Gathered(_MOST_NOTES, _SAME_NOTES),
    )
    _note_kind(opened, path, found, lang)
    tables = _tables(tops, dataset, catalogue, found, lang)
    if not tables:
        raise UploadRejected("upload.no_header", file=path.name, dataset=dataset.label)
    picks = picks or Picks()
    seen: dict[tuple[str, str, str], tuple[str, int]] = {}
    for number, header in enumerate(tables):
        for finding in header.errors:
            found.errors.add(finding)
        for finding in header.notes:
            found.notes.add(finding)
        upload.sample = upload.sample or _says_sample(header)
        context = _context(header, path, picks, found, lang)
        if not headers.area_keys(dataset) & header.keys.keys() or context is None:
            continue
        if dataset.items and not {"item_id", "item_name"} & header.keys.keys():
            continue
        reader = SheetReader(header, upload, catalogue, context, picks, found, seen, lang)
        share = (1 - _OPENED) / len(tables)
        begun = _OPENED + number * share
        reader.read(partial(_tell_part, tell, begun, share))
    if not found.errors and not upload.cells:
        found.errors.add(Finding("no_data", t("check.no_data", lang)))
    upload.errors = found.errors.listed(lang)
    upload.warnings = found.warnings.listed(lang)
    upload.notes = found.notes.listed(lang)
    tell(1.0)
    return upload


def _tell_part(tell: Callable[[float], None], begun: float, share: float, done: float) -> None:
    tell(begun + done * share)


def _guess(tops: Sequence[Top], catalogue: Catalogue, file: str, lang: str) -> Dataset:
    found = Counter(
        {name: _most_columns(tops, name, catalogue, lang) for name in catalogue.datasets}
    )
    (best, count), *rest = found.most_common() or [("", 0)]
    if not count or (rest and rest[0][1] == count):
        names = ", ".join(catalogue.datasets)
        raise UploadRejected("upload.which_dataset", file=file, names=names)
    return catalogue.datasets[best]


def _most_columns(tops: Sequence[Top], dataset: str, catalogue: Catalogue, lang: str) -> int:
    """How many of a dataset's measures the best sheet has."""
    vocabulary = headers.vocabulary(dataset, catalogue)
    found = (headers.find(top, vocabulary, lang) for top in tops)
    return max((len(header.columns) for header in found if header), default=0)


def _note_kind(opened: Opened, path: Path, found: Findings, lang: str) -> None:
    suffix = path.suffix.lower().removeprefix(".")
    text = {"txt": "csv", "tsv": "csv"}
    if suffix and text.get(suffix, suffix) != opened.kind:
        told = t("check.other_kind", lang, kind=opened.kind)
        found.notes.add(Finding("interpreted", told))


# ------------------------------------------------------------------ which sheets are tables


def _tables(
    tops: Sequence[Top], dataset: Dataset, catalogue: Catalogue, found: Findings, lang: str
) -> list[Header]:
    """The headers of the sheets to read; the other sheets are noted."""
    vocabulary = headers.vocabulary(dataset.id, catalogue)
    sheets = [top.sheet for top in tops]
    all_headers = [headers.find(top, vocabulary, lang) for top in tops]
    shown = [
        header
        for sheet, header in zip(sheets, all_headers, strict=True)
        if header is not None and not sheet.hidden
    ]
    most = max((len(header.columns) for header in shown), default=0)
    kept = [header for header in shown if len(header.columns) * 2 >= most]
    own = {normal(t("template.definitions", each)) for each in LANGUAGES}
    for sheet, header in zip(sheets, all_headers, strict=True):
        if header in kept or not any(not is_blank(cell) for row in sheet.rows for cell in row):
            continue
        if sheet.hidden:
            if header is not None:
                told = t("check.hidden_sheet", lang)
                found.notes.add(Finding("skipped_sheet", told, sheet.name))
        elif _has_areas(sheet):
            told = t("check.sheet_not_read", lang)
            found.warnings.add(Finding("sheet_not_read", told, sheet.name))
        elif normal(sheet.name) not in own:
            found.notes.add(Finding("skipped_sheet", t("check.skipped_sheet", lang), sheet.name))
    return [_with_areas(header, dataset, lang) for header in kept]


def _has_areas(sheet: Sheet) -> bool:
    """Whether a sheet without header looks like data all the same: areas with figures."""
    rows = 0
    for row in sheet.rows[:_LOOKED_AT]:
        figures = any(isinstance(cell, int | float) for cell in row[1:])
        rows += figures and any(
            places.find(cell, None, None, None, {}).kind == "area" for cell in row[:4]
        )
    return rows > 1


def _with_areas(header: Header, dataset: Dataset, lang: str) -> Header:
    """A header whose column of areas has no known name: found by what stands below."""
    if headers.area_keys(dataset) & header.keys.keys() or dataset.level == "township":
        return header
    below = header.sheet.rows[header.last + 1 : header.last + 1 + _LOOKED_AT]
    first = min((column.position for column in header.columns.values()), default=0)
    for position in range(first):
        if position in header.keys.values():
            continue
        cells = [row[position] for row in below if position < len(row)]
        filled = [cell for cell in cells if not is_blank(cell)]
        kinds = Counter(places.find(cell, None, None, None, {}).kind for cell in filled)
        if kinds["area"] and kinds["area"] + kinds["total"] > len(filled) / 2:
            label = header.labels[position]
            told = t("check.column_of_areas", lang)
            note = Finding(
                "interpreted", told, header.sheet.name, header.row, label, label, position=position
            )
            return replace(
                header,
                keys={**header.keys, "area_name": position},
                errors=[
                    each for each in header.errors if each.column != t("template.area_code", lang)
                ],
                notes=[*(each for each in header.notes if each.position != position), note],
            )
    return header


def _says_sample(header: Header) -> bool:
    above = " ".join(_above(header))
    return any(t("sample.mark", lang) in above for lang in LANGUAGES)


# ------------------------------------------------------------------ what a sheet says outside


def _above(header: Header) -> list[str]:
    rows = header.sheet.rows[: header.first]
    return [str(cell) for row in rows for cell in row if not is_blank(cell)]


def _context(
    header: Header, path: Path, picks: Picks, found: Findings, lang: str
) -> Context | None:
    """The period, city and county that a sheet's title, its name or the file's name tell.

    None without any period.
    """
    above = _above(header)
    titled = tuple(dict.fromkeys(each for text in above for each in periods.named(text)))
    period = _outside_period(header, path, titled, picks, found, lang)
    if period is None and "period" not in header.keys:
        return None
    texts = (header.sheet.name, *above, path.stem)
    city = next((code for text in texts if (code := places.city_within(text))), None)
    county = next((code for text in texts if (code := towns.county_within(text))), None)
    return Context(period, titled, picks.period, city, county)


def _outside_period(
    header: Header,
    path: Path,
    titled: tuple[str, ...],
    picks: Picks,
    found: Findings,
    lang: str,
) -> str | None:
    """The one period that stands above the table, or in the name of the sheet or the file."""
    undated = [
        text
        for text in _above(header)
        if not any(word in normal(text) for word in spellings.words("dates"))
    ]
    months = dict.fromkeys(each for text in undated for each in periods.named(text, months=True))
    sheet = tuple(_named_by_sheet(header.sheet.name))
    place = (header.sheet.name, header.row, t("template.period", lang))
    has_column = "period" in header.keys

    def error(rule: str, message: str) -> None:
        found.errors.add(Finding(rule, message, *place))

    for named, key in (
        (titled or tuple(months), "check.period_of_title"),
        (sheet, "check.period_of_sheet"),
        (tuple(periods.named(path.stem)), "check.period_of_file"),
        ((picks.period,) if picks.period else (), "check.period_picked"),
    ):
        if not named:
            continue
        if len(named) > 1:
            if not has_column:
                error("missing_period", t("check.several_periods", lang))
            return None
        (period,) = named
        if has_column:
            return period
        if periods.start(period) > periods.today():
            error("future_period", t("check.future_period", lang))
            return None
        if picks.period not in (None, period) and key != "check.period_of_file":
            told = t("check.not_picked", lang, named=picks.period, period=period)
            error("wrong_quarter", told)
            return None
        period = picks.period or period
        found.notes.add(Finding("interpreted", t(key, lang, period=period), *place))
        _warn_other_names(period, sheet, path, header, found, lang)
        return period
    if not has_column:
        error("missing_period", t("check.missing_period", lang))
    return None


def _warn_other_names(
    period: str, sheet: tuple[str, ...], path: Path, header: Header, found: Findings, lang: str
) -> None:
    """Warn where the sheet's name or the file's speaks of another period than the one read."""
    named = sheet or tuple(periods.named(path.stem))
    if named and period not in named:
        told = t("check.other_quarter_named", lang, period=period, named=named[0])
        place = (header.sheet.name, header.row)
        found.warnings.add(Finding("other_quarter_named", told, *place, period=period))


def _named_by_sheet(name: str) -> list[str]:
    try:
        return [periods.interpret(name)]
    except BadPeriod:
        return periods.named(name, months=True)
