"""Bases: the model of one vintage, built once and never changed, over which others are laid.

Up to a number of cells a base is kept in the memory of its process. Above it is a file in the local
cache that all processes of the machine read, so that a restart finds it there.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import duckdb
from filelock import FileLock

import queries
from app import catalogue as catalogues
from app import failures, lake, periods
from app.errors import DashboardError, StoreUnavailable
from app.serving import model, quarters
from app.serving.quarters import Quarter
from app.settings import Settings

PATH = "base.main"
CHUNK = 400_000  # cells of which the model is built at once, which takes some 500 MB
_AGE = 48 * 3600  # seconds after which a file that nobody has opened is in nobody's use
FAR = 0.25  # of the cells of a base: laid over it, more than that is slower than a new one
_MOST = 2  # bases in memory
_BEHIND = "base behind the scenes"
LOG = logging.getLogger("dashboard.bases")
_BASES: dict[tuple[str, ...], Base] = {}
_BUILDING = threading.RLock()


class Submission(NamedTuple):
    """A submission: where the lake has it, what it touched, and a mark that no other one has."""

    vintage: int
    snapshot: int
    dataset_id: str
    periods: list[str]
    mark: int


Quarters = Sequence[Quarter] | None  # None: all there are


@dataclass(frozen=True, eq=False)
class Base:
    """A DuckDB in which the database `base` holds a model, the vintage of it and its lineage.

    `cells` are how many there are of each dataset and quarter, `file` where it lies in the cache.
    """

    engine: duckdb.DuckDBPyConnection
    vintage: int
    lineage: str
    cells: dict[Quarter, int]
    file: Path | None = None


def of(settings: Settings, history: Sequence[Submission], vintage: int) -> Base:
    """A base that a vintage of a history can be laid over, built if there is none.

    Where too much has come since the last one a new one is built: in memory at once, as a file
    behind the scenes, while the old one serves.
    """
    with _BUILDING:
        known = model.fingerprint(catalogues.load())
        place = (settings.catalog, settings.files, str(settings.cache), known)
        base = _newest(settings, known, history, _BASES.get(place))
        if base is None:
            base = _built(settings, known, history, vintage)
        elif vintage > base.vintage and _is_far(base, history, vintage):
            if base.file is None:
                base = _built(settings, known, history, vintage)
            else:
                _build_behind(settings, known, history)
        _BASES.pop(place, None)
        _BASES[place] = base
        while len(_BASES) > _MOST:
            del _BASES[next(iter(_BASES))]
        return base


def touched(submission: Submission) -> Iterator[Quarter]:
    """The quarters that a submission may have changed."""
    for period in submission.periods:
        yield from quarters.changed(submission.dataset_id, period)


def of_nothing(settings: Settings) -> Base:
    """A base of an empty store, for what is put together from parts alone."""
    engine = _engine(settings)
    engine.execute("attach ':memory:' as base (compress)")
    db = engine.cursor()
    db.execute(f"set search_path = '{PATH}'")
    for table in ("observation", "submission", "wording"):
        queries.run(f"incoming/no_{table}", db)
    model.build(db, catalogues.load())
    return Base(engine, 0, "", {})


def between(history: Iterable[Submission], one: int, other: int) -> set[Quarter]:
    """The quarters in which two vintages of a history may differ."""
    first, last = sorted((one, other))
    return {
        quarter for each in history if first < each.vintage <= last for quarter in touched(each)
    }


def _is_far(base: Base, history: Sequence[Submission], vintage: int) -> bool:
    whole = sum(base.cells.values())
    mean = whole / max(1, len(base.cells))
    changed = between(history, base.vintage, vintage)
    return sum(base.cells.get(quarter, mean) for quarter in changed) > FAR * whole


def _build_behind(settings: Settings, known: str, history: Sequence[Submission]) -> None:
    """Build a file of the newest vintage in a thread, unless one is at work."""
    if at_work():
        return

    def build() -> None:
        try:
            _built(settings, known, history, history[-1].vintage).engine.close()
        except DashboardError as error:
            LOG.warning("%s", error)

    threading.Thread(target=build, name=_BEHIND, daemon=True).start()


def at_work() -> list[threading.Thread]:
    """The threads that build a file behind the scenes: one or none."""
    return [thread for thread in threading.enumerate() if thread.name == _BEHIND]


def forget() -> None:
    """Forget the bases in memory."""
    _BASES.clear()


def threads(cells: int) -> int:
    """How many threads are worth their while to build a model of so many cells."""
    return 1 if cells <= CHUNK else os.cpu_count() or 1


def history(db: duckdb.DuckDBPyConnection) -> list[Submission]:
    """The submissions of the attached lake, oldest first."""
    return [Submission(*row) for row in queries.run("lake/history", db).fetchall()]


def lineage(submissions: Iterable[Submission], vintage: int) -> str:
    """A mark of all submissions up to a vintage: a store put back has another one."""
    marks = [str(each.mark) for each in submissions if each.vintage <= vintage]
    return hashlib.sha256(" ".join(marks).encode()).hexdigest()[:16]


def fill(
    settings: Settings, base: duckdb.DuckDBPyConnection, wanted: Iterable[Quarters], snapshot: int,
    keep: Callable[[duckdb.DuckDBPyConnection, str, Quarters], None],
) -> None:  # fmt: skip
    """Build some quarters of the model from the lake, a chunk at a time, and let each be kept.

    A chunk is built in a database of its own, whose name `keep` is told with the quarters in it, so
    that no more than that is in memory.
    """
    for chunk in wanted:
        name = f"chunk_{secrets.token_hex(4)}"
        base.execute(f"attach ':memory:' as {name}")
        db = base.cursor()
        try:
            db.execute(f"set search_path = '{name}.main,{PATH}'")
            lake.copy(settings, db, partial(_copy, wanted=chunk), snapshot)
            model.build_quarters(db, chunk)
            keep(db, name, chunk)
        finally:
            db.close()
            base.execute(f"detach {name}")


def _keep(db: duckdb.DuckDBPyConnection, chunk: str, built: Quarters) -> None:
    """Add a chunk to the base."""
    for table in ("observation", *map(model.table_of, model.BY_QUARTER)):
        source = f"from {chunk}.main.{table}"
        db.execute(f"create table if not exists {PATH}.{table} as {source} limit 0")
        which = "true" if built is None else quarters.rows(table, built)
        db.execute(f"insert into {PATH}.{table} {source} where {which}")
    db.execute("checkpoint base")  # compresses it


def _copy(db: duckdb.DuckDBPyConnection, wanted: Quarters) -> None:
    """Copy the cells of some quarters, and of those before them that their flows begin from."""
    if wanted is None:
        queries.run("incoming/observation", db)
    elif len({dataset for dataset, _ in wanted}) == 1:  # its files can be told from the others
        (dataset_id, first), (_, last) = wanted[0], wanted[-1]
        asked = {"dataset_id": dataset_id, "first": quarters.begun(first), "last": last}
        queries.run("incoming/observation_of_quarters", db, **asked)
    else:
        listed = [
            f"{d}/{each}" for d, period in wanted for each in (quarters.begun(period), period)
        ]
        queries.run("incoming/observation_in_quarters", db, quarters=listed)


def chunks(
    cells: dict[Quarter, int], wanted: Collection[Quarter] | None = None
) -> Iterator[Quarters]:
    """What is built at once: all wanted quarters (default: all there are) where these are few.

    Else quarters of one dataset that follow each other.
    """
    if sum(cells.values()) <= CHUNK:
        if wanted is None or wanted:
            yield None if wanted is None else sorted(wanted)
        return
    begun: list[Quarter] = []
    for dataset_id, period in sorted(cells if wanted is None else wanted):
        count = sum(cells.get(each, 0) for each in [*begun, (dataset_id, period)])
        if begun and (begun[-1] != (dataset_id, periods.shift(period, -1)) or count > CHUNK):
            yield begun
            begun = []
        begun.append((dataset_id, period))
    if begun:
        yield begun


def copy_small(db: duckdb.DuckDBPyConnection) -> None:
    """Copy the submissions and the texts of the attached lake."""
    queries.run("incoming/submission", db)
    queries.run("incoming/wording" if lake.has_table(db, "wording") else "incoming/no_wording", db)


def _built(settings: Settings, known: str, submissions: Sequence[Submission], vintage: int) -> Base:
    """Build a base: of a vintage in memory, or of the last one as a file."""
    last = submissions[-1]
    wanted = next(each for each in submissions if each.vintage == vintage)
    engine = _engine(settings)
    cells = {}

    def counted(db: duckdb.DuckDBPyConnection) -> None:
        found = queries.run("lake/cells_by_quarter", db).fetchall()
        cells.update({(dataset, period): count for dataset, period, count in found})

    lake.copy(settings, engine, counted, last.snapshot)
    if sum(cells.values()) <= settings.serving_cells:
        engine.execute("attach ':memory:' as base (compress)")
        engine.execute(f"set threads = {threads(sum(cells.values())):d}")
        _construct(settings, engine, cells, wanted.snapshot)
        engine.execute("set threads = 1")  # of what each question asks there is little
        return Base(engine, vintage, lineage(submissions, vintage), cells)
    mark = lineage(submissions, last.vintage)
    engine.close()
    with _lock(settings):  # another process may have built it meanwhile
        _folder(settings)
        path = settings.cache / f"{_name(settings, known)}-{mark}-{last.vintage}.duckdb"
        if not path.exists():
            _publish(settings, path, cells, last.snapshot)
            _tidy(settings, path)
    return _opened(settings, path)


def _publish(settings: Settings, path: Path, cells: dict[Quarter, int], at: int) -> None:
    """Build a base as a file and give it its name when it is whole."""
    unfinished = path.with_name(f"building-{os.getpid()}-{secrets.token_hex(4)}")
    engine = _engine(settings, sum(cells.values()))
    try:
        engine.execute(f"attach '{_sql(unfinished)}' as base (storage_version 'latest')")
        unfinished.chmod(0o600)
        _construct(settings, engine, cells, at)
        engine.execute("checkpoint base")
        engine.execute("detach base")
        unfinished.replace(path)
    except OSError as error:
        raise failures.named(settings, error) from error
    finally:
        engine.close()
        for left in (unfinished, unfinished.with_name(unfinished.name + ".wal")):
            left.unlink(missing_ok=True)


def _construct(
    settings: Settings, engine: duckdb.DuckDBPyConnection, cells: dict[Quarter, int],
    snapshot: int,
) -> None:  # fmt: skip
    db = engine.cursor()
    db.execute(f"set search_path = '{PATH}'")
    lake.copy(settings, db, copy_small, snapshot)
    model.build_lasting(db, catalogues.load())
    fill(settings, engine, chunks(cells), snapshot, _keep)
    queries.run(model.PERIOD, db)
    db.close()


def _newest(
    settings: Settings, known: str, submissions: Sequence[Submission], held: Base | None
) -> Base | None:
    """The base in memory or the newest in the cache that a history goes on from, if any."""
    ours = held if held and lineage(submissions, held.vintage) == held.lineage else None
    best = ours.vintage if ours else -1
    for path in _files(settings, known):
        mark, vintage = path.stem.split("-")[2:]
        if int(vintage) > best and lineage(submissions, int(vintage)) == mark:
            try:
                return _opened(settings, path)
            except StoreUnavailable:
                continue  # taken away meanwhile
    return ours


def _opened(settings: Settings, path: Path) -> Base:
    engine = _engine(settings)
    try:
        os.utime(path)  # in use
        engine.execute(f"attach '{_sql(path)}' as base (read_only)")
    except (OSError, duckdb.Error) as error:
        engine.close()
        raise StoreUnavailable("error.cache_failed", file=path, reason=str(error)) from error
    found = queries.run("laid/cells_by_quarter", engine).fetchall()
    cells = {(dataset, period): count for dataset, period, count in found}
    engine.execute(f"set threads = {threads(sum(cells.values())):d}")
    mark, vintage = path.stem.split("-")[2:]
    return Base(engine, int(vintage), mark, cells, path)


def _name(settings: Settings, known: str) -> str:
    """How the names of our bases in the cache begin: how they are built, and of which store."""
    place = hashlib.sha256(f"{settings.catalog}\0{settings.files}".encode()).hexdigest()
    return f"{known[:16]}-{place[:8]}"


def _files(settings: Settings, known: str) -> list[Path]:
    """The bases in the cache that are built as ours would be, the newest first."""
    found = settings.cache.glob(f"{_name(settings, known)}-*-*.duckdb")
    return sorted(found, key=lambda path: -int(path.stem.rpartition("-")[2]))


def _tidy(settings: Settings, kept: Path) -> None:
    """Take away what nobody uses: who has a file open goes on reading it all the same."""
    old = time.time() - _AGE
    for path in settings.cache.iterdir():
        mine = path.name.split("-")[:2] == kept.name.split("-")[:2]
        if path.name.startswith("building-") or path.suffix == ".duckdb":
            try:
                if path != kept and (mine or path.stat().st_mtime < old):
                    path.unlink()
            except FileNotFoundError:
                continue


def _folder(settings: Settings) -> Path:
    """The cache, which none but its owner may look into: it holds what the lake holds."""
    try:
        settings.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreUnavailable(
            "error.cache_failed", file=settings.cache, reason=str(error)
        ) from error
    return settings.cache


def _lock(settings: Settings) -> FileLock:
    return FileLock(_folder(settings) / "building.lock", mode=0o600)


def _engine(settings: Settings, cells: int = 0) -> duckdb.DuckDBPyConnection:
    """A DuckDB of a base and all that is laid over it, with a bound on the memory it takes."""
    engine = lake.connect(threads(cells))
    engine.execute(f"set memory_limit = '{settings.serving_memory:d}MB'")
    engine.execute(f"set temp_directory = '{_sql(settings.cache / 'spilled')}'")
    engine.execute("set preserve_insertion_order = false")  # what is sorted stays sorted
    return engine


def _sql(path: Path) -> str:
    return str(path).replace("'", "''")
