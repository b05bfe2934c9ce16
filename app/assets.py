"""The scripts a page fetches from static/: plotly.js as the plotly package ships it, and our own.

Their names hold version or content, so that a browser may keep them for good.
"""

from __future__ import annotations

import hashlib
import shutil
from functools import cache
from pathlib import Path

from app.settings import ROOT, STATIC

SCRIPT = ROOT / "app" / "figure.js"


@cache
def library() -> str:
    """The file name of plotly.js."""
    from plotly.offline import get_plotlyjs_version

    return f"plotly-{get_plotlyjs_version()}.min.js"


@cache
def script() -> str:
    """The file name of the script that draws figures in place."""
    return f"figure-{hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:12]}.js"


def is_built() -> bool:
    """Whether both are in static/."""
    return all((STATIC / name).exists() for name in (library(), script()))


def build() -> None:
    """Copy both to static/ and take older versions away."""
    import plotly

    STATIC.mkdir(exist_ok=True)
    sources = {
        library(): Path(plotly.__file__).parent / "package_data" / "plotly.min.js",
        script(): SCRIPT,
    }
    for name, source in sources.items():
        unfinished = STATIC / f"{name}.part"
        shutil.copyfile(source, unfinished)
        unfinished.replace(STATIC / name)
    for pattern in ("plotly-*.min.js", "figure-*.js"):
        for found in STATIC.glob(pattern):
            if found.name not in sources:
                found.unlink()
