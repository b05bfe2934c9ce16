"""Each file of tests/cases with its one flaw or oddity, read as expected.yaml says."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from cases.make import CASES, KEPT
from forms import read_file

from app import areas
from app.errors import UploadRejected
from app.intake.read import Finding, Upload

FOLDER = Path(__file__).parent / "cases"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text("utf-8"))
FILES = sorted(
    path.name
    for path in FOLDER.iterdir()
    if path.is_file() and path.name not in {"make.py", "expected.yaml"}
)


@cache
def read_case(name: str, lang: str = "zh") -> Upload:
    """A file of the folder as the intake reads it."""
    return read_file(FOLDER / name, lang=lang)


def key(written: str | int) -> tuple[str, str]:
    """The area and period of a row as expected.yaml writes it."""
    area, _, period = str(written).partition(" ")
    return area, period or "2023Q2"


def read_cells(upload: Upload) -> dict[tuple[str, str, str], float | str | None]:
    """The value of each cell, or why it has none."""
    return {
        (c.area_code, c.period, c.measure_id): c.value if c.status == "reported" else c.status
        for c in upload.cells
    }


def expected_cells(case: dict[str, Any]) -> dict[tuple[str, str, str], float | str | None]:
    """The same as expected.yaml has it."""
    read = case.get("read", {440222: "first", 440224: "second"})
    cells: dict[tuple[str, str, str], float | str | None] = {
        (*key(written), measure): value
        for written, figures in read.items()
        for measure, value in EXPECTED["figures"][figures].items()
    }
    for written, value in case.get("cells", {}).items():
        row, _, measure = written.rpartition(" ")
        if value == "unread":
            del cells[*key(row), measure]
        else:
            cells[*key(row), measure] = value
    return cells


def told(findings: list[Finding], first_sheet: str) -> list[list[object]]:
    """Findings as expected.yaml writes them."""
    return [
        [f.rule, *([] if f.sheet == first_sheet else [f.sheet]), f.row, f.column] for f in findings
    ]


def unpacked(content: bytes) -> bytes | dict[str, bytes]:
    """The members of an archive: how tightly they are packed depends on the machine."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", FILES)
def test_a_case_is_read_as_expected(name: str) -> None:
    case = EXPECTED["cases"][name]
    if "rejected" in case:
        with pytest.raises(UploadRejected) as refused:
            read_file(FOLDER / name)
        assert refused.value.key == case["rejected"]
        for lang in ("zh", "en"):
            assert refused.value.text(lang)
        return
    upload = read_case(name)
    sheets = [cell.sheet for cell in upload.cells] or [f.sheet for f in upload.errors if f.sheet]
    first = sheets[0] if sheets else "" if name.endswith(".csv") else "Sheet1"
    assert upload.dataset.id == case.get("dataset", "care_beds")
    assert upload.sample == case.get("sample", False)
    assert told(upload.errors, first) == case.get("errors", [])
    assert told(upload.warnings, first) == case.get("warnings", [])
    assert told(upload.notes, first) == case.get("notes", [])
    assert read_cells(upload) == expected_cells(case)
    assert [blank.area_code for blank in upload.blank_rows] == [
        str(c) for c in case.get("blank", [])
    ]
    if "candidates" in case:
        (finding,) = upload.errors
        proposed = [areas.load()[code].name for code in finding.candidates]
        assert proposed == case["candidates"]
        assert all(name in finding.message for name in proposed)


@pytest.mark.parametrize("name", FILES)
def test_a_case_is_told_in_english_as_well(name: str) -> None:
    case = EXPECTED["cases"][name]
    if "rejected" not in case:
        upload, english = read_case(name), read_case(name, "en")
        for found, same in (
            (upload.errors, english.errors),
            (upload.warnings, english.warnings),
            (upload.notes, english.notes),
        ):
            assert [(f.rule, f.row, f.position) for f in found] == [
                (f.rule, f.row, f.position) for f in same
            ]
            assert all(f.message.isascii() or "“" in f.message for f in same if f.value is None)


def test_every_file_has_its_expectations_and_every_expectation_its_file() -> None:
    assert set(EXPECTED["cases"]) == set(FILES)
    assert len(FILES) >= 60


def test_every_finding_says_where_to_colour_the_cell_it_is_about() -> None:
    for name in FILES:
        if "rejected" in EXPECTED["cases"][name]:
            continue
        upload = read_case(name)
        for finding in upload.errors + upload.warnings:
            if finding.rule in {"no_data", "missing_column", "missing_period", "sheet_not_read"}:
                continue
            if finding.rule != "other_quarter_named":
                assert finding.position is not None, (name, finding)
            assert finding.row is not None, (name, finding)


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_files_are_those_that_the_script_makes(name: str) -> None:
    assert unpacked((FOLDER / name).read_bytes()) == unpacked(CASES[name]())


def test_the_files_are_small_and_none_is_left_over() -> None:
    assert set(CASES) | KEPT == set(FILES)
    assert all((FOLDER / name).stat().st_size < 32 * 1024 for name in FILES)
