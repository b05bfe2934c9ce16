"""Signing in with a real browser on a served dashboard, in each of the three ways."""

from __future__ import annotations

import http.client
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import dashboard_stores as stores
import pytest
from browser_fixtures import PATIENCE, SCREEN, free_port, served
from browser_fixtures import chromium as chromium
from dashboard_fixtures import empty as empty
from gateway import HEADER, gateway
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Locator, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from app.access import accounts, door, sessions
from app.access.sessions import Session

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
    context.route(lambda url: urlsplit(url).hostname != "127.0.0.1", lambda route: route.abort())
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


def test_an_account_opens_the_dashboard_until_its_session_is_over(
    chromium: Browser, folder: Path
) -> None:
    port, mode = free_port(), {"DASHBOARD_ACCESS": "accounts"}
    with opened(chromium) as page:
        with served(folder, port, **mode) as address:
            page.goto(f"{address}/dictionary?find=%E5%BA%8A")
            for name, password in (("王芳", OTHER), ("李明", PASSWORD)):
                typed(page, name, password)
                expect(page.get_by_label("密码", exact=True)).to_have_value("")  # a new field
                sees_nothing(page, "账号或密码不对")
            for path in ("/media/a.png", "/_stcore/metrics", "/_stcore/upload_file/a/b"):
                assert status(address, path) == 401
            typed(page, "王芳", PASSWORD)
            expect(menu(page)).to_be_visible()
            assert page.url.endswith("/dictionary?find=%E5%BA%8A")  # where they wanted to go
            held = page.context.cookies()
            cookie = next(c for c in held if c["name"] == door.SESSION_COOKIE)
            assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
            as_cookie = f"{door.SESSION_COOKIE}={cookie['value']}"
            assert status(address, "/_stcore/metrics", Cookie=as_cookie) == 200
            page.reload()
            expect(menu(page)).to_be_visible()
        with served(folder, port, **mode) as address:  # as after a restart
            page.goto(address)
            expect(menu(page)).to_be_visible()
            page.get_by_role("button", name="退出登录").click()
            asked(page)
            page.context.add_cookies(held)  # someone kept a copy
            page.goto(address)
            asked(page)
            assert status(address, "/_stcore/metrics", Cookie=as_cookie) == 401
            typed(page, "王芳", PASSWORD)
            expect(menu(page)).to_be_visible()
            with stores.store_at(folder) as store:
                accounts.set_password(store, "王芳", OTHER)
            page.get_by_role("radio", name="English").click()
            asked(page)
            with stores.store_at(folder) as store:
                now = time.time()
                soon = sessions.token(store, Session("soon", "王芳", now, now + 6))
            page.context.add_cookies([{**cookie, "value": soon}])
            page.goto(address)
            expect(menu(page)).to_be_visible()
            asked(page)  # by itself, when its time is over
            page.context.add_cookies([{**cookie, "value": "A" + soon[1:]}])
            page.goto(address)
            asked(page)


def authorize(page: Page, sub: str) -> None:
    page.get_by_role("button", name=SIGN_IN, exact=True).click()
    page.get_by_placeholder("sub").fill(sub)
    page.get_by_role("button", name="Authorize").click()


def test_a_provider_says_who_it_is_and_the_list_whether_they_may_come_in(
    chromium: Browser, folder: Path
) -> None:
    port = free_port()
    known = User(sub="1", claims={"email": "wang@example.org", "email_verified": True})
    unproved = User(sub="2", claims={"email": "wang@example.org", "email_verified": False})
    with run_server_in_thread(user_claims=[known, unproved]) as provider, opened(chromium) as page:
        mode = {
            "DASHBOARD_ACCESS": "oidc",
            "DASHBOARD_URL": f"http://127.0.0.1:{port}",
            "DASHBOARD_OIDC_METADATA": f"http://127.0.0.1:{provider.server_port}"
            "/.well-known/openid-configuration",
            "DASHBOARD_OIDC_CLIENT": "dashboard",
            "DASHBOARD_OIDC_SECRET": "secret",
            "DASHBOARD_OIDC_CLAIM": "email",
        }
        with served(folder, port, **mode) as address:
            page.goto(address)
            asked(page)
            page.get_by_role("button", name=SIGN_IN, exact=True).click()
            page.get_by_role("button", name="Deny").click()
            asked(page)
            authorize(page, "stranger@example.org")
            sees_nothing(page, "“stranger@example.org”，但您不在本看板的人员名单里")
            authorize(page, "2")
            sees_nothing(page, "没有给出可用的“email”")
            authorize(page, "1")
            expect(menu(page)).to_be_visible()
            held = page.context.cookies()
            page.reload()
            expect(menu(page)).to_be_visible()
        with served(folder, port, **mode) as address:
            page.goto(address)
            expect(menu(page)).to_be_visible()
            page.get_by_role("button", name="退出登录").click()
            page.get_by_role("button", name="End session").click()
            page.goto(address)
            asked(page)
            page.context.add_cookies(held)
            page.goto(address)
            asked(page)
            with stores.store_at(folder) as store:
                secret = sessions.secret(store)
            begun = time.time() - 8 * 3600 + 6
            claims = {
                "sub": "1", "email": "wang@example.org", "iat": begun, "is_logged_in": True,
                "origin": address,
            }  # fmt: skip
            user = next(c for c in held if c["name"] == USER_COOKIE_NAME)
            soon = create_signed_value(secret, USER_COOKIE_NAME, json.dumps(claims)).decode()
            page.context.add_cookies([{**user, "value": soon}])
            page.goto(address)
            expect(menu(page)).to_be_visible()
            sees_nothing(page, "登录已到期")
            forged = create_signed_value("another", USER_COOKIE_NAME, json.dumps(claims)).decode()
            page.context.add_cookies([{**user, "value": forged}])
            page.goto(address)
            asked(page)


def test_only_the_named_gateway_is_believed(chromium: Browser, folder: Path) -> None:
    port = free_port()
    mode = {"DASHBOARD_ACCESS": "gateway", "DASHBOARD_PROXIES": "127.0.0.2"}
    with gateway(port, "127.0.0.2") as between, gateway(port, "127.0.0.3") as unknown:
        address = f"http://127.0.0.1:{between.port}"
        mode["DASHBOARD_URL"] = address
        with served(folder, port, **mode) as direct, opened(chromium, **{HEADER: "fang"}) as page:
            for name in ("fang", "stranger"):
                assert status(direct, "/", **{HEADER: name}) == 403
            forwarded = {HEADER: "fang", "X-Forwarded-For": "127.0.0.2"}
            assert status(direct, "/_stcore/stream", **forwarded, **UPGRADE) == 403
            unknown.person = "fang"
            assert status(f"http://127.0.0.1:{unknown.port}", "/") == 403
            page.goto(direct)
            sees_nothing(page, "只接受从网关来的访问")
            page.goto(address)  # the browser names someone, the gateway nobody
            sees_nothing(page, "网关没有说明您是谁")
            between.person = "stranger"
            page.goto(address)
            sees_nothing(page, "“stranger”，但您不在本看板的人员名单里")
            between.person = "王芳"  # of the list, but by password alone
            page.goto(address)
            sees_nothing(page, "但您不在本看板的人员名单里")
            between.person = "fang"
            page.goto(address)
            expect(menu(page)).to_be_visible()
        with (
            served(folder, port, DASHBOARD_SESSION_HOURS=SOON, **mode),
            opened(chromium) as page,
        ):
            page.goto(address)
            expect(menu(page)).to_be_visible()
            between.person = "stranger"  # signed out at the gateway, and someone else in
            sees_nothing(page, "“stranger”，但您不在本看板的人员名单里")
            between.person = "fang"
            page.reload()
            expect(menu(page)).to_be_visible()
            with stores.store_at(folder) as store:
                accounts.set_disabled(store, "fang", True)
            page.get_by_role("radio", name="English").click()
            sees_nothing(page, "“fang”")
