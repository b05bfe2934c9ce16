"""Opens a file as sheets of raw cells: workbooks in a guarded process, csv in its encodings."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.errors import UploadRejected
from app.i18n import t
from app.intake import parse

Cell = str | float | int | bool | None

MAX_FILE_BYTES = 64 * 1024**2
MAX_UNPACKED_BYTES = 512 * 1024**2
MAX_MEMBERS = 2_000
MAX_CELLS = 5_000_000
SECONDS = 90
_REFERENCE = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name (empty for csv) and its rows of cells, the first being row 1."""

    name: str
    rows: list[list[Cell]]


def open_sheets(path: Path, lang: str) -> list[Sheet]:
    """All sheets of a workbook, or the one table of a csv file; raises UploadRejected."""
    if not path.is_file():
        raise UploadRejected(t("upload.no_such_file", lang, file=path.name))
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UploadRejected(t("upload.too_large", lang, file=path.name))
    if path.suffix.lower() in {".xlsx", ".xlsm", ".xls"}:
        return _workbook(path, lang)
    if path.suffix.lower() in {".csv", ".txt", ".tsv"}:
        return [_csv(path, lang)]
    raise UploadRejected(t("upload.unknown_kind", lang, file=path.name))


def _workbook(path: Path, lang: str) -> list[Sheet]:
    broken = UploadRejected(t("upload.not_a_workbook", lang, file=path.name))
    if path.suffix.lower() != ".xls":
        try:
            _check_archive(path, lang)
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
            raise broken from error
    try:
        done = subprocess.run(
            [sys.executable, "-I", parse.__file__, str(path)],
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UploadRejected(t("upload.too_slow", lang, file=path.name)) from error
    if done.returncode != 0:
        raise broken
    return [Sheet(sheet["name"], sheet["rows"]) for sheet in json.loads(done.stdout)]


def _check_archive(path: Path, lang: str) -> None:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if (
            len(members) > MAX_MEMBERS
            or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES
        ):
            raise UploadRejected(t("upload.too_large", lang, file=path.name))
        for member in members:
            if member.filename.startswith("xl/") and member.filename.endswith(".xml"):
                with archive.open(member) as stream:
                    if _extent(stream) > MAX_CELLS:
                        raise UploadRejected(t("upload.too_wide", lang, file=path.name))


def _extent(stream: IO[bytes]) -> int:
    """The cells from A1 to the farthest filled one: what a parser would allocate."""
    last_column = last_row = 0
    tail = b""
    while chunk := stream.read(1 << 20):
        for letters, row in _REFERENCE.findall(tail + chunk):
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            last_column, last_row = max(last_column, column), max(last_row, int(row))
        tail = chunk[-256:]
    return last_column * last_row


def _csv(path: Path, lang: str) -> Sheet:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UploadRejected(t("upload.not_text", lang, file=path.name))
    if "\0" in text:
        raise UploadRejected(t("upload.not_text", lang, file=path.name))
    head = text[:4096]
    delimiter = max(",;\t", key=head.count)
    if text.count(delimiter) > MAX_CELLS:
        raise UploadRejected(t("upload.too_large", lang, file=path.name))
    try:
        rows: list[list[Cell]] = [
            list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise UploadRejected(t("upload.not_text", lang, file=path.name)) from error
    return Sheet("", rows)
