"""Looks through an .xlsx before it is parsed: its limits, and cells that parsers read as empty."""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_UNPACKED_BYTES = 256 * 1024**2
MAX_RATIO = 250  # of unpacked to packed bytes; sheets of numbers have about 10, empty rows 80
RATIO_FROM = 16 * 1024**2
MAX_MEMBERS = 2_000
MAX_SHEETS = 200
MAX_CELLS = 5_000_000
MAX_MARKED = 20_000
MAX_TEXT_BYTES = 2 * 1024**3  # of all cells with text, were each as long as the longest
MAX_INDEX_BYTES = 4 * 1024**2
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_CHUNK, _OVERLAP = 1 << 20, 1 << 16
_ATTRIBUTES = rb"""(?:\s+[\w:]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*"""
_NEAR_COLUMNS, _NEAR_ROWS = 26, 99_999
_FAR = re.compile(
    rb"""\sr\s*=\s*["'](?=[A-Za-z]{2}|[A-Za-z][0-9]{6})([A-Za-z]{1,3})([0-9]{1,7})["'](?:%s(/?)>)?"""
    % _ATTRIBUTES
)
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr\s*=\s*["']([0-9]{1,7})["']""")
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?!\s[^<>]*\br\s*=)[\s>/]")
_CELL = rb"""<(?:\w+:)?c\b((?:"[^"<]*"|'[^'<]*'|[^"'<>])*)>\s*"""
_ERROR = re.compile(
    _CELL + rb"(?:<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</[^>]*>)\s*)?<(?:\w+:)?v>(#[^<]*)<"
)
_FORMULA = re.compile(
    _CELL + rb"<(?:\w+:)?f\b[^<>]*?(?:/>|>([^<]*)</(?:\w+:)?f\s*>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</|<(?:\w+:)?v>(0)</|(?=</(?:\w+:)?c\s*>))"
)
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_TEXT_RESULT = re.compile(rb"""\bt\s*=\s*["']str["']""")
_NEVER_CALCULATED = re.compile(rb"""\bfullCalcOnLoad\s*=\s*["'](?:1|true)["']""")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^<>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class TooLarge(Exception):
    """The archive unpacks to more than a report can hold."""


class TooWide(Exception):
    """A cell far away from the table would make a parser ask for all cells in between."""


class HasMacros(Exception):
    """The workbook carries a program."""


class NotSpreadsheet(Exception):
    """An archive of something else."""


@dataclass
class Marked:
    """Cells that parsers read as empty though they are not, by row and column from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: dict[tuple[int, int], str] = field(default_factory=dict)


def check(content: bytes) -> dict[str, Marked]:
    """Hold an archive against the limits; return the marked cells of each sheet by its name.

    Raises TooLarge, TooWide, HasMacros, NotSpreadsheet, or what zipfile raises for a broken one.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        _check_sizes(members)
        names = {member.filename for member in members}
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise HasMacros
        if _BOOK not in names:
            raise NotSpreadsheet
        scan = _Scan(bool(_NEVER_CALCULATED.search(archive.read(_BOOK))))
        for member in members:
            if member.filename.endswith((".xml", ".rels")):
                scan.member(archive, member)
        scan.check_text()
        return _by_name(archive, scan.marked)


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES:
        raise TooLarge
    if sum(member.filename.startswith("xl/worksheets/") for member in members) > 2 * MAX_SHEETS:
        raise TooLarge  # each may have a file of relations
    if any(m.file_size > MAX_INDEX_BYTES for m in members if m.filename in (_BOOK, _RELATIONS)):
        raise TooLarge
    if unpacked > RATIO_FROM and unpacked > packed * MAX_RATIO:
        raise TooLarge


class _Scan:
    """What is counted over all members of an archive."""

    def __init__(self, never_calculated: bool) -> None:
        self.never_calculated = never_calculated  # a stored 0 is then no result
        self.marked: dict[str, Marked] = {}
        self.cells = self.texts = 0
        self.longest_text = 0

    def member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        """Stream one member through; a broken or over-long one raises."""
        rows = columns = 0
        tail = b""
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
                    raise zipfile.BadZipFile("a document type")
                window = tail + chunk
                end = window.rfind(b">") + 1
                if end < len(window) - _OVERLAP:
                    end = len(window)
                tail = window[max(0, end - _OVERLAP) :]
                window = window[:end]
                last_row, last_column = _farthest(window)
                rows, columns = max(rows, last_row), max(columns, last_column)
                self._texts(chunk, window)
                self._mark(member.filename, window)
        self.cells += rows * columns
        if self.cells > MAX_CELLS:
            raise TooWide

    def check_text(self) -> None:
        """Refuse texts so long that one in every cell would fill the memory."""
        if self.longest_text * self.texts > MAX_TEXT_BYTES:
            raise TooLarge

    def _texts(self, chunk: bytes, window: bytes) -> None:
        self.texts += chunk.count(b'"s"') + chunk.count(b"'s'")
        if b"<si" in window or b"</si" in window:
            self.longest_text = max(self.longest_text, *map(len, window.split(b"</si")))

    def _mark(self, name: str, window: bytes) -> None:
        found = self.marked.setdefault(name, Marked())
        if b"<v>#" in window or b":v>#" in window:
            for attributes, text in _ERROR.findall(window):
                found.errors[_place(attributes)] = _text(text)
        if b"<f" in window or b":f" in window:
            for attributes, formula, zero in _FORMULA.findall(window):
                if _TEXT_RESULT.search(attributes) or (zero and not self.never_calculated):
                    continue  # a formula may well give an empty text, or zero
                found.uncalculated[_place(attributes)] = "=" + _text(formula)
        if len(found.errors) + len(found.uncalculated) > MAX_MARKED:
            raise TooLarge


def _farthest(window: bytes) -> tuple[int, int]:
    """The last row and column, or what they are at most: no cell lies beyond.

    Of the references only those beyond Z99999 are looked at, and cells without one are counted:
    that takes a third of the time of looking at all.
    """
    rows = [int(row) for row in _ROW.findall(window)]
    if max(rows, default=0) > _NEAR_ROWS and not _UNPLACED.search(window):
        rows = [row for row in rows if row <= _NEAR_ROWS]  # what is in the others has its reference
    last_row = max(rows, default=0)
    in_row = max(part.count(b"<c") for part in window.split(b"<row"))
    last_column = max(_NEAR_COLUMNS, in_row)
    for letters, row, closed in _FAR.findall(window):
        if not closed:  # or else it is formatted, but empty
            last_row = max(last_row, int(row))
            last_column = max(last_column, _column(letters))
    return last_row, last_column


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column


def _place(attributes: bytes) -> tuple[int, int]:
    place = _PLACE.search(attributes)
    if place is None:
        raise zipfile.BadZipFile("a cell without its place")
    return int(place[2]) - 1, _column(place[1]) - 1


def _text(xml: bytes) -> str:
    return html.unescape(xml.decode("utf-8", "replace"))


def _by_name(archive: zipfile.ZipFile, marked: dict[str, Marked]) -> dict[str, Marked]:
    parts = {}
    for relation in _attributes(_RELATION, _read(archive, _RELATIONS)):
        target = relation.get("Target", "")
        path = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        parts[relation.get("Id", "")] = path
    named = {}
    for sheet in _attributes(_SHEET, _read(archive, _BOOK)):
        relation_id = next((v for k, v in sheet.items() if k.endswith(":id")), "")
        part = marked.pop(parts.get(relation_id, ""), None)
        if part is not None:
            named[sheet.get("name", "")] = part
    if any(left.uncalculated or left.errors for left in marked.values()):
        raise zipfile.BadZipFile("a sheet that the workbook does not name")
    return named


def _read(archive: zipfile.ZipFile, name: str) -> str:
    return archive.read(name).decode("utf-8", "replace")


def _attributes(tag: re.Pattern[str], xml: str) -> Iterator[dict[str, str]]:
    for match in tag.finditer(xml):
        pairs = _ATTRIBUTE.findall(match[1])
        yield {name: html.unescape(double or single) for name, double, single in pairs}
