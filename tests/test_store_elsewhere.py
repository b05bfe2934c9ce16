"""A store in Postgres and an object store does what the embedded one does, and moves whole."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import briefing_samples
import duckdb
import pytest
from command_calls import command, environment
from forms import checked, form, good, row, stored, table
from relay import relayed
from store_servers import BUCKET, PASSWORD, SECRET, Postgres, free_port, objects
from streamlit.testing.v1 import AppTest
from test_laid import AREAS, put
from whole_store import Told

from app import (
    areas,
    backup,
    compaction,
    credentials,
    engine,
    lake,
    moving,
    serving,
    settings,
    storage,
)
from app import postgres as postgres_names
from app.access import audit
from app.briefing import ledger as briefings
from app.errors import DashboardError, MoveRefused, StoreBusy, StoreUnavailable
from app.intake import drafts, ledger, waiting
from app.settings import Settings
from app.storage.bucket import Bucket

LECHANG, RENHUA, SHIXING = "440281", "440224", "440222"
BEDS = "care_beds"


def told(store: Settings) -> dict[str, Any]:
    """All that a store says of itself: its ledger, every change, every vintage, all files."""
    history, db = ledger.history(store), lake.connect()
    return {
        "history": history,
        "changes": {r["vintage"]: ledger.changes(store, r["vintage"]) for r in history},
        "vintages": {r["vintage"]: cells(store, db, r["snapshot_id"]) for r in history},
        "files": {r["vintage"]: file(store, r["vintage"]) for r in history},
        "drafts": [(d.sha256, d.file_name) for d in drafts.pending(store)],
        "waiting": waiting.listed(store),
        "briefings": briefings.listed(store),
        "audit": audit.listed(store),
        "picks": ledger.remembered_areas(store),
        "days": lake.vintage_on(store, history[0]["submitted_at"].date()),
    }


def cells(store: Settings, db: duckdb.DuckDBPyConnection, snapshot: int) -> list[tuple[Any, ...]]:
    """The cells of a snapshot, read as what shows an earlier day is read."""
    found = lake.copy(
        store, db,
        lambda db: db.execute("select * from lake.observation order by all").fetchall(), snapshot,
    )  # fmt: skip
    assert found
    return found


def file(store: Settings, submission: int) -> bytes | None:
    kept = ledger.file_of(store, submission)
    return kept.read_bytes() if kept is not None else None


def fill(store: Settings, folder: Path) -> None:
    """Submissions of all kinds, a file that waits, a draft, a briefing; the audit of all that."""
    folder.mkdir(exist_ok=True)
    stored(store, form(folder / "a.xlsx", "2024Q2", {LECHANG: good(beds_care=120)}))
    stored(store, form(folder / "b.xlsx", "2024Q2", {LECHANG: good(beds_care=121)}), explain="更正")
    many = [row(area, "2023Q2") for area in (RENHUA, SHIXING)]
    stored(store, table(folder / "c.csv", many))
    ledger.withdraw(store, BEDS, "2023Q2", RENHUA, None, by="李", note="误报")
    ledger.revert(store, 4, by="李", note="没有误报")
    drafts.keep(store, "草稿 +1%.csv", b"area_code,period\n")
    briefings.record(store, briefing_samples.bulletin(), by="王")


def test_a_store_elsewhere_keeps_all_that_the_embedded_one_keeps(
    elsewhere: Settings, object_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lake.stamp(elsewhere) == "" and ledger.history(elsewhere) == []
    assert serving.open_vintage(elsewhere).vintage == 0
    fill(elsewhere, tmp_path / "files")
    assert Told(elsewhere).agrees() == 5
    assert file(elsewhere, 1) == (tmp_path / "files" / "a.xlsx").read_bytes()
    (draft,) = drafts.pending(elsewhere)
    with drafts.at_hand(elsewhere, draft) as path:
        assert (path.name, path.read_bytes()) == ("草稿 +1%.csv", b"area_code,period\n")
    drafts.drop(elsewhere, draft.sha256)
    assert drafts.pending(elsewhere) == []
    (head,) = briefings.listed(elsewhere)
    assert briefings.opened(elsewhere, head.id).briefing == briefing_samples.bulletin()
    assert briefings.record(elsewhere, briefing_samples.bulletin()) == head.id
    assert [e.action for e in audit.listed(elsewhere)][:2] == ["revert", "withdraw"]
    assert audit.broken(elsewhere) == []
    # nothing of it is on this machine, and an object of the audit that goes is noticed
    assert not list((tmp_path / "own").rglob("*"))
    lines = objects(object_store, elsewhere.files.partition(f"{BUCKET}/")[2])
    second = sorted(each["path"] for part in lines.list("audit") for each in part)[1]
    lines.delete(second)
    assert len(audit.broken(elsewhere)) == 1
    monkeypatch.setenv("DASHBOARD_REVIEW", "1")
    reviewed = settings.load()
    path = form(tmp_path / "w.xlsx", "2024Q2", {LECHANG: good(beds_care=140)})
    entry = waiting.hand_in(reviewed, checked(reviewed, path), by="张", note="二", explanation="")
    waiting.send_back(reviewed, entry.id, "请核对")
    assert [(e.state, e.reason) for e in waiting.listed(reviewed)] == [("sent_back", "请核对")]


def test_a_bucket_overwrites_nothing_and_lets_nobody_lose_a_change(elsewhere: Settings) -> None:
    bucket = storage.of(elsewhere)
    assert bucket.put_new("a/1", b"first") and not bucket.put_new("a/1", b"second")
    assert bucket.read("a/1") == b"first"
    with pytest.raises(StoreBusy), bucket.changing("d.json") as mine:
        with bucket.changing("d.json") as other:
            other["by"] = "other"
        mine["by"] = "mine"
    assert json.loads(bucket.read("d.json")) == {"by": "other"}
    with pytest.raises(FileNotFoundError):
        bucket.read("nothing")
    bucket.put("long", b"x" * 20_000 + b"\nrest")
    assert bucket.first_line("long") == b"x" * 20_000 + b"\n"
    # each line is made from the one before it, whoever wrote that
    threads = [threading.Thread(target=_lines, args=(elsewhere,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bucket.lines("journal/2026-01") == [str(number) for number in range(1, 21)]


def _lines(store: Settings) -> None:
    own = Bucket(store.files, credentials.load(store))  # as in another process
    for _ in range(5):
        own.add_line("journal/2026-01", lambda last: str(int(last or 0) + 1))


# ------------------------------------------------------------------ moving


def embedded(elsewhere: Settings) -> Settings:
    """An embedded store beside it, as its settings were before the move."""
    folder = elsewhere.folder
    return dataclasses.replace(
        elsewhere, catalog=f"sqlite:{folder / 'catalog.sqlite'}", files=str(folder / "files")
    )


def use(monkeypatch: pytest.MonkeyPatch, store: Settings) -> Settings:
    """Let the process use a store: the audit asks the environment."""
    monkeypatch.setenv("DASHBOARD_CATALOG", store.catalog)
    monkeypatch.setenv("DASHBOARD_FILES", store.files)
    return store


def test_a_store_that_was_moved_says_the_same_and_goes_on(
    elsewhere: Settings, object_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = use(monkeypatch, embedded(elsewhere))
    fill(old, tmp_path / "files")
    for quarter in ("2024Q3", "2024Q4"):
        put(old, "child_welfare", quarter, AREAS, 100)
    assert compaction.compact(old).removed == 0  # what was merged waits for its readers, and moves
    before = told(old)
    args = ("move-store", "--to-catalog", elsewhere.catalog, "--to-files", elsewhere.files)
    broken_off = subprocess.Popen(
        [sys.executable, "-m", "app", *args], cwd=settings.ROOT, stderr=subprocess.PIPE, text=True,
        env=environment(old, DASHBOARD_SECRETS=str(old.secrets)),
    )  # fmt: skip
    assert broken_off.stderr is not None and "复制并核对文件" in broken_off.stderr.readline()
    broken_off.kill()
    broken_off.communicate()
    assert ledger.history(elsewhere) in ([], before["history"])  # nothing, or the whole
    done = command(old, *args, DASHBOARD_SECRETS=str(old.secrets))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "两边一致：7 版数据" in done.stderr and elsewhere.catalog in done.stderr
    assert PASSWORD not in done.stdout + done.stderr and SECRET not in done.stdout + done.stderr
    assert moving.move(old, elsewhere).vintages == 7  # once more
    assert ledger.history(old) == before["history"]
    use(monkeypatch, elsewhere)
    assert told(elsewhere) == before
    # what comes later goes on from there, and the old store no longer fits
    path = form(tmp_path / "d.xlsx", "2024Q3", {LECHANG: good()})
    assert stored(elsewhere, path, explain="三季度") == 8
    assert ledger.revert(elsewhere, 2, by="李", note="误")[0] == 9
    assert Told(elsewhere).agrees() == 9
    assert audit.broken(elsewhere) == []
    assert serving.open_vintage(elsewhere, 5).vintage == 5
    with pytest.raises(MoveRefused, match="已经在用"):
        moving.move(old, dataclasses.replace(elsewhere, files=old.files))
    # merged there again it says the same, and the old objects are gone
    now = told(elsewhere)
    lines = objects(object_store, elsewhere.files.partition(f"{BUCKET}/")[2])
    many = {each["path"] for part in lines.list("lake") for each in part}
    removed = compaction.compact(elsewhere, 0).removed
    gone = many - {each["path"] for part in lines.list("lake") for each in part}
    assert 0 < len(gone) <= removed  # some came and went within
    now["audit"] = audit.listed(elsewhere)  # it is noted there
    assert told(elsewhere) == now
    # and comes back: moved, and by a backup that needs no server
    folder = tmp_path / "back"
    back = dataclasses.replace(
        elsewhere, catalog=f"sqlite:{folder / 'catalog.sqlite'}", files=str(folder / "files")
    )
    assert moving.move(elsewhere, back).vintages == 9
    assert told(use(monkeypatch, back)) == now
    assert stored(back, form(tmp_path / "e.xlsx", "2024Q4", {LECHANG: good()}), explain="四") == 10
    compaction.compact(back, 0)
    assert Told(back).agrees() == 10
    backup.make(elsewhere, tmp_path / "b.zip")
    backup.restore(tmp_path / "b.zip", tmp_path / "restored")
    home = dataclasses.replace(
        elsewhere, catalog=f"sqlite:{tmp_path / 'restored' / 'catalog.sqlite'}",
        files=str(tmp_path / "restored" / "files"), folder=tmp_path / "restored",
    )  # fmt: skip
    assert told(use(monkeypatch, home)) == now
    assert audit.broken(home) == []


def test_the_catalogue_has_the_columns_that_ducklake_itself_makes_there(
    elsewhere: Settings, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = table(tmp_path / "a.csv", [row(RENHUA, "2023Q2")])
    new = use(monkeypatch, dataclasses.replace(elsewhere, files=str(tmp_path / "f")))
    stored(new, report)
    old = use(monkeypatch, dataclasses.replace(embedded(elsewhere), files=str(tmp_path / "g")))
    stored(old, report)
    moved = dataclasses.replace(new, catalog=postgres.database(), files=old.files)
    moving.move(old, moved)
    made, copied = (columns(postgres, each.catalog) for each in (new, moved))
    inlined = {name for name, _, _ in made if "inlined_data_" in name}
    assert len(inlined) >= 5
    assert copied == made


def columns(postgres: Postgres, catalog: str) -> set[tuple[str, ...]]:
    database = catalog.partition("dbname=")[2].split()[0]
    found = postgres.sql(
        database,
        "select table_name, column_name, data_type from information_schema.columns"
        " where table_schema = 'public'",
    )
    return {tuple(line.split("|")) for line in found.splitlines()}


def test_a_target_that_holds_another_store_or_other_files_is_refused(
    elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = use(monkeypatch, embedded(elsewhere))
    with pytest.raises(MoveRefused, match="还没有数据"):
        moving.move(old, elsewhere)
    stored(old, table(tmp_path / "a.csv", [row(RENHUA, "2023Q2")]))
    with pytest.raises(MoveRefused, match="没有说要搬到哪里"):
        moving.move(old, old)
    storage.of(elsewhere).put("someone/else's.txt", b"x")
    with pytest.raises(MoveRefused, match="someone/else's.txt"):
        moving.move(old, elsewhere)
    storage.of(elsewhere).remove("someone/else's.txt")
    use(monkeypatch, elsewhere)
    stored(elsewhere, table(tmp_path / "b.csv", [row(SHIXING, "2023Q2")]))
    with pytest.raises(MoveRefused, match="另一份数据"):
        moving.move(old, elsewhere)
    assert Told(elsewhere).agrees() == 1


def test_nobody_can_write_to_a_store_that_is_being_moved(
    elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = use(monkeypatch, embedded(elsewhere))
    stored(old, table(tmp_path / "a.csv", [row(RENHUA, "2023Q2")]))
    tried: list[str] = []

    def meanwhile(step: str, done: int, of: int) -> None:
        if not tried:
            other = start(old, table(tmp_path / "b.csv", [row(SHIXING, "2023Q2")]), patience=0.5)
            tried.append(other.communicate(timeout=120)[1])

    moving.move(old, dataclasses.replace(old, files=str(tmp_path / "share")), meanwhile)
    assert "StoreBusy" in tried[0]
    shared = use(monkeypatch, dataclasses.replace(old, files=str(tmp_path / "share")))
    assert Told(shared).agrees() == 1


# ------------------------------------------------------------------ many at once, and breakdowns

SUBMIT_MANY = """
import sys
from pathlib import Path
from forms import stored
from app import lake, settings
lake.PATIENCE = float(sys.argv[1])
for name in sys.argv[2:]:
    print(stored(settings.load(), Path(name)), flush=True)
"""


def start(store: Settings, *files: Path, patience: float = 30) -> subprocess.Popen[str]:
    paths = os.pathsep.join([str(settings.ROOT), str(settings.ROOT / "tests")])
    return subprocess.Popen(
        [sys.executable, "-c", SUBMIT_MANY, str(patience), *map(str, files)],
        cwd=settings.ROOT, text=True, env=environment(store, PYTHONPATH=paths),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("processes", "files"), [(3, 2), pytest.param(10, 6, marks=pytest.mark.soak)]
)
def test_processes_that_submit_at_once_to_postgres_lose_nothing_and_others_see_it(
    elsewhere: Settings, tmp_path: Path, processes: int, files: int
) -> None:
    reporting = list(areas.load())[:processes]
    assert lake.stamp(elsewhere) == ""
    running = [
        start(elsewhere, *(table(tmp_path / f"{a}{n}.csv", [row(a, f"20{n:02d}Q2")])
                           for n in range(10, 10 + files)), patience=300)
        for a in reporting
    ]  # fmt: skip
    vintages: list[int] = []
    for each in running:
        out, err = each.communicate(timeout=300)
        assert each.returncode == 0, err
        vintages += map(int, out.split())
    assert sorted(vintages) == list(range(1, processes * files + 1))
    for _ in range(100):
        if lake.stamp(elsewhere):  # this process has stored nothing, but asks soon
            break
        time.sleep(0.1)
    assert lake.stamp(elsewhere)
    assert serving.open_vintage(elsewhere).vintage == processes * files
    assert Told(elsewhere).agrees() == processes * files
    assert audit.broken(elsewhere) == []


def test_a_restart_of_postgres_costs_a_wait_and_no_submission(
    elsewhere: Settings, postgres: Postgres, tmp_path: Path
) -> None:
    stored(elsewhere, table(tmp_path / "a.csv", [row(RENHUA, "2023Q2")]))
    seen = lake.stamp(elsewhere)
    postgres.stop("immediate")
    starting = threading.Timer(1.0, postgres.start)
    starting.start()
    assert lake.stamp(elsewhere) == seen  # what was seen last stands meanwhile
    try:
        assert stored(elsewhere, table(tmp_path / "b.csv", [row(SHIXING, "2023Q2")])) == 2
    finally:
        starting.join()
    assert lake.stamp(elsewhere) != seen
    assert Told(elsewhere).agrees() == 2


# ------------------------------------------------------------------ settings and rights


def problem(store: Settings) -> DashboardError:
    """What is said of settings that will not do, without anything secret in it."""
    with pytest.raises(DashboardError) as caught:
        lake.stamp(store)
        lake.read(store, lake.last_vintage)
        storage.of(store).listed("")
    for lang in ("zh", "en"):
        text = caught.value.text(lang)
        assert PASSWORD not in text and SECRET not in text and "Traceback" not in text
    return caught.value


def test_settings_that_will_not_do_are_named_each_by_its_own_error(
    elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_names, "RECONNECT", 0.2)
    stored(elsewhere, table(tmp_path / "a.csv", [row(RENHUA, "2023Q2")]))
    catalog, secrets = elsewhere.catalog, elsewhere.secrets
    assert secrets is not None
    host = catalog.partition("host=")[2].split()[0]

    def with_catalog(text: str) -> DashboardError:
        return problem(dataclasses.replace(elsewhere, catalog=text))

    assert with_catalog(catalog.replace("dbname=lake", "dbname=no")).key == "error.no_database"
    gone = catalog.replace(host, "127.0.0.1") + f" port={free_port()}"
    assert with_catalog(gone).key == "error.catalog_unreachable"
    assert with_catalog(f"{catalog} password={PASSWORD}").key == "error.password_in_catalog"
    url = f"postgres:postgresql://kanban:{PASSWORD}@localhost/x"
    assert with_catalog(url).key == "error.password_in_catalog"
    assert with_catalog(f"mysql:user=x password={PASSWORD}").key == "error.bad_catalog"
    assert with_catalog("postgres:postgresql://localhost/x").key == "error.bad_catalog"
    assert with_catalog(f"{catalog} hosst=x").key == "error.bad_catalog"
    for files, key in (
        ("s3://no-such-bucket/x", "error.no_bucket"), ("ftp://server/x", "error.bad_files"),
    ):  # fmt: skip
        assert problem(dataclasses.replace(elsewhere, files=files)).key == key

    def with_secrets(text: str, mode: int = 0o600) -> DashboardError:
        path = tmp_path / "others"
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return problem(dataclasses.replace(elsewhere, secrets=path))

    right = secrets.read_text()
    assert with_secrets(right, 0o640).key == "error.secrets_open"
    assert with_secrets(right + f"PASSWORT={PASSWORD}\n").key == "error.secrets_line"
    wrong = with_secrets(right.replace(f"PGPASSWORD={PASSWORD}", "PGPASSWORD=falsch"))
    assert wrong.key == "error.catalog_refused" and "falsch" not in str(wrong)
    address = right.rpartition("=")[2].strip()
    nobody = right.replace(address, f"http://127.0.0.1:{free_port()}")
    assert with_secrets(nobody).key == "error.bucket_unreachable"
    assert with_secrets(right.replace("http://", "127://")).key == "error.bad_endpoint"
    absent = dataclasses.replace(elsewhere, secrets=tmp_path / "absent")
    assert problem(absent).key == "error.secrets_unread"


def test_a_store_that_is_away_is_told_on_the_page(
    elsewhere: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = f"postgres:host=127.0.0.1 port={free_port()} dbname=lake user=kanban"
    monkeypatch.setenv("DASHBOARD_CATALOG", away)
    at = AppTest.from_file(settings.ROOT / "dashboard.py", default_timeout=60).run()
    assert not at.exception
    assert [error.value.startswith("连不上 Postgres") for error in at.error] == [True]


def test_an_extension_that_is_not_installed_is_named(
    elsewhere: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(package: str) -> None:
        raise ModuleNotFoundError(package)

    monkeypatch.setattr(engine, "files", absent)
    with pytest.raises(StoreUnavailable, match="duckdb-extension-httpfs"):
        engine._extension.__wrapped__("httpfs")


def test_serving_needs_no_superuser_and_a_reader_needs_to_read_alone(
    elsewhere: Settings, postgres: Postgres, tmp_path: Path
) -> None:
    stored(elsewhere, table(tmp_path / "a.csv", [row(RENHUA, "2023Q2")]))
    database = elsewhere.catalog.partition("dbname=")[2].split()[0]
    rights = postgres.sql(
        database, "select rolsuper, rolcreatedb, rolcreaterole from pg_roles"
        " where rolname = 'kanban'",
    )  # fmt: skip
    assert rights.split() == ["f|f|f"]
    guide = (settings.ROOT / "docs" / "deploy" / "store.md").read_text("utf-8")
    grants = guide.partition("<!-- 只读 -->")[2].partition("```sql\n")[2].partition("```")[0]
    granted = grants.replace("minzheng", database).replace("'…'", f"'{PASSWORD}'")
    postgres.sql(database, *filter(str.strip, granted.split(";\n")))
    reader = dataclasses.replace(
        elsewhere, catalog=elsewhere.catalog.replace("user=kanban", "user=kanban_reader")
    )
    assert lake.stamp(reader) == lake.stamp(elsewhere)
    assert serving.open_vintage(reader).vintage == 1
    with pytest.raises(DashboardError):
        stored(reader, table(tmp_path / "b.csv", [row(SHIXING, "2023Q2")]))
    assert Told(elsewhere).agrees() == 1


@pytest.mark.parametrize("how", ["submit", "revert", "withdraw"])
def test_a_connection_that_is_cut_in_the_commit_loses_nothing_and_doubles_nothing(
    elsewhere: Settings, monkeypatch: pytest.MonkeyPatch, postgres: Postgres, tmp_path: Path,
    how: str,
) -> None:  # fmt: skip
    with relayed(postgres.folder / ".s.PGSQL.5432") as relay:
        beyond = elsewhere.catalog.replace(
            f"host={postgres.folder}", f"host=127.0.0.1 port={relay.port}"
        )
        monkeypatch.setenv("DASHBOARD_CATALOG", beyond)
        store = settings.load()
        stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
        before = [entry["vintage"] for entry in ledger.history(store)]
        relay.armed = True
        if how == "submit":
            stored(store, table(tmp_path / "b.csv", [row(RENHUA, "2023Q2")]))
        elif how == "revert":
            ledger.revert(store, 1, by="复核人", note="撤销")
        else:
            ledger.withdraw(store, BEDS, "2023Q2", SHIXING, None, by="甲", note="错")
        assert relay.cuts == 1
        assert [entry["vintage"] for entry in ledger.history(store)] == [2, *before]
        held = {
            area for area in (SHIXING, RENHUA) if ledger.stored_cells(store, BEDS, "2023Q2", area)
        }
        assert held == ({SHIXING, RENHUA} if how == "submit" else set())
