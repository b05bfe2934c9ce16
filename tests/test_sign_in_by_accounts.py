"""Signing in with an account and a password, in a real browser."""

from __future__ import annotations

import time
from pathlib import Path

import dashboard_stores as stores
from browser_fixtures import free_port, served
from playwright.sync_api import Browser, Page, expect
from sign_in_journeys import (
    OTHER,
    PASSWORD,
    asked,
    menu,
    opened,
    sees_nothing,
    status,
    typed,
)
from sign_in_journeys import folder as folder

from app.access import accounts, audit, door, sessions
from app.access.sessions import Session


def own_password(page: Page, present: str, new: str) -> None:
    if not page.get_by_role("dialog").is_visible():
        page.get_by_role("button", name="改密码").click()
    renewed(page, present, new)


def renewed(page: Page, present: str, new: str) -> None:
    for label, text in (("现在的密码", present), ("新密码", new), ("再输一次新密码", new)):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="更改").click()


def test_an_account_opens_the_dashboard_until_its_session_is_over(
    chromium: Browser, folder: Path
) -> None:
    port, mode = free_port(), {"DASHBOARD_ACCESS": "accounts"}
    with opened(chromium) as page:
        with served(folder, port, **mode) as address:
            page.goto(f"{address}/dictionary?find=%E5%BA%8A")
            for name, password in (("王芳", OTHER), ("李明", PASSWORD)):
                typed(page, name, password)
                expect(page.get_by_label("密码", exact=True)).to_have_count(1)
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
            with opened(chromium) as elsewhere:
                elsewhere.goto(address)
                typed(elsewhere, "王芳", PASSWORD)
                expect(menu(elsewhere)).to_be_visible()
                own_password(page, OTHER, OTHER)
                expect(page.get_by_text("现在的密码不对")).to_be_visible()
                own_password(page, PASSWORD, OTHER)
                expect(page.get_by_text("密码改好了")).to_be_visible()
                expect(page.get_by_role("dialog")).to_have_count(0)
                expect(menu(page)).to_be_visible()  # still in, and alone
                elsewhere.get_by_role("radio", name="English").click()
                asked(elsewhere)
            with stores.store_at(folder) as store:
                found = {entry.action for entry in audit.listed(store)}
                assert found >= {"sign_in", "sign_out", "own_password", "own_password_refused"}
                accounts.set_password(store, "王芳", PASSWORD, handed=True)
            page.get_by_role("radio", name="English").click()
            asked(page)
            typed(page, "王芳", PASSWORD)
            sees_nothing(page, "别人看到过")  # nothing else before it is changed
            renewed(page, PASSWORD, OTHER)
            expect(page.get_by_text("密码改好了")).to_be_visible()
            expect(menu(page)).to_be_visible()
            with stores.store_at(folder) as store:
                now = time.time()
                soon = sessions.token(store, Session("soon", "王芳", now, now + 4))
            page.context.add_cookies([{**cookie, "value": soon}])
            page.goto(address)
            expect(menu(page)).to_be_visible()
            asked(page)  # by itself, when its time is over
            page.context.add_cookies([{**cookie, "value": "A" + soon[1:]}])
            page.goto(address)
            asked(page)
