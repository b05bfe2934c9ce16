"""Figures on their way to the browser, and the scripts that draw them there."""

import gzip
import json
from pathlib import Path

import plotly.graph_objects as go
import pytest

from app import assets, plot


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(assets, "STATIC", tmp_path / "static")
    return tmp_path / "static"


def test_the_scripts_are_built_under_names_that_hold_their_version(static: Path) -> None:
    assert not assets.is_built()
    assets.build()
    assert assets.is_built()
    names = sorted(path.name for path in static.iterdir())
    assert names == sorted(assets.names())
    for name, source in assets.SCRIPTS.items():
        assert (static / assets.script(name)).read_bytes() == source.read_bytes()
    assert (
        f"plotly.js v{assets.library()[7:-7]}"
        in (static / assets.library()).read_text("utf-8")[:200]
    )


def test_a_build_takes_older_versions_away_and_nothing_else(static: Path) -> None:
    static.mkdir()
    for name in (
        "plotly-1.0.0.min.js",
        "figure-abc.js",
        "rug-abc.js",
        "guangdong_counties.geojson",
    ):
        (static / name).write_text("old")
    assets.build()
    kept = {path.name for path in static.iterdir()}
    assert kept == {*assets.names(), "guangdong_counties.geojson"}


def test_a_figure_arrives_whole_with_what_it_is_drawn_by() -> None:
    figure = go.Figure(data=[{"type": "bar", "x": [1, 2], "y": ["南澳县", "遂溪县"]}])
    sent = json.loads(gzip.decompress(plot.packed(figure, {"locale": "zh-CN"}, "护理型床位占比")))
    assert sent["figure"]["data"][0]["y"] == ["南澳县", "遂溪县"]
    assert sent["config"] == {"locale": "zh-CN"}
    assert sent["alt"] == "护理型床位占比"
    assert sent["library"] == f"app/static/{assets.library()}"


def test_the_same_figure_is_the_same_bytes() -> None:
    figure = go.Figure(data=[{"type": "bar", "x": [1, 2]}])
    assert plot.packed(figure, {}, "") == plot.packed(figure, {}, "")
