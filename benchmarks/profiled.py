"""Serves the dashboard with a profiler around each run of the script, and reads what it found.

`python -m benchmarks.profiled PORT FILE` is `python -m app serve` with one line of JSON a run.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from app.settings import ROOT
from benchmarks import browser
from benchmarks.browser import Target, python

# The part of the program a function belongs to, by a piece of its file's path; the first that fits.
PARTS = (
    ("/plotly/", "plotly (building figures)"),
    ("/_plotly_utils/", "plotly (building figures)"),
    ("/pandas/", "pandas"),
    ("/numpy/", "pandas"),
    ("/pyarrow/", "arrow"),
    ("/google/protobuf/", "protobuf"),
    ("/streamlit/", "streamlit"),
    ("/queries/", "queries"),
    ("/app/", "app"),
    ("/pages/", "pages"),
    ("/dashboard.py", "pages"),
)
BUILT_IN = (
    ("execute", "duckdb (queries and rows)"),
    ("duckdb", "duckdb (queries and rows)"),
    ("fetch", "duckdb (queries and rows)"),
    ("gc.collect", "garbage collection"),
    ("pyarrow", "arrow"),
    ("pandas", "pandas"),
    ("SerializeToString", "protobuf"),
    ("orjson", "json"),
    ("json", "json"),
    ("lock", "waiting"),
    ("sleep", "waiting"),
    ("compile", "reading scripts"),
    ("marshal", "reading scripts"),
)


@dataclass(frozen=True)
class Share:
    """The time one part of the program takes in a run: ms, and its share of the whole."""

    part: str
    ms: float
    of_total: float


def where_time_goes(
    chromium: Browser, target: Target, periods: Sequence[str], changes: int
) -> list[Share]:
    """Change the quarter in a profiled server and say where its script thread spends the time."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "runs.jsonl"
        profiled = Target(
            name="profiled dashboard",
            command=python("-m", "benchmarks.profiled", "{port}", str(file)),
            path=target.path,
            options=target.options,
            spellings=target.spellings,
        )
        with browser.served(profiled) as server, browser.empty_cache(chromium) as page:
            browser.load(page, server, periods[0])
            for step in range(changes):
                old, new = periods[step % len(periods)], periods[(step + 1) % len(periods)]
                browser.change(page, server, old, new)
        runs = [json.loads(line) for line in file.read_text().splitlines()]
    # The first half compiles and fills caches.
    late = runs[len(runs) // 2 :]
    total: Counter[str] = Counter()
    for run in late:
        total.update(run)
    whole = sum(total.values())
    return [
        Share(part, 1000 * seconds / len(late), seconds / whole)
        for part, seconds in total.most_common()
    ]


def by_part(profile: cProfile.Profile) -> dict[str, float]:
    """Seconds spent in each part of the program, each function's own time only."""
    seconds: dict[str, float] = defaultdict(float)
    stats: Any = pstats.Stats(profile)
    for (file, _, function), (_, _, own, _, _) in stats.stats.items():
        place = function if file == "~" else file.replace(str(ROOT / ".venv"), "")
        kinds = BUILT_IN if file == "~" else PARTS
        part = next((name for piece, name in kinds if piece in place), "python's own")
        seconds[part] += own
    return dict(seconds)


def _serve(port: int, file: Path) -> None:
    from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

    from app.server.serve import serve

    plain_run = ScriptRunner._run_script
    writing = threading.Lock()

    def profiled_run(runner: ScriptRunner, *given: Any) -> None:
        # The clock of the thread leaves out the time other threads hold the interpreter.
        profile = cProfile.Profile(time.thread_time)
        profile.enable()
        try:
            plain_run(runner, *given)
        finally:
            profile.disable()
            with writing, file.open("a") as lines:
                lines.write(json.dumps(by_part(profile)) + "\n")

    ScriptRunner._run_script = profiled_run  # type: ignore[method-assign, assignment]
    serve(port, "127.0.0.1")


if __name__ == "__main__":
    _serve(int(sys.argv[1]), Path(sys.argv[2]))
