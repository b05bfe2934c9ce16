"""Each role in a real browser: which pages are there, what is refused, what is written down.

One server is shared by all, since what a page shows is judged anew at every run.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import dashboard_stores as stores
import pytest
from browser_fixtures import PATIENCE, Tab, pick, served
from forms import checked, form, good, stored
from playwright.sync_api import Page, expect
from sign_in_journeys import PASSWORD, menu

from app import lake
from app.access import accounts, audit, rights, roster, sessions
from app.access.door import SESSION_COOKIE
from app.access.people import ROLES, Person
from app.intake import waiting

LECHANG, NANXIONG, NANAO, SHAOGUAN = "440281", "440282", "440523", "440200"
PERIOD = "2026Q3"  # not locked yet
SEEN = {"做简报", "简报台账", "报送情况", "数据质量", "入库记录"}
THERE = {
    "public": set(),
    "viewer": SEEN,
    "analyst": {*SEEN, "上报数据", "待审"},
    "reviewer": {*SEEN, "上报数据", "待审"},
    "administrator": {*SEEN, "上报数据", "待审", "用户", "审计", "运行情况"},
}
JUDGED = set.union(*THERE.values())
ADDRESSES = {
    "做简报": "briefing", "简报台账": "briefings", "上报数据": "upload", "待审": "review",
    "报送情况": "board", "数据质量": "quality", "入库记录": "history", "用户": "people",
    "审计": "audit", "运行情况": "running",
}  # fmt: skip


BOSS = "boss"  # an administrator whose role is changed while their pages are open
CHANGED, CLOSED = "您的身份或范围刚刚改过", "您的账号不能打开这一页"


@pytest.fixture(scope="module")
def folder(beds_alone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own with an account for every role, a submission and a file that waits."""
    copy = tmp_path_factory.mktemp("roles") / "store"
    shutil.copytree(beds_alone, copy)
    with stores.store_at(copy) as store:
        for role in ROLES:
            accounts.add(store, f"user-{role}", role=role, scopes=[SHAOGUAN], password=PASSWORD)
        accounts.add(store, BOSS, role="administrator", scopes=["440000"], password=PASSWORD)
        stored(store, form(copy / "a.xlsx", PERIOD, {LECHANG: good()}), explain="实报")
        with rights.acting_as(Person("user-analyst", "张", "analyst", (SHAOGUAN,), ())):
            path = form(copy / "b.xlsx", PERIOD, {LECHANG: good(beds_total=150)})
            waiting.hand_in(store, checked(store, path), by="张", note="二报", explanation="更正")
    return copy


def let_in(page: Page, address: str, folder: Path, name: str) -> None:
    """Give the browser the cookie of a session, as after signing in."""
    with stores.store_at(folder, DASHBOARD_ACCESS="accounts") as store:
        token = sessions.begin(store, name)
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])


@pytest.fixture
def page(tab: Tab) -> Page:
    expect.set_options(timeout=PATIENCE)
    return tab.newcomer()


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(folder, None, DASHBOARD_ACCESS="accounts", DASHBOARD_REVIEW="1") as where:
        yield where


def test_right_after_a_start_an_address_that_was_typed_opens_nothing(
    page: Page, address: str, folder: Path
) -> None:
    # the first that asks the server for anything
    let_in(page, address, folder, "user-viewer")
    page.goto(f"{address}/people")
    expect(page.get_by_text(CLOSED)).to_be_visible()


@pytest.mark.parametrize("most", [1, pytest.param(99, marks=pytest.mark.soak)])
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_pages_and_no_others_whatever_address_is_typed(
    page: Page, address: str, folder: Path, role: str, most: int
) -> None:
    closed = [name for name in reversed(ADDRESSES) if name not in THERE[role]]
    let_in(page, address, folder, f"user-{role}")
    page.goto(f"{address}/care_beds")
    with page.expect_download():
        page.get_by_role("button", name="下载 CSV").first.click()
    assert set(menu(page).inner_text().split("\n")) & JUDGED == THERE[role]
    for name in closed[:most]:
        page.goto(f"{address}/{ADDRESSES[name]}")
        expect(page.get_by_text(CLOSED)).to_be_visible()
        expect(page.get_by_role("heading", name=name, exact=True)).to_have_count(0)
    if role in ("viewer", "analyst"):
        reverting(page, f"{address}/history")
        page.get_by_role("button", name="确认撤销").click()
        expect(page.get_by_text("不能审核、撤销")).to_be_visible()
    if "待审" in THERE[role]:
        page.goto(f"{address}/review")
        agree = page.get_by_role("button", name="同意入库")
        expect(agree).to_be_enabled(enabled=role != "analyst")


def reverting(page: Page, history: str) -> None:
    """The newest submission, all but taken back."""
    page.goto(history)
    page.get_by_label("看哪一次").click()
    page.get_by_role("option").first.click()
    page.get_by_text(re.compile(r"^撤销 S\d+$")).click()
    page.get_by_label("原因").first.fill("误报")


def withdrawing(page: Page, history: str) -> None:
    page.goto(history)
    page.get_by_text("撤回填错的数").click()
    pick(page, "报表", "护理型床位")
    pick(page, "县（市、区）", "乐昌市")
    page.get_by_label("原因").last.fill("误报")


def handing_in(page: Page, upload: str, path: Path) -> None:
    page.goto(upload)
    page.set_input_files("input[type=file]", path)
    page.get_by_label("备注").fill("三季度报表")


def disabling(page: Page, people: str) -> None:
    page.goto(people)
    page.get_by_label("改谁的账号").click()
    page.get_by_role("option", name="user-viewer").click()


@pytest.mark.parametrize("most", [2, pytest.param(99, marks=pytest.mark.soak)])
def test_a_button_that_is_left_does_nothing_once_the_role_is_lowered(
    page: Page, address: str, folder: Path, tmp_path: Path, most: int
) -> None:
    path = form(tmp_path / "c.xlsx", PERIOD, {NANXIONG: good()})
    actions: list[tuple[Callable[[Page], object], str]] = [
        (lambda page: page.goto(f"{address}/review"), "同意入库"),
        (lambda page: reverting(page, f"{address}/history"), "确认撤销"),
        (lambda page: page.goto(f"{address}/care_beds"), "下载 CSV"),
        (lambda page: handing_in(page, f"{address}/upload", path), "交审核"),
        (lambda page: withdrawing(page, f"{address}/history"), "确认撤回"),
        (lambda page: page.goto(f"{address}/briefing?kind=bulletin&period=2024Q4"), "Word"),
        (lambda page: disabling(page, f"{address}/people"), "停用"),
        (lambda page: page.goto(f"{address}/audit"), "下载全部（CSV）"),
    ]
    with stores.store_at(folder) as store:
        before = state(folder)
        let_in(page, address, folder, BOSS)
        for prepared, button in actions[:most]:
            prepared(page)
            found = page.get_by_role("button", name=button).first
            expect(found).to_be_enabled()
            accounts.change(store, BOSS, role="public")
            found.click()
            expect(page.get_by_text(CHANGED)).to_be_visible()
            accounts.change(store, BOSS, role="administrator")
        page.goto(f"{address}/people")
        expect(page.get_by_role("heading", name="用户")).to_be_visible()
    assert state(folder) == before


def state(folder: Path) -> object:
    """What the actions would have changed."""
    with stores.store_at(folder) as store:
        done = [e for e in audit.listed(store, BOSS) if e.action not in ("view", "user_changed")]
        states = {entry.id: entry.state for entry in waiting.listed(store)}
        return lake.read(store, lake.last_vintage), states, done, roster.every(store)


def test_an_analyst_hands_in_within_their_scope_alone(
    page: Page, address: str, folder: Path, tmp_path: Path
) -> None:
    outside = form(tmp_path / "外.xlsx", PERIOD, {NANAO: good()})
    with stores.store_at(folder) as store:
        before, done = lake.read(store, lake.last_vintage), audit.listed(store, "hand_in")
    let_in(page, address, folder, "user-analyst")
    page.goto(f"{address}/upload")
    page.set_input_files("input[type=file]", outside)
    expect(page.get_by_label("填报人")).to_have_value("user-analyst", timeout=PATIENCE)
    page.get_by_label("备注").fill("三季度报表")
    page.get_by_role("button", name="交审核").click()
    expect(page.get_by_text(re.compile("不归账号.*南澳县"))).to_be_visible(timeout=PATIENCE)
    with stores.store_at(folder) as store:
        assert lake.read(store, lake.last_vintage) == before
        assert audit.listed(store, "hand_in") == done and not audit.broken(store)
        assert "view" in [entry.action for entry in audit.listed(store, "user-analyst")]
