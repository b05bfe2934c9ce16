"""The page on which administrators keep the list of people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dashboard_stores as stores
import pytest
from streamlit import config as streamlit_config
from streamlit.testing.v1 import AppTest

from app import settings
from app.access import accounts, audit, roster, sessions, sign_in
from app.access.door import HEADER
from app.access.visitor import VISITOR
from app.settings import ROOT, Settings

PAGE, PASSWORD = "pages/admin/people.py", "一个很长的密码-42"


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with an administrator and three others; hashing their passwords takes a while."""
    folder = tmp_path_factory.mktemp("people") / "store"
    with stores.store_at(folder) as store:
        for name, role, scope, datasets in (
            ("boss", "administrator", "440000", ()),
            ("王芳", "analyst", "440500", ("care_beds",)),
            ("liming", "reviewer", "粤东", ()),
            ("kan", "viewer", "440523", ()),
        ):
            accounts.add(
                store, name, role=role, scopes=[scope], datasets=datasets, password=PASSWORD,
                name="李明" if name == "liming" else None,
            )  # fmt: skip
    return folder


@pytest.fixture
def store(store: Settings, listed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A copy of it, with sign-in by password."""
    shutil.copytree(listed, store.folder)
    monkeypatch.setenv("DASHBOARD_ACCESS", "accounts")
    streamlit_config.set_option("server.trustedUserHeaders", {HEADER: VISITOR})
    yield settings.load()
    streamlit_config.set_option("server.trustedUserHeaders", {})


def opened(store: Settings, lang: str = "zh", name: str = "boss") -> AppTest:
    at = AppTest.from_file(ROOT / "dashboard.py", default_timeout=60)
    at.query_params["lang"] = lang
    at.user = {VISITOR: sessions.begin(store, name)}
    at.switch_page(PAGE).run()
    assert not at.exception, at.exception
    return at


def chosen(at: AppTest, name: str) -> AppTest:
    return at.selectbox(key="people_chosen").set_value(name).run()


def found(at: AppTest, words: str) -> list[str]:
    at.text_input(key="people_find").set_value(words).run()
    return list(at.dataframe[0].value.iloc[:, 0]) if at.dataframe else []


@pytest.mark.parametrize(
    ("lang", "rows"),
    [
        ("zh", [
            ["boss", "boss", "管理员", "全省", "全部报表", "密码", "可登录"],
            ["王芳", "王芳", "填报", "汕头市", "护理型床位", "密码", "已停用"],
            ["liming", "李明", "审核", "粤东", "全部报表", "密码", "可登录"],
            ["kan", "kan", "查看", "南澳县（汕头市）", "全部报表", "密码", "可登录"],
        ]),
        ("en", [
            ["boss", "boss", "Administrator", "Guangdong", "All datasets", "password",
             "may sign in"],
            ["王芳", "王芳", "Analyst", "Shantou", "Care-type beds", "password", "disabled"],
            ["liming", "李明", "Reviewer", "Eastern Guangdong", "All datasets", "password",
             "may sign in"],
            ["kan", "kan", "Viewer", "Nan'ao County (Shantou)", "All datasets", "password",
             "may sign in"],
        ]),
    ],
)  # fmt: skip
def test_the_list_says_in_words_who_may_do_what_where_and_when_they_were_here(
    store: Settings, lang: str, rows: list[list[str]]
) -> None:
    accounts.set_disabled(store, "王芳", True)
    sign_in.tried(store, "kan", PASSWORD)
    table = opened(store, lang).dataframe[0].value
    assert table.iloc[:, :7].values.tolist() == rows
    (entry,) = audit.listed(store, '"sign_in"')
    assert list(table.iloc[:, 7]) == ["—", "—", "—", entry.at[:16].replace("T", " ")]


def test_people_are_found_by_account_name_pinyin_role_and_area(store: Settings) -> None:
    at = opened(store)
    for words, names in {
        "wangfang": ["王芳"], "wf": ["王芳"], "李明": ["liming"], "审核": ["liming"],
        "汕头": ["王芳", "kan"], "汕头 查看": ["kan"], "nobody": [],
    }.items():  # fmt: skip
        assert found(at, words) == names


def test_a_change_is_stored_and_entered_and_counts_for_who_is_in(store: Settings) -> None:
    token = sessions.begin(store, "王芳")
    at = chosen(opened(store), "王芳")
    role = next(box for box in at.selectbox if box.label == "身份" and box.value == "analyst")
    role.set_value("reviewer")
    scopes = next(box for box in at.multiselect if box.value == ["440500"])
    scopes.set_value(["440500", "粤东"])
    next(b for b in at.button if b.label == "保存").click().run()
    assert [each.value for each in at.success] == ["已修改账号“王芳”。"]
    person = sessions.person(store, token)
    assert person is not None
    assert (person.role, person.scopes, person.datasets) == (
        "reviewer", ("440500", "粤东"), ("care_beds",),
    )  # fmt: skip
    (entry, *_) = audit.listed(store)
    assert (entry.who, entry.action) == ("boss", "user_changed")
    assert entry.what["role"] == "analyst → reviewer"


def test_a_person_is_added_with_a_password_that_is_shown_once(store: Settings) -> None:
    at = opened(store)
    at.text_input(key="add_id_0").set_value("张三")
    at.multiselect(key="scopes_zh_add_0").set_value(["441900"])
    add = next(b for b in at.button if b.label == "添加")
    add.click().run()
    (password,) = (each.value for each in at.code)
    assert isinstance(sign_in.tried(store, "张三", password), str)
    assert roster.every(store)["张三"].person.scopes == ("441900",)
    assert roster.every(store)["张三"].handed
    assert at.text_input(key="add_id_1").value == ""
    at.run()
    assert not at.code
    written = "".join(map(str, audit.listed(store)))
    assert "张三" in written and password not in written


def test_what_is_refused_says_why_and_changes_nothing(store: Settings) -> None:
    at = opened(store)
    at.text_input(key="add_id_0").set_value("BOSS")
    at.multiselect(key="scopes_zh_add_0").set_value(["441900"])
    next(b for b in at.button if b.label == "添加").click().run()
    assert "已有账号" in at.error[0].value
    before = roster.every(store)
    chosen(at, "boss")
    at.button(key="people_disable").click().run()
    assert "最后一个" in at.error[0].value and roster.every(store) == before


def test_someone_is_kept_out_let_in_given_a_password_and_taken_off(store: Settings) -> None:
    token = sessions.begin(store, "kan")
    at = chosen(opened(store), "kan")
    at.button(key="people_disable").click().run()
    assert sessions.person(store, token) is None
    at.button(key="people_enable").click().run()
    at.button(key="people_password").click().run()
    (password,) = (each.value for each in at.code)
    assert isinstance(sign_in.tried(store, "kan", password), str)
    assert roster.every(store)["kan"].handed
    at.button(key="people_remove").click().run()
    assert "kan" not in roster.every(store) and not at.exception
    assert [e.action for e in audit.listed(store, "boss user_")][:4] == [
        "user_removed", "user_password", "user_enabled", "user_disabled",
    ]  # fmt: skip


@pytest.mark.parametrize("way", ["oidc", "gateway"])
def test_who_is_known_elsewhere_gets_no_password(
    store: Settings, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("DASHBOARD_ACCESS", way)
    store = settings.load()
    accounts.add(store, "chief", role="administrator", scopes=["440000"], way=roster.WAYS[way])
    at = opened(store, name="chief")
    at.text_input(key="add_id_0").set_value("li@example.org")
    at.multiselect(key="scopes_zh_add_0").set_value(["440000"])
    next(b for b in at.button if b.label == "添加").click().run()
    assert not at.code and roster.every(store)["li@example.org"].way == way
    chosen(at, "li@example.org")
    assert not any(b.key == "people_password" for b in at.button)


def test_without_sign_in_there_are_no_people_to_keep(
    store: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_ACCESS", "local")
    at = stores.opened(PAGE)
    assert "没有设登录" in at.info[0].value
    assert not (at.dataframe or at.text_input)
