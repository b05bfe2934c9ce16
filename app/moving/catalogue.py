"""Copies the tables of a DuckLake catalogue, in one transaction, from SQLite or Postgres to either.

The two keep some columns in other types, and small tables (inlined data) are tables of the
catalogue, made in the types that DuckLake itself would give them there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

import queries
from app import failures, lake, postgres
from app.errors import MoveRefused
from app.settings import Settings

_STORE, _SNAPSHOTS = "ducklake_schema", "ducklake_snapshot"
# How Postgres keeps inlined values of a lake's type; all others are kept as text, as SQLite does.
_IN_POSTGRES = {
    "varchar": "blob", "int32": "integer", "int64": "bigint", "float64": "double",
    "boolean": "boolean",
}  # fmt: skip
_IN_SQLITE = {"int32": "bigint", "int64": "bigint", "boolean": "bigint"}

Columns = dict[str, str]  # name and type of each, in their order


def require_fit(source: Settings, target: Settings) -> None:
    """Refuse a target that holds another store, or one that has moved on since it was copied."""
    with _both(source, target) as (db, here, there):
        if _STORE not in _tables(db, "there"):
            return
        ours, theirs = _snapshots(db, here), _snapshots(db, there)
        if not _has_tables(db, there):
            return  # an empty lake that a broken-off move has left
        same = _store_id(db, here) == _store_id(db, there)
        if not same:
            raise MoveRefused("move.other_store", place=target.catalog.partition(":")[0])
        if not theirs <= ours:
            raise MoveRefused("move.in_use", place=target.catalog.partition(":")[0])


def copy(source: Settings, target: Settings) -> None:
    """Put the tables of a catalogue in the place of those of another one, all or nothing."""
    with _both(source, target) as (db, here, there), lake.transaction(db):
        known = _tables(db, "there")
        for name, columns in _tables(db, "here").items():
            if name not in known:
                known[name] = _inlined(db, here, name, columns, target)
                listed = ", ".join(f'"{column}" {kind}' for column, kind in known[name].items())
                db.execute(f"create table {there}.{name} ({listed})")
            else:
                db.execute(f"delete from {there}.{name}")
            _copy_table(db, f"{here}.{name}", f"{there}.{name}", columns, known[name])
        _require_relative(db, there)
        path = postgres.quoted(target.files + "/lake/")
        db.execute(
            f"update {there}.ducklake_metadata set value = {path}"
            " where key = 'data_path' and scope is null"
        )


@contextmanager
def locked(source: Settings) -> Iterator[None]:
    """Let nobody write to a catalogue in Postgres meanwhile; all can read it."""
    db = lake.connect()
    try:
        lake.attach_catalogue(db, source, "held", write=True)
        db.execute("begin")
        db.execute("call postgres_execute('held', 'lock table ducklake_snapshot in share mode')")
        yield
    except duckdb.Error as error:
        raise failures.named(source, error) from error
    finally:
        db.close()


@contextmanager
def _both(
    source: Settings, target: Settings
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str, str]]:
    db = lake.connect()
    try:
        here = lake.attach_catalogue(db, source, "here")
        if target.catalog_file is not None:
            target.catalog_file.parent.mkdir(parents=True, exist_ok=True)
        yield db, here, lake.attach_catalogue(db, target, "there", write=True)
    except (duckdb.Error, OSError) as error:
        raise failures.named(target, error) from error
    finally:
        db.close()


def _tables(db: duckdb.DuckDBPyConnection, database: str) -> dict[str, Columns]:
    found: dict[str, Columns] = {}
    for row in queries.rows("moving/catalogue_columns", db, database=database):
        found.setdefault(row["table_name"], {})[row["column_name"]] = row["data_type"]
    return found


def _snapshots(db: duckdb.DuckDBPyConnection, schema: str) -> set[tuple[object, ...]]:
    """The snapshots with their times, which no two lakes share."""
    return set(
        db.execute(
            "select snapshot_id, epoch_us(cast(snapshot_time as timestamptz))"
            f" from {schema}.{_SNAPSHOTS}"
        ).fetchall()
    )


def _store_id(db: duckdb.DuckDBPyConnection, schema: str) -> object:
    (found,) = db.execute(
        f"select cast(min(schema_uuid) as varchar) from {schema}.{_STORE} where schema_id = 0"
    ).fetchall()
    return found


def _has_tables(db: duckdb.DuckDBPyConnection, schema: str) -> bool:
    return bool(db.execute(f"select table_id from {schema}.ducklake_table limit 1").fetchall())


def _inlined(
    db: duckdb.DuckDBPyConnection, schema: str, name: str, columns: Columns, target: Settings
) -> Columns:
    """The columns of a table of inlined data, as DuckLake would make them in the target."""
    row = db.execute(
        f"select table_id, schema_version from {schema}.ducklake_inlined_data_tables"
        " where table_name = $name",
        {"name": name},
    ).fetchone()
    kinds = {} if row is None else _lake_types(db, schema, row[0])
    kept = _IN_SQLITE if target.catalog_file is not None else _IN_POSTGRES
    own = ("row_id", "file_id", "begin_snapshot", "end_snapshot")
    return {
        column: "bigint" if column in own else kept.get(kinds.get(column, ""), "varchar")
        for column in columns
    }


def _lake_types(db: duckdb.DuckDBPyConnection, schema: str, table_id: int) -> Columns:
    return dict(
        db.execute(
            f"select column_name, column_type from {schema}.ducklake_column"
            " where table_id = $table_id and parent_column is null order by begin_snapshot",
            {"table_id": table_id},
        ).fetchall()
    )


def _copy_table(
    db: duckdb.DuckDBPyConnection, source: str, target: str, columns: Columns, wanted: Columns
) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(_value(column, kind, wanted[column]) for column, kind in columns.items())
    db.execute(f"insert into {target} ({names}) select {values} from {source}")


def _value(column: str, kind: str, wanted: str) -> str:
    """A column in the type of the other catalogue; text is kept in Postgres as its bytes."""
    here, there = kind.lower(), wanted.lower()
    if here == "varchar" and there == "blob":
        return f'encode("{column}")'
    if here == "blob" and there == "varchar":
        return f'decode("{column}")'
    return f'cast("{column}" as {wanted})'


def _require_relative(db: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Refuse files that lie elsewhere than in the lake's folder: they would not move."""
    for table in ("ducklake_data_file", "ducklake_delete_file"):
        found = db.execute(
            f"select path from {schema}.{table} where not cast(path_is_relative as boolean) limit 1"
        ).fetchone()
        if found is not None:
            raise MoveRefused("move.elsewhere", file=found[0])
