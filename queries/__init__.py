"""The questions put to the data: one SQL file each, run by name with `$name` values only.

`*.sql` are questions over the model, `model/*.sql` build it in memory in the order of their names,
`incoming/*.sql` bring in what it is built from, `checks/*.sql` return the offending rows of an
upload, `quality/*.sql` what is doubtful among the stored, `lake/*.sql` read and write the store.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

FOLDER = Path(__file__).resolve().parent


@cache
def text(name: str) -> str:
    """The SQL of one question; raise KeyError for a name that does not exist."""
    path = (FOLDER / f"{name}.sql").resolve()
    if FOLDER not in path.parents or not path.is_file():
        raise KeyError(name)
    return path.read_text("utf-8")


def names(folder: str = "") -> list[str]:
    """The names of the questions of one folder, sorted."""
    prefix = f"{folder}/" if folder else ""
    return sorted(prefix + path.stem for path in (FOLDER / folder).glob("*.sql"))


@cache
def parameters(name: str) -> frozenset[str]:
    """The names of the values a question needs."""
    return frozenset(re.findall(r"\$(\w+)", re.sub(r"--.*", "", text(name))))


def run(name: str, cursor: duckdb.DuckDBPyConnection, **params: Any) -> duckdb.DuckDBPyConnection:
    """Run one question; DuckDB refuses a missing or surplus value. Fetch from what it returns."""
    return cursor.execute(text(name), params or None)


def rows(name: str, cursor: duckdb.DuckDBPyConnection, **params: Any) -> list[dict[str, Any]]:
    """Run one question and return its rows as dictionaries."""
    result = run(name, cursor, **params)
    columns = [column[0] for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
