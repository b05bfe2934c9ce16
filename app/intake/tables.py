"""Opens a file as sheets of raw cells: its kind by its content, workbooks in a guarded process."""

from __future__ import annotations

import csv
import io
import logging
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NoReturn

import orjson

from app.errors import UploadRejected
from app.intake import archive, parse
from app.intake.archive import MAX_CELLS, MAX_MEMBERS, MAX_UNPACKED_BYTES

__all__ = ["MAX_CELLS", "MAX_MEMBERS", "MAX_UNPACKED_BYTES"]

Cell = str | float | int | bool | None
Merged = tuple[int, int, int, int]  # first row and column, last row and column, from 0

MAX_FILE_BYTES = 32 * 1024**2
MAX_XLS_BYTES = 16 * 1024**2  # it has no archive that could be checked first
MAX_ROWS = 200_000
SECONDS = 45
_log = logging.getLogger(__name__)
_WORKBOOK = {".xlsx", ".xlsm", ".xls", ".et", ".ett", ".wps"}
_TEXT = {".csv", ".txt", ".tsv", ".xls"}
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_PACKED = (b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, ValueError,
    LookupError, EOFError,
)  # fmt: skip


class Uncalculated(str):
    """The formula of a cell whose result was never stored."""

    __slots__ = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name (empty for csv), its rows of cells, the first being row 1."""

    name: str
    rows: list[list[Cell]]
    merged: list[Merged] = field(default_factory=list)
    hidden: bool = False


@dataclass(frozen=True)
class Opened:
    """A file as it was opened: its bytes, its sheets, and what it is if its name says otherwise."""

    content: bytes
    sheets: list[Sheet]
    kind: Literal["xlsx", "xls", "csv"]


def open_sheets(path: Path, progress: Callable[[float], None] | None = None) -> Opened:
    """All sheets of a workbook, or the one table of a csv file; raises UploadRejected.

    `progress` is told how much is done, 0 to 1.
    """
    if not path.is_file():
        raise UploadRejected("upload.no_such_file", file=path.name)
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UploadRejected("upload.too_large", file=path.name)
    content = path.read_bytes()
    kind = _kind(content, path)
    if kind == "csv":
        return Opened(content, [_csv(content, path)], kind)
    return Opened(content, _workbook(content, path, kind, progress), kind)


def _kind(content: bytes, path: Path) -> Literal["xlsx", "xls", "csv"]:
    suffix = path.suffix.lower()

    def refuse(key: str) -> NoReturn:
        raise UploadRejected(key, file=path.name)

    if not content.strip():
        refuse("upload.empty")
    if suffix in {".xlsm", ".xltm", ".xlsb", ".xlam"}:
        refuse("upload.has_macros")
    if content.startswith(b"PK"):
        return "xlsx"
    if content.startswith(parse.OLE):
        _check_ole(content, suffix, refuse)
        return "xls"
    if content.startswith(_PICTURES) or content[4:12] in {b"ftypheic", b"ftypmif1"}:
        refuse("upload.picture")
    if content.startswith(_PACKED):
        refuse("upload.packed")
    head = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head")):
        refuse("upload.web_page")
    if suffix in _TEXT:
        return "csv"
    refuse("upload.not_a_workbook" if suffix in _WORKBOOK else "upload.unknown_kind")


def _check_ole(content: bytes, suffix: str, refuse: Callable[[str], NoReturn]) -> None:
    """Tell apart what else comes in the container of an .xls; its streams have names in UTF-16."""

    def holds(*streams: str) -> bool:
        return any(f"{stream}\0".encode("utf-16-le") in content for stream in streams)

    if holds("EncryptedPackage"):
        refuse("upload.encrypted")
    if suffix in {".et", ".ett", ".wps"}:
        refuse("upload.wps_format")
    if not holds("Workbook", "Book"):
        refuse("upload.not_a_workbook" if suffix in _WORKBOOK else "upload.unknown_kind")
    if holds("_VBA_PROJECT", "_VBA_PROJECT_CUR"):
        refuse("upload.has_macros")
    if len(content) > MAX_XLS_BYTES:
        refuse("upload.too_large")


def _workbook(
    content: bytes, path: Path, kind: str, progress: Callable[[float], None] | None
) -> list[Sheet]:
    # the process starts up while the archive is checked, and is given nothing before it passed
    with subprocess.Popen(
        [sys.executable, "-I", parse.__file__, "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            marked = _check_archive(content, path) if kind == "xlsx" else {}
            if progress is not None:
                progress(0.3)
            done, said = process.communicate(content, SECONDS)
        except subprocess.TimeoutExpired as error:
            raise UploadRejected("upload.too_slow", file=path.name) from error
        finally:
            process.kill()
    if process.returncode != 0:
        reason, _, kind_of_error = said.decode("ascii", "replace").partition(" ")
        _log.info("a workbook could not be read: %s", kind_of_error or process.returncode)
        keys = {"encrypted": "upload.encrypted", "too_large": "upload.too_large"}
        raise UploadRejected(keys.get(reason, "upload.not_a_workbook"), file=path.name)
    sheets = [Sheet(**sheet) for sheet in orjson.loads(done)]
    if any(len(sheet.rows) > MAX_ROWS for sheet in sheets):
        raise UploadRejected("upload.too_large", file=path.name)
    for sheet in sheets:
        if sheet.name in marked:
            _put_marked(sheet.rows, marked[sheet.name])
    return sheets


def _check_archive(content: bytes, path: Path) -> dict[str, archive.Marked]:
    try:
        return archive.check(content)
    except archive.TooLarge as error:
        raise UploadRejected("upload.too_large", file=path.name) from error
    except archive.TooWide as error:
        raise UploadRejected("upload.too_wide", file=path.name) from error
    except archive.HasMacros as error:
        raise UploadRejected("upload.has_macros", file=path.name) from error
    except (archive.NotSpreadsheet, *_BROKEN) as error:
        raise UploadRejected("upload.not_a_workbook", file=path.name) from error


def _put_marked(rows: list[list[Cell]], marked: archive.Marked) -> None:
    found: dict[tuple[int, int], Cell] = {
        **marked.errors,
        **{place: Uncalculated(formula) for place, formula in marked.uncalculated.items()},
    }
    for (row, column), value in found.items():
        while len(rows) <= row:
            rows.append([])
        cells = rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        if cells[column] in ("", 0):
            cells[column] = value


def _csv(content: bytes, path: Path) -> Sheet:
    text = _decoded(content)
    if text is None:
        raise UploadRejected("upload.not_text", file=path.name)
    delimiter = _delimiter(text)
    if text.count(delimiter) > MAX_CELLS:
        raise UploadRejected("upload.too_large", file=path.name)
    try:
        rows: list[list[Cell]] = [list(row) for row in _lines(text, delimiter)]
    except csv.Error as error:
        raise UploadRejected("upload.broken_quotes", file=path.name) from error
    if len(rows) > MAX_ROWS:
        raise UploadRejected("upload.too_large", file=path.name)
    return Sheet("", rows)


def _decoded(content: bytes) -> str | None:
    marks = (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if content.startswith(marks) else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if any(mark < " " and mark not in "\t\n\r\f" for mark in set(text)) else text
    return None


def _lines(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _delimiter(text: str) -> str:
    """The mark that parts most lines of the beginning into equally many columns."""
    if text[:4].lower() == "sep=":
        return text[4:5] if text[4:5] in tuple(",;\t") else ","
    head = text[:16384].rpartition("\n")[0] or text[:16384]

    def evenness(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in _lines(head, delimiter) if len(row) > 1]
        except csv.Error:  # a quoted cell is cut through
            widths = [line.count(delimiter) + 1 for line in head.splitlines() if delimiter in line]
        if not widths:
            return 0, 0
        width, lines = Counter(widths).most_common(1)[0]
        return lines, width

    return max(",;\t", key=evenness)
