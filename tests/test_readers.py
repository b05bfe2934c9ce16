"""The readers with which the server is loaded meet what a browser would."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser_fixtures import served

from app.i18n import t
from benchmarks.readers import Heard, Reader, read_together

BOXES = (t("bar.period", "zh"), t("bar.scope", "zh"))


@pytest.fixture(scope="module")
def store_served(beds_alone: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store of its own, which a test may damage."""
    folder = tmp_path_factory.mktemp("readers") / "store"
    shutil.copytree(beds_alone, folder)
    yield folder


@pytest.fixture(scope="module")
def port(store_served: Path) -> Iterator[int]:
    with served(store_served) as address:
        yield urlsplit(address).port or 0


def read(port: int, readers: int, seconds: float) -> Heard:
    each = [Reader(port, "care_beds", BOXES, seed) for seed in range(readers)]
    return asyncio.run(read_together(each, seconds, (0.1, 0.3)))


def test_readers_who_change_their_choices_at_once_are_all_answered(port: int) -> None:
    heard = read(port, 4, 4.0)
    assert heard.errors == []
    assert len(heard.taken) >= 4


def test_what_fails_on_a_page_is_heard(port: int, store_served: Path) -> None:
    (store_served / "catalog.sqlite").write_bytes(b"no catalogue at all" * 100)
    heard = read(port, 1, 1.0)
    assert any("打不开数据库" in said for said in heard.errors), heard.errors
