"""The layers the browser fetches, as GeoJSON: counties along shared borders, and cities."""

from __future__ import annotations

import json
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely

from app.errors import GeographyInvalid
from app.geography.projection import ALBERS, DECIMALS

WEB_LIMIT = 250_000  # bytes
WEB_TOLERANCE_M = 700  # side of the square as large as the triangles that simplifying drops
WEB_TOLERANCE_MAX_M = 3_000


def pairs(frame: gpd.GeoDataFrame) -> list[tuple[str, shapely.Geometry]]:
    return list(zip(frame["code"], frame.geometry.values, strict=True))


def simplified(counties: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, float, bytes]:
    """Simplify along shared borders until the layer fits its limit of bytes."""
    metres = np.asarray(counties.geometry.to_crs(ALBERS).values, dtype=object)
    tolerance = float(WEB_TOLERANCE_M)
    while tolerance <= WEB_TOLERANCE_MAX_M:
        series = gpd.GeoSeries(shapely.coverage_simplify(metres, tolerance), crs=ALBERS)
        degrees = np.asarray(series.to_crs("EPSG:4326").values, dtype=object)
        degrees = shapely.transform(degrees, lambda points: np.round(points, DECIMALS))
        degrees = shapely.orient_polygons(shapely.remove_repeated_points(degrees), exterior_cw=True)
        web = counties.set_geometry(gpd.GeoSeries(degrees, crs="EPSG:4326"))
        columns = ["code", "name", "city_code", "city"]
        content = collection(
            (row["code"], row["geometry"], {column: row[column] for column in columns})
            for row in web.to_dict("records")
        )
        if len(content) <= WEB_LIMIT:
            return web, tolerance, content
        tolerance *= 1.25
    raise GeographyInvalid(
        f"size: the counties do not fit {WEB_LIMIT:,} bytes even when simplified by "
        f"{WEB_TOLERANCE_MAX_M} m"
    )


def collection(features: Iterable[tuple[str, shapely.Geometry, dict[str, str]]]) -> bytes:
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": code,
                "properties": properties,
                "geometry": json.loads(shapely.to_geojson(geometry)),
            }
            for code, geometry, properties in features
        ],
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def cities(web: gpd.GeoDataFrame) -> Iterable[tuple[str, shapely.Geometry, dict[str, str]]]:
    """The counties of each city as one area, so that no border runs inside a city."""
    geometries = np.asarray(web.geometry.values, dtype=object)
    for code in sorted(set(web["city_code"])):
        inside = (web["city_code"] == code).to_numpy()
        whole = shapely.orient_polygons(
            shapely.coverage_union_all(geometries[inside]), exterior_cw=True
        )
        yield code, whole, {"code": code, "name": str(web.loc[inside, "city"].iloc[0])}
