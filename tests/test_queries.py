"""Every SQL file is one statement that says what it asks, of what grain, with which values."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from forms import KNOWN, RENHUA, SHIXING, WENGYUAN, form, good, read_file, row, stored, table

import queries
from app import lake, reads, serving, settings
from app.intake import check
from app.serving import Serving, model
from app.settings import Settings

ALL = sorted(
    path.relative_to(queries.FOLDER).with_suffix("").as_posix()
    for path in queries.FOLDER.rglob("*.sql")
)
QUESTIONS = queries.names()
MODEL = queries.names("model")
CHECKS = queries.names("checks")
VALUES: dict[str, Any] = {
    "indicators": list(KNOWN.indicators),
    "indicator_id": "care_bed_share",
    "periods": ["2023Q1", "2023Q2"],
    "period": "2023Q2",
    "levels": ["county", "city", "region", "pilot", "province", "pilot_region"],
    "level": "province",
    "area_level": "county",
    "areas": [],
    "group_code": "440000",
    "groups": ["province/440000", "region/粤北"],
    "dataset_id": "care_beds",
    "measures": ["beds_total", "beds_care"],
    "measure_id": "beds_total",
    "area_code": SHIXING,
    "area_codes": [SHIXING, RENHUA],
    "vintage": 0,
    "areas_alike": 10,
    "peers": [RENHUA, WENGYUAN],
    "base_period": "2023Q1",
    "base_periods": ["2023Q2"],
    "sample": False,
    "told_areas": [SHIXING],
    "told_numerators": [20],
    "told_denominators": [100],
}
# a word of the stated grain, and the columns it may stand for
COLUMNS = {
    "area": ["area_code"],
    "area asked for": ["own_code"],
    "class of area": ["area_class"],
    "county-level area": ["area_code"],
    "county": ["area_code"],
    "township": ["area_code"],
    "dataset": ["dataset_id", "dataset"],
    "group": ["group_code", "area_code"],
    "indicator": ["indicator_id", "indicator"],
    "item": ["item"],
    "level": ["level"],
    "measure": ["measure_id", "measure"],
    "period": ["period"],
    "quarter that falls": ["period"],
    "rule": ["rule"],
    "vintage": ["vintage"],
    "year": ["year"],
}


def header(name: str) -> str:
    """The comment a file begins with, on one line."""
    lines = []
    for line in queries.text(name).splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


def grain(name: str, columns: list[str]) -> list[str]:
    """The columns that a file's stated grain names."""
    found = re.search(
        r"Grain: one row per ([^.;]+?)(?: of the upload| in which [^.]+)?[.;]", header(name)
    )
    assert found, f"{name} states no grain"
    words = re.split(r", | and ", found[1])
    return [next(c for c in COLUMNS[word] if c in columns) for word in words]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Serving:
    """A small store: two quarters, two datasets, sample and real, a revision."""
    folder = tmp_path_factory.mktemp("queries")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_STORE", str(folder / "store"))
        store = settings.load()
    sample = {SHIXING: good(), RENHUA: good()}
    stored(store, form(folder / "s.xlsx", "2023Q1", sample, sample=True))
    rows = [row(SHIXING, "2023Q2"), row(RENHUA, "2023Q2", beds_care=None)]
    stored(store, table(folder / "a.csv", rows))
    rows = [row(SHIXING, period, "child_welfare") for period in ("2023Q1", "2023Q2")]
    stored(store, table(folder / "b.csv", rows))
    stored(store, table(folder / "c.csv", [row(SHIXING, "2023Q2", beds_care=130)]))
    task = {"area_code": "440200", "item_id": "bulletins", "period": "2023Q2", "progress": 50}
    tasks = [m.id for m in KNOWN.dataset("work_tasks").measures]
    stored(store, table(folder / "d.csv", [dict.fromkeys(tasks) | task]))
    return serving.open_vintage(store)


@pytest.mark.parametrize("name", ALL)
def test_a_file_is_one_statement_and_begins_with_what_it_is_for(name: str) -> None:
    assert len(duckdb.extract_statements(queries.text(name))) == 1
    assert header(name)[:1].isupper()


@pytest.mark.parametrize("name", ALL)
def test_the_header_names_the_values_a_statement_takes(name: str) -> None:
    (statement,) = duckdb.extract_statements(queries.text(name))
    named = set(re.findall(r"\$(\w+)", header(name).partition("Parameters:")[2]))
    assert named == set(statement.named_parameters)
    assert queries.parameters(name) == statement.named_parameters


@pytest.mark.parametrize("name", QUESTIONS + CHECKS)
def test_a_question_is_asked_as_one(name: str) -> None:
    assert "?" in header(name).partition("Grain:")[0]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_runs_and_its_stated_grain_is_unique(source: Serving, name: str) -> None:
    rows = queries.rows(name, source.cursor(), **{k: VALUES[k] for k in queries.parameters(name)})
    assert rows
    keys = grain(name, list(rows[0]))
    seen = [tuple(r[key] for key in keys) for r in rows]
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("name", MODEL)
def test_a_table_of_the_model_has_the_grain_it_states(source: Serving, name: str) -> None:
    table_name = name.partition("_")[2]
    cursor = source.cursor()
    columns = [c[0] for c in cursor.execute(f"from {table_name} limit 0").description]
    keys = grain(name, columns)
    listed = ", ".join(keys)
    counted = cursor.execute(
        f"select count(*), count(distinct ({listed})) from {table_name}"
    ).fetchone()
    assert counted is not None
    assert counted[0] == counted[1]
    # filled only where counts are hidden, and where the reference has townships
    assert (counted[0] > 0) == (table_name not in ("kept_total", "township"))


def test_the_model_is_built_in_the_order_of_its_names() -> None:
    assert [name for name in MODEL if name in model.MEASURE_MODEL] == list(model.MEASURE_MODEL)
    numbers = [int(Path(name).name[:2]) for name in MODEL]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_has_the_grain_it_states(tmp_path: Path, store: Settings, name: str) -> None:
    reported = [row(area, "2023Q1", care_beds_added_ytd=9) for area in (SHIXING, RENHUA, WENGYUAN)]
    stored(
        store,
        table(tmp_path / "a.csv", [*reported, row(SHIXING, "2023Q2", care_beds_added_ytd=9)]),
        explain="属实",
    )
    # more residents than beds, flows that fall, another plan, a slip, hardly any population, a copy
    odd = {"residents": 600, "public_beds_care": 2, "population_60plus": 10}
    rows = [
        row(area, period, care_beds_added_ytd=flow, care_beds_added_plan=flow, **odd)
        | {"institutions": number, "residents_disabled": 60}
        for area in (SHIXING, RENHUA)
        for period, flow, number in (("2023Q2", 8, 1000), ("2023Q3", 7, 1000), ("2023Q4", 7, 1000))
    ]
    rows[0]["residents_disabled"] = None  # stored before
    upload = read_file(table(tmp_path / "b.csv", rows))
    with lake.session(store) as db:
        check.assess(db, upload, KNOWN, "zh")
        dataset = upload.dataset
        values: dict[str, Any] = {
            "rules": [f"{dataset.id}.{rule.id}" for rule in dataset.rules],
            "measures": [rule.measure for rule in dataset.rules],
        }
        declared = KNOWN.checks.get(Path(name).name)
        values |= declared.limits if declared else {}
        found = queries.rows(name, db, **{k: values[k] for k in queries.parameters(name)})
    assert found
    keys = grain(name, list(found[0]))
    seen = [tuple(r[key] for key in keys) for r in found]
    assert len(set(seen)) == len(seen)


def test_a_name_outside_the_folder_is_no_query() -> None:
    for name in ("../app/lake", "nothing", "model"):
        with pytest.raises(KeyError):
            queries.text(name)


def test_a_missing_or_surplus_value_is_refused(source: Serving) -> None:
    with pytest.raises(duckdb.Error):
        queries.rows("indicator_value", source.cursor())
    with pytest.raises(duckdb.Error):
        queries.rows("periods", source.cursor(), period="2023Q2")


def test_the_areas_of_a_group_that_have_reported_are_counted_by_dataset(source: Serving) -> None:
    counted = reads.reporting_counts(source, "2023Q2", "city", "440200")  # ten counties
    told = {d: (r["reported"], r["expected"], r["sample"]) for d, r in counted.items()}
    assert told["care_beds"] == (2, 10, False)
    assert told["child_welfare"] == (1, 10, False)
    assert told["disability_allowances"] == (0, 10, False)
    assert told["work_tasks"] == (1, 1, False)
    before = reads.reporting_counts(source, "2023Q1", "city", "440200")
    assert (before["care_beds"]["reported"], before["care_beds"]["sample"]) == (2, True)
    elsewhere = reads.reporting_counts(source, "2023Q2", "city", "440500")
    assert {row["reported"] for row in elsewhere.values()} == {0}
