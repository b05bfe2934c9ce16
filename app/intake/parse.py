"""Reads the cells of a workbook in a process of its own, with its memory and time limited.

A small hostile file can make a parser ask for hundreds of gigabytes and abort its whole process, so
this file is run as a script and prints the sheets as JSON. It imports nothing of the project.
"""

from __future__ import annotations

import datetime as dt
import json
import sys

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 60


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no rlimits; the archive check and the time limit remain
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def _plain(value: object) -> object:
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)  # a workbook knows no whole numbers; a message should read 600, not 600.0
    return value


def _main(path: str) -> None:
    _limit()
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(path) as workbook:
        sheets = [
            {
                "name": name,
                "rows": [
                    [_plain(cell) for cell in row]
                    for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                ],
            }
            for name in workbook.sheet_names
        ]
    json.dump(sheets, sys.stdout)


if __name__ == "__main__":
    _main(sys.argv[1])
