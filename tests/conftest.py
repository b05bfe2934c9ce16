"""Fixtures that several test files share."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import settings
from app.settings import Settings


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a store that does not exist yet."""
    for name in ("CATALOG", "FILES", "BOUNDARIES", "MAP_APPROVAL", "LANG", "CATALOGUE"):
        monkeypatch.delenv(f"DASHBOARD_{name}", raising=False)
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    return settings.load()
