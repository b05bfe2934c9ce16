"""Looks into the logs of the servers on one store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.settings import Settings


def problems(store: Settings, most: int) -> list[dict[str, Any]]:
    """The newest entries that have a number or are warnings, the newest first."""
    found = [
        entry
        for path in (store.folder / "log").glob("*.jsonl*")
        for entry in _read(path)
        if "problem" in entry or entry.get("level") in ("WARNING", "ERROR", "CRITICAL")
    ]
    return sorted(found, key=lambda entry: str(entry.get("at")), reverse=True)[:most]


def _read(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return  # it was turned over just now
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry
