"""Signing in through an OpenID Connect provider, in a real browser."""

from __future__ import annotations

import json
import time
from pathlib import Path

import dashboard_stores as stores
from browser_fixtures import free_port, served
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Page, expect
from sign_in_journeys import (
    SIGN_IN,
    asked,
    menu,
    opened,
    sees_nothing,
)
from sign_in_journeys import folder as folder
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from app.access import audit, sessions


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
            page.goto(f"{address}/dictionary?find=%E5%BA%8A")
            authorize(page, "stranger@example.org")
            sees_nothing(page, "“stranger@example.org”，但您不在本看板的人员名单里")
            authorize(page, "2")
            sees_nothing(page, "没有给出可用的“email”")
            authorize(page, "1")
            expect(menu(page)).to_be_visible()
            assert page.url.endswith("/dictionary?find=%E5%BA%8A")  # where they wanted to go
            held = page.context.cookies()
            page.reload()
            expect(menu(page)).to_be_visible()
        with served(folder, port, **mode) as address:
            page.goto(address)
            expect(menu(page)).to_be_visible()
            page.get_by_role("button", name="退出登录").click()
            page.get_by_role("button", name="End session").click()
            asked(page)
            with stores.store_at(folder) as store:
                found = [
                    (e.action, e.who or e.what.get("name")) for e in audit.listed(store, "sign")
                ]
            assert found == [
                ("sign_out", "wang@example.org"),
                ("sign_in", "wang@example.org"),
                ("sign_in_refused", None),
                ("sign_in_refused", "stranger@example.org"),
            ]
            page.goto(address)
            asked(page)
            page.context.add_cookies(held)
            page.goto(address)
            asked(page)
            with stores.store_at(folder) as store:
                secret = sessions.secret(store)
            begun = time.time() - 8 * 3600 + 4
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
