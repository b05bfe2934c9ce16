"""Each role in a real browser: which pages are there, what is refused, what is written down."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dashboard_stores as stores
import pytest
from browser_fixtures import PATIENCE, served
from browser_fixtures import chromium as chromium
from forms import form, good
from playwright.sync_api import Browser, Page, expect
from sign_in_journeys import PASSWORD, menu, opened, typed

from app import lake
from app.access import accounts, audit
from app.access.people import ROLES

pytest_plugins = ["dashboard_fixtures"]

NANAO, SHAOGUAN = "440523", "440200"
PERIOD = "2026Q3"  # not locked yet
THERE = {
    "public": set(),
    "viewer": {"做简报", "简报台账", "报送情况", "数据质量", "入库记录"},
    "analyst": {"做简报", "简报台账", "上报数据", "待审", "报送情况", "数据质量", "入库记录"},
    "reviewer": {"做简报", "简报台账", "上报数据", "待审", "报送情况", "数据质量", "入库记录"},
    "administrator": {
        "做简报", "简报台账", "上报数据", "待审", "报送情况", "数据质量", "入库记录", "审计",
        "运行情况",
    },
}  # fmt: skip
JUDGED = set.union(*THERE.values())
ADDRESSES = {
    "做简报": "briefing", "简报台账": "briefings", "上报数据": "upload", "待审": "review",
    "报送情况": "board", "数据质量": "quality", "入库记录": "history", "审计": "audit",
    "运行情况": "running",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(sampled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own with an account for every role."""
    copy = tmp_path_factory.mktemp("roles") / "store"
    shutil.copytree(sampled, copy)
    with stores.store_at(copy) as store:
        for role in ROLES:
            accounts.add(store, f"user-{role}", role=role, scopes=[SHAOGUAN], password=PASSWORD)
    return copy


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(folder, None, DASHBOARD_ACCESS="accounts") as where:
        yield where


def signed_in(page: Page, address: str, role: str, path: str = "") -> None:
    page.goto(f"{address}/{path}?lang=zh")
    typed(page, f"user-{role}", PASSWORD)
    expect(menu(page)).to_be_visible()


@pytest.mark.parametrize("role", ROLES)
def test_a_page_that_is_not_offered_is_not_there_even_by_its_address(
    chromium: Browser, address: str, role: str
) -> None:
    with opened(chromium) as page:
        signed_in(page, address, role)
        offered = set(menu(page).inner_text().split("\n"))
        assert offered & JUDGED == THERE[role]
        for name in sorted(JUDGED - THERE[role])[:2]:
            page.goto(f"{address}/{ADDRESSES[name]}?lang=zh")
            expect(menu(page)).to_be_visible()
            expect(page.get_by_role("heading", name=name, exact=True)).to_have_count(0)


def test_an_analyst_hands_in_within_their_scope_alone(
    chromium: Browser, address: str, folder: Path, tmp_path: Path
) -> None:
    outside = form(tmp_path / "外.xlsx", PERIOD, {NANAO: good()})
    with stores.store_at(folder) as store:
        before = lake.read(store, lake.last_vintage)
    with opened(chromium) as page:
        signed_in(page, address, "analyst", "upload")
        page.set_input_files("input[type=file]", outside)
        expect(page.get_by_label("填报人")).to_have_value("user-analyst", timeout=PATIENCE)
        page.get_by_label("备注").fill("三季度报表")
        page.get_by_role("button", name="确认入库").click()
        expect(page.get_by_text("不归账号")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text("南澳县").first).to_be_visible()
    with stores.store_at(folder) as store:
        assert lake.read(store, lake.last_vintage) == before
        found = [entry.action for entry in audit.listed(store, "user-analyst")]
        assert "sign_in" in found and "view" in found
        assert "submit" not in found
        assert audit.broken(store) == []
