"""Files as analysts send them, made by the real template, and a store to send them to."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from app import catalogue
from app.intake import read, submit, template
from app.intake.check import Assessment, check
from app.intake.read import Upload
from app.intake.submit import Outcome
from app.settings import Settings

Value = float | str | None
KNOWN = catalogue.load()
SHIXING, RENHUA, WENGYUAN = "440222", "440224", "440229"  # 始兴县, 仁化县, 翁源县
DONGGUAN = "441900"  # a county and a city under one code

# The datasets that came first; they have sixteen quarters of sample, the others eight.
CORE = ("care_beds", "child_welfare", "disability_allowances", "social_work_stations")

# One row of each dataset that breaks no rule in 2023.
GOOD: dict[str, dict[str, Value]] = {
    "care_beds": {
        "institutions": 10,
        "beds_total": 200,
        "beds_care": 120,
        "public_beds_total": 80,
        "public_beds_care": 40,
        "care_beds_added_ytd": 5,
        "care_beds_added_plan": 20,
        "residents": 150,
        "residents_disabled": 60,
    },
    "child_welfare": {
        "orphans_institution": 10,
        "orphans_scattered": 20,
        "unattended_children": 30,
        "standard_institution": 2400,
        "standard_scattered": 1600,
        "paid_amount_ytd": 60000,
        "paid_children": 55,
        "applications_cross_province_ytd": 2,
    },
    "disability_allowances": {
        "certified_disabled": 500,
        "hardship_eligible": 100,
        "hardship_recipients": 90,
        "severe_eligible": 80,
        "severe_recipients": 70,
        "hardship_standard": 300,
        "severe_standard": 400,
        "paid_amount_ytd": 90000,
        "paid_by_one_card": 150,
    },
    "social_work_stations": {
        "stations": 5,
        "stations_standardised": 3,
        "service_points": 20,
        "social_workers": 30,
        "social_workers_certified": 12,
        "cases_served_ytd": 4,
        "people_served_ytd": 400,
    },
    "social_assistance": {
        "urban_dibao_persons": 200,
        "urban_dibao_households": 120,
        "rural_dibao_persons": 3000,
        "rural_dibao_households": 1500,
        "single_person_cases": 160,
        "dibao_edge_persons": 400,
        "expenditure_hardship_persons": 80,
        "tekun_urban_institution": 10,
        "tekun_urban_scattered": 30,
        "tekun_rural_institution": 60,
        "tekun_rural_scattered": 300,
        "temporary_assistance_cases_ytd": 100,
        "temporary_assistance_amount_ytd": 200000,
        "urban_dibao_standard": 900,
        "rural_dibao_standard": 720,
    },
    "low_income_monitoring": {
        "monitored_persons": 6000,
        "alerts_raised_ytd": 80,
        "alerts_handled_ytd": 76,
        "alerts_handled_on_time_ytd": 57,
        "relapse_risk_persons": 200,
        "relapse_risk_in_assistance": 120,
    },
    "town_support": {
        "towns_to_support": 8,
        "teams": 6,
        "cadres": 33,
        "first_secretaries": 50,
        "contact_visits_ytd": 12,
        "aid_projects": 2,
        "aid_amount_ytd": 500000,
    },
    "tekun_care": {
        "tekun_scattered": 400,
        "care_agreements": 380,
        "elderly_special_difficulty": 1000,
        "elderly_visited": 900,
        "institutions_to_upgrade": 8,
        "institutions_upgraded": 6,
        "tekun_disabled": 60,
        "tekun_disabled_institution": 24,
    },
    "mental_rehab": {
        "townships_with_service": 4,
        "registered": 200,
        "participants": 90,
        "institutions": 3,
    },
    "village_services": {
        "villages_full_service": 100,
        "villages_deliberation": 80,
        "place_name_signs_planned": 500,
        "place_name_signs_set": 200,
        "marriage_reform_pilots": 2,
    },
    "social_forces": {
        "orgs_paired": 12,
        "projects": 5,
        "project_amount_ytd": 150000,
        "community_orgs": 160,
        "volunteers": 9000,
    },
}


# What moves from one quarter of the year to the next, and by how much: a row all as in the quarter
# before is suspicious.
MOVING: dict[str, tuple[str, float]] = {
    "care_beds": ("residents_disabled", 1),
    "child_welfare": ("paid_amount_ytd", 60000),
    "disability_allowances": ("paid_amount_ytd", 90000),
    "social_work_stations": ("people_served_ytd", 400),
    "social_assistance": ("temporary_assistance_amount_ytd", 200000),
    "low_income_monitoring": ("monitored_persons", 1),
    "town_support": ("contact_visits_ytd", 12),
    "tekun_care": ("elderly_visited", 10),
    "mental_rehab": ("participants", 10),
    "village_services": ("place_name_signs_set", 20),
    "social_forces": ("project_amount_ytd", 150000),
}


# Those that counties report, one row each; tests/test_work_tasks.py is about the other.
OF_COUNTIES = [d.id for d in KNOWN.datasets.values() if d.level == "county"]


def good(dataset_id: str = "care_beds", **changed: Value) -> dict[str, Value]:
    """A row that breaks no rule, but for what is changed in it."""
    return GOOD[dataset_id] | changed


def of_quarter(values: Mapping[str, Value], dataset_id: str, period: str) -> dict[str, Value]:
    """The values with the moving figure as it is in a quarter, unless it was changed."""
    moving, step = MOVING[dataset_id]
    usual, quarter = GOOD[dataset_id][moving], period[-1:]
    if values.get(moving) != usual or quarter not in tuple("234"):
        return dict(values)
    return {**values, moving: usual + step * (int(quarter) - 1)}


def form(
    path: Path,
    period: str,
    rows: Mapping[str, Mapping[str, Value]],
    *,
    dataset_id: str = "care_beds",
    sample: bool = False,
    lang: str = "zh",
    edit: Callable[[Worksheet], None] | None = None,
) -> Path:
    """A workbook of the template with some counties filled in, perhaps edited by hand."""
    template.write(
        path, KNOWN, KNOWN.dataset(dataset_id), period,
        values={area: of_quarter(row, dataset_id, period) for area, row in rows.items()},
        sign={"unit": "样例数据"} if sample else None, lang=lang,
    )  # fmt: skip
    if edit is not None:
        book = openpyxl.load_workbook(path)
        edit(book.worksheets[0])
        book.save(path)
    return path


def table(path: Path, rows: Iterable[Mapping[str, Value]], encoding: str = "utf-8") -> Path:
    """A CSV file with the keys of its first row as header."""
    listed = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(listed[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def row(
    area_code: str, period: str, dataset_id: str = "care_beds", **changed: Value
) -> dict[str, Value]:
    """A CSV row that breaks no rule and copies no quarter, but for what is changed in it."""
    values = of_quarter(good(dataset_id, **changed), dataset_id, period)
    return {"area_code": area_code, "period": period, **values}


def read_file(path: Path, dataset_id: str | None = None, lang: str = "zh") -> Upload:
    """A file as the intake reads it."""
    return read.read(path, KNOWN, dataset_id, lang)


def checked(store: Settings, path: Path, dataset_id: str | None = None) -> Assessment:
    """A file as the intake judges it against a store."""
    return check(store, read_file(path, dataset_id), KNOWN, "zh")


def submitted(
    store: Settings, path: Path, dataset_id: str | None = None, explain: str | None = None
) -> Outcome:
    """What becomes of a file that is submitted."""
    return submit.submit(
        store, read_file(path, dataset_id), KNOWN,
        by="填报人", note="二季度报表", explanation=explain, lang="zh",
    )  # fmt: skip


def stored(store: Settings, path: Path, explain: str | None = None) -> int:
    """Store a file that must go in, and return its vintage."""
    outcome = submitted(store, path, explain=explain)
    assert outcome.stored, [f.message for f in outcome.assessment.errors]
    assert outcome.submission is not None
    return outcome.submission
