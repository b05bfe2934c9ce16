"""The pictures of the manuals, docs/images: `make pictures`, or some by name (ONLY="map board").

Pages are opened in Chromium on two servers, one on the sample and one with people at work on it
(manual_stores.py); the others are files as an office prints them.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import manual_stores as stores
from browser_fixtures import PATIENCE, Visit, launched, pick, served
from manual_stores import ADMINISTRATOR, NANAO, REVIEWER
from PIL import Image
from playwright.sync_api import Browser, Page
from sign_in_journeys import PASSWORD, menu, opened, typed

from app.settings import ROOT

IMAGES = ROOT / "docs" / "images"
COLOURS = 128  # of a picture's palette
STILL = 3  # times that a page must look the same
BEDS = "护理型床位"
WRONG = {"beds_care": 1650, "institutions": 40}  # more than there are beds; a leap
# Whether all figures in sight are drawn
DRAWN = """() => [...document.querySelectorAll('[class*="st-key-figure_"]')].every((figure) => {
  const { top, bottom } = figure.getBoundingClientRect();
  return top > innerHeight || bottom < 0 || figure.querySelector('.main-svg');
})"""


def _nothing(visit: Visit) -> None:
    """Leave a page as its address opens it."""


def _handed_a_file(visit: Visit) -> None:
    """Choose the workbook of a city and hand it in with an error and a doubtful figure."""
    for label, option in (("报表", BEDS), ("报告期", "2025年一季度"), ("市", "汕头市")):
        pick(visit.page, label, option)
        visit.wait_until_idle()
    with tempfile.TemporaryDirectory() as folder:
        visit.page.set_input_files("input[type=file]", stores.beds(Path(folder), **WRONG))
        visit.page.get_by_role("button", name="下载标注好的原表").wait_for()


def _pictures_listed(visit: Visit) -> None:
    """Open the list of the page's pictures, at the page's foot."""
    button = visit.page.locator(".st-key-page_pictures button")
    button.scroll_into_view_if_needed()
    _at_rest(visit)  # what comes into sight is drawn, and moves the button
    button.click()
    visit.page.get_by_role("dialog").wait_for()


def _looked_around(visit: Visit) -> None:
    """Read some pages, so that the server has something to tell of them."""
    asked = visit.page.url
    for name in ("", "care_beds", "county", "ranking", "map", "board", "quality", "upload"):
        visit.page.goto(f"{visit.address}/{name}")
        visit.wait_until_idle()
    visit.page.goto(asked)


@dataclass(frozen=True)
class Screen:
    """A page in a window of a browser, of which the picture is a copy; sizes in px.

    `person` is who has signed in; without one there is no sign-in. `before` is done on the page.
    """

    address: str
    height: int = 900
    width: int = 1440
    person: str = ""
    before: Callable[[Visit], None] = _nothing


SCREENS = {
    "overview": Screen(""),
    "rug": Screen("rug"),
    "county": Screen("county?county=440222"),
    "compare": Screen("compare?areas=440523,440224,440229,440825,441422,441882"),
    "ranking": Screen("ranking?county=440229", 1000),
    "map": Screen("map"),
    "change": Screen("change?scope=粤北"),
    "planner": Screen("planner", 1000),
    "care_beds": Screen("care_beds?county=440229"),
    "work_tasks": Screen("work_tasks", 1200),
    "dictionary": Screen("dictionary"),
    "upload": Screen("upload", 1180, 1280, before=_handed_a_file),
    "board": Screen("board", 1600),
    "quality": Screen("quality", 1000),
    "history": Screen("history?submission=S147", 1400, 1280, REVIEWER),
    "review": Screen("review", 1200, person=REVIEWER),
    "people": Screen("people", person=ADMINISTRATOR),
    "running": Screen("running", person=ADMINISTRATOR, before=_looked_around),
    "briefing-page": Screen(f"briefing?county={NANAO}"),
    "briefing-public": Screen("?for=public"),
    "page-pictures": Screen("care_beds", before=_pictures_listed),
}
PRINTED: dict[str, Callable[[Path], Image.Image]] = {
    "template": stores.form,
    "briefing-changes": stores.changed_briefing,
}
NAMES = (*SCREENS, *PRINTED)


def main(names: Iterable[str]) -> None:
    """Make the pictures of these names, or all."""
    wanted = list(names) or list(NAMES)
    unknown = sorted(set(wanted) - set(NAMES))
    if unknown:
        sys.exit(f"No pictures of the manuals: {', '.join(unknown)}. There are {', '.join(NAMES)}.")
    with tempfile.TemporaryDirectory() as place, launched() as browser:
        for name, picture in _made(wanted, Path(place), browser):
            size = _kept(picture, IMAGES / f"{name}.png")
            print(f"{name:<18}{picture.width:>6} × {picture.height:<6}{size / 1000:6.0f} KB")


def _made(
    wanted: Iterable[str], place: Path, browser: Browser
) -> Iterator[tuple[str, Image.Image]]:
    """Each picture as it is made: those of the sample before people go to work on it."""
    of_people = [name for name in wanted if name in PRINTED or SCREENS[name].person]
    of_sample = [name for name in wanted if name not in of_people]
    folder = place / "store"
    stores.sample(folder)
    yield from _screens(of_sample, folder, browser)
    if of_people:
        stores.at_work(folder)
        screens = [name for name in of_people if name in SCREENS]
        yield from _screens(
            screens, folder, browser, DASHBOARD_ACCESS="accounts", DASHBOARD_REVIEW="1"
        )
        for name in of_people:
            if name in PRINTED:
                yield name, PRINTED[name](folder)


def _screens(
    names: Sequence[str], folder: Path, browser: Browser, **others: str
) -> Iterator[tuple[str, Image.Image]]:
    """Pages of a store as a browser shows them, served with other settings by name."""
    if names:
        with served(folder, None, **others) as address:
            for name in names:
                with opened(browser) as page:
                    yield name, _screen(SCREENS[name], Visit(page, address, []))


def _screen(screen: Screen, visit: Visit) -> Image.Image:
    """A page as it is when it has come to rest."""
    page = visit.page
    page.set_viewport_size({"width": screen.width, "height": screen.height})
    page.goto(f"{visit.address}/{screen.address}")
    if screen.person:
        typed(page, screen.person, PASSWORD)
        menu(page).wait_for()
    visit.wait_until_idle()
    screen.before(visit)
    page.evaluate("document.activeElement?.blur()")
    page.mouse.move(screen.width - 2, screen.height - 2)  # where nothing answers to it
    shown = _at_rest(visit)
    _check(page)
    return Image.open(io.BytesIO(shown)).convert("RGB")


def _at_rest(visit: Visit) -> bytes:
    """A page as PNG once its figures are drawn and it has looked the same for a while."""
    visit.wait_until_idle()
    visit.page.wait_for_function(DRAWN, timeout=PATIENCE)
    seen: list[bytes] = []
    give_up = time.monotonic() + PATIENCE / 1000
    while len(seen) < STILL or len(set(seen[-STILL:])) > 1:
        assert time.monotonic() < give_up, f"{visit.page.url} does not come to rest"
        visit.page.wait_for_timeout(500)
        seen.append(visit.page.screenshot(animations="disabled"))
    return seen[-1]


def _check(page: Page) -> None:
    """Nothing that is not for a manual is in sight: a failure, or where this machine has things."""
    assert page.locator("[data-testid=stException]").count() == 0, page.url
    text = page.locator("body").inner_text()
    assert not any(folder in text for folder in (str(ROOT), tempfile.gettempdir())), page.url


def _kept(picture: Image.Image, path: Path) -> int:
    """Write a picture with few colours; returns its size in bytes.

    They are spread over all that there are, so that a mark of few pixels keeps its own.
    """
    few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    return path.stat().st_size


if __name__ == "__main__":
    main(sys.argv[1:])
