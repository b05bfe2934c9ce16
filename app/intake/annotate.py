"""Gives an analyst's workbook back with its findings in it: coloured, commented and listed."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.errors import UploadRejected
from app.i18n import LANGUAGES, t
from app.intake import mark
from app.intake.tables import open_sheets
from app.intake.upload import Finding, Upload

SECONDS = 180
_log = logging.getLogger(__name__)
_COLUMNS = {
    "level": 10,
    "place": 10,
    "sheet": 18,
    "row": 8,
    "column": 26,
    "value": 22,
    "message": 70,
    "rule": 26,
}


def annotated(
    upload: Upload, errors: Sequence[Finding], warnings: Sequence[Finding], lang: str
) -> bytes:
    """The analyst's workbook as xlsx: findings on the cells, and a sheet of all of them in front.

    Of a file that is no xlsx, or that can't be written again as it is, the rows as they were read
    are put where they stood; where that takes more memory or time than a report may, the list of
    findings comes alone. Formulas give way to their stored values. Raises UploadRejected where not
    even the list can be written.
    """
    is_xlsx = upload.content.startswith(b"PK")  # whatever its name says
    suffix = ".xlsx" if is_xlsx else Path(upload.file_name).suffix.lower()
    marked: bytes | None = None
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / f"upload{suffix}", Path(folder) / "marked.xlsx"
        source.write_bytes(upload.content)
        job = {
            "workbook": None,
            "sheets": [],
            "findings": [_plain(f, "error") for f in errors]
            + [_plain(f, "warning") for f in warnings],
        }
        if is_xlsx:
            texts = _texts(upload, len(errors), len(warnings), "formulas", lang)
            marked = _marked(job | {"workbook": str(source), "texts": texts}, target)
        if marked is None:
            sheets = [{"name": s.name, "rows": s.rows} for s in open_sheets(source).sheets]
            texts = _texts(upload, len(errors), len(warnings), "rows_only", lang)
            marked = _marked(job | {"sheets": sheets, "texts": texts}, target)
        if marked is None:
            texts = _texts(upload, len(errors), len(warnings), "list_only", lang)
            marked = _marked(job | {"sheets": [{"name": "", "rows": []}], "texts": texts}, target)
    if marked is None:
        raise UploadRejected("annotate.failed", file=upload.file_name)
    return marked


def _marked(job: dict[str, Any], target: Path) -> bytes | None:
    """What the guarded process makes of a job; None if it gave up."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", mark.__file__, str(target)],
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        _log.warning("a workbook could not be marked in %d seconds", SECONDS)
        return None
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").rstrip().rpartition("\n")[2]
        _log.warning("a workbook could not be marked: %s", last.partition(":")[0])
        return None
    return target.read_bytes()


def _plain(finding: Finding, level: str) -> dict[str, Any]:
    return {
        "level": level,
        "rule": finding.rule,
        "message": finding.message,
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "position": finding.position,
        "value": finding.value,
    }


def _texts(upload: Upload, errors: int, warnings: int, how: str, lang: str) -> dict[str, Any]:
    """What the script says; marks of an earlier check are known by their text in any language."""
    languages = [lang, *(each for each in LANGUAGES if each != lang)]
    return {
        "headings": [t("annotate.heading", each) for each in languages],
        "heads": [t("annotate.head", each) for each in languages],
        "befores": [t("annotate.before", each) for each in languages],
        "told": {
            level: t(f"annotate.told_{level}", lang, message="{message}")
            for level in ("error", "warning")
        },
        "levels": {level: t(f"annotate.level_{level}", lang) for level in ("error", "warning")},
        "list": t("annotate.list", lang),
        "rows": t("annotate.rows", lang),
        "author": t("annotate.author", lang),
        "cut": t("annotate.cut", lang, shown="{shown}", count="{count}"),
        "columns": [(t(f"annotate.{key}", lang), width) for key, width in _COLUMNS.items()],
        "lines": [
            t("annotate.counts", lang, file=upload.file_name, errors=errors, warnings=warnings),
            t("annotate.mend", lang),
            t(f"annotate.{how}", lang),
        ],
    }
