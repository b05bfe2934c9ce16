"""The boundary build: what it makes, and every input it refuses."""

from __future__ import annotations

import csv
import dataclasses
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.affinity import scale

from app import geography, settings
from app.errors import GeographyInvalid
from app.geography import building, layers, soundness, source
from app.settings import REFERENCE, ROOT


@dataclasses.dataclass(frozen=True)
class Built:
    static: Path
    folder: Path
    report: building.BuildReport
    counties: gpd.GeoDataFrame

    def json(self, name: str) -> Any:
        return json.loads((self.static / name).read_text(encoding="utf-8"))

    def web(self) -> gpd.GeoDataFrame:
        frame = gpd.read_file(self.static / geography.COUNTIES_FILE)
        return frame.sort_values("code", ignore_index=True)


def with_boundaries(path: Path | None) -> settings.Settings:
    return dataclasses.replace(settings.load(), boundaries=path)


def build_into(folder: Path, own: Path | None = None) -> building.BuildReport:
    return building.build(
        with_boundaries(own), static=folder / "static", geography=folder / "geography"
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("boundaries")
    report = build_into(folder)
    with (REFERENCE / "areas.csv").open(encoding="utf-8", newline="") as file:
        areas = {row["code"]: row for row in csv.DictReader(file)}
    counties = soundness.matched(source.tianditu(), areas)
    for column in ("lon", "lat", "area_km2"):
        counties[column] = [float(row[column]) for row in areas.values()]
    return Built(folder / "static", folder / "geography", report, counties)


# ------------------------------------------------------------------ what a build makes


def test_the_build_holds_124_units_294_borders_and_the_area_of_the_province(built: Built) -> None:
    report = built.report
    assert (report.units, report.neighbours) == (124, 294)
    # 179,700 km² ± 1 %
    assert 177_903 <= report.area_km2 <= 181_497
    assert 177_903 <= report.web_area_km2 <= 181_497


def test_the_source_names_every_area_as_the_reference_table_does(built: Built) -> None:
    with (REFERENCE / "areas.csv").open(encoding="utf-8", newline="") as file:
        areas = list(csv.DictReader(file))
    for column in ("code", "name", "city_code", "city"):
        assert list(built.counties[column]) == [row[column] for row in areas]
    assert built.counties.crs.to_epsg() == 4326
    assert shapely.coverage_is_valid(built.counties.geometry.values)


def test_the_label_point_of_a_county_lies_in_it_and_its_area_is_that_of_its_land(
    built: Built,
) -> None:
    counties = built.counties
    points = gpd.points_from_xy(counties["lon"], counties["lat"], crs=4326)
    assert counties.geometry.contains(gpd.GeoSeries(points)).all()
    # independent of the build: geodesic areas; Lufeng's reefs are drawn but are not land
    geod = counties.crs.get_geod()
    km2 = np.array([abs(geod.geometry_area_perimeter(g)[0]) / 1e6 for g in counties.geometry])
    differs = abs(km2 / counties["area_km2"] - 1) > 0.005
    assert list(counties["code"][differs]) == ["441581"]


def test_the_browser_gets_at_most_250_kb_keyed_by_code(built: Built) -> None:
    assert (built.static / geography.COUNTIES_FILE).stat().st_size <= 250_000
    features = built.json(geography.COUNTIES_FILE)["features"]
    assert [f["id"] for f in features] == list(built.counties["code"])
    assert features[0]["properties"] == {
        "code": "440103",
        "name": "荔湾区",
        "city_code": "440100",
        "city": "广州市",
    }


def test_simplified_neighbours_still_share_their_borders(built: Built) -> None:
    web = built.web().geometry.values
    assert shapely.coverage_is_valid(web)
    assert all(g.is_valid for g in web)
    assert (
        shapely.get_num_coordinates(web).sum()
        < shapely.get_num_coordinates(built.counties.geometry.values).sum()
    )


def rings(features: list[dict[str, Any]]) -> list[tuple[bool, list[list[float]]]]:
    """Every ring of a collection, with whether it is an outer one."""
    found = []
    for feature in features:
        shape = feature["geometry"]
        polygons = shape["coordinates"]
        for polygon in [polygons] if shape["type"] == "Polygon" else polygons:
            found += [(place == 0, ring) for place, ring in enumerate(polygon)]
    return found


@pytest.mark.parametrize(
    "name",
    [geography.COUNTIES_FILE, geography.CITIES_FILE, geography.STRIPES_FILE, geography.DOTS_FILE],
)
def test_outer_rings_run_clockwise_or_plotly_would_fill_the_globe(built: Built, name: str) -> None:
    for outer, ring in rings(built.json(name)["features"]):
        assert shapely.LinearRing(ring).is_ccw != outer


def test_every_county_has_a_hatch_that_stays_inside_it(built: Built) -> None:
    stripes = gpd.read_file(built.static / geography.STRIPES_FILE)
    assert (built.static / geography.STRIPES_FILE).stat().st_size <= 150_000
    assert list(stripes["id"]) == list(built.counties["code"])
    web = built.web()
    for stripe, county in zip(stripes.geometry, web.geometry, strict=True):
        assert stripe.geom_type == "MultiPolygon" and len(stripe.geoms) >= 3
        assert stripe.difference(county.buffer(0.004)).is_empty
        # a fifth to two fifths inked: neither blank nor solid
        assert 0.2 < stripe.intersection(county).area / county.area < 0.4


def test_every_county_has_dots_that_stay_inside_it(built: Built) -> None:
    dots = gpd.read_file(built.static / geography.DOTS_FILE)
    assert (built.static / geography.DOTS_FILE).stat().st_size <= 200_000
    assert list(dots["id"]) == list(built.counties["code"])
    for dot, county in zip(dots.geometry, built.web().geometry, strict=True):
        assert dot.is_valid and dot.geom_type == "MultiPolygon" and len(dot.geoms) >= 4
        assert county.contains(dot)


def test_a_city_is_as_large_as_its_counties_and_has_no_border_inside(built: Built) -> None:
    cities = gpd.read_file(built.static / geography.CITIES_FILE).set_index("id")
    web = built.web()
    assert len(cities) == 21
    assert sorted(cities.index) == sorted(set(web["city_code"]))
    for code, counties in web.groupby("city_code"):
        whole = cities.geometry[code]
        assert whole.is_valid
        assert whole.area == pytest.approx(counties.geometry.area.sum(), rel=1e-9)
        parts = getattr(whole, "geoms", [whole])
        # an enclave is another city's, so that what is inside holds no piece of its own
        assert not any(
            shapely.Polygon(ring).intersection(whole).area > 1e-9
            for part in parts for ring in part.interiors
        )  # fmt: skip


def lines(topology: dict[str, Any], layer: str) -> list[shapely.LineString]:
    """Decode one layer of a quantised topology into its arcs."""
    sx, sy = topology["transform"]["scale"]
    tx, ty = topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        xs, ys = (list(accumulate(step[axis] for step in arc)) for axis in (0, 1))
        points = [(x * sx + tx, y * sy + ty) for x, y in zip(xs, ys, strict=True)]
        decoded.append(shapely.LineString(points))
    chosen: list[int] = []

    def collect(arcs: Any) -> None:
        for item in arcs:
            if isinstance(item, int):
                chosen.append(item)
            else:
                collect(item)

    for shape in topology["objects"][layer]["geometries"]:
        collect(shape["arcs"])
    return [decoded[i] for i in chosen]


def test_the_base_map_holds_city_borders_and_the_outline_in_the_layer_drawn_on_top(
    built: Built,
) -> None:
    topology = built.json(geography.TOPOLOGY_FILE)
    web = built.web()
    cities = web.dissolve("city_code")
    assert len(cities) == 21
    expected = shapely.union_all(shapely.boundary(cities.geometry.values))
    drawn = shapely.union_all(lines(topology, "rivers"))
    assert drawn.hausdorff_distance(expected) < 1e-6
    assert drawn.length == pytest.approx(expected.length)
    outline = shapely.union_all(lines(topology, "coastlines"))
    assert outline.length == pytest.approx(shapely.union_all(web.geometry.values).boundary.length)


def test_the_base_map_has_every_layer_plotly_may_be_asked_to_show(built: Built) -> None:
    layers = built.json(geography.TOPOLOGY_FILE)["objects"]
    assert {"ocean", "land", "lakes", "subunits", "countries", "coastlines", "rivers"} == set(
        layers
    )


def test_bounds_frame_one_county_or_the_whole_province(built: Built) -> None:
    west, south, east, north = geography.bounds(geography=built.folder)
    assert (109 < west < 110, 20 < south < 21, 117 < east < 118, 25 < north < 26) == (True,) * 4
    nanao = geography.bounds(["440523"], built.folder)
    assert west < 116.9 < nanao[0] < nanao[2] < 117.3
    with pytest.raises(GeographyInvalid, match="none of the areas"):
        geography.bounds(["999999"], built.folder)


# ------------------------------------------------------------------ building again


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_builds_give_the_same_bytes(built: Built, tmp_path: Path) -> None:
    build_into(tmp_path)
    assert contents(tmp_path / "static") == contents(built.static)
    assert contents(tmp_path / "geography") == contents(built.folder)


def test_a_department_file_in_its_own_order_and_datum_gives_the_same_map(
    built: Built, tmp_path: Path
) -> None:
    own = built.counties.sample(frac=1, random_state=1)[["code", "name", "geometry"]]
    own.rename(columns={"code": "id"}).to_crs(4490).to_file(tmp_path / "own.gpkg")
    report = build_into(tmp_path, tmp_path / "own.gpkg")
    assert report.source == "own.gpkg"
    name = geography.COUNTIES_FILE
    assert (tmp_path / "static" / name).read_bytes() == (built.static / name).read_bytes()


def test_a_refused_source_leaves_the_files_as_they_were(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.static, tmp_path / "static")
    shutil.copytree(built.folder, tmp_path / "geography")
    before = contents(tmp_path)
    with pytest.raises(GeographyInvalid):
        build_into(tmp_path, tmp_path / "absent.geojson")
    assert contents(tmp_path) == before


def test_boundaries_count_as_built_until_a_file_or_an_input_changes(
    built: Built, tmp_path: Path
) -> None:
    places = {"static": tmp_path / "static", "geography": tmp_path / "geography"}
    plain = with_boundaries(None)
    assert not geography.is_built(plain, **places)
    shutil.copytree(built.static, places["static"])
    shutil.copytree(built.folder, places["geography"])
    assert geography.is_built(plain, **places)

    reference = tmp_path / "reference"
    reference.mkdir()
    shutil.copy(REFERENCE / "areas.csv", reference)
    assert geography.is_built(plain, **places, reference=reference)
    with (reference / "areas.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert not geography.is_built(plain, **places, reference=reference)

    own = tmp_path / "own.parquet"
    built.counties.to_parquet(own)
    assert not geography.is_built(with_boundaries(own), **places)
    building.build(with_boundaries(own), **places)
    assert geography.is_built(with_boundaries(own), **places)
    assert not geography.is_built(plain, **places)

    (places["static"] / geography.STRIPES_FILE).unlink()
    assert not geography.is_built(with_boundaries(own), **places)


def test_asking_for_boundaries_that_are_not_built_says_how_to_build_them(tmp_path: Path) -> None:
    with pytest.raises(GeographyInvalid, match="python -m app setup"):
        geography.bounds(geography=tmp_path)


def test_importing_the_module_loads_neither_streamlit_nor_geopandas() -> None:
    code = (
        "import sys, app.geography;"
        "print([m for m in ('streamlit', 'geopandas', 'shapely', 'pandas') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ran.stdout.strip() == "[]"


# ------------------------------------------------------------------ what a build refuses


def without_a_county(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame[frame["code"] != "440523"]


def with_an_unknown_code(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.replace({"code": {"440523": "440599"}})


def with_a_county_twice(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.replace({"code": {"440523": "440507"}})


def with_a_wrong_name(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.replace({"name": {"南澳县": "南奥县"}})


def changed(
    frame: gpd.GeoDataFrame, code: str, change: Callable[[shapely.Geometry], Any]
) -> gpd.GeoDataFrame:
    frame = frame.copy()
    row = frame.index[frame["code"] == code][0]
    frame.loc[[row], "geometry"] = gpd.GeoSeries(
        [change(frame.geometry[row])], index=[row], crs=frame.crs
    )
    return frame


def with_an_empty_county(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return changed(frame, "440523", lambda _: shapely.Polygon())


def with_a_line_for_a_county(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return changed(frame, "440523", lambda county: county.boundary)


def with_a_ring_that_crosses_itself(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    bow = shapely.Polygon([(117, 23), (117.1, 23.1), (117.1, 23), (117, 23.1)])
    return changed(frame, "440523", lambda _: bow)


def with_an_overlap(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return changed(frame, "441622", lambda county: county.buffer(0.01))


def with_a_sliver_between_neighbours(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return changed(frame, "441622", lambda county: county.buffer(-0.00003))  # 3 m


def with_a_hole(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    def punch(county: shapely.Geometry) -> shapely.Geometry:
        return county.difference(county.representative_point().buffer(0.02))

    return changed(frame, "441622", punch)


def with_a_county_moved_into_the_sea(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give all of Jiaoling to Pingyuan, and Jiaoling a square of open water instead."""
    given = frame.geometry[frame["code"] == "441427"].iloc[0]
    frame = changed(frame, "441426", lambda county: shapely.coverage_union(county, given))
    return changed(frame, "441427", lambda _: shapely.box(115, 21, 115.3, 21.3))


def enlarged(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    grown = [scale(g, 1.02, 1.02, origin=(113.5, 23)) for g in frame.geometry]
    return frame.set_geometry(gpd.GeoSeries(grown, index=frame.index, crs=frame.crs))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (without_a_county, "codes: no boundary for 440523 南澳县"),
        (with_an_unknown_code, "codes: no boundary for 440523 南澳县; not in areas.csv: 440599"),
        (with_a_county_twice, "codes: more than one row for 440507"),
        (with_a_wrong_name, "names: 440523 is 南奥县, areas.csv has 南澳县"),
        (with_an_empty_county, r"validity \(full\): no polygon for 440523"),
        (with_a_line_for_a_county, r"validity \(full\): no polygon for 440523"),
        (with_a_ring_that_crosses_itself, r"validity \(full\): 440523 南澳县 \(Self-intersection"),
        (with_an_overlap, r"coverage \(full\): overlap or gap at .*龙川县"),
        (with_a_sliver_between_neighbours, r"coverage \(full\): overlap or gap at .*龙川县"),
        (with_a_hole, r"holes \(full\): 1 inside the province, one at 441622 龙川县"),
        (with_a_county_moved_into_the_sea, r"neighbours \(full\): \d+ pairs .* expected 294"),
        (enlarged, r"area \(full\): 18\d,\d+\.\d km², more than 1% from 179,700"),
    ],
)
def test_a_boundary_file_that_fails_a_check_is_refused_by_name(
    built: Built,
    tmp_path: Path,
    spoil: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame],
    says: str,
) -> None:
    source = tmp_path / "own.parquet"
    spoil(built.counties[["code", "name", "geometry"]]).to_parquet(source)
    with pytest.raises(GeographyInvalid, match=says):
        build_into(tmp_path, source)
    assert not (tmp_path / "static").exists()


def test_a_reference_table_of_fewer_areas_is_refused(built: Built, tmp_path: Path) -> None:
    rows = (REFERENCE / "areas.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "areas.csv").write_text("".join(rows[:-1]), encoding="utf-8")
    built.counties.iloc[:-1].to_parquet(tmp_path / "own.parquet")
    with pytest.raises(GeographyInvalid, match="units: 123 units, expected 124"):
        building.build(
            with_boundaries(tmp_path / "own.parquet"),
            static=tmp_path / "static",
            geography=tmp_path / "geography",
            reference=tmp_path,
        )


def test_a_file_too_fine_for_the_browser_is_simplified_further_or_refused(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "WEB_LIMIT", 200_000)
    report = build_into(tmp_path)
    assert report.web_tolerance_m > 700
    assert report.files[geography.COUNTIES_FILE] <= 200_000
    monkeypatch.setattr(layers, "WEB_LIMIT", 20_000)
    with pytest.raises(GeographyInvalid, match="size: the counties do not fit 20,000 bytes"):
        build_into(tmp_path)


def test_a_source_that_is_no_boundary_file_is_refused(built: Built, tmp_path: Path) -> None:
    text = tmp_path / "notes.geojson"
    text.write_text("not a map", encoding="utf-8")
    with pytest.raises(GeographyInvalid, match="source: notes.geojson cannot be read"):
        build_into(tmp_path, text)
    with pytest.raises(GeographyInvalid, match="source: .*absent.gpkg does not exist"):
        build_into(tmp_path, tmp_path / "absent.gpkg")
    with pytest.raises(GeographyInvalid, match="source: areas.csv holds no geometry"):
        build_into(tmp_path, REFERENCE / "areas.csv")
    nameless = tmp_path / "nameless.parquet"
    built.counties[["city", "geometry"]].to_parquet(nameless)
    with pytest.raises(GeographyInvalid, match="needs the columns code .* it has city"):
        build_into(tmp_path, nameless)


def test_metres_without_a_coordinate_system_are_refused(built: Built, tmp_path: Path) -> None:
    metres = (
        built.counties[["code", "name", "geometry"]].to_crs(3857).set_crs(None, allow_override=True)
    )
    metres.to_parquet(tmp_path / "metres.parquet")
    with pytest.raises(GeographyInvalid, match="names no coordinate system"):
        build_into(tmp_path, tmp_path / "metres.parquet")
