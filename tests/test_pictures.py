"""Figures become pictures in a worker that others need not wait for and that always goes away."""

from __future__ import annotations

import csv
import io
import os
import signal
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import plotly.graph_objects as go
import pytest
from command_calls import command
from dashboard_stores import LATEST, opened, store_at
from lxml import etree
from PIL import Image

from app import figures, lettering, page_pictures, pictures, processes, settings, view
from app.errors import NoBrowser, PictureFailed, PictureTooSlow
from app.pictures import outlines, queue
from app.pictures.queue import Worker
from app.scopes import Choices


@pytest.fixture(scope="module")
def at_store(sampled: Path) -> Iterator[Path]:
    with store_at(sampled):
        yield sampled
        pictures.close()


def figure(kind: str, scope: str = "pilot") -> go.Figure:
    source, stamp = view.current()
    return figures.drawn(kind, source, stamp, Choices(LATEST, scope, None, "care_bed_share", "zh"))


@pytest.fixture(scope="module")
def drawn(at_store: Path) -> dict[str, go.Figure]:
    return {kind: figure(kind) for kind in figures.KINDS}


def dark(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How many pixels of a part of a picture are dark."""
    return sum(image.convert("L").crop(box).histogram()[:128])


@pytest.mark.parametrize("kind", ["ranking", "trend", "map"])
def test_a_png_is_as_wide_as_the_text_of_an_official_page_at_300_dpi(
    kind: str, drawn: dict[str, go.Figure]
) -> None:
    image = Image.open(io.BytesIO(pictures.png(drawn[kind])))
    assert abs(image.width - 156 / 25.4 * 300) < 2
    assert all(abs(dpi - 300) < 0.1 for dpi in image.info["dpi"])
    assert dark(image, (0, 0, image.width, 120)) > 2000, "the title is drawn"
    assert dark(image, (0, image.height - 120, image.width, image.height)) > 800, "the footer too"


def test_a_map_has_its_counties_and_not_an_empty_frame(drawn: dict[str, go.Figure]) -> None:
    image = Image.open(io.BytesIO(pictures.png(drawn["map"]))).convert("RGB")
    middle = image.crop((0, 200, image.width, image.height - 400))
    colours = {colour for count, colour in middle.getcolors(1 << 20) or [] if count > 3000}
    assert len(colours) >= 4


def test_the_lines_of_a_picture_are_broken_for_its_own_width(drawn: dict[str, go.Figure]) -> None:
    narrow, wide = drawn["ranking"], lettering.rewrapped(drawn["ranking"], 590)
    assert lettering.caption_of(wide).title == lettering.caption_of(narrow).title
    lines = [f.layout.annotations[1].text.count("<br>") for f in (narrow, wide)]
    assert lines[1] < lines[0]
    plots = [f.layout.height - f.layout.margin.t - f.layout.margin.b for f in (narrow, wide)]
    assert abs(plots[0] - plots[1]) <= 1, "the plot keeps its height"
    assert len(wide.layout.annotations) == len(narrow.layout.annotations)


def test_an_svg_says_what_it_shows_and_needs_no_typeface(drawn: dict[str, go.Figure]) -> None:
    picture = etree.fromstring(pictures.svg(drawn["trend"]))
    space = {"s": "http://www.w3.org/2000/svg"}
    assert (
        picture.xpath("string(s:title)", namespaces=space)
        == lettering.caption_of(drawn["trend"]).title
    )
    assert picture.xpath("//s:text", namespaces=space) == []
    assert len(picture.xpath("//s:path", namespaces=space)) > 40


def test_the_outlines_of_letters_stand_where_the_text_stood() -> None:
    told = (
        "<svg xmlns='http://www.w3.org/2000/svg'><text x='100' y='50' text-anchor='end'"
        " style='font-size: 20px; fill: rgb(1, 2, 3)'>占比<tspan style='font-weight: bold'>1"
        "</tspan></text></svg>"
    ).encode()
    caption = lettering.Caption("题", "说明", "来源")
    made = etree.fromstring(outlines.outlined(told, caption))
    paths = made.xpath("//s:path", namespaces={"s": "http://www.w3.org/2000/svg"})
    assert len(paths) == 2
    assert all("rgb(1, 2, 3)" in path.get("style") for path in paths)
    numbers = [float(n) for n in paths[0].get("d").replace("M", " ").replace("L", " ")
               .replace("Q", " ").replace("C", " ").replace("V", " ").replace("H", " ")
               .replace("Z", " ").replace(",", " ").replace("-", " -").split()][:2]  # fmt: skip
    assert 40 < numbers[0] < 100 and 25 < numbers[1] < 56, "two wide letters end before 100"


def test_a_pdf_is_a_pdf(drawn: dict[str, go.Figure]) -> None:
    assert pictures.pdf(drawn["trend"]).startswith(b"%PDF-")


def test_several_at_once_each_get_their_own(drawn: dict[str, go.Figure]) -> None:
    made: dict[str, bytes] = {}

    def draw(kind: str) -> None:
        made[kind] = pictures.png(drawn[kind])

    threads = [threading.Thread(target=draw, args=(kind,)) for kind in drawn]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    heights = {kind: Image.open(io.BytesIO(made[kind])).height for kind in drawn}
    for kind, each in drawn.items():
        expected = lettering.rewrapped(each, 590).layout.height * 300 / 96
        assert abs(heights[kind] - expected) < 5


def test_after_its_browser_was_killed_the_next_picture_is_drawn_by_another(
    drawn: dict[str, go.Figure],
) -> None:
    pictures.png(drawn["trend"])
    process = queue.WORKER._process
    assert process is not None
    os.killpg(process.pid, signal.SIGKILL)
    assert pictures.png(drawn["trend"]).startswith(b"\x89PNG")
    assert queue.WORKER._process is not process


def test_one_that_hangs_is_ended_and_named_and_the_next_works(drawn: dict[str, go.Figure]) -> None:
    hanging = Worker([sys.executable, "-c", "import time; time.sleep(60)"])
    begun = time.monotonic()
    with pytest.raises(PictureTooSlow, match="1秒"):
        hanging.draw({"figure": {}}, limit=1)
    assert time.monotonic() - begun < 15
    hanging.command = None
    layout = {"width": 100, "height": 80}
    job = {"figure": {"data": [], "layout": layout}, "topojson": None,
           "options": {"format": "png", "scale": 1, **layout}}  # fmt: skip
    assert hanging.draw(job).startswith(b"\x89PNG")
    hanging.close()


def test_what_it_started_and_its_folder_are_gone_when_it_is_closed(
    drawn: dict[str, go.Figure],
) -> None:
    pictures.png(drawn["trend"])
    process, folder = queue.WORKER._process, queue.WORKER._folder
    assert process is not None and folder is not None and Path(folder).exists()
    below = processes._descendants(process.pid)
    assert below, "it has started a browser"
    pictures.close()
    assert process.poll() is not None and not Path(folder).exists()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _alive(below):
        time.sleep(0.1)
    assert _alive(below) == [], "its browser too, though that has a session of its own"


def _alive(pids: list[int]) -> list[int]:
    """Which of some processes still run; one that has ended and waits to be noticed does not."""
    alive = []
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
        except OSError:
            continue
        alive += [] if state == "Z" else [pid]
    return alive


def test_a_figure_that_can_not_be_drawn_is_told_with_the_reason() -> None:
    job = {"figure": {"data": [], "layout": {}}, "topojson": None, "options": {"format": "tiff"}}
    worker = Worker()
    with pytest.raises(PictureFailed, match="tiff"):
        worker.draw(job)
    worker.close()


def test_without_a_browser_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, drawn: dict[str, go.Figure]
) -> None:
    pictures.close()
    monkeypatch.setattr(queue, "browser", lambda: None)
    assert not pictures.browser_found()
    with pytest.raises(NoBrowser, match="Chromium"):
        pictures.png(drawn["trend"])


def test_a_zip_has_every_figure_twice_with_what_it_says_and_names_the_one_that_failed(
    monkeypatch: pytest.MonkeyPatch, drawn: dict[str, go.Figure]
) -> None:
    real = pictures.png

    def fails_once(figure: go.Figure) -> bytes:
        if lettering.caption_of(figure).title == lettering.caption_of(drawn["map"]).title:
            raise PictureTooSlow("error.picture_too_slow", seconds=1)
        return real(figure)

    monkeypatch.setattr(pictures, "png", fails_once)
    told: list[float] = []
    found = [page_pictures.PageFigure(kind, lambda f=f: f) for kind, f in drawn.items()]
    content, failed = page_pictures.archive(found, "zh", told.append)
    assert len(failed) == 1 and "停止" in failed[0]
    assert told[-1] == 1
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = file.namelist()
        rows = list(csv.DictReader(io.StringIO(file.read("图片说明.csv").decode("utf-8-sig"))))
    assert names == ["02 ranking.png", "02 ranking.svg", "03 trend.png", "03 trend.svg",
                     "图片说明.csv", "未做成的.txt"]  # fmt: skip
    assert [row["文件"] for row in rows] == ["02 ranking.png", "03 trend.png"]
    assert rows[1]["题目"] == lettering.caption_of(drawn["trend"]).title
    assert all(row["样例标记"] for row in rows)


# ------------------------------------------------------------------ the command and the page


def test_the_command_draws_one_figure_without_streamlit(at_store: Path, tmp_path: Path) -> None:
    target = tmp_path / "图.svg"
    done = command(
        settings.load(), "figure", "trend", "--indicator", "care_bed_share", "--period", LATEST,
        "--area", "粤北", "-o", target,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "粤北" in etree.fromstring(target.read_bytes())[0].text


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("trend", "--indicator", "no_such", "--period", LATEST), 1, "no_such"),
        (("pie", "--indicator", "care_bed_share", "--period", LATEST), 1, "pie"),
        (("trend", "--indicator", "care_bed_share", "--period", "2030Q1"), 1, "2030Q1"),
        (("trend", "--indicator", "care_bed_share"), 2, "--period"),
    ],
)
def test_the_command_says_what_is_wrong(
    arguments: tuple[str, ...], status: int, said: str, at_store: Path, tmp_path: Path
) -> None:
    done = command(settings.load(), "figure", *arguments, "-o", tmp_path / "x.png")
    assert done.returncode == status and said in done.stderr
    assert not (tmp_path / "x.png").exists()


def test_a_page_offers_its_pictures_and_knows_each_of_its_figures(at_store: Path) -> None:
    at = opened("pages/topics/care_beds.py")
    assert "4" in at.button(key="page_pictures").label
    assert len(at.session_state["page_figures"]) == 4
    at.button(key="page_pictures").click().run()
    assert not at.exception
    assert len([b for b in at.get("download_button") if b.proto.label in ("PNG", "SVG")]) == 8


@pytest.mark.parametrize("layout", ["16x9", "a4"])
def test_a_link_opens_the_page_without_its_controls_and_there_is_a_way_back(
    layout: str, at_store: Path
) -> None:
    at = opened("pages/topics/care_beds.py", present=layout)
    style = next(each for each in at.get("html") if "display: none !important" in each.proto.body)
    assert ".st-key-bar" in style.proto.body
    at.button(key="present_end").click().run()
    assert "present" not in at.query_params
    assert not [h for h in at.get("html") if "display: none !important" in h.proto.body]
