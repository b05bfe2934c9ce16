"""Whether a layer holds each unit of the province, its polygon sound beside its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from app.errors import GeographyInvalid
from app.geography.projection import ALBERS

UNITS = 124
NEIGHBOURS = 294  # pairs of units that share more than a point
LAND_AREA_KM2 = 179_700  # the province's published land area
AREA_TOLERANCE = 0.01
GAP_M = 10  # neighbours closer than this without touching are a gap, not a strait


def _few(items: Sequence[str]) -> str:
    return ", ".join(items[:5]) + (f" and {len(items) - 5} more" if len(items) > 5 else "")


def matched(frame: gpd.GeoDataFrame, areas: dict[str, dict[str, str]]) -> gpd.GeoDataFrame:
    """Check units, codes and names against areas.csv; return the rows by code, with their city."""
    codes = list(frame["code"])
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise GeographyInvalid(f"codes: more than one row for {_few(twice)}")
    missing = [f"{c} {areas[c]['name']}" for c in sorted(areas.keys() - set(codes))]
    unknown = sorted(set(codes) - areas.keys())
    if missing or unknown:
        lines = [f"no boundary for {_few(missing)}"] if missing else []
        lines += [f"not in areas.csv: {_few(unknown)}"] if unknown else []
        raise GeographyInvalid("codes: " + "; ".join(lines))
    if len(codes) != UNITS:
        raise GeographyInvalid(f"units: {len(codes)} units, expected {UNITS}")
    wrong = [
        f"{code} is {name}, areas.csv has {areas[code]['name']}"
        for code, name in zip(codes, frame["name"], strict=True)
        if name != areas[code]["name"]
    ]
    if wrong:
        raise GeographyInvalid(f"names: {_few(wrong)}")
    frame = frame.sort_values("code", ignore_index=True)
    for column in ("city_code", "city"):
        frame[column] = [areas[code][column] for code in frame["code"]]
    return frame


def checked(layer: str, frame: gpd.GeoDataFrame) -> tuple[int, float]:
    """Check the geometry of one layer; return its neighbouring pairs and its area in km²."""
    label = [f"{code} {name}" for code, name in zip(frame["code"], frame["name"], strict=True)]
    degrees = frame.geometry.values
    plain = [
        label[i]
        for i, g in enumerate(degrees)
        if g is None or g.is_empty or g.geom_type not in ("Polygon", "MultiPolygon")
    ]
    if plain:
        raise GeographyInvalid(f"validity ({layer}): no polygon for {_few(plain)}")
    invalid = [
        f"{label[i]} ({shapely.is_valid_reason(g)})"
        for i, g in enumerate(degrees)
        if not g.is_valid
    ]
    if invalid:
        raise GeographyInvalid(f"validity ({layer}): {_few(invalid)}")

    metres = np.asarray(frame.geometry.to_crs(ALBERS).values, dtype=object)
    edges = shapely.coverage_invalid_edges(metres, gap_width=GAP_M)
    bad = [label[i] for i, edge in enumerate(edges) if not edge.is_empty]
    if bad:
        raise GeographyInvalid(f"coverage ({layer}): overlap or gap at {_few(bad)}")
    union = shapely.union_all(metres)
    holes = [ring for part in shapely.get_parts(union) for ring in getattr(part, "interiors", ())]
    if holes:
        around = shapely.STRtree(metres).query(shapely.Polygon(holes[0]), predicate="intersects")
        raise GeographyInvalid(
            f"holes ({layer}): {len(holes)} inside the province, one at "
            f"{_few([label[i] for i in sorted(around)])}"
        )
    left, right = shapely.STRtree(metres).query(metres, predicate="intersects")
    once = left < right
    shared = shapely.length(
        shapely.intersection(
            shapely.boundary(metres[left[once]]), shapely.boundary(metres[right[once]])
        )
    )
    neighbours = int((shared > 1).sum())
    if neighbours != NEIGHBOURS:
        raise GeographyInvalid(
            f"neighbours ({layer}): {neighbours} pairs share a border, expected {NEIGHBOURS}"
        )
    area = round(float(shapely.area(metres).sum()) / 1e6, 1)
    if abs(area / LAND_AREA_KM2 - 1) > AREA_TOLERANCE:
        raise GeographyInvalid(
            f"area ({layer}): {area:,} km², more than {AREA_TOLERANCE:.0%} from {LAND_AREA_KM2:,}"
        )
    return neighbours, area
