"""Where things are and what an installation may change, read from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path(os.environ.get("DASHBOARD_CATALOGUE") or ROOT / "data" / "catalogue")
REFERENCE = Path(os.environ.get("DASHBOARD_REFERENCE") or ROOT / "data" / "reference")
SAMPLE = ROOT / "data" / "sample"
GEOGRAPHY = ROOT / "data" / "geography"
STATIC = ROOT / "static"
LONGEST_SESSION = 24 * 7  # hours


@dataclass(frozen=True)
class Access:
    """Who may come in, as the environment says it; app/access/modes.py judges whether it will do.

    `hours` is how long a sign-in lasts (0 where what is set is no number), `url` the address that
    readers type, `proxies` the gateways that are believed, as addresses or networks.
    """

    mode: str = "local"
    hours: float = 8.0
    url: str = ""
    proxies: tuple[str, ...] = ()
    gateway_header: str = "X-Forwarded-User"
    oidc_metadata: str = ""
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)
    oidc_claim: str = "sub"


@dataclass(frozen=True)
class Settings:
    """The settings of one installation.

    `catalog` is a DuckLake catalogue (`sqlite:…` or `postgres:…`), `files` the folder or the bucket
    (`s3://…`) of its data files and of uploads, briefings and the audit, `secrets` a file with the
    passwords for both, `folder` the store's own folder, which holds accounts and the server's
    secret. With `review` what is handed in waits for another person before it is stored. Counts of
    persons below `small_counts` are hidden from people outside. `watchers` are the machines,
    besides this one, that may read the server's measures.

    The databases that questions are put to are in memory up to `serving_cells` cells, and above it
    files in the folder `cache`; each process takes `serving_memory` MB for them at most.
    """

    catalog: str
    files: str
    boundaries: Path | None
    map_approval: str | None
    lang: str
    folder: Path = ROOT / "data" / "store"
    access: Access = Access()
    review: bool = False
    small_counts: int = 10
    watchers: tuple[str, ...] = ()
    secrets: Path | None = None
    cache: Path = ROOT / "data" / "store" / "cache"
    serving_cells: int = 5_000_000
    serving_memory: int = 2048

    @property
    def catalog_file(self) -> Path | None:
        """The catalogue's own file, or None where a server holds it."""
        kind, _, place = self.catalog.partition(":")
        return Path(place) if kind == "sqlite" else None

    @property
    def bucket(self) -> str | None:
        """The name of the bucket that holds the files, or None where a folder does."""
        if not self.files.startswith("s3://"):
            return None
        return self.files.removeprefix("s3://").partition("/")[0]

    @property
    def is_open_to_others(self) -> bool:
        """Whether other users of the machine can look into the store's folder."""
        return os.name == "posix" and self.folder.exists() and bool(self.folder.stat().st_mode & 7)


def make_closed(folder: Path) -> None:
    """Make a folder where there is none, closed to other users of the machine."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True, mode=0o750)


def load() -> Settings:
    """Read the settings from the environment; every one has a default."""
    return _read(tuple((n, os.environ[n]) for n in os.environ if n.startswith("DASHBOARD_")))


@lru_cache(16)
def _read(given: tuple[tuple[str, str], ...]) -> Settings:
    """The settings that variables of the environment say; a page asks for them many times a run."""
    said = dict(given)
    store = Path(said.get("DASHBOARD_STORE") or ROOT / "data" / "store").resolve()
    files = (said.get("DASHBOARD_FILES") or str(store / "files")).rstrip("/")
    secrets = said.get("DASHBOARD_SECRETS")
    boundaries = said.get("DASHBOARD_BOUNDARIES")
    return Settings(
        catalog=said.get("DASHBOARD_CATALOG") or f"sqlite:{store / 'catalog.sqlite'}",
        files=files,
        boundaries=Path(boundaries) if boundaries else None,
        map_approval=said.get("DASHBOARD_MAP_APPROVAL") or None,
        lang="en" if said.get("DASHBOARD_LANG", "zh").startswith("en") else "zh",
        folder=store,
        access=_access(said),
        small_counts=_small_counts(said.get("DASHBOARD_SMALL_COUNTS", "")),
        watchers=tuple(said.get("DASHBOARD_WATCHERS", "").replace(",", " ").split()),
        secrets=Path(secrets) if secrets else None,
        cache=Path(said.get("DASHBOARD_CACHE") or store / "cache").resolve(),
        serving_cells=_whole(said, "DASHBOARD_SERVING_CELLS", 5_000_000),
        serving_memory=max(256, _whole(said, "DASHBOARD_SERVING_MEMORY", 2048)),
        review=said.get("DASHBOARD_REVIEW", "").strip().lower() in ("1", "true", "yes"),
    )


def _access(said: Mapping[str, str]) -> Access:
    def read(name: str, default: str = "") -> str:
        return said.get(f"DASHBOARD_{name}", "").strip() or default

    return Access(
        mode=read("ACCESS", "local"),
        hours=_hours(read("SESSION_HOURS", "8")),
        url=read("URL").rstrip("/"),
        proxies=tuple(read("PROXIES").replace(",", " ").split()),
        gateway_header=read("GATEWAY_HEADER", "X-Forwarded-User"),
        oidc_metadata=read("OIDC_METADATA"),
        oidc_client=read("OIDC_CLIENT"),
        oidc_secret=read("OIDC_SECRET"),
        oidc_claim=read("OIDC_CLAIM", "sub"),
    )


def _whole(said: Mapping[str, str], name: str, default: int) -> int:
    """A whole number that was set; one that is none counts as not set."""
    text = said.get(name, "").strip()
    return int(text) if text.isdecimal() else default


def _small_counts(text: str) -> int:
    """The threshold that was set; one that is no number is as good as none, which is refused."""
    try:
        return int(text.strip() or 10)
    except ValueError:
        return 0


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        return 0.0
    return hours if 0 < hours <= LONGEST_SESSION else 0.0
