"""A real browser on a served dashboard, with nothing but this machine within reach."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import dashboard_stores as stores
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    Route,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as NotInTime

from app import areas, settings

SCREEN, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 30_000  # ms; the machine may be busy
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MAP, RANKING = ".st-key-figure_map", ".st-key-figure_ranking"
# A point inside a county on the map
POINT_OF_COUNTY = """(code) => {
  for (const path of document.querySelectorAll('.st-key-figure_map .choroplethlayer path')) {
    if (path.__data__?.id !== code && path.__data__?.loc !== code) continue;
    const box = path.getBoundingClientRect(), back = path.getScreenCTM().inverse();
    for (let i = 1; i < 20; i++) for (let j = 1; j < 20; j++) {
      const at = new DOMPoint(box.x + box.width * i / 20, box.y + box.height * j / 20);
      if (path.isPointInFill(at.matrixTransform(back))) return [at.x, at.y];
    }
  }
}"""


@dataclass
class Visit:
    """A browser on the dashboard, and every address it asked for beyond this machine."""

    page: Page
    address: str
    outside: list[str]

    def open(self, path: str = "") -> None:
        """Open a link and wait for its first figure."""
        self.page.goto(f"{self.address}/{path}")
        self.wait_for_drawn(RANKING, ".main-svg", 1)
        self.wait_until_idle()

    def wait_for_drawn(self, figure: str, part: str, least: int) -> None:
        """Keep a figure in view, since others are not drawn, until it has so many parts."""
        self.page.wait_for_function(
            """([figure, part, least]) => {
              const found = document.querySelector(figure);
              found?.scrollIntoView({ block: "nearest" });
              return found?.querySelectorAll(part).length >= least;
            }""",
            arg=[figure, part, least], timeout=PATIENCE,
        )  # fmt: skip

    def wait_for_map(self) -> None:
        self.wait_for_drawn(MAP, ".choroplethlayer path", len(areas.load()))

    def wait_until_idle(self) -> None:
        """Wait until the page has run to its end."""
        idle = "[data-testid=stApp][data-test-script-state=notRunning]"
        self.page.wait_for_selector(idle, timeout=PATIENCE)

    def chosen(self) -> dict[str, str]:
        return {k: v[0] for k, v in parse_qs(urlsplit(self.page.url).query).items()}

    def wait_for_choice(self, key: str, value: str | None) -> None:
        give_up = time.monotonic() + PATIENCE / 1000
        while self.chosen().get(key) != value:
            assert time.monotonic() < give_up, f"{key} is not {value} in {self.page.url}"
            self.page.wait_for_timeout(50)

    def choose(self, box: int, option: str) -> None:
        """Take an option of a box; a list closes again where the page moves meanwhile."""
        give_up = time.monotonic() + PATIENCE / 1000
        while True:
            self.page.get_by_role("combobox").nth(box).click()
            try:
                self.page.get_by_role("option", name=option).click(timeout=3000)
                return
            except NotInTime:
                assert time.monotonic() < give_up, f"{option} can't be chosen"
                self.page.keyboard.press("Escape")

    def click_county(self, code: str) -> None:
        self.wait_for_map()
        self.page.mouse.click(*self.page.evaluate(POINT_OF_COUNTY, code))

    def text(self, selector: str = "body") -> str:
        return self.page.locator(selector).first.inner_text(timeout=PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path, port: int | None = None, **others: str) -> Iterator[str]:
    """The address of a dashboard served from the store in a folder, with other settings by name."""
    port = port or free_port()
    with stores.store_at(folder), pytest.MonkeyPatch.context() as patch:
        for name, value in others.items():
            patch.setenv(name, value)
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", str(port)],
            cwd=settings.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; without one these tests fail."""
    found = shutil.which("chromium") or "/usr/bin/chromium"
    assert Path(found).exists(), "no Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def visited(browser: Browser, address: str, viewport: dict[str, int]) -> Iterator[Visit]:
    context: BrowserContext = browser.new_context(viewport=viewport, accept_downloads=True)  # type: ignore[arg-type]
    outside: list[str] = []

    def guard(route: Route, request: Request) -> None:
        if urlsplit(request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            outside.append(request.url)
            route.abort()

    context.route(lambda url: True, guard)
    yield Visit(context.new_page(), address, outside)
    context.close()
