"""What the pictures of the manuals are taken of: the sample, people at work on it, and files.

All of it is the sample or marked as such, and everybody is an office.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import forms
import template_forms
from dashboard_stores import LATEST, ONLY_BEDS, store_at
from forms import KNOWN, Value
from PIL import Image, ImageChops
from sign_in_journeys import PASSWORD

from app import areas, settings, setup, view
from app.access import accounts, rights, roster, sign_in
from app.briefing import content, ledger, make
from app.briefing.parts import Request
from app.intake import previous, submit, template, waiting
from app.samples import workbooks
from app.samples.shapes import Row
from app.settings import Settings

NANAO, XUWEN, SHANTOU, SHAOGUAN = "440523", "440825", "440500", "440200"
WUJIANG, ZHENJIANG, QUJIANG = "440203", "440204", "440205"
ADMINISTRATOR, REVIEWER, ANALYST = "系统管理员", "省厅养老处", "市民政局养老科"
NOTE, REASON = "更正南澳县的床位（样例，演示用）", "原表漏填了一个院区"
# Their role, scope and datasets; who is not named in a picture stands in the list of people alone.
PEOPLE: dict[str, tuple[str, str, tuple[str, ...]]] = {
    ADMINISTRATOR: ("administrator", areas.PROVINCE, ()),
    REVIEWER: ("reviewer", areas.PROVINCE, ()),
    ANALYST: ("analyst", SHANTOU, ("care_beds",)),
    "县民政局社救股": ("analyst", XUWEN, ("social_assistance",)),
    "省厅规划处": ("viewer", areas.PROVINCE, ()),
}


def sample(folder: Path) -> None:
    """Fill a store with the whole sample."""
    with store_at(folder) as store:
        setup.setup(store, with_sample=True, say=lambda _: None, lang="zh")


def at_work(folder: Path) -> None:
    """Go on with a filled store: accounts, a briefing, a correction after it, a file that waits."""
    with store_at(folder) as store:
        for name, (role, scope, datasets) in PEOPLE.items():
            accounts.add(
                store, name, role=role, scopes=[scope], datasets=datasets, password=PASSWORD
            )
        brief(store)
        correct(store)
        hand_in(store)


def brief(store: Settings) -> None:
    """Enter a briefing of a county in the ledger."""
    source, stamp = view.current()
    ledger.record(store, content.build(Request("county", LATEST, NANAO), source, stamp), REVIEWER)


def correct(store: Settings) -> None:
    """Correct the care beds of that county, so that the briefing is no longer as the data are."""
    more = {"beds_total": 30, "beds_care": 25, "public_beds_total": 30, "public_beds_care": 25}
    path = store.folder / "南澳床位（更正）.xlsx"
    forms.form(path, LATEST, {NANAO: _more(reported(NANAO), **more)}, sample=True)
    outcome = submit.submit(
        store, forms.read_file(path), KNOWN, by=REVIEWER, note=NOTE, explanation=REASON, lang="zh"
    )
    assert outcome.stored, outcome.assessment.errors


def hand_in(store: Settings) -> None:
    """Hand in the care beds of a city for the quarter after the sample, which then wait."""
    assert sign_in.tried(store, ANALYST, PASSWORD)
    person = roster.every(store)[ANALYST].person
    checked = forms.checked(store, beds(store.folder))
    assert not checked.errors, checked.errors
    with rights.acting_as(person):
        note, said = "2025年一季度，汕头市（样例，演示用）", "各县（市、区）的数已核对"
        waiting.hand_in(store, checked, by=ANALYST, note=note, explanation=said)


def beds(folder: Path, **wrong: Value) -> Path:
    """A workbook with the care beds of a city for the quarter after the sample.

    `wrong` are values of the county of the briefing that are not as they should be.
    """
    rows = following(SHANTOU)
    rows[NANAO] |= wrong
    path = folder / "汕头床位.xlsx"
    sign = {"unit": "汕头市民政局（样例数据）"}
    template.write(
        path, KNOWN, KNOWN.dataset("care_beds"), ONLY_BEDS, city_code=SHANTOU, values=rows,
        sign=sign,
    )  # fmt: skip
    return path


def reported(code: str) -> Row:
    """The care beds of a county in the last quarter of the sample."""
    return workbooks.truth("care_beds")[code, LATEST]


def following(city_code: str) -> dict[str, Row]:
    """What the counties of a city might report for the quarter after: a little more of it."""
    counties = [code for code, area in areas.load().items() if area.city_code == city_code]
    return {code: _following(reported(code)) for code in counties}


def _following(row: Row) -> Row:
    added = 1 + number(row["beds_care"]) // 100  # a year's count begins anew
    more = _more(row, beds_care=added, residents=added, residents_disabled=1)
    return more | {"care_beds_added_ytd": added}


def _more(row: Row, **more: float) -> Row:
    """A row with so many more of some of its figures."""
    return row | {name: number(row[name]) + each for name, each in more.items()}


def number(value: Value) -> float:
    """A figure, which must not be a word."""
    assert isinstance(value, float | int), value
    return value


# ------------------------------------------------------------------ files, as they are printed


def form(folder: Path) -> Image.Image:
    """The workbook of a city with figures typed into it, some of them wrong or doubtful."""
    with store_at(folder) as store:
        before = previous.previous(store, "care_beds", ONLY_BEDS)
    rows = following(SHAOGUAN)
    rows[WUJIANG]["beds_care"] = 1 + number(rows[WUJIANG]["beds_total"])
    rows[ZHENJIANG]["beds_total"] = "两百"
    rows[QUJIANG]["residents"] = 20 + number(rows[QUJIANG]["beds_total"])
    place = folder / "template"
    place.mkdir()
    path = template_forms.written(
        place, period=ONLY_BEDS, values=rows, before=before, city_code=SHAOGUAN,
        sign={"unit": "韶关市民政局（样例）"},
    )  # fmt: skip
    page = page_of(template_forms.by_libreoffice(path, "pdf"), 110)
    return trimmed(page.crop((0, 0, page.width, page.height // 2)))  # without what is at its foot


def changed_briefing(folder: Path) -> Image.Image:
    """The first page of the briefing as it reads after the correction, with its changes marked."""
    with store_at(folder):
        (head,) = ledger.listed(settings.load())
        made = make.updated(ledger.opened(settings.load(), head.id), ".pdf")
    path = folder / "briefing.pdf"
    path.write_bytes(made.content)
    return page_of(path, 70)


def page_of(path: Path, dots: int) -> Image.Image:
    """The first page of a PDF, with so many dots per inch."""
    target = path.with_suffix("")
    subprocess.run(
        ["pdftoppm", "-r", str(dots), "-f", "1", "-singlefile", "-png", path, target],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return Image.open(f"{target}.png").convert("RGB")


def trimmed(picture: Image.Image, margin: int = 8) -> Image.Image:
    """A picture without the empty paper around what is on it, but for a margin in px."""
    paper = Image.new("RGB", picture.size, "white")
    box = ImageChops.difference(picture, paper).getbbox()
    assert box is not None, "an empty page"
    left, top, right, bottom = box
    return picture.crop((left - margin, top - margin, right + margin, bottom + margin))
