"""What the journeys of signing in share: a store with people, a browser, what is seen."""

from __future__ import annotations

import http.client
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import dashboard_stores as stores
import pytest
from browser_fixtures import PATIENCE, SCREEN
from playwright.sync_api import Browser, Locator, Page, expect

from app.access import accounts

PASSWORD, OTHER = "一个很长的密码-42", "another long one 43"
SOON = "0.002"  # hours: seven seconds
SIGN_IN = "登录"
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


@pytest.fixture
def folder(empty: Path, tmp_path: Path) -> Path:
    """A store of its own with a person for every way of signing in."""
    copy = tmp_path / "store"
    shutil.copytree(empty, copy)
    with stores.store_at(copy) as store:
        for name, way in (("王芳", "password"), ("wang@example.org", "oidc"), ("fang", "gateway")):
            accounts.add(store, name, role="viewer", scopes=["440000"], password=PASSWORD, way=way)  # type: ignore[arg-type]
    return copy


@contextmanager
def opened(browser: Browser, **headers: str) -> Iterator[Page]:
    """A page of a new browser, which reaches this machine alone."""
    context = browser.new_context(viewport=SCREEN, extra_http_headers=headers)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield context.new_page()
    context.close()


def menu(page: Page) -> Locator:
    return page.locator("[data-testid=stSidebarNav]")


def sees_nothing(page: Page, text: str) -> None:
    """Only what is said to someone who is not in, and no menu."""
    expect(page.get_by_text(text).first).to_be_visible()
    expect(menu(page)).to_have_count(0)


def asked(page: Page) -> None:
    """The page asks to sign in and shows nothing else."""
    expect(page.get_by_role("button", name=SIGN_IN, exact=True)).to_be_visible()
    expect(menu(page)).to_have_count(0)


def typed(page: Page, name: str, password: str) -> None:
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name=SIGN_IN, exact=True).click()


def status(address: str, path: str, **headers: str) -> int:
    """The status of an answer to a request made without a browser."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse().status
    connection.close()
    return answer
