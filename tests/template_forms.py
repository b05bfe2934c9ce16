"""Workbooks of the template as the tests of it write, open and convert them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import openpyxl
from forms import KNOWN, SHIXING, Value
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from app.intake import template
from app.intake.previous import Previous

TITLE, SIGN, HEADER, FIRST = 1, 2, 3, 4
GREY = "FFEDEDED"
SHAOGUAN = "440200"
LIBREOFFICE = shutil.which("soffice") or "/usr/bin/soffice"  # without it tests of files fail


def written(
    folder: Path,
    dataset_id: str = "care_beds",
    period: str = "2023Q2",
    *,
    values: Mapping[str, Mapping[str, Value]] | None = None,
    before: Previous | None = None,
    city_code: str | None = None,
    sign: Mapping[str, str] | None = None,
    lang: str = "zh",
) -> Path:
    """A workbook of the template in a folder."""
    path = folder / "form.xlsx"
    template.write(
        path, KNOWN, KNOWN.dataset(dataset_id), period, values=values, previous=before,
        city_code=city_code, sign=sign, lang=lang,
    )  # fmt: skip
    return path


def opened(path: Path) -> Worksheet:
    """The sheet to fill in."""
    return openpyxl.load_workbook(path).worksheets[0]


def labels(sheet: Worksheet) -> list[str]:
    """The texts of the header."""
    return [str(cell.value) for cell in sheet[HEADER]]


def cell_of(sheet: Worksheet, label: str, area_code: str = SHIXING, after: int = 0) -> Cell:
    """The cell of a county under a header, or so many columns after it."""
    column = next(n for n, text in enumerate(labels(sheet), 1) if text.startswith(label))
    row = next(cell.row for cell in sheet["A"] if cell.value == area_code)
    cell = sheet.cell(row, column + after)
    assert isinstance(cell, Cell)
    return cell


def before_of(rows: Mapping[str, Mapping[str, Value]], sample: bool = False) -> Previous:
    """The first quarter of 2023 with some counties' figures."""
    return Previous("2023Q1", sample, rows)


def by_libreoffice(path: Path, to: str) -> Path:
    """A file as LibreOffice opens and saves it."""
    target = path.parent / "converted"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    subprocess.run(
        [LIBREOFFICE, "--headless", profile, "--convert-to", to, "--outdir", target, path],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return target / path.with_suffix(f".{to.partition(':')[0]}").name
