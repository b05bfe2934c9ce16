"""The building of all boundary files from the source, each checked before anything is written."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import shapely

from app.geography.built import (
    CITIES_FILE,
    COUNTIES_FILE,
    DOTS_FILE,
    STAMP_FILE,
    STRIPES_FILE,
    TOPOLOGY_FILE,
    fingerprint,
)
from app.geography.layers import cities, collection, pairs, simplified
from app.geography.patterns import dots, stripes
from app.geography.projection import DECIMALS
from app.geography.soundness import checked, matched
from app.geography.source import own, tianditu
from app.geography.topology import topology
from app.settings import GEOGRAPHY, REFERENCE, STATIC, Settings


@dataclass(frozen=True)
class BuildReport:
    """What a build made and checked; `files` gives the size of each in bytes, areas are in km²."""

    source: str
    units: int
    neighbours: int
    area_km2: float
    web_area_km2: float
    web_tolerance_m: float
    files: dict[str, int]


def build(
    settings: Settings,
    *,
    static: Path = STATIC,
    geography: Path = GEOGRAPHY,
    reference: Path = REFERENCE,
) -> BuildReport:
    """Make all boundary files from the source and report what was made.

    Nothing is written unless every check holds; each file replaces its predecessor at once.
    Raises GeographyInvalid, which names the check that fails.
    """
    made_from = fingerprint(settings, reference)
    counties = own(settings.boundaries) if settings.boundaries else tianditu()
    counties = matched(counties, _areas(reference))
    neighbours, area = checked("full", counties)
    # some formats call every polygon a multipolygon: the files made shall not depend on it
    plain = [
        g.geoms[0] if len(shapely.get_parts(g)) == 1 and g.geom_type != "Polygon" else g
        for g in counties.geometry
    ]
    counties["geometry"] = shapely.orient_polygons(plain, exterior_cw=True)

    web, tolerance, web_bytes = simplified(counties)
    _, web_area = checked("web", web)

    made: dict[Path, bytes] = {
        static / COUNTIES_FILE: web_bytes,
        static / CITIES_FILE: collection(cities(web)),
        static / STRIPES_FILE: collection((code, stripes(g), {}) for code, g in pairs(web)),
        static / DOTS_FILE: collection((code, dots(g), {}) for code, g in pairs(web)),
        static / TOPOLOGY_FILE: topology(web),
    }
    for path, content in made.items():
        _write(path, content)
    report = BuildReport(
        source=settings.boundaries.name if settings.boundaries else "tianditu",
        units=len(counties),
        neighbours=neighbours,
        area_km2=area,
        web_area_km2=web_area,
        web_tolerance_m=tolerance,
        files={p.name: p.stat().st_size for p in made},
    )
    boxes = {
        code: [round(float(edge), DECIMALS) for edge in geometry.bounds]
        for code, geometry in pairs(web)
    }
    stamp = {"fingerprint": made_from, **asdict(report), "bounds": boxes}
    text = json.dumps(stamp, ensure_ascii=False) + "\n"
    _write(geography / STAMP_FILE, text.encode())
    return report


def _areas(reference: Path) -> dict[str, dict[str, str]]:
    with (reference / "areas.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def _write(path: Path, content: bytes) -> None:
    """Replace a file at once, so that no reader meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        temporary.write_bytes(content)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
