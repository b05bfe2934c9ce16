"""A real browser on a served dashboard, with nothing but this machine within reach."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import dashboard_stores as stores
import pytest
from playwright.sync_api import (
    Browser,
    Page,
    Request,
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
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
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


def pick(page: Page, label: str, option: str) -> None:
    """Take an option of the last box of a name, whose list closes where the page moves."""
    box = page.get_by_role("combobox", name=label, exact=True).last
    for _ in range(5):
        box.click()
        box.fill(option)
        with suppress(NotInTime):
            page.get_by_role("option", name=option).first.click(timeout=3000)
            return
        page.keyboard.press("Escape")


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


@contextmanager
def launched() -> Iterator[Browser]:
    """The system's Chromium; without one these tests fail."""
    found = shutil.which("chromium") or "/usr/bin/chromium"
    assert Path(found).exists(), "no Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of the tests of a file."""
    with launched() as browser:
        yield browser


@dataclass
class Tab:
    """A tab of a browser, and every address it asked for beyond this machine.

    One is left open for the tests of a file: a new one would read Streamlit's scripts anew, which
    is most of what a page costs. So would one whose requests Playwright routes.
    """

    page: Page
    outside: list[str]

    def newcomer(self, viewport: dict[str, int] = SCREEN) -> Page:
        """The tab as it is for somebody who was never here, with a window of this size."""
        if self.page.url.startswith("http"):
            self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        self.page.context.clear_permissions()
        self.page.emulate_media(reduced_motion="null")
        self.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        self.page.mouse.move(0, 0)
        self.outside.clear()
        return self.page


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[Tab]:
    context = chromium.new_context(viewport=SCREEN, accept_downloads=True)  # type: ignore[arg-type]
    outside: list[str] = []

    def note(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname != "127.0.0.1":
            outside.append(request.url)

    context.on("request", note)
    yield Tab(context.new_page(), outside)
    context.close()


def visited(tab: Tab, address: str, viewport: dict[str, int]) -> Visit:
    """A newcomer to the dashboard at an address."""
    return Visit(tab.newcomer(viewport), address, tab.outside)


@pytest.fixture(scope="session")
def sampled_address(sampled: Path) -> Iterator[str]:
    """A dashboard served from the sampled store, for those who only read."""
    with served(sampled) as address:
        yield address


@pytest.fixture
def screen(tab: Tab, sampled_address: str) -> Visit:
    """Somebody at a screen who reads the sample."""
    return visited(tab, sampled_address, SCREEN)


@pytest.fixture
def phone(tab: Tab, sampled_address: str) -> Visit:
    """Somebody with a phone who reads the sample."""
    return visited(tab, sampled_address, PHONE)
