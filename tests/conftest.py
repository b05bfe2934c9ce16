"""Fixtures that several test files share, and the order of the files."""

from __future__ import annotations

import functools
import os
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from app import lettering, settings
from app.settings import Settings

pytest_plugins = ["browser_fixtures", "dashboard_fixtures", "store_fixtures"]

lettering.CHECKED = True  # every figure of the tests is looked over by Plotly

# Each AppTest looks through all installed packages for components, which takes longer than most
# pages: once is enough, as for a server.
manifest_scanner.scan_component_manifests = functools.cache(  # type: ignore[assignment]
    manifest_scanner.scan_component_manifests
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a store that does not exist yet."""
    for name in [name for name in os.environ if name.startswith("DASHBOARD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    return settings.load()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files in an order in which processes seldom wait for each other.

    One fills the store of the sample while the other goes through files that start servers of their
    own, which are the longest; files without either, which are short, even out the end.
    """
    needed: dict[Path, set[str]] = {}
    for item in items:
        needed.setdefault(item.path, set()).update(getattr(item, "fixturenames", ()))
    of_sample = [path for path, names in needed.items() if "sampled" in names]

    def turn(item: pytest.Item) -> int:
        if item.path in of_sample:
            return 0 if item.path == of_sample[0] else 2
        return 1 if needed[item.path] & {"chromium", "postgres", "beds_alone"} else 3

    items.sort(key=turn)
