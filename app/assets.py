"""The scripts a page fetches from static/: plotly.js as the plotly package ships it, and our own.

Their names hold version or content, so that a browser may keep them for good.
"""

from __future__ import annotations

import hashlib
import shutil
from functools import cache
from pathlib import Path

import plotly
from plotly.offline import get_plotlyjs_version

from app.settings import ROOT, STATIC

_SOURCES = (
    "figure.js",
    "finder.js",
    "map_explorer/map_explorer.js",
    "profile/profile.js",
    "rug/rug.js",
)
SCRIPTS = {Path(source).stem: ROOT / "app" / source for source in _SOURCES}


@cache
def library() -> str:
    """The file name of plotly.js."""
    return f"plotly-{get_plotlyjs_version()}.min.js"


@cache
def script(name: str = "figure") -> str:
    """The file name of one of our scripts, of the one that draws figures unless told otherwise."""
    return f"{name}-{hashlib.sha256(SCRIPTS[name].read_bytes()).hexdigest()[:12]}.js"


def names() -> list[str]:
    """The file names of all of them."""
    return [library(), *map(script, SCRIPTS)]


def is_built() -> bool:
    """Whether all are in static/."""
    return all((STATIC / name).exists() for name in names())


def build() -> None:
    """Copy all to static/ and take older versions away."""
    STATIC.mkdir(exist_ok=True)
    sources = {library(): Path(plotly.__file__).parent / "package_data" / "plotly.min.js"}
    sources |= {script(name): source for name, source in SCRIPTS.items()}
    for name, source in sources.items():
        unfinished = STATIC / f"{name}.part"
        shutil.copyfile(source, unfinished)
        unfinished.replace(STATIC / name)
    for pattern in ("plotly-*.min.js", *(f"{name}-*.js" for name in SCRIPTS)):
        for found in STATIC.glob(pattern):
            if found.name not in sources:
                found.unlink()
