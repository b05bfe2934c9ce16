"""Boundaries put into a figure: the worker has no server to fetch them from."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson

from app.errors import PictureFailed
from app.settings import STATIC

_PREFIX = "app/static/"


def put_in(document: dict[str, Any]) -> None:
    """Replace the address of boundaries in each trace by those of the areas that it draws."""
    for trace in document["data"]:
        address = trace.get("geojson")
        if isinstance(address, str):
            wanted = set(trace["locations"])
            features = [f for f in _features(address) if f["id"] in wanted]
            trace["geojson"] = {"type": "FeatureCollection", "features": features}


@cache
def _features(address: str) -> list[dict[str, Any]]:
    path: Path = STATIC / address.partition("?")[0].removeprefix(_PREFIX)
    if not path.is_file():
        raise PictureFailed("error.picture_boundaries")
    found: list[dict[str, Any]] = orjson.loads(path.read_bytes())["features"]
    return found
