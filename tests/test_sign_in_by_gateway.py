"""Coming in through a gateway that names the person, in a real browser."""

from __future__ import annotations

from pathlib import Path

import dashboard_stores as stores
from browser_fixtures import free_port, served
from gateway import HEADER, gateway
from playwright.sync_api import Browser, expect
from sign_in_journeys import (
    SOON,
    UPGRADE,
    menu,
    opened,
    sees_nothing,
    status,
)
from sign_in_journeys import folder as folder

from app.access import accounts, audit


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
        with stores.store_at(folder) as store:
            found = [
                (e.action, e.who or e.what.get("name")) for e in audit.listed(store, "sign_in")
            ]
        assert found == [  # pages were opened many times; the second server's sessions are shorter
            ("sign_in_refused", "fang"),
            *[("sign_in", "fang")] * found.count(("sign_in", "fang")),
            ("sign_in_refused", "王芳"),
            ("sign_in_refused", "stranger"),
        ]
