"""Measures a page in Chromium: loading it, and changing the quarter until everything is redrawn."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, CDPSession, Locator, Page, Playwright

from app.settings import ROOT

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split() + ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
QUIET_MS = 500  # so long nothing may change on the page before it counts as drawn
LIMIT_MS = 60_000

# Notes when the page last changed, what came over the websocket, and when a key chose something.
_RECORDER = """
(() => {
  const seen = (window.__seen = {changed: 0, chosen: 0, bytes: 0, messages: 0, firstMessage: 0,
                                 lastMessage: 0});
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({data}) => {
        const now = performance.now();
        seen.bytes += data.byteLength ?? data.size ?? data.length;
        seen.messages += 1;
        seen.firstMessage ||= now;
        seen.lastMessage = now;
      });
    }
  };
  document.addEventListener('keydown', ({key}) => {
    if (key === 'Enter') Object.assign(seen, {chosen: performance.now(), bytes: 0, messages: 0,
                                              firstMessage: 0});
  }, true);
  const page = '[data-testid="stMain"]';
  // Beside the page's own furniture: a table's text for screen readers, which its library writes
  // 200 ms after the table is drawn, here as on any Streamlit page.
  const furniture = '[data-testid="stStatusWidget"], [data-testid="stToolbar"], canvas *';
  new MutationObserver((changes) => {
    for (const {target} of changes) {
      const element = target.nodeType === 1 ? target : target.parentElement;
      if (element?.closest(page) && !element.closest(furniture)) {
        seen.changed = performance.now();
        return;
      }
    }
  }).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
})();
"""

# The figures whose title, notes or meta name one of the given spellings of a period.
_NAMING = """
const figures = () => [...document.querySelectorAll('.js-plotly-plot')];
// Figures off the screen may wait until they come into view.
const inView = (figure) => {
  const box = figure.getBoundingClientRect();
  return box.top < innerHeight && box.bottom > 0;
};
const naming = (spellings) => figures().filter(inView).filter((figure) => {
  const said = JSON.stringify([figure.layout?.title, figure.layout?.annotations,
                               figure.layout?.meta]) ?? '';
  return spellings.some((spelling) => said.includes(spelling));
}).length;
"""

_COUNT = "(spellings) => {" + _NAMING + "return naming(spellings); }"

# Waits until enough figures name the period, the map has its areas, the run has ended and the page
# has been quiet; gives the moments it noted.
_DRAWN = (
    "async ({spellings, count, areas, quiet, limit}) => {"
    + _NAMING
    + """
  const seen = window.__seen;
  const start = performance.now();
  const drawn = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.dataset.testScriptState === 'notRunning'
      && naming(spellings) >= count
      && document.querySelectorAll('.choroplethlayer path').length >= areas
      && document.querySelectorAll('[data-testid="stSkeleton"]').length === 0
      && figures().filter(inView).every((figure) => figure.querySelector('.main-svg'));
  };
  while (performance.now() - start < limit) {
    const now = performance.now();
    const error = document.querySelector('[data-testid="stException"]');
    if (error) return {error: error.innerText};
    if (drawn() && now - Math.max(seen.changed, seen.lastMessage, seen.chosen) > quiet)
      return {...seen, figures: figures().length};
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  return null;
}"""
)


@dataclass(frozen=True)
class Target:
    """A page to measure: where it is, what serves it, and how it writes a period.

    `command` takes the port in place of {port}; `spellings` gives each period in every way the
    page's figures may write it, and `options` as the page's selectbox writes it.
    """

    name: str
    command: tuple[str, ...]
    path: str
    options: dict[str, str]
    spellings: dict[str, list[str]]


@dataclass
class Served:
    """A running server of a target."""

    target: Target
    process: subprocess.Popen[bytes]
    port: int
    ready_ms: float

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://127.0.0.1:{self.port}{self.target.path}"

    def cpu_ms(self) -> float:
        """The processor time the server has used so far, all threads, in ms (Linux only)."""
        clock = (~self.process.pid << 3) | 2  # the CPU clock of another process
        return time.clock_gettime_ns(clock) / 1e6


@dataclass
class Load:
    """One load of a page: until drawn (ms), megabytes over the network, and requests."""

    ms: float
    megabytes: float
    requests: int


@dataclass
class Change:
    """One change of quarter: until redrawn (ms), where the time went, bytes, and server CPU (ms).

    `answered_ms` is the time to the first message, `received_ms` to the last one the page has
    taken in, `fetched_kilobytes` what came over HTTP besides the websocket.
    """

    ms: float
    answered_ms: float
    received_ms: float
    kilobytes: float
    fetched_kilobytes: float
    cpu_ms: float


@dataclass
class Measured:
    """All repetitions for one target."""

    ready: list[float] = field(default_factory=list)
    first: list[Load] = field(default_factory=list)
    cold: list[Load] = field(default_factory=list)
    slow: list[Load] = field(default_factory=list)
    warm: list[Load] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    figures: int = 0


def python(*arguments: str) -> tuple[str, ...]:
    """A command of this interpreter."""
    return (sys.executable, *arguments)


DASHBOARD = python("-m", "app", "serve", "--port", "{port}")
PLAIN = python(
    *("-m", "streamlit", "run", "benchmarks/plain_page.py"),
    *("--server.port", "{port}", "--server.address", "127.0.0.1", "--logger.level", "error"),
)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(target: Target, **environment: str) -> Iterator[Served]:
    """Start the server of a target, wait until it answers, and stop it at the end."""
    port = free_port()
    start = time.perf_counter()
    process = subprocess.Popen(
        [part.format(port=port) for part in target.command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=10):
                    break
            except OSError:
                if process.poll() is not None or time.perf_counter() - start > 120:
                    raise RuntimeError(f"{target.name}: the server did not start") from None
                time.sleep(0.05)
        yield Served(target, process, port, 1000 * (time.perf_counter() - start))
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium."""
    path = os.environ.get("DASHBOARD_CHROMIUM", "/usr/bin/chromium")
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


@contextmanager
def empty_cache(browser: Browser) -> Iterator[Page]:
    """A page of a browser that has never been here and can reach this machine only."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.add_init_script(_RECORDER)
    try:
        yield page
    finally:
        context.close()


def load(page: Page, server: Served, period: str, megabit: float | None = None) -> Load:
    """Open the page (or open it again) and wait until all of it is drawn.

    `megabit` limits the line to so many Mbit/s with 20 ms of delay.
    """
    session, received = _network(page)
    if megabit is not None:
        rate = megabit * 1e6 / 8
        session.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 20, "downloadThroughput": rate, "uploadThroughput": rate},
        )
    page.goto(server.url, wait_until="commit")
    seen = _drawn(page, server, period, count=1)
    session.detach()
    return Load(seen["changed"], received["bytes"] / 1e6, int(received["requests"]))


def _network(page: Page) -> tuple[CDPSession, dict[str, float]]:
    """A session that adds up what the page fetches over HTTP, in bytes on the wire."""
    session = page.context.new_cdp_session(page)
    received = {"bytes": 0.0, "requests": 0.0}

    def finished(event: dict[str, float]) -> None:
        received["bytes"] += event["encodedDataLength"]
        received["requests"] += 1

    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    return session, received


def change(page: Page, server: Served, old: str, new: str) -> Change:
    """Choose another quarter and wait until every figure that named the old one names the new."""
    target = server.target
    count = page.evaluate(_COUNT, target.spellings[old])
    choice = _period_choice(page, target.options[old])
    choice.click()
    page.keyboard.type(target.options[new])
    page.locator('[role="option"]', has_text=target.options[new]).first.wait_for()
    page.wait_for_timeout(QUIET_MS)
    session, received = _network(page)
    cpu = server.cpu_ms()
    page.keyboard.press("Enter")
    seen = _drawn(page, server, new, count)
    session.detach()
    return Change(
        ms=seen["changed"] - seen["chosen"],
        answered_ms=seen["firstMessage"] - seen["chosen"],
        received_ms=seen["lastMessage"] - seen["chosen"],
        kilobytes=seen["bytes"] / 1000,
        fetched_kilobytes=received["bytes"] / 1000,
        cpu_ms=server.cpu_ms() - cpu,
    )


def figure_count(page: Page) -> int:
    """How many Plotly figures the page shows."""
    return page.locator(".js-plotly-plot").count()


def _period_choice(page: Page, shown: str) -> Locator:
    for box in page.locator('[data-testid="stSelectbox"]').all():
        field_ = box.locator("input").first
        described = (
            f"{field_.input_value()} {field_.get_attribute('aria-label')} {box.inner_text()}"
        )
        if shown in described:
            return field_
    raise RuntimeError(f"no selectbox shows {shown}")


def _drawn(page: Page, server: Served, period: str, count: int) -> dict[str, float]:
    seen: dict[str, Any] | None = page.evaluate(
        _DRAWN,
        {
            "spellings": server.target.spellings[period],
            "count": count,
            "areas": 1,
            "quiet": QUIET_MS,
            "limit": LIMIT_MS,
        },
    )
    if seen is None:
        raise RuntimeError(f"{server.target.name}: not drawn within {LIMIT_MS / 1000:.0f} s")
    if "error" in seen:
        raise RuntimeError(f"{server.target.name}: {seen['error']}")
    return seen


def compare(
    browser: Browser, targets: list[Target], periods: list[str], changes: int
) -> list[Measured]:
    """Measure the targets in turns, so that a busy moment of the machine touches all alike.

    `periods` are the quarters to walk through, the one shown at first in the first place.
    """
    results = [Measured() for _ in targets]
    for _ in range(3):
        for target, measured in zip(targets, results, strict=True):
            with served(target) as server:
                measured.ready.append(server.ready_ms)
                with empty_cache(browser) as page:
                    measured.first.append(load(page, server, periods[0]))
    first, second = targets
    with served(first) as ours, served(second) as theirs:
        pairs = list(zip((ours, theirs), results, strict=True))
        for server, _ in pairs:
            with empty_cache(browser) as page:
                load(page, server, periods[0])
        for repetition in range(5):
            for server, measured in pairs:
                with empty_cache(browser) as page:
                    measured.cold.append(load(page, server, periods[0]))
                    measured.warm.append(load(page, server, periods[0]))
                if repetition < 2:
                    with empty_cache(browser) as page:
                        measured.slow.append(load(page, server, periods[0], megabit=10))
        with empty_cache(browser) as left, empty_cache(browser) as right:
            pages = list(zip((left, right), pairs, strict=True))
            for page, (server, measured) in pages:
                load(page, server, periods[0])
                measured.figures = figure_count(page)
            for step in range(changes + 1):
                old = periods[step % len(periods)]
                new = periods[(step + 1) % len(periods)]
                for page, (server, measured) in pages:
                    page.bring_to_front()
                    taken = change(page, server, old, new)
                    if step:  # the first change fills caches and compiles scripts
                        measured.changes.append(taken)
    return results
