"""Submitting: one file is one submission; sample gives way to real data; nothing half-written."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_calls import command, environment
from forms import RENHUA, SHIXING, form, good, row, stored, submitted, table

import queries
from app import areas, lake, periods, reads, serving, settings
from app.intake import ledger
from app.settings import Settings


def value(
    store: Settings, area: str = SHIXING, period: str = "2023Q2", as_of: str | None = None
) -> dict[str, object]:
    """The care-type share of one county, with everything that comes with it."""
    source = serving.open_vintage(store, reads.vintage_of(store, as_of) if as_of else None)
    (found,) = reads.indicator_values(source, ["care_bed_share"], [period], ["county"], [area])
    return found


# ------------------------------------------------------------------ what is stored


def test_a_submission_creates_the_store_and_is_in_the_history(
    tmp_path: Path, store: Settings
) -> None:
    path = table(tmp_path / "报表.csv", [row(SHIXING, "2023Q3"), row(SHIXING, "2023Q2")])
    outcome = submitted(store, path)
    assert (outcome.submission, outcome.stored) == (1, True)
    (entry,) = ledger.history(store)
    assert entry["vintage"] == 1
    assert entry["dataset_id"] == "care_beds"
    assert entry["periods"] == ["2023Q2", "2023Q3"]
    assert entry["file_name"] == "报表.csv"
    assert entry["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (entry["submitted_by"], entry["note"]) == ("填报人", "二季度报表")
    assert (entry["row_count"], entry["added"], entry["changed"]) == (2, 18, 0)
    assert entry["reverts"] is entry["reverted_by"] is None
    assert str(entry["submitted_at"]).endswith("+08:00")


def test_the_file_is_kept_byte_for_byte(tmp_path: Path, store: Settings) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q2", {SHIXING: good()})
    stored(store, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert [p.name for p in (Path(store.files) / "uploads").iterdir()] == [f"{digest}.xlsx"]
    assert ((Path(store.files) / "uploads") / f"{digest}.xlsx").read_bytes() == path.read_bytes()


def test_a_file_with_errors_stores_nothing(tmp_path: Path, store: Settings) -> None:
    outcome = submitted(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", beds_care=300)]))
    assert (outcome.submission, outcome.stored) == (None, False)
    assert ledger.history(store) == []
    assert not (Path(store.files) / "uploads").exists()


def test_one_bad_row_keeps_all_rows_out(tmp_path: Path, store: Settings) -> None:
    rows = [row(SHIXING, "2023Q2"), row(RENHUA, "2023Q2", institutions="十")]
    assert submitted(store, table(tmp_path / "a.csv", rows)).submission is None
    assert value(store)["status"] == "missing"


def test_a_warning_needs_an_explanation_which_is_kept(tmp_path: Path, store: Settings) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", residents=201)])
    refused = submitted(store, path)
    assert (refused.submission, refused.stored) == (None, False)
    assert [f.rule for f in refused.assessment.warnings] == ["residents_within_beds"]
    assert ledger.history(store) == []
    assert submitted(store, path, explain="临时加床").submission == 1
    assert ledger.history(store)[0]["explanation"] == "临时加床"


def test_the_same_file_again_changes_nothing_and_names_its_submission(
    tmp_path: Path, store: Settings
) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", residents=201)])
    stored(store, path, explain="临时加床")
    stored(store, table(tmp_path / "b.csv", [row(RENHUA, "2023Q2")]))
    again = submitted(store, path)
    assert (again.submission, again.stored) == (1, False)
    assert again.assessment.unchanged == 9
    assert len(ledger.history(store)) == 2


def test_another_file_with_the_same_cells_names_the_submission_that_holds_them(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", [row(RENHUA, "2023Q2")]))
    stored(store, table(tmp_path / "b.csv", [row(SHIXING, "2023Q2")]))
    same = submitted(store, form(tmp_path / "c.xlsx", "2023Q2", {SHIXING: good()}))
    assert (same.submission, same.stored) == (2, False)


def test_a_revision_replaces_the_figure_and_leaves_the_old_vintage_as_it_was(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    stored(store, table(tmp_path / "b.csv", [row(SHIXING, "2023Q2", beds_care=140)]))
    assert value(store)["value"] == 70.0  # 140 of 200 beds
    assert value(store)["vintage"] == 2
    old = value(store, as_of="1")
    assert (old["value"], old["vintage"]) == (60.0, 1)  # 120 of 200 beds
    assert value(store, as_of="2")["value"] == 70.0


# ------------------------------------------------------------------ sample and real


def test_the_first_real_submission_retires_the_sample_of_its_dataset_and_quarter(
    tmp_path: Path, store: Settings
) -> None:
    rows = {SHIXING: good(), RENHUA: good()}
    for period in ("2023Q1", "2023Q2"):
        stored(store, form(tmp_path / f"{period}.xlsx", period, rows, sample=True))
    welfare = {SHIXING: good("child_welfare")}
    stored(
        store,
        form(tmp_path / "c.xlsx", "2023Q2", welfare, dataset_id="child_welfare", sample=True),
    )
    assert (value(store)["value"], value(store)["sample"]) == (60.0, True)
    stored(store, table(tmp_path / "real.csv", [row(SHIXING, "2023Q2", beds_care=140)]))
    assert (value(store)["value"], value(store)["sample"]) == (70.0, False)
    assert value(store, RENHUA)["status"] == "missing"  # its sample is retired, it has no real data
    assert value(store, RENHUA, "2023Q1")["sample"] is True
    (children,) = reads.indicator_values(
        serving.open_vintage(store), ["children_supported"], ["2023Q2"], ["county"], [SHIXING]
    )
    assert (children["value"], children["sample"]) == (60.0, True)  # 10 + 20 + 30


def test_reverting_the_first_real_submission_brings_the_sample_back(
    tmp_path: Path, store: Settings
) -> None:
    rows = {SHIXING: good(), RENHUA: good()}
    stored(store, form(tmp_path / "sample.xlsx", "2023Q2", rows, sample=True))
    real = stored(store, table(tmp_path / "real.csv", [row(SHIXING, "2023Q2", beds_care=140)]))
    ledger.revert(store, real, by="复核人", note="报错")
    for area in rows:
        assert (value(store, area)["value"], value(store, area)["sample"]) == (60.0, True)


def test_sample_is_never_the_base_of_a_quarters_own_amount(tmp_path: Path, store: Settings) -> None:
    dataset_id = "child_welfare"
    rows = {SHIXING: good(dataset_id, paid_amount_ytd=60000)}
    stored(store, form(tmp_path / "s.xlsx", "2023Q1", rows, dataset_id=dataset_id, sample=True))
    stored(
        store,
        table(tmp_path / "r.csv", [row(SHIXING, "2023Q2", dataset_id, paid_amount_ytd=120000)]),
    )
    (found,) = reads.indicator_values(
        serving.open_vintage(store), ["child_amount_per_month"], ["2023Q2"], ["county"], [SHIXING]
    )
    assert (found["value"], found["status"]) == (None, "missing")


def test_a_sample_that_comes_after_real_data_stays_hidden(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "real.csv", [row(SHIXING, "2023Q2", beds_care=140)]))
    stored(
        store, form(tmp_path / "s.xlsx", "2023Q2", {SHIXING: good(), RENHUA: good()}, sample=True)
    )
    assert (value(store)["value"], value(store)["sample"]) == (70.0, False)
    assert value(store, RENHUA)["status"] == "missing"


# ------------------------------------------------------------------ several processes


SUBMIT_MANY = """
import sys
from pathlib import Path
from forms import stored
from app import settings
for name in sys.argv[1:]:
    print(stored(settings.load(), Path(name)), flush=True)
"""


def start(store: Settings, script: str, *args: str | Path) -> subprocess.Popen[str]:
    """A process of its own that uses the store."""
    paths = os.pathsep.join([str(settings.ROOT), str(settings.ROOT / "tests")])
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, args)],
        cwd=settings.ROOT, env=environment(store, PYTHONPATH=paths),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("processes", "quarters"), [(2, 3), pytest.param(4, 12, marks=pytest.mark.soak)]
)
def test_processes_that_submit_at_once_lose_nothing(
    tmp_path: Path, store: Settings, processes: int, quarters: int
) -> None:
    reporting = list(areas.load())[:processes]
    reported = [periods.shift("2020Q1", number) for number in range(quarters)]
    running = []
    for area in reporting:
        files = [table(tmp_path / f"{area}-{p}.csv", [row(area, p)]) for p in reported]
        running.append(start(store, SUBMIT_MANY, *files))
    vintages = []
    for each in running:
        out, err = each.communicate(timeout=300)
        assert each.returncode == 0, err
        vintages += [int(line) for line in out.split()]
    counted = list(range(1, processes * quarters + 1))
    assert sorted(vintages) == counted
    assert [entry["vintage"] for entry in ledger.history(store)] == counted[::-1]
    for area in reporting:
        for period in reported:
            assert value(store, area, period)["value"] == 60.0


IMPATIENT = """
import sys
from app import lake
lake.PATIENCE = 1.0
from app.__main__ import main
main()
"""


@pytest.mark.parametrize("exists", [True, False])
def test_a_locked_store_is_one_clear_line_and_nothing_is_written(
    tmp_path: Path, store: Settings, exists: bool
) -> None:
    first = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")])
    assert store.catalog_file is not None
    if exists:
        stored(store, first)
    else:
        store.catalog_file.parent.mkdir(parents=True)
    holder = sqlite3.connect(store.catalog_file, isolation_level=None)
    holder.execute("begin exclusive")
    second = table(tmp_path / "b.csv", [row(RENHUA, "2023Q2")])
    begun = time.monotonic()
    process = start(store, IMPATIENT, "submit", second, "--by", "填报人", "--note", "b")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert "占用" in err
    assert time.monotonic() - begun < 20
    holder.execute("rollback")
    holder.close()
    assert len(ledger.history(store)) == int(exists)
    assert stored(store, second) == int(exists) + 1


def consistent(store: Settings) -> int:
    """The last vintage, after asserting that ledger, submissions and cells agree."""
    history = ledger.history(store)
    vintages = {entry["vintage"] for entry in history}
    state = lake.read(
        store,
        lambda db: (
            lake.last_vintage(db),
            db.execute(
                "select vintage, count(*) from lake.observation group by vintage"
            ).fetchall(),
        ),
    )
    if state is None:
        assert not history
        return 0
    last, cells = state
    assert vintages == set(range(1, last + 1))
    assert dict(cells) == {entry["vintage"]: entry["added"] for entry in history}
    for entry in history:
        assert list((Path(store.files) / "uploads").glob(f"{entry['sha256']}*"))
    return last


@pytest.mark.parametrize("kills", [9, pytest.param(45, marks=pytest.mark.soak)])
def test_a_submission_killed_anywhere_leaves_a_store_that_can_be_used(
    tmp_path: Path, store: Settings, kills: int
) -> None:
    killed = 0
    for attempt in range(kills):
        patience = 0.35 + 0.6 * attempt / kills  # from the start of the process to after its end
        period = periods.shift("2011Q1", attempt)
        path = table(tmp_path / f"{attempt}.csv", [row(SHIXING, period)])
        process = start(store, SUBMIT_MANY, path)
        time.sleep(patience)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        process.communicate()
        consistent(store)
    assert killed
    before = consistent(store)
    assert stored(store, table(tmp_path / "last.csv", [row(RENHUA, "2023Q2")])) == before + 1
    assert value(store, RENHUA)["value"] == 60.0


def test_a_store_whose_tables_were_never_made_is_an_empty_one(
    tmp_path: Path, store: Settings
) -> None:
    assert store.catalog_file is not None
    store.catalog_file.parent.mkdir(parents=True)
    store.catalog_file.touch()
    assert ledger.history(store) == []
    assert value(store)["status"] == "missing"
    done = command(store, "check", table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]), "--json")
    assert json.loads(done.stdout)["changes"]["added"] == 9
    assert stored(store, table(tmp_path / "b.csv", [row(SHIXING, "2023Q2")])) == 1


def test_the_lake_holds_author_note_and_details_of_each_snapshot(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    with lake.session(store) as db:
        author, message, details = db.execute(
            "select author, commit_message, commit_extra_info from lake.snapshots()"
            " order by snapshot_id desc limit 1"
        ).fetchone()  # type: ignore[misc]
    assert (author, message) == ("填报人", "二季度报表")
    assert json.loads(details)["file_name"] == "a.csv"
    assert queries.text("lake/commit_message")
