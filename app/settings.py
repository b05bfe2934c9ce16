"""Where things are and what an installation may change, read from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path(os.environ.get("DASHBOARD_CATALOGUE") or ROOT / "data" / "catalogue")
REFERENCE = ROOT / "data" / "reference"
SAMPLE = ROOT / "data" / "sample"
GEOGRAPHY = ROOT / "data" / "geography"
STATIC = ROOT / "static"


@dataclass(frozen=True)
class Settings:
    """The settings of one installation.

    `catalog` is a DuckLake catalogue (`sqlite:…` or `postgres:…`), `files` the folder of its data
    files, `uploads` where uploaded workbooks are kept under their SHA-256.
    """

    catalog: str
    files: str
    uploads: Path
    boundaries: Path | None
    map_approval: str | None
    lang: str

    @property
    def catalog_file(self) -> Path | None:
        """The catalogue's own file, or None where a server holds it."""
        kind, _, place = self.catalog.partition(":")
        return Path(place) if kind == "sqlite" else None


def load() -> Settings:
    """Read the settings from the environment; every one has a default."""
    store = Path(os.environ.get("DASHBOARD_STORE") or ROOT / "data" / "store").resolve()
    files = os.environ.get("DASHBOARD_FILES") or str(store / "files")
    boundaries = os.environ.get("DASHBOARD_BOUNDARIES")
    return Settings(
        catalog=os.environ.get("DASHBOARD_CATALOG") or f"sqlite:{store / 'catalog.sqlite'}",
        files=files,
        uploads=Path(files) / "uploads",
        boundaries=Path(boundaries) if boundaries else None,
        map_approval=os.environ.get("DASHBOARD_MAP_APPROVAL") or None,
        lang="en" if os.environ.get("DASHBOARD_LANG", "zh").startswith("en") else "zh",
    )
