"""The base map of plotly.js, in TopoJSON."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from app.geography.projection import DECIMALS


def topology(web: gpd.GeoDataFrame) -> bytes:
    """Write the base map that plotly.js loads once: TopoJSON under plotly's own layer names.

    Above a choropleth plotly.js draws `rivers` (lines) and `lakes` (an area), below it the others.
    `rivers` therefore holds city borders and the province's outline; `land`, `coastlines` and
    `countries` hold the province, its outline and the city borders. plotly.js fails on a layer that
    is shown but absent, so the rest is there and empty.
    """
    geometries = np.asarray(web.geometry.values, dtype=object)
    cities = [
        shapely.coverage_union_all(geometries[(web["city_code"] == code).to_numpy()])
        for code in sorted(set(web["city_code"]))
    ]
    province = shapely.orient_polygons(shapely.coverage_union_all(geometries), exterior_cw=True)
    outline = shapely.boundary(province)
    inner = shapely.difference(shapely.union_all(shapely.boundary(cities)), outline)
    borders = shapely.get_parts(shapely.line_merge(inner))
    scale = 10**DECIMALS

    arcs: list[list[list[int]]] = []

    def arc(line: shapely.Geometry) -> int:
        points = np.round(shapely.get_coordinates(line) * scale).astype("i8")
        steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), "i8"))
        arcs.append(steps.tolist())
        return len(arcs) - 1

    land = [
        [[arc(ring)] for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(province)
    ]
    rings = [ring for polygon in land for ring in polygon]
    inside = [[arc(line)] for line in borders]

    def lines(of: list[list[int]]) -> dict[str, Any]:
        return {
            "type": "GeometryCollection",
            "geometries": [{"type": "MultiLineString", "arcs": of}],
        }

    empty = {"type": "GeometryCollection", "geometries": []}
    base_map = {
        "type": "Topology",
        "transform": {"scale": [1 / scale, 1 / scale], "translate": [0, 0]},
        "objects": {
            "land": {
                "type": "GeometryCollection",
                "geometries": [{"type": "MultiPolygon", "arcs": land}],
            },
            "coastlines": lines(rings),
            "countries": lines(inside),
            "rivers": lines(inside + rings),
            "ocean": empty,
            "lakes": empty,
            "subunits": empty,
        },
        "arcs": arcs,
    }
    return json.dumps(base_map, separators=(",", ":")).encode()
