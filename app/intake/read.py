"""Reads an analyst's file into cells: which area, period and measure each number belongs to."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from app import areas, periods
from app.catalogue import Catalogue, Dataset, Measure
from app.errors import BadPeriod, UploadRejected
from app.i18n import LANGUAGES, t
from app.intake.tables import Cell, Sheet, open_sheets

KEY_COLUMNS = ("area_code", "period", "area_name", "city_name")
_MISSING = {"—", "－", "-", "--", "——", "/", "…", "……"}
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_UNIT = re.compile(r"[(（][^()（）]*[)）]$")
_HEADER_ROWS = 30


@dataclass(frozen=True)
class Finding:
    """One thing wrong or doubtful in a file; `row` is the number a person sees in it."""

    rule: str
    message: str
    sheet: str = ""
    row: int | None = None
    column: str | None = None
    value: Cell = None
    area_code: str | None = None
    period: str | None = None


@dataclass(frozen=True)
class ReadCell:
    """One reported cell and where it stands."""

    area_code: str
    period: str
    measure_id: str
    value: float | None
    status: str
    sheet: str
    row: int
    column: str
    raw: Cell


@dataclass
class Upload:
    """A file as read: its cells, what is wrong with it, and what was interpreted."""

    file_name: str
    sha256: str
    content: bytes
    dataset: Dataset
    sample: bool = False
    rows: int = 0
    cells: list[ReadCell] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    @property
    def periods(self) -> list[str]:
        """The periods of the file, in order."""
        return sorted({cell.period for cell in self.cells})


@dataclass(frozen=True)
class _Header:
    sheet: Sheet
    row: int  # index from 0
    keys: dict[str, int]
    measures: dict[str, int]
    labels: list[str]


def read(path: Path, catalogue: Catalogue, dataset_id: str | None, lang: str) -> Upload:
    """Read a file into an Upload; raises UploadRejected if it is no table of any dataset at all."""
    sheets = open_sheets(path, lang)
    content = path.read_bytes()
    if dataset_id is None:
        dataset = _guess(sheets, catalogue, path.name, lang)
    else:
        dataset = catalogue.dataset(dataset_id)
    upload = Upload(path.name, hashlib.sha256(content).hexdigest(), content, dataset)
    headers = [h for sheet in sheets if (h := _header(sheet, dataset, catalogue)) is not None]
    if not headers:
        raise UploadRejected(
            t("upload.no_header", lang, file=path.name, dataset=dataset.label(lang))
        )
    seen: dict[tuple[str, str], int] = {}
    for header in headers:
        _sheet(header, upload, catalogue, seen, lang)
    if not upload.errors and not upload.cells:
        upload.errors.append(Finding("no_data", t("check.no_data", lang)))
    return upload


def _guess(sheets: list[Sheet], catalogue: Catalogue, file: str, lang: str) -> Dataset:
    found = Counter(
        {
            dataset.id: max(
                (len(h.measures) for s in sheets if (h := _header(s, dataset, catalogue))),
                default=0,
            )
            for dataset in catalogue.datasets.values()
        }
    )
    (best, count), *rest = found.most_common() or [("", 0)]
    if not count or (rest and rest[0][1] == count):
        names = ", ".join(catalogue.datasets)
        raise UploadRejected(t("upload.which_dataset", lang, file=file, names=names))
    return catalogue.datasets[best]


@cache
def _key_names() -> dict[str, str]:
    names = {key: key for key in KEY_COLUMNS}
    for lang in LANGUAGES:
        for key in KEY_COLUMNS:
            names[_normal(t(f"template.{key}", lang))] = key
    return names


def _normal(text: Cell) -> str:
    """A header as compared: half-width, without blanks and line breaks, lower case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text or ""))).lower()


def _without_unit(name: str) -> str:
    return _UNIT.sub("", name)


def _measure_names(dataset: Dataset, catalogue: Catalogue) -> dict[str, str]:
    names = {}
    for measure in dataset.measures:
        unit = catalogue.unit(measure.unit)
        names[_normal(measure.id)] = measure.id
        for lang in LANGUAGES:
            names[_normal(measure.label(lang))] = measure.id
            names[_normal(f"{measure.label(lang)}({unit.label(lang)})")] = measure.id
    return names


def _header(sheet: Sheet, dataset: Dataset, catalogue: Catalogue) -> _Header | None:
    names = _measure_names(dataset, catalogue)
    best: _Header | None = None
    for index, row in enumerate(sheet.rows[:_HEADER_ROWS]):
        keys: dict[str, int] = {}
        measures: dict[str, int] = {}
        for position, cell in enumerate(row):
            name = _normal(cell)
            if name in _key_names():
                keys.setdefault(_key_names()[name], position)
            elif name in names:
                measures.setdefault(names[name], position)
        if keys and measures and (best is None or len(measures) > len(best.measures)):
            labels = ["".join(str(cell or "").splitlines()).strip() for cell in row]
            best = _Header(sheet, index, keys, measures, labels)
    return best


def _sheet(
    header: _Header,
    upload: Upload,
    catalogue: Catalogue,
    seen: dict[tuple[str, str], int],
    lang: str,
) -> None:
    sheet, dataset = header.sheet, upload.dataset
    above = " ".join(str(cell) for row in sheet.rows[: header.row] for cell in row if cell)
    upload.sample = upload.sample or any(t("sample.mark", each) in above for each in LANGUAGES)
    _check_columns(header, upload, catalogue, lang)
    if not {"area_code", "period"} <= header.keys.keys():
        return
    named = {position for position, label in enumerate(header.labels) if label}
    measures = {m.id: m for m in dataset.measures}
    for index in range(header.row + 1, len(sheet.rows)):
        row, number = sheet.rows[index], index + 1
        if all(_blank(cell) for cell in row):
            continue
        for position, cell in enumerate(row):
            if position not in named and not _blank(cell):
                upload.errors.append(
                    Finding(
                        "beyond_header",
                        t("check.beyond_header", lang),
                        sheet.name,
                        number,
                        _letter(position),
                        cell,
                    )
                )
        values = {
            measure_id: row[position] if position < len(row) else None
            for measure_id, position in header.measures.items()
        }
        if all(_blank(cell) for cell in values.values()):
            upload.notes.append(
                Finding("blank_row", t("check.blank_row", lang), sheet.name, number)
            )
            continue
        upload.rows += 1
        area_code = _area(row, header, number, upload, lang)
        period = _period(row, header, number, upload, lang)
        if area_code is None or period is None:
            continue
        if (area_code, period) in seen:
            upload.errors.append(
                Finding(
                    "duplicate_row",
                    t("check.duplicate_row", lang, first=seen[area_code, period]),
                    sheet.name,
                    number,
                    header.labels[header.keys["area_code"]],
                    area_code,
                    area_code,
                    period,
                )
            )
            continue
        seen[area_code, period] = number
        for measure_id, cell in values.items():
            label = header.labels[header.measures[measure_id]]
            read_cell = _cell(cell, measures[measure_id], catalogue, lang)
            place = (sheet.name, number, label, cell, area_code, period)
            if read_cell.rule:
                upload.errors.append(Finding(read_cell.rule, read_cell.message, *place))
                continue
            if read_cell.message:
                upload.notes.append(Finding("interpreted", read_cell.message, *place))
            upload.cells.append(
                ReadCell(
                    area_code,
                    period,
                    measure_id,
                    read_cell.value,
                    read_cell.status,
                    sheet.name,
                    number,
                    label,
                    cell,
                )
            )


def _check_columns(header: _Header, upload: Upload, catalogue: Catalogue, lang: str) -> None:
    names = _measure_names(upload.dataset, catalogue)
    number = header.row + 1
    taken: dict[str, str] = {}
    for label in filter(None, header.labels):
        name = _normal(label)
        known = names.get(name) or _key_names().get(name)
        if known is None:
            near = names.get(_without_unit(name))
            if near is not None:
                unit = catalogue.unit(upload.dataset.measure(near).unit).label(lang)
                upload.errors.append(
                    Finding(
                        "other_unit",
                        t("check.other_unit", lang, unit=unit),
                        header.sheet.name,
                        number,
                        label,
                        label,
                    )
                )
            else:
                upload.notes.append(
                    Finding(
                        "unknown_column",
                        t("check.unknown_column", lang),
                        header.sheet.name,
                        number,
                        label,
                        label,
                    )
                )
        elif known in taken:
            upload.errors.append(
                Finding(
                    "duplicate_column",
                    t("check.duplicate_column", lang, first=taken[known]),
                    header.sheet.name,
                    number,
                    label,
                    label,
                )
            )
        else:
            taken[known] = label
    for key in ("area_code", "period"):
        if key not in header.keys:
            upload.errors.append(_missing_column(header, t(f"template.{key}", lang), lang))
    for measure in upload.dataset.measures:
        if measure.required and measure.id not in header.measures:
            upload.errors.append(_missing_column(header, measure.label(lang), lang))


def _missing_column(header: _Header, label: str, lang: str) -> Finding:
    return Finding(
        "missing_column",
        t("check.missing_column", lang, column=label),
        header.sheet.name,
        header.row + 1,
        label,
    )


def _area(row: list[Cell], header: _Header, number: int, upload: Upload, lang: str) -> str | None:
    position = header.keys["area_code"]
    cell = row[position] if position < len(row) else None
    code = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell or "")
    code = unicodedata.normalize("NFKC", code).strip()
    area = areas.load().get(code)
    place = (header.sheet.name, number, header.labels[position], cell, code or None)
    if area is None:
        upload.errors.append(Finding("unknown_area", t("check.unknown_area", lang), *place))
        return None
    name_at = header.keys.get("area_name")
    name = row[name_at] if name_at is not None and name_at < len(row) else None
    if not _blank(name) and _normal(name) not in {_normal(area.name), _normal(area.name_en)}:
        message = t("check.area_mismatch", lang, code=code, name=area.label(lang))
        upload.errors.append(
            Finding(
                "area_mismatch",
                message,
                header.sheet.name,
                number,
                header.labels[name_at or 0],
                name,
                code,
            )
        )
        return None
    return code


def _period(row: list[Cell], header: _Header, number: int, upload: Upload, lang: str) -> str | None:
    position = header.keys["period"]
    cell = row[position] if position < len(row) else None
    text = unicodedata.normalize("NFKC", str(cell or "")).strip().upper()
    place = (header.sheet.name, number, header.labels[position], cell)
    try:
        begins = periods.start(text)
    except BadPeriod:
        upload.errors.append(Finding("bad_period", t("check.bad_period", lang), *place))
        return None
    if begins > periods.today():
        upload.errors.append(Finding("future_period", t("check.future_period", lang), *place))
        return None
    return text


@dataclass(frozen=True)
class _Value:
    value: float | None = None
    status: str = "reported"
    rule: str = ""
    message: str = ""


def _cell(cell: Cell, measure: Measure, catalogue: Catalogue, lang: str) -> _Value:
    if _blank(cell):
        return _Value(status="missing")
    note = ""
    if isinstance(cell, bool):
        return _Value(rule="not_a_number", message=t("check.not_a_number", lang))
    if isinstance(cell, int | float):
        number = float(cell)
    else:
        text = unicodedata.normalize("NFKC", str(cell)).strip()
        if str(cell).strip() in _MISSING or text in _MISSING or _says(text, "value.none"):
            return _Value(status="missing", message=t("check.read_as_missing", lang))
        if _says(text, "value.not_applicable"):
            return _Value(status="not_applicable")
        plain = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
        if not _NUMBER.fullmatch(plain):
            return _Value(rule="not_a_number", message=t("check.not_a_number", lang))
        number = float(plain)
        if plain != str(cell):
            note = t("check.read_as_number", lang, number=plain)
    if not math.isfinite(number):
        return _Value(rule="not_finite", message=t("check.not_finite", lang))
    if number < measure.minimum:
        bound = f"{measure.minimum:g}"
        return _Value(rule="below_minimum", message=t("check.below_minimum", lang, bound=bound))
    if measure.maximum is not None and number > measure.maximum:
        bound = f"{measure.maximum:g}"
        return _Value(rule="above_maximum", message=t("check.above_maximum", lang, bound=bound))
    if catalogue.unit(measure.unit).whole and not number.is_integer():
        return _Value(rule="fraction", message=t("check.fraction", lang))
    return _Value(number, "reported", "", note)


def _says(text: str, key: str) -> bool:
    return _normal(text) in {_normal(t(key, lang)) for lang in LANGUAGES}


def _blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _letter(position: int) -> str:
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
