"""Reads the cells of a workbook in a process of its own, with its memory and time limited.

A small hostile file can make a parser ask for hundreds of gigabytes and abort its whole process, so
this file is run as a script: with a path, or `-` for a workbook on standard input. It prints JSON:
the sheets, or the word for why there are none. It imports nothing of the project.
"""

from __future__ import annotations

import datetime as dt
import gc
import io
import math
import sys
from pathlib import Path
from typing import Any

import orjson
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY_BYTES = 1024**3
CPU_SECONDS = 30
MAX_TEXT = 64 * 1024**2  # characters in all cells together
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no rlimits; the archive check and the time limit remain
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return int(value)  # a workbook knows no whole numbers; messages read 600, not 600.0
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return str(value)
    return value


def _xlsx(content: bytes) -> list[dict[str, Any]]:
    sheets = []
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        for about in workbook.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(about.name)
            rows = [
                [cell if type(cell) is str else _plain(cell) for cell in row]
                for row in sheet.to_python(skip_empty_area=False)
            ]
            merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
            hidden = about.visible != SheetVisibleEnum.Visible
            sheets.append({"name": about.name, "rows": rows, "merged": merged, "hidden": hidden})
    return sheets


def _xls(content: bytes) -> list[dict[str, Any]]:
    # calamine reads a cell with an error such as #REF! as an empty one
    import xlrd  # workbooks of the old kind are few

    options = {"logfile": io.StringIO(), "ignore_workbook_corruption": True}
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, **options)
    except (LookupError, AssertionError, TypeError, AttributeError):  # files of other programs
        book = xlrd.open_workbook(file_contents=content, **options)

    def value(kind: int, cell: Any) -> Any:
        if kind == xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell, "#ERROR!")
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(cell)
        if kind == xlrd.XL_CELL_DATE:
            try:
                return _plain(xlrd.xldate_as_datetime(cell, book.datemode))
            except (ValueError, OverflowError):
                return _plain(cell)
        return _plain(cell)

    return [
        {
            "name": sheet.name,
            "rows": [
                [
                    value(*cell)
                    for cell in zip(sheet.row_types(row), sheet.row_values(row), strict=True)
                ]
                for row in range(sheet.nrows)
            ],
            "merged": [
                (top, left, bottom - 1, right - 1)
                for top, bottom, left, right in sheet.merged_cells
            ],
            "hidden": sheet.visibility != 0,
        }
        for sheet in book.sheets()
    ]


def _refusal(error: Exception) -> str:
    said = f"{type(error).__name__} {error}".lower()
    if "password" in said or "encrypt" in said:
        return "encrypted"
    return "too_large" if isinstance(error, MemoryError) else "broken"


def _main(path: str) -> int:
    gc.disable()  # nothing here is garbage before the end
    content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    _limit()
    try:
        sheets = _xls(content) if content.startswith(OLE) else _xlsx(content)
        size = sum(len(c) for s in sheets for row in s["rows"] for c in row if type(c) is str)
        if size > MAX_TEXT:
            raise MemoryError
        done = orjson.dumps(sheets)
    except Exception as error:  # whatever a parser stumbles over, the file is to blame
        sys.stderr.write(f"{_refusal(error)} {type(error).__name__}")
        return 1
    sys.stdout.buffer.write(done)
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1]))
