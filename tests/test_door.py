"""The door of the server: whom it lets through, what it tells the pages, which cookies it gives."""

from __future__ import annotations

import time

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from app import settings
from app.access import accounts, sessions
from app.access.door import ADDRESS_HEADER, BROWSER_COOKIE, HEADER, SESSION_COOKIE, Door
from app.access.going_back import CALLBACK, LOGIN
from app.access.sessions import Session
from app.settings import Settings

PASSWORD, GATEWAY = "一个很长的密码-42", "10.1.2.3"


@pytest.fixture
def accounted(store: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A store with sign-in by password, reached at an encrypted address, and the account fang."""
    monkeypatch.setenv("DASHBOARD_ACCESS", "accounts")
    monkeypatch.setenv("DASHBOARD_URL", "https://dashboard.example.org")
    accounts.add(store, "fang", role="viewer", scopes=["440000"], password=PASSWORD)
    return settings.load()


@pytest.fixture
def gatewayed(store: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A store behind a gateway that names the person fang."""
    monkeypatch.setenv("DASHBOARD_ACCESS", "gateway")
    monkeypatch.setenv("DASHBOARD_PROXIES", f"{GATEWAY} 10.9.0.0/24, 2001:db8::/64")
    accounts.add(store, "fang", role="viewer", scopes=["440000"], way="gateway")
    return settings.load()


async def _told(request: Request) -> Response:
    if request.url.path.endswith((LOGIN, CALLBACK)):  # as Streamlit's own addresses do
        away = LOGIN in request.url.path
        return RedirectResponse("https://id.example.org" if away else request.scope["home"], 302)
    if request.url.path.endswith("/address"):
        return JSONResponse(request.headers.getlist(ADDRESS_HEADER))
    return JSONResponse(request.headers.getlist(HEADER))


async def _repeated(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json(websocket.headers.getlist(HEADER))
    try:
        while True:
            await websocket.send_bytes(await websocket.receive_bytes())
    except WebSocketDisconnect:
        pass


def behind(peer: str = "127.0.0.1", base: str = "") -> TestClient:
    """A client of a small app behind the door, which answers with what the door told it."""

    async def told(request: Request) -> Response:
        request.scope["home"] = f"{base}/"
        return await _told(request)

    app = Starlette(
        routes=[
            WebSocketRoute(f"{base}/_stcore/stream", _repeated),
            Route(f"{base}/{{path:path}}", told),
        ],
        middleware=[Middleware(Door, base=base)],
    )
    return TestClient(
        app, base_url="https://dashboard.example.org", client=(peer, 50000),
        follow_redirects=False,
    )  # fmt: skip


def account_of(store: Settings, told: list[str]) -> str | None:
    [token] = told
    session = sessions.read(store, token)
    return session.account if session else None


@pytest.mark.parametrize("mode", ["local", "accounts"])
def test_nobody_can_say_themselves_who_they_are(
    accounted: Settings, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setenv("DASHBOARD_ACCESS", mode)
    token = sessions.begin(accounted, "fang")
    client = behind()
    assert client.get("/", headers={HEADER: token}).json() == []
    with client.websocket_connect("/_stcore/stream", headers={HEADER: token}) as page:
        assert page.receive_json() == []


@pytest.mark.parametrize(
    "path",
    ["/media/a.csv", "/_stcore/metrics", "/_stcore/upload_file/a/b", "/_stcore/agent/interact",
     "/component/x/index.html", "/_stcore/healthy", "/_stcore", "//media/a.csv", "/media"],
)  # fmt: skip
@pytest.mark.parametrize("base", ["", "/kanban"])
def test_what_may_hold_data_is_for_those_signed_in(
    accounted: Settings, path: str, base: str
) -> None:
    client = behind(base=base)
    url = f"https://dashboard.example.org{base}{path}"
    assert client.get(url).status_code == 401
    client.cookies.set(SESSION_COOKIE, sessions.begin(accounted, "fang"))
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("path", ["/", "/care_beds", "/_stcore/health", "/static/js/a.js"])
def test_what_shows_the_sign_in_is_for_everyone(accounted: Settings, path: str) -> None:
    assert behind().get(path).status_code == 200


def test_a_ticket_gives_the_cookie_to_the_browser_that_asked_alone(accounted: Settings) -> None:
    client, other = behind(), behind()
    for each in (client, other):
        each.get("/")
    assert client.cookies[BROWSER_COOKIE] != other.cookies[BROWSER_COOKIE]
    token = sessions.begin(accounted, "fang")
    ticket = sessions.ticket(accounted, token, client.cookies[BROWSER_COOKIE], "/map?lang=en")
    stolen = other.get("/access/enter", params={"ticket": ticket})
    assert SESSION_COOKIE not in other.cookies and stolen.headers["location"] == "/"
    entered = client.get("/access/enter", params={"ticket": ticket})
    assert (entered.status_code, entered.headers["location"]) == (303, "/map?lang=en")
    given = entered.headers["set-cookie"].lower()
    for part in ("httponly", "samesite=lax", "secure", "path=/", "max-age=28800"):
        assert part in given
    assert account_of(accounted, client.get("/").json()) == "fang"


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nX: y", "/ "]
)
def test_nobody_is_sent_elsewhere_after_signing_in(accounted: Settings, back: str) -> None:
    client = behind()
    client.get("/")
    token = sessions.begin(accounted, "fang")
    ticket = sessions.ticket(accounted, token, client.cookies[BROWSER_COOKIE], back)
    entered = client.get("/access/enter", params={"ticket": ticket})
    assert entered.headers["location"] == "/"


def test_a_link_from_elsewhere_signs_nobody_out(accounted: Settings) -> None:
    client = behind()
    token = sessions.begin(accounted, "fang")
    client.cookies.set(SESSION_COOKIE, token, domain="dashboard.example.org", path="/")
    assert "set-cookie" not in client.get("/access/leave").headers
    assert account_of(accounted, client.get("/").json()) == "fang"
    sessions.end(accounted, token)
    assert f"{SESSION_COOKIE}=" in client.get("/access/leave").headers["set-cookie"]


@pytest.mark.parametrize("why", ["expired", "ended", "password"])
def test_an_open_page_is_closed_when_its_session_is_over(accounted: Settings, why: str) -> None:
    now = time.time()
    token = sessions.token(
        accounted, Session("one", "fang", now, now + (1 if why == "expired" else 3600))
    )
    client = behind()
    client.cookies.set(SESSION_COOKIE, token)
    with client.websocket_connect("/_stcore/stream") as page:
        assert account_of(accounted, page.receive_json()) == "fang"
        page.send_bytes(b"one")
        assert page.receive_bytes() == b"one"
        if why == "ended":
            sessions.end(accounted, token)
        elif why == "password":
            accounts.set_password(accounted, "fang", "another long one 43")
        if why != "expired":
            page.send_bytes(b"two")  # is not passed on
        told = ForwardMsg.FromString(page.receive_bytes())
        assert told.WhichOneof("type") == "auth_redirect"
        with pytest.raises(WebSocketDisconnect):
            page.receive_bytes()


@pytest.mark.parametrize("peer", ["10.1.2.4", "127.0.0.1", "10.9.1.1", "2001:db8:1::1", "unix"])
def test_a_peer_that_is_no_named_gateway_gets_nothing(gatewayed: Settings, peer: str) -> None:
    client = behind(peer)
    said = {"X-Forwarded-User": "fang", "X-Forwarded-For": GATEWAY, "X-Real-IP": GATEWAY}
    for path in ("/", "/_stcore/health", "/static/js/a.js"):
        assert client.get(path, headers=said).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/_stcore/stream", headers=said),
    ):
        pass


@pytest.mark.parametrize("peer", [GATEWAY, "10.9.0.200", "2001:db8::5", f"::ffff:{GATEWAY}"])
def test_a_named_gateway_says_who_it_is(gatewayed: Settings, peer: str) -> None:
    client = behind(peer)
    assert client.get("/").json() == []
    assert client.get("/media/a").status_code == 401
    named = {"X-Forwarded-User": "fang"}
    assert account_of(gatewayed, client.get("/media/a", headers=named).json()) == "fang"
    twice = [("X-Forwarded-User", "fang"), ("X-Forwarded-User", "boss")]
    assert client.get("/", headers=twice).json() == []
    assert client.get("/media/a", headers={"X-Forwarded-User": "boss"}).status_code == 401


def test_a_page_comes_back_to_the_same_person_alone(gatewayed: Settings) -> None:
    # Streamlit resumes a page only where it is told the very same; every person gets their own.
    client = behind(GATEWAY)
    told = [client.get("/", headers={"X-Forwarded-User": n}).json() for n in ("fang", "fang", "x")]
    assert told[0] == told[1] != told[2]


@pytest.mark.parametrize(
    ("peer", "said", "found"),
    [
        (GATEWAY, ["192.0.2.9"], "192.0.2.9"),
        (GATEWAY, ["192.0.2.9, 10.9.0.7"], "192.0.2.9"),  # through two of ours
        (GATEWAY, ["192.0.2.9", "10.9.0.7"], "192.0.2.9"),
        (GATEWAY, ["198.51.100.1, 192.0.2.9"], "192.0.2.9"),  # the first was made up
        (GATEWAY, ["unknown"], GATEWAY),
        (GATEWAY, ["192.0.2.9, unknown, 10.9.0.7"], "10.9.0.7"),
        (GATEWAY, [], GATEWAY),
        ("192.0.2.1", ["10.0.0.1"], "192.0.2.1"),  # no proxy of ours
        (f"::ffff:{GATEWAY}", ["2001:db8:1::1"], "2001:db8:1::1"),
        ("unix", ["10.0.0.1"], ""),
    ],
)
def test_where_someone_comes_from_is_what_our_own_proxies_say(
    accounted: Settings, monkeypatch: pytest.MonkeyPatch, peer: str, said: list[str], found: str
) -> None:
    monkeypatch.setenv("DASHBOARD_PROXIES", f"{GATEWAY} 10.9.0.0/24")
    headers = [("X-Forwarded-For", each) for each in said] + [(ADDRESS_HEADER, "10.0.0.66")]
    assert behind(peer).get("/address", headers=headers).json() == [found]


@pytest.mark.parametrize("base", ["", "/kanban"])
@pytest.mark.parametrize(
    ("left", "back"),
    [
        ("https://dashboard.example.org{base}/map?period=2024Q4&lang=en", True),
        ("https://evil.example/map", False),
        ("https://dashboard.example.org//evil.example", False),
        ("http://dashboard.example.org{base}/map", False),
        ("https://dashboard.example.org{base}/map?" + "x" * 3000, False),
        ("", False),
    ],
)
def test_the_provider_leads_back_to_the_page_one_came_from_and_nowhere_else(
    store: Settings, monkeypatch: pytest.MonkeyPatch, left: str, back: bool, base: str
) -> None:
    monkeypatch.setenv("DASHBOARD_ACCESS", "oidc")
    monkeypatch.setenv("DASHBOARD_URL", "https://dashboard.example.org")
    client = behind(base=base)
    left = left.format(base=base)
    url = f"https://dashboard.example.org{base}"
    away = client.get(f"{url}{LOGIN}", headers={"Referer": left})
    assert away.headers["location"] == "https://id.example.org"
    home = client.get(f"{url}{CALLBACK}")
    path = left.removeprefix("https://dashboard.example.org")
    assert home.headers["location"] == (path if back else f"{base}/")
    assert client.get(f"{url}{CALLBACK}").headers["location"] == f"{base}/"  # once


def test_a_page_opens_by_itself_once_its_visitor_is_let_in(gatewayed: Settings) -> None:
    client = behind(GATEWAY)
    named = {"X-Forwarded-User": "wang"}
    with client.websocket_connect("/_stcore/stream", headers=named) as page:
        assert account_of(gatewayed, page.receive_json()) == "wang"
        page.send_bytes(b"one")
        assert page.receive_bytes() == b"one"
        accounts.add(gatewayed, "wang", role="viewer", scopes=["440000"], way="gateway")
        page.send_bytes(b"two")  # is not passed on
        told = ForwardMsg.FromString(page.receive_bytes())
        assert told.WhichOneof("type") == "auth_redirect"


def test_a_list_that_is_damaged_while_people_are_in_closes_their_pages(
    accounted: Settings,
) -> None:
    client = behind()
    client.cookies.set(SESSION_COOKIE, sessions.begin(accounted, "fang"))
    with client.websocket_connect("/_stcore/stream") as page:
        page.receive_json()
        (accounted.folder / "accounts.json").write_text("{", "utf-8")
        page.send_bytes(b"one")
        told = ForwardMsg.FromString(page.receive_bytes())
        assert told.WhichOneof("type") == "auth_redirect"
    assert client.get("/media/a.csv").status_code == 401
    assert client.get("/").status_code == 200  # the page that says so
