"""Times reading, checking and diffing an upload: one quarter, and a workbook of 50,000 rows."""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from app import areas, catalogue, periods, serving, settings
from app.i18n import t
from app.intake import check, consequences, read

DATASET = "care_beds"
LAST = "2024Q4"  # of the sample
SIZES = (1, 403)  # quarters of 124 areas: 124 rows, and 49,972


@dataclass(frozen=True)
class Checked:
    """One upload: its rows and columns, the seconds of each part, and the peak of memory in MB."""

    rows: int
    columns: int
    reading: float
    checking: float
    following: float
    added: int
    changed: int
    unchanged: int
    megabytes: float


def at(quarters: int, repetitions: int = 3) -> Checked:
    """Time an upload of so many quarters against the store; the median of the repetitions."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.xlsx"
        _write(path, quarters)
        # a process of its own, whose peak of memory is that of the upload
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            return pool.submit(_measured, path, repetitions).result()


def _measured(path: Path, repetitions: int) -> Checked:
    known, config = catalogue.load(), settings.load()
    taken: list[tuple[float, float, float]] = []
    for _ in range(repetitions):
        start = time.perf_counter()
        upload = read.read(path, known, DATASET, "zh")
        was_read = time.perf_counter()
        assessment = check.check(config, upload, known, "zh")
        was_checked = time.perf_counter()
        consequences.consequences(config, assessment, known)
        taken.append((was_read - start, was_checked - was_read, time.perf_counter() - was_checked))
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    reading, checking, following = (statistics.median(part) for part in zip(*taken, strict=True))
    return Checked(
        upload.rows,
        3 + len({cell.column for cell in upload.cells}),
        reading,
        checking,
        following,
        assessment.count("added"),
        assessment.count("changed"),
        assessment.unchanged,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
    )


def _write(path: Path, quarters: int) -> None:
    """A workbook of the latest quarters: those of the sample again and again, a tenth changed."""
    known = catalogue.load()
    measures = [measure for measure in known.dataset(DATASET).measures if measure.required]
    stored = _stored()
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [t("sample.mark")])  # so that it meets what is stored
    sheet.write_row(1, 0, ["area_code", "period", "area_name", *(m.label.zh for m in measures)])
    line = 2
    for step in range(quarters):
        period = periods.shift(LAST, step - quarters + 1)
        same = periods.shift(LAST, -((quarters - 1 - step) % 16))
        for number, area in enumerate(areas.load().values()):
            values = [stored.get((area.code, same, m.id)) for m in measures]
            if number % 10 == 0 and values[0] is not None:
                values[0] += 1
            sheet.write_row(line, 0, [area.code, period, area.name, *values])
            line += 1
    book.close()


def _stored() -> dict[tuple[str, str, str], float]:
    with serving.open_vintage(settings.load()).cursor() as cursor:
        rows = cursor.execute(
            "select area_code, period, measure_id, value from observation"
            " where dataset_id = $dataset and value is not null",
            {"dataset": DATASET},
        ).fetchall()
    return {(area, period, measure): value for area, period, measure, value in rows}
