"""The page that asks to sign in, and that nothing else runs until someone is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit import config as streamlit_config
from streamlit.testing.v1 import AppTest

from app import settings
from app.access import accounts, roster, sessions
from app.access.door import HEADER
from app.access.sessions import Session
from app.access.visitor import VISITOR
from app.settings import ROOT, Settings

PASSWORD, OTHER = "一个很长的密码-42", "another long one 43"


@pytest.fixture
def mode(store: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Settings]]:
    """Sets a way of signing in, as the server does, for which the list holds 王芳."""

    def chosen(name: str) -> Settings:
        monkeypatch.setenv("DASHBOARD_ACCESS", name)
        loaded = settings.load()
        accounts.add(
            loaded, "王芳", role="analyst", scopes=["440500"], password=PASSWORD,
            way=roster.WAYS[name],
        )  # fmt: skip
        return loaded

    streamlit_config.set_option("server.trustedUserHeaders", {HEADER: VISITOR})
    yield chosen
    streamlit_config.set_option("server.trustedUserHeaders", {})


def opened(token: str | None = None, lang: str = "zh") -> AppTest:
    at = AppTest.from_file(ROOT / "dashboard.py", default_timeout=60)
    at.query_params["lang"] = lang
    if token is not None:
        at.user = {VISITOR: token}
    at.run()
    assert not at.exception, at.exception
    return at


def told(at: AppTest) -> str:
    return " ".join(e.value for e in [*at.title, *at.error, *at.info, *at.caption])


def runs_no_page(at: AppTest, folder: Path) -> bool:
    """Nothing of a page is there, and the store was not even opened."""
    nothing = not (at.selectbox or at.dataframe or "view" in at.session_state)
    return nothing and not (folder / "catalog.sqlite").exists()


def typed(at: AppTest, name: str, password: str) -> AppTest:
    at.text_input[0].set_value(name)
    at.text_input[1].set_value(password)
    return at.button[0].click().run()


@pytest.mark.parametrize(("lang", "button"), [("zh", "登录"), ("en", "Sign in")])
def test_who_is_not_signed_in_is_asked_and_sees_nothing_else(
    mode: Callable[[str], Settings], lang: str, button: str
) -> None:
    store = mode("accounts")
    at = opened(lang=lang)
    assert [b.label for b in at.button] == [button]
    assert len(at.text_input) == 2 and runs_no_page(at, store.folder)
    # and told whom to ask
    assert {"zh": "请找本单位的看板管理员", "en": "ask your dashboard's administrator"}[
        lang
    ] in told(at)


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    mode: Callable[[str], Settings],
) -> None:
    store = mode("accounts")
    answers = []
    for name in ("王芳", "李明"):
        at = typed(opened(), name, OTHER)
        answers.append([e.value for e in at.error])
        assert at.text_input[1].value == "" and runs_no_page(at, store.folder)
        assert "sign_in_password_0" not in at.session_state
    assert answers == [["账号或密码不对。"]] * 2


def test_too_many_tries_must_wait_and_the_page_says_how_long(
    mode: Callable[[str], Settings],
) -> None:
    mode("accounts")
    at = opened()
    for _ in range(5):
        typed(at, "王芳", OTHER)
    typed(at, "王芳", PASSWORD)
    assert [e.value for e in at.error] in (
        ["试错次数太多，请过 1 秒再试。"], ["试错次数太多，请过 2 秒再试。"],
    )  # fmt: skip


def test_a_right_password_alone_shows_no_page_before_the_browser_has_its_cookie(
    mode: Callable[[str], Settings],
) -> None:
    store = mode("accounts")
    at = typed(opened(), "王芳", PASSWORD)
    assert not at.error and runs_no_page(at, store.folder)


@pytest.mark.parametrize("way", ["accounts", "oidc", "gateway"])
def test_who_is_on_the_list_is_named_on_the_page(mode: Callable[[str], Settings], way: str) -> None:
    token = sessions.begin(mode(way), "王芳")
    at = opened(token)
    assert "王芳 · 填报" in told(at)
    assert any(b.key == "sign_out" for b in at.button) == (way != "gateway")
    assert "王芳 · Analyst" in told(opened(token, "en"))


@pytest.mark.parametrize("way", ["oidc", "gateway"])
def test_who_is_not_on_the_list_is_told_so_and_sees_nothing(
    mode: Callable[[str], Settings], way: str
) -> None:
    store = mode(way)
    at = opened(sessions.token(store, Session("one", "李明", None, None)))
    assert "“李明”，但您不在本看板的人员名单里" in told(at)
    assert runs_no_page(at, store.folder)


@pytest.mark.parametrize("way", ["accounts", "oidc", "gateway"])
@pytest.mark.parametrize("kind", ["forged", "expired", "ended", "disabled"])
def test_a_token_that_does_not_count_shows_nothing(
    mode: Callable[[str], Settings], way: str, kind: str
) -> None:
    store = mode(way)
    token = sessions.begin(store, "王芳")
    if kind == "forged":
        token = ("A" if token[0] != "A" else "B") + token[1:]
    elif kind == "expired":
        token = sessions.token(store, Session("old", "王芳", 0.0, 28_800.0))
    elif kind == "ended":
        sessions.end(store, token)
    else:
        accounts.set_disabled(store, "王芳", True)
    assert runs_no_page(opened(token), store.folder)


def test_signing_out_ends_the_session_and_the_page(mode: Callable[[str], Settings]) -> None:
    store = mode("accounts")
    token = sessions.begin(store, "王芳")
    at = opened(token)
    at.button(key="sign_out").click().run()
    assert sessions.person(store, token) is None
    assert [b.label for b in at.button] == ["登录"]


@pytest.mark.parametrize("file", ["accounts.json", "ended_sessions.json", "sign_in_attempts.json"])
@pytest.mark.parametrize(("lang", "who"), [("zh", "给管理员"), ("en", "For the administrator")])
def test_a_damaged_file_shows_what_to_mend_and_lets_nobody_in(
    mode: Callable[[str], Settings], file: str, lang: str, who: str
) -> None:
    store = mode("accounts")
    token = sessions.begin(store, "王芳")
    (store.folder / file).write_text("[", "utf-8")
    if file == "sign_in_attempts.json":
        at = typed(opened(lang=lang), "王芳", PASSWORD)
    else:
        at = opened(token, lang)
    said = " ".join(each.value for each in at.markdown)
    assert at.error and who in said and file in said
    assert str(store.folder) not in said and runs_no_page(at, store.folder)


@pytest.mark.parametrize(
    ("lang", "line"), [("zh", "本机使用：未设登录"), ("en", "On this machine: no sign-in")]
)
def test_without_sign_in_every_page_says_so(store: Settings, lang: str, line: str) -> None:
    assert line in told(opened(lang=lang))


def test_a_way_of_signing_in_that_does_not_exist_shows_nothing_and_says_which_do(
    store: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_ACCESS", "none")
    at = opened()
    assert "accounts, oidc, gateway" in told(at) and runs_no_page(at, store.folder)


def test_with_sign_in_but_without_its_server_the_page_says_how_to_start(
    mode: Callable[[str], Settings],
) -> None:
    store = mode("accounts")
    streamlit_config.set_option("server.trustedUserHeaders", {})
    at = opened()
    assert "python -m app serve" in told(at) and runs_no_page(at, store.folder)


@pytest.mark.parametrize("address", [None, "0.0.0.0", "192.0.2.1"])
def test_without_sign_in_a_server_that_others_reach_shows_nothing(
    store: Settings, address: str | None
) -> None:
    before = streamlit_config.get_option("server.address")
    streamlit_config.set_option("server.address", address)
    try:
        at = opened()
    finally:
        streamlit_config.set_option("server.address", before)
    assert "127.0.0.1" in told(at) and runs_no_page(at, store.folder)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_password_somebody_made_is_changed_before_anything_is_seen(
    mode: Callable[[str], Settings], lang: str
) -> None:
    store = mode("accounts")
    accounts.set_password(store, "王芳", OTHER, handed=True)
    at = opened(sessions.begin(store, "王芳"), lang)
    assert runs_no_page(at, store.folder)
    asked = {"zh": "请先换成只有您知道的", "en": "change it to one that only you know"}
    assert asked[lang] in " ".join(each.value for each in at.markdown)
    assert len(at.text_input) == 3  # the present one, and another twice
    assert any(b.key == "sign_out" for b in at.button)
    assert not accounts.set_own_password(store, "王芳", PASSWORD, PASSWORD + "!")  # not the present
    assert roster.every(store)["王芳"].handed
    assert accounts.set_own_password(store, "王芳", OTHER, PASSWORD)
    named = {"zh": "王芳 · 填报", "en": "王芳 · Analyst"}
    assert named[lang] in told(opened(sessions.begin(store, "王芳"), lang))
