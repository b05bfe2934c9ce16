"""Signing in with a real browser on a served dashboard, in each of the three ways."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dashboard_stores as stores
import pytest
from browser_fixtures import PATIENCE, SCREEN, free_port, served
from browser_fixtures import chromium as chromium
from dashboard_fixtures import empty as empty
from playwright.sync_api import Browser, Page, expect

from app.access import accounts

PASSWORD, OTHER = "一个很长的密码-42", "another long one 43"
SIDEBAR, WRONG = "[data-testid=stSidebarNav]", "账号或密码不对"


@pytest.fixture
def folder(empty: Path, tmp_path: Path) -> Path:
    """A store of its own with a person for every way of signing in."""
    copy = tmp_path / "store"
    shutil.copytree(empty, copy)
    with stores.store_at(copy) as store:
        where = {"role": "administrator", "scopes": ["440000"]}
        accounts.add(store, "王芳", password=PASSWORD, **where)
        accounts.add(store, "wang@example.org", way="oidc", **where)
        accounts.add(store, "fang", way="gateway", **where)
    return copy


@contextmanager
def opened(chromium: Browser, **options: object) -> Iterator[Page]:
    context = chromium.new_context(viewport=SCREEN, **options)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield context.new_page()
    context.close()


def fill(page: Page, name: str, password: str) -> None:
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def test_accounts(chromium: Browser, folder: Path) -> None:
    port = free_port()
    mode = {"DASHBOARD_ACCESS": "accounts"}
    with opened(chromium) as page:
        with served(folder, port, **mode) as address:
            page.goto(f"{address}/history?lang=zh")
            fill(page, "王芳", OTHER)
            expect(page.get_by_text(WRONG)).to_be_visible()
            assert page.locator(SIDEBAR).count() == 0
            fill(page, "王芳", PASSWORD)
            expect(page.locator(SIDEBAR)).to_be_visible()
            print(page.url, page.context.cookies())
            page.screenshot(path="/tmp/in.png")
            assert "/history" in page.url
            page.reload()
            expect(page.locator(SIDEBAR)).to_be_visible()
