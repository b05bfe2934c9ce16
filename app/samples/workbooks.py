"""The sample workbooks as files, in the order in which they came in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app import catalogue, levels, periods
from app.areas import Area
from app.intake import template
from app.samples import (
    care_beds,
    child_welfare,
    disability_allowances,
    low_income_monitoring,
    mental_rehab,
    social_assistance,
    social_forces,
    social_work_stations,
    tekun_care,
    town_support,
    village_services,
    work_tasks,
)
from app.samples.plan import ABSENT, CORRECTED, EMPTY, LATE, SLIP
from app.samples.shapes import PERIODS, Row
from app.settings import SAMPLE

SIGN = {"unit": "样例数据（程序生成，不是统计数据）", "person": "样例"}

# The quarters of an area by dataset, up to the last: sixteen, or eight since the notice.
DATASETS: dict[str, Callable[[Area], list[Row]]] = {
    "care_beds": care_beds.rows,
    "child_welfare": child_welfare.rows,
    "disability_allowances": disability_allowances.rows,
    "low_income_monitoring": low_income_monitoring.rows,
    "mental_rehab": mental_rehab.rows,
    "social_assistance": social_assistance.rows,
    "social_forces": social_forces.rows,
    "social_work_stations": social_work_stations.rows,
    "tekun_care": tekun_care.rows,
    "town_support": town_support.rows,
    "village_services": village_services.rows,
    "work_tasks": work_tasks.rows,
}


@dataclass(frozen=True)
class Workbook:
    """One file: `kind` is empty for the quarter's own, else `late` or `revision`."""

    dataset_id: str
    period: str
    kind: str = ""

    @property
    def path(self) -> Path:
        """Where it lies; the names sort in the order of loading."""
        parts = (self.period, self.dataset_id, self.kind)
        return SAMPLE / ("_".join(filter(None, parts)) + ".xlsx")


def workbooks() -> list[Workbook]:
    """All workbooks in the order in which they came in."""
    found = []
    for period in PERIODS:
        for dataset_id in DATASETS:
            if period not in _periods(dataset_id):
                continue
            found.append(Workbook(dataset_id, period))
            for kind, plan in (("late", LATE), ("revision", CORRECTED)):
                if (dataset_id, period) in plan:
                    found.append(Workbook(dataset_id, period, kind))
    return found


def files() -> list[Path]:
    """The sample workbooks in the order in which they are to be loaded."""
    return [workbook.path for workbook in workbooks()]


@cache
def truth(dataset_id: str) -> dict[tuple[str, str], Row]:
    """What every area would report without any imperfection, by area code and period."""
    return {
        (area.code, period): row
        for area in _units(dataset_id)
        for period, row in zip(_periods(dataset_id), DATASETS[dataset_id](area), strict=True)
    }


@cache
def _periods(dataset_id: str) -> list[str]:
    """The quarters of a dataset, as many as its first area has rows."""
    return PERIODS[-len(DATASETS[dataset_id](_units(dataset_id)[0])) :]


def _units(dataset_id: str) -> list[Area]:
    """Those who report a dataset."""
    level = catalogue.load().dataset(dataset_id).level
    assert level != "township"  # the catalogue that sample data are made with has none
    return list(levels.units(level).values())


def values(workbook: Workbook) -> dict[str, Row]:
    """The rows of a workbook by area code, as its senders filled them in."""
    key = (workbook.dataset_id, workbook.period)
    late, corrected = LATE.get(key, []), CORRECTED.get(key, {})
    filled: dict[str, Row] = {}
    for area in _units(workbook.dataset_id):
        row = dict(truth(workbook.dataset_id)[area.code, workbook.period])
        if workbook.kind == "late":
            chosen = area.name in late
        elif workbook.kind == "revision":
            chosen = area.name in corrected
        else:
            chosen = area.name not in late and area.name not in ABSENT.get(key, [])
            if area.name in corrected:
                measure, times = corrected[area.name]
                row[measure] = round(float(row[measure] or 0) * times)
        empty = EMPTY.get((*key, area.name))
        if empty is not None:
            row[empty] = None
        if SLIP[:3] == (*key, area.name):
            row[SLIP[3]] = float(row[SLIP[3]] or 0) * SLIP[4]
        if chosen:
            filled[area.code] = row
    return filled


def signed_on(workbook: Workbook) -> str:
    """The date in the form: soon after the quarter, a month later when late, two for a revision."""
    year, quarter = periods.parse(periods.shift(workbook.period, 1))
    month = quarter * 3 - 2 + {"": 0, "late": 1, "revision": 2}[workbook.kind]
    return f"{year}年{month}月12日"


def write(workbook: Workbook, path: Path) -> None:
    """Write one workbook in the layout of the template."""
    known = catalogue.load()
    template.write(
        path,
        known,
        known.dataset(workbook.dataset_id),
        workbook.period,
        values=values(workbook),
        sign=SIGN | {"date": signed_on(workbook)},
    )
