"""Fixtures that several test files share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app import lettering, settings
from app.settings import Settings

lettering.CHECKED = True  # every figure of the tests is looked over by Plotly


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a store that does not exist yet."""
    for name in [name for name in os.environ if name.startswith("DASHBOARD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    return settings.load()
