"""The manuals show pictures that are there, and each of them can be made anew."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import manual_pictures as pictures
import manual_stores
import pytest
from PIL import Image

from app import areas, choices, menu
from app.settings import ROOT

SHOWN = re.compile(r"!\[[^\]]+\]\(([^)\s]+)\)")
MANUALS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FREE = {"submission"}  # what pages keep in their address besides the choices


def test_every_picture_is_shown_and_none_is_left_over() -> None:
    shown = {
        (manual.parent / place).resolve()
        for manual in MANUALS
        for place in SHOWN.findall(manual.read_text("utf-8"))
    }
    assert shown == set(pictures.IMAGES.iterdir())
    assert {path.stem for path in shown} == set(pictures.NAMES)
    assert {path.suffix for path in shown} == {".png"}


@pytest.mark.parametrize("name", pictures.SCREENS)
def test_the_page_of_a_picture_is_there_and_so_is_what_is_chosen(name: str) -> None:
    screen = pictures.SCREENS[name]
    address = urlsplit(screen.address)
    assert address.path in {"", *menu.addresses()}
    chosen = parse_qs(address.query, strict_parsing=bool(address.query))
    assert chosen.keys() <= {*choices.URL_KEYS, *FREE}
    assert set(",".join(chosen.get("county", []) + chosen.get("areas", [])).split(",")) <= {
        "",
        *areas.load(),
    }
    assert screen.person in {"", *manual_stores.PEOPLE}


@pytest.mark.parametrize("name", pictures.SCREENS)
def test_a_picture_of_a_page_is_as_large_as_its_window(name: str) -> None:
    screen = pictures.SCREENS[name]
    with Image.open(pictures.IMAGES / f"{name}.png") as picture:
        assert picture.size == (screen.width, screen.height)
