"""Times a redraw of each exploring page on the server, for the province and for 3,000 areas.

The script runs as it does for a reader, without a browser: what is timed is all that the server
does between a choice and the last message of the page.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from streamlit.testing.v1 import AppTest

from app import areas, figures, kept, levels, menu, scopes, serving, settings, view
from app import catalogue as catalogues
from app.compare import chosen
from app.serving import Serving, model
from app.settings import ROOT
from benchmarks import questions
from benchmarks.questions import Size

SIZES = (Size(124, 16), Size(3000, 16))
ROUNDS = 4  # through all choices, after the first that warms the cache
COUNTY = "440229"
# What a reader changes, one after the other; the last leads back to the first.
CHOICES: tuple[dict[str, str], ...] = (
    {"period": "2024Q3"},
    {"indicator": "point_coverage", "period": "2024Q4"},
    {"county": "440281"},
    {"scope": areas.PROVINCE},
    {"scope": areas.PILOT, "county": COUNTY, "indicator": "care_bed_share"},
)
# what is kept of the areas, and is of others here
CACHED = (
    areas.load,
    areas.pilot,
    areas.cities,
    levels._cities,
    scopes._counties,
    scopes.county_label,
    scopes.scope_option,
    chosen.label,
    chosen.options,
    figures.labels,
)


@dataclass(frozen=True)
class Redraw:
    """One page at one size: ms of a redraw with a cold and with a warm cache."""

    page: str
    cold: float
    median: float
    worst: float


def at(size: Size) -> list[Redraw]:
    """Time every exploring page, and a topic's, over a number of areas."""
    with _enlarged(size):
        names = [name for name in menu.names() if name in ("overview", *menu.EXPLORING)]
        found = [_page(name, str(menu.explore(name).relative_to(ROOT))) for name in names]
        return [*found, _page("care_beds", "pages/topics/care_beds.py")]


def _page(name: str, path: str) -> Redraw:
    at = AppTest.from_file(ROOT / "dashboard.py", default_timeout=600)
    at.query_params["county"] = COUNTY
    at.run()
    at.switch_page(path).run()
    _checked(at, name)
    cold: list[float] = []
    warm: list[float] = []
    for turn in range(ROUNDS + 1):
        for changed in CHOICES:
            taken = _change(at, changed)
            _checked(at, name)
            (warm if turn else cold).append(taken)
    return Redraw(name, statistics.median(cold), statistics.median(warm), max(warm))


def _change(at: AppTest, changed: Mapping[str, str]) -> float:
    """Make a choice as a control does, and time the run that follows, in ms."""
    for key, value in changed.items():
        at.session_state[key] = value
    start = time.perf_counter()
    at.run()
    return 1000 * (time.perf_counter() - start)


def _checked(at: AppTest, name: str) -> None:
    if at.exception:
        raise RuntimeError(f"{name}: {at.exception[0].value}")


@contextmanager
def _enlarged(size: Size) -> Iterator[None]:
    """The dashboard over as many areas: the sample again and again under other codes."""
    with ExitStack() as undo:
        folder = Path(undo.enter_context(tempfile.TemporaryDirectory()))
        source = serving.open_vintage(settings.load())
        cells = source.cursor().execute("from observation").to_arrow_table()
        undo.enter_context(questions.areas_of(folder, size.areas))
        undo.enter_context(patch.object(areas, "REFERENCE", folder))
        for each in CACHED:
            each.cache_clear()
            undo.callback(each.cache_clear)
        db = questions.enlarged(cells, size)
        model.build(db, catalogues.load())
        undo.callback(db.close)
        large = Serving(db, source.vintage)
        stamp = f"{size.areas} areas"
        undo.enter_context(patch.object(view, "current", lambda *_: (large, stamp)))
        undo.callback(kept.forget)
        yield
