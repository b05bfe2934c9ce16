"""What commands print: lines, tables, CSV and JSON, in which no text can steer the terminal."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

import typer

# Control characters, marks that turn the direction of writing, line breaks, halves of a character.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def safe(text: str) -> str:
    """A text on one line that a terminal can't take for a command."""
    return _UNSAFE.sub(
        lambda found: " " if found[0].isspace() else "\N{REPLACEMENT CHARACTER}", text
    )


def tell(line: str) -> None:
    """Print a line of the answer."""
    typer.echo(safe(line))


def say(line: str) -> None:
    """Print a line about the answer, on standard error."""
    typer.echo(safe(line), err=True)


def fail(message: str) -> NoReturn:
    """Say what is wrong and end with exit status 1."""
    say(message)
    raise typer.Exit(1)


def show_rows(
    rows: Sequence[Mapping[str, Any]], as_json: bool, as_csv: bool, columns: Iterable[str]
) -> None:
    """Print rows in the form that was asked for."""
    names = list(columns)
    if as_json:
        show_json(rows)
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_cell(row[name]) for name in names] for row in rows)
    else:
        tell("  ".join(names))
        for row in rows:
            tell("  ".join(shown(row[name]) for name in names))


def show_json(document: object) -> None:
    """Print one JSON document, in which an unsafe character is written as its number."""
    text = json.dumps(document, ensure_ascii=False, default=_iso, allow_nan=False)
    typer.echo(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def shown(value: object) -> str:
    """A value as it stands in a table."""
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return "—" if value is None else str(_plain(value))


def submission(vintage: int | None) -> str | None:
    """The id of a submission."""
    return None if vintage is None else f"S{vintage}"


def _cell(value: object) -> object:
    """A value of a CSV; a spreadsheet takes no text for a formula."""
    plain = _plain(value)
    if not isinstance(plain, str):
        return plain
    return safe(f"'{plain}" if plain.startswith(("=", "+", "-", "@", "\t", "\r")) else plain)


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return ",".join(map(str, value))
    return value


def _iso(value: object) -> str:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)
