"""Finds a sheet's header: which column is the code, the period, or a measure, and in what unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from app import spellings
from app.catalogue import Catalogue, Dataset, Measure
from app.i18n import LANGUAGES, t
from app.intake import units
from app.intake.tables import Cell, Sheet
from app.intake.upload import Finding
from app.spellings import normal

KEY_COLUMNS = (
    "area_code", "period", "area_name", "county_name", "city_name", "item_id", "item_name",
)  # fmt: skip
_ROWS, _LINES, _COLUMNS = 30, 3, 1_000  # where a header is looked for, and how many lines it has
_Parts = tuple[str, ...]  # the normal texts of a column's header, from top to bottom
_REMEMBERED = 10_000  # headers of a dataset whose meaning is kept
_NEAR = 60  # the least likeness, of 100, at which another column is proposed for a missing one


@dataclass(frozen=True)
class Column:
    """A measure's column; its figures are to be multiplied by `factor`."""

    position: int
    label: str
    measure: Measure
    factor: Decimal


@dataclass(frozen=True)
class Header:
    """Where a sheet's columns are, by position from 0.

    `first` and `last` are the header's rows from 0, `labels` the text of every column.
    """

    sheet: Sheet
    first: int
    last: int
    keys: dict[str, int]
    columns: dict[str, Column]
    labels: list[str]
    errors: list[Finding]
    notes: list[Finding]

    @property
    def row(self) -> int:
        """The number of its row as a person sees it."""
        return self.first + 1


@dataclass(frozen=True)
class _Meaning:
    """What a column's header means: a key, a measure in a unit, or a column to leave out."""

    key: str = ""
    measure: str = ""
    unit: str = ""
    strict: bool = True
    ignored: bool = False
    without_group: bool = False


class Vocabulary:
    """The names of a dataset's measures in all their forms."""

    def __init__(self, dataset: Dataset, catalogue: Catalogue) -> None:
        self.dataset, self.catalogue = dataset, catalogue
        self._names: dict[str, str] = {}
        for measure in dataset.measures:
            for name in (measure.id, *(measure.label(lang) for lang in LANGUAGES)):
                self._names[normal(name)] = measure.id
        self._known: dict[_Parts, _Meaning | None] = {}  # files repeat their headers

    def meaning(self, parts: _Parts) -> _Meaning | None:
        """What the normal texts of a header from top to bottom mean together."""
        known = self._known
        if parts in known:
            return known[parts]
        if len(known) > _REMEMBERED:
            self._known = {}
        return known.setdefault(parts, self._read(parts))

    def nearest(self, text: str, names: list[str]) -> str | None:
        """The name most like a text, if one is like it at all."""
        found = process.extractOne(
            text, names, processor=normal, scorer=fuzz.ratio, score_cutoff=_NEAR
        )
        return found[0] if found else None

    def _read(self, parts: _Parts) -> _Meaning | None:
        if any(part.startswith(_previous()) for part in parts):
            return _Meaning(ignored=True)
        whole = "".join(parts)
        for text in (whole, parts[-1]):  # a group above does not change what a key is
            if text in spellings.words("numbering"):
                return _Meaning(ignored=True)
            if (key := self._key(_key_names().get(text), text)) is not None:
                return _Meaning(key)
            if (key := self._key(_other_key_names().get(text), text)) is not None:
                return _Meaning(key, strict=False)
        names, written = [], []
        for part in parts:
            known = _plain(part) in self._names
            if units.is_unit(part, self.catalogue) and not (known and part == parts[0]):
                name, unit = "", units.split(part)[1] or part
            else:
                name, unit = (part, "") if known else units.split(part)
            names += [_plain(name)] if _plain(name) else []
            written += [unit] if unit else []
        if not names:
            return None
        unit = written[0] if len(set(written)) <= 1 and written else "|".join(written)
        return self._measure(names, unit)

    def _key(self, key: str | None, text: str) -> str | None:
        """What a key's header is in this dataset; None where it has no such key.

        Where townships report, a name is the township's, and what says county is the one above.
        """
        if key is None or (key.startswith("item_") and not self.dataset.items):
            return None
        if self.dataset.level != "township":
            return None if key == "township_name" else key
        if key == "township_name":
            return "area_name"
        of_county = any(normal(word) in text for word in spellings.load().get("of_counties", ()))
        return "county_name" if key == "area_name" and of_county else key

    def _measure(self, names: list[str], unit: str) -> _Meaning | None:
        joined = "".join(names)
        if (found := self._names.get(joined)) is not None:
            return _Meaning(measure=found, unit=unit)
        if len(names) == 1:
            return None
        if names[-1] in spellings.words("totals"):
            return self._measure(names[:-1], unit)
        found = self._names.get(names[-1])
        # a group above may change what is meant: 公办机构 over 护理型床位数 is another measure
        near = process.extractOne(joined, list(self._names), scorer=fuzz.ratio)
        if found is None or self._names[near[0]] != found:
            return None
        return _Meaning(measure=found, unit=unit, without_group=True)


@lru_cache(maxsize=64)
def vocabulary(dataset_id: str, catalogue: Catalogue) -> Vocabulary:
    """The names of the measures of a dataset, read once for all files."""
    return Vocabulary(catalogue.dataset(dataset_id), catalogue)


class Top:
    """The upper rows of a sheet, where its header is, laid out once for all datasets."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.texts = sheet, _texts(sheet)
        self._columns: dict[tuple[int, int], list[_Parts]] = {}
        # where a header may be (first and last row), and the different columns it would have
        self._places = [
            (first, last, {parts for parts in self.columns(first, last) if parts})
            for first in range(min(_ROWS, len(self.texts)))
            for last in self._last_rows(first)
        ]

    def columns(self, first: int, last: int) -> list[_Parts]:
        """The normal texts under each other in rows `first` to `last`, of every column."""
        if (first, last) not in self._columns:
            self._columns[first, last] = list(_columns(self.texts[first : last + 1], self.sheet))
        return self._columns[first, last]

    def header(self, vocabulary: Vocabulary) -> tuple[int, int] | None:
        """The rows, first and last, that name most of a dataset's measures; None without any."""
        best: tuple[tuple[int, int, int], int, int] | None = None
        for first, last, columns in self._places:
            found = [meaning for each in columns if (meaning := vocabulary.meaning(each))]
            measures = {m.measure for m in found if m.measure}
            keys = {m.key for m in found if m.key}
            score = (len(measures), len(keys), first - last)
            if measures and (keys or len(measures) > 1) and (best is None or score > best[0]):
                best = score, first, last
        return best[1:] if best else None

    def _last_rows(self, first: int) -> Iterator[int]:
        for last in range(first, min(first + _LINES, len(self.texts))):
            if last > first and _has_number(self.sheet.rows[last]):
                return
            yield last


def find(top: Top, vocabulary: Vocabulary, lang: str) -> Header | None:
    """The header of a sheet, with what is wrong with it; None if it has none of the dataset."""
    found = top.header(vocabulary)
    if found is None:
        return None
    first, last = found
    while last + 1 < len(top.texts) and _is_unit_line(top.texts[last + 1], vocabulary.catalogue):
        last += 1
    return _build(top, first, last, vocabulary, lang)


def _texts(sheet: Sheet) -> list[list[str]]:
    """The normal texts of the top rows; those of cells merged sideways are in all their columns."""
    depth = _ROWS + _LINES
    texts = [[normal(cell) for cell in row[:_COLUMNS]] for row in sheet.rows[:depth]]
    for top, left, bottom, right in sheet.merged:
        if right > left and top < len(texts) and left < len(texts[top]):
            for row in texts[top : bottom + 1]:
                end = min(right + 1, len(row))
                row[left:end] = [texts[top][left]] * (end - left)
    return texts


def _columns(rows: list[list[str]], sheet: Sheet) -> Iterator[_Parts]:
    """The texts of every column of some rows, from top to bottom, each once."""
    group = ""  # a csv has no merged cells: a group's name stands in the first of its columns
    for position in range(max(map(len, rows), default=0)):
        column = [row[position] if position < len(row) else "" for row in rows]
        parts = tuple(part for part in dict.fromkeys(column) if part)
        below = any(column[1:])
        if column[0]:
            group = column[0] if below and not sheet.merged else ""
        elif below and group:
            parts = (group, *parts)
        yield parts


def _is_unit_line(row: list[str], catalogue: Catalogue) -> bool:
    filled = [text for text in row if text]
    return bool(filled) and all(units.is_unit(text, catalogue) for text in filled)


def _has_number(row: list[Cell]) -> bool:
    return any(isinstance(cell, int | float) for cell in row)


def _build(top: Top, first: int, last: int, vocabulary: Vocabulary, lang: str) -> Header:
    sheet = top.sheet
    labels = _labels(sheet, first, last)
    header = Header(sheet, first, last, {}, {}, labels, [], [])
    columns = top.columns(first, last)
    meanings = [vocabulary.meaning(parts) if parts else None for parts in columns]
    strict = {meaning.key for meaning in meanings if meaning and meaning.key and meaning.strict}
    lines = [text for row in top.texts[:first] for text in dict.fromkeys(row)]
    above = [unit for line in lines for unit in units.of_line(line)]
    taken: dict[str, str] = {}
    unknown: list[str] = []
    for position, meaning in enumerate(meanings):
        label = labels[position]
        place = (sheet.name, header.row, label, label)
        if meaning is not None and meaning.ignored:
            continue
        known = (meaning.key or meaning.measure) if meaning is not None else ""
        if meaning is None or (not meaning.strict and (known in strict or known in taken)):
            if label:
                unknown.append(label)
                told = t("check.unknown_column", lang)
                header.notes.append(Finding("unknown_column", told, *place, position=position))
        elif known in taken:
            told = t("check.duplicate_column", lang, first=taken[known])
            header.errors.append(Finding("duplicate_column", told, *place, position=position))
        else:
            taken[known] = label
            if meaning.key:
                header.keys[meaning.key] = position
            else:
                _take_measure(header, position, meaning, above, vocabulary, lang)
    _check_missing(header, set(taken), unknown, vocabulary, lang)
    return header


def _take_measure(
    header: Header,
    position: int,
    meaning: _Meaning,
    above: list[str],
    vocabulary: Vocabulary,
    lang: str,
) -> None:
    measure = vocabulary.dataset.measure(meaning.measure)
    label = header.labels[position]
    place = (header.sheet.name, header.row, label, label)
    known = vocabulary.catalogue
    if meaning.unit:
        factor = units.factor(meaning.unit, measure.unit, known)
    else:
        found = {f for each in above if (f := units.factor(each, measure.unit, known)) is not None}
        factor = units.ONE if not found else found.pop() if len(found) == 1 else None
    if factor is None:
        unit = known.unit(measure.unit).label(lang)
        told = t("check.other_unit", lang, unit=unit)
        header.errors.append(Finding("other_unit", told, *place, position=position))
        return
    header.columns[measure.id] = Column(position, label, measure, factor)
    if meaning.without_group:
        told = t("check.read_as_measure", lang, measure=measure.label(lang))
        header.notes.append(Finding("interpreted", told, *place, position=position))
    if factor != units.ONE:
        unit = known.unit(measure.unit).label(lang)
        told = t("check.scaled", lang, factor=f"{factor:,f}", unit=unit)
        header.notes.append(Finding("scaled", told, *place, position=position))


def _check_missing(
    header: Header, taken: set[str], unknown: list[str], vocabulary: Vocabulary, lang: str
) -> None:
    for measure in vocabulary.dataset.measures:
        if measure.required and measure.id not in taken:
            label = measure.label(lang)
            near = vocabulary.nearest(label, unknown)
            told = t("check.missing_column", lang, column=label)
            if near is not None:
                told = t("check.missing_column_near", lang, column=label, near=near)
            header.errors.append(missing_column(header, label, told))
    if vocabulary.dataset.items and not taken & {"item_id", "item_name"}:
        label = t("template.item_id", lang)
        header.errors.append(
            missing_column(header, label, t("check.missing_column", lang, column=label))
        )
    if not taken & area_keys(vocabulary.dataset):
        label = t("template.area_code", lang)
        told = t("check.missing_column", lang, column=label)
        header.errors.insert(0, missing_column(header, label, told))


def area_keys(dataset: Dataset) -> set[str]:
    """The columns of which one must say which area a row is of."""
    return {"area_code", "area_name"} | ({"city_name"} if dataset.level == "city" else set())


def missing_column(header: Header, label: str, message: str) -> Finding:
    """The finding that a column is not there."""
    return Finding("missing_column", message, header.sheet.name, header.row, label)


def _labels(sheet: Sheet, first: int, last: int) -> list[str]:
    rows = [list(row) for row in sheet.rows[first : last + 1]]
    for top, left, bottom, right in sheet.merged:
        if first <= top <= last and right > left and left < len(rows[top - first]):
            for row in rows[top - first : bottom + 1 - first]:
                end = min(right + 1, len(row))
                row[left:end] = [rows[top - first][left]] * (end - left)
    labels = []
    for position in range(min(max(map(len, rows)), _COLUMNS)):
        parts = (row[position] if position < len(row) else None for row in rows)
        texts = ("".join(str(part or "").splitlines()).strip() for part in parts)
        labels.append("".join(dict.fromkeys(text for text in texts if text)))
    return labels


@cache
def _key_names() -> dict[str, str]:
    keys = [*(key for key in KEY_COLUMNS if key != "county_name"), "township_name"]
    names = {key: key for key in keys}
    for lang in LANGUAGES:
        for key in keys:
            names[normal(t(f"template.{key}", lang))] = key
    return names


@cache
def _other_key_names() -> dict[str, str]:
    written: dict[str, list[str]] = spellings.load()["headers"]
    return {normal(word): key for key, words in written.items() for word in words}


@cache
def _previous() -> tuple[str, ...]:
    return tuple(normal(t("template.previous", lang)) for lang in LANGUAGES)


@cache
def _number_before() -> re.Pattern[str]:
    numerals = "".join(each for each in spellings.load()["periods"]["numerals"] if len(each) == 1)
    which = "|".join(re.escape(word) for word in spellings.words("of_which"))
    return re.compile(rf"(?:\(?[0-9{numerals}]{{1,2}}[).,:\u3001]+)?(?:(?:{which}):?)?")


def _plain(name: str) -> str:
    """A normal name without a number or 其中 before it."""
    match = _number_before().match(name)
    return name[match.end() :] if match else name
