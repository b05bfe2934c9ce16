"""Accounts, passwords, throttled tries and sessions, and when the server refuses to start."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import command_calls
import pytest

from app import settings
from app.access import accounts, audit, modes, passwords, rights, roster, sessions, sign_in
from app.access.people import Person, Role, local
from app.errors import AccountRefused, NotAllowed, ServeRefused, StoreUnavailable
from app.settings import Settings

PASSWORD, OTHER = "一个很长的密码-42", "another long one 43"


@pytest.fixture
def signing(store: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A store with sign-in by password and the account 王芳, an analyst of 汕头."""
    monkeypatch.setenv("DASHBOARD_ACCESS", "accounts")
    loaded = settings.load()
    add(loaded, "王芳")
    return loaded


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that sign-in goes by, in its only place."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


def add(store: Settings, name: str, **others: object) -> roster.Account:
    given = {"role": "analyst", "scopes": ["440500"], "password": PASSWORD} | others
    return accounts.add(store, name, **given)  # type: ignore[arg-type]


def command(store: Settings, *words: str, typed: str = "") -> command_calls.Done:
    mode = store.access.mode
    return command_calls.command(store, "user", *words, typed=typed, DASHBOARD_ACCESS=mode)


def signed_in(store: Settings, name: str, password: str) -> str:
    token = sign_in.tried(store, name, password)
    assert isinstance(token, str)
    return token


# ------------------------------------------------------------------ accounts and their commands


def test_the_local_user_may_do_everything_everywhere() -> None:
    assert local() == Person("local", "local", "administrator", ("440000",), ())


def test_an_account_keeps_its_role_scopes_and_datasets(store: Settings) -> None:
    add(store, "王芳", role="reviewer", scopes=["440523", "粤东", "440000"], datasets=["care_beds"])
    found = roster.every(store)["王芳"].person
    assert found == Person("王芳", "王芳", "reviewer", ("440523", "粤东", "440000"), ("care_beds",))


def test_no_file_of_sign_in_is_for_others_or_holds_a_password(signing: Settings) -> None:
    signed_in(signing, "王芳", PASSWORD)
    sessions.end(signing, sessions.begin(signing, "王芳"))
    sign_in.tried(signing, OTHER, PASSWORD)  # the password in the wrong field
    files = [path for path in signing.folder.iterdir() if path.is_file()]
    assert {path.name for path in files} >= {
        "accounts.json", "access.secret", "ended_sessions.json", "sign_in_attempts.json",
    }  # fmt: skip
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        assert PASSWORD not in path.read_text("utf-8") and OTHER not in path.read_text("utf-8")
    hashes = json.loads((signing.folder / "accounts.json").read_text("utf-8"))["accounts"]
    assert hashes[0]["hash"].startswith("$argon2id$")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("", {}),
        ("x" * 201, {}),
        ("王\u200b芳", {}),
        ("李明", {"role": "root"}),
        ("李明", {"scopes": []}),
        ("李明", {"scopes": ["999999"]}),
        ("李明", {"datasets": ["nothing"]}),
        ("李明", {"password": "short"}),
        ("李明", {"password": "x" * 201}),
        ("李明", {"password": "aaaaaaaaaaaa"}),
        ("liming1990", {"password": "LiMing1990!!"}),
        ("王芳", {}),
        (" 王芳 ", {}),
    ],
)
def test_an_account_that_makes_no_sense_is_refused_whole(
    signing: Settings, name: str, wrong: dict[str, object]
) -> None:
    before = (signing.folder / "accounts.json").read_bytes()
    with pytest.raises(AccountRefused):
        add(signing, name, **wrong)
    assert (signing.folder / "accounts.json").read_bytes() == before


def test_accounts_added_at_the_same_time_are_all_kept(store: Settings) -> None:
    names = [f"user{number}" for number in range(8)]
    threads = [
        threading.Thread(target=add, args=(store, name), kwargs={"way": "oidc"}) for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(roster.every(store)) == set(names)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("accounts.json", '{"accounts": ['),
        ("accounts.json", '{"accounts": [{"id": "王芳", "role": "root"}]}'),
        ("accounts.json", '{"people": []}'),
        ("accounts.json", None),
        ("ended_sessions.json", '{"one": "soon"}'),
        ("ended_sessions.json", None),
    ],
)
def test_a_damaged_or_unreadable_file_lets_nobody_in_and_says_which_it_is(
    signing: Settings, file: str, content: str | None
) -> None:
    token = signed_in(signing, "王芳", PASSWORD)
    path = signing.folder / file
    path.unlink(missing_ok=True)
    if content is None:
        path.mkdir()  # as little readable as a file without permission, also for root
    else:
        path.write_text(content, "utf-8")
    with pytest.raises(StoreUnavailable, match=re.escape(file)):
        sessions.person(signing, token)
    with pytest.raises(StoreUnavailable, match=re.escape(file)):
        modes.check(signing, "127.0.0.1")
    if file == "accounts.json":
        for words in (["list"], ["disable", "王芳"]):
            done = command(signing, *words)
            assert done.returncode == 1 and file in done.stderr and "Trace" not in done.stderr


def test_a_secret_that_was_cut_short_signs_nothing(store: Settings) -> None:
    store.folder.mkdir()
    path = store.folder / "access.secret"
    for held in (b"", b"abc", b"\xff" * 64):
        path.write_bytes(held)
        path.chmod(0o600)
        with pytest.raises(StoreUnavailable, match=r"access\.secret"):
            sessions.secret(store)


def test_a_change_keeps_what_was_not_given(signing: Settings) -> None:
    add(signing, "李明", datasets=["care_beds"])
    accounts.change(signing, "李明", role="reviewer", scopes=["粤东"], name="李科长")
    assert roster.every(signing)["李明"].person == Person(
        "李明", "李科长", "reviewer", ("粤东",), ("care_beds",)
    )
    with pytest.raises(AccountRefused):
        accounts.change(signing, "李明", scopes=[])
    accounts.change(signing, "李明", datasets=[])
    assert roster.every(signing)["李明"].datasets == ()
    (entry, *_) = audit.listed(signing, "user_changed datasets")
    assert entry.what == {"name": "李明", "datasets": "care_beds → "}


def test_the_last_administrator_stays_whatever_is_asked(signing: Settings) -> None:
    add(signing, "boss", role="administrator")
    add(signing, "of another way", role="administrator", way="oidc")
    add(signing, "gone", role="administrator")
    accounts.set_disabled(signing, "gone", True)
    asked: list[Callable[[], object]] = [
        lambda: accounts.set_disabled(signing, "boss", True),
        lambda: accounts.change(signing, "boss", role="reviewer"),
        lambda: accounts.remove(signing, "boss"),
    ]
    for act in asked:
        with pytest.raises(AccountRefused, match="最后一个"):
            act()
    refused = command(signing, "remove", "boss")
    assert refused.returncode == 1 and "最后一个" in refused.stderr
    accounts.set_disabled(signing, "gone", False)
    for act in asked:
        act()
    assert "boss" not in roster.every(signing)


@pytest.mark.parametrize("role", ["viewer", "analyst", "reviewer", "public"])
def test_nobody_but_an_administrator_changes_the_list(
    signing: Settings, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    before = (signing.folder / "accounts.json").read_bytes()
    monkeypatch.setattr(rights, "acting", lambda: Person("x", "x", role, ("440000",), ()))
    asked: list[Callable[[], object]] = [
        lambda: add(signing, "李明"),
        lambda: accounts.change(signing, "王芳", role="administrator"),
        lambda: accounts.set_password(signing, "王芳", OTHER),
        lambda: accounts.set_disabled(signing, "王芳", True),
        lambda: accounts.remove(signing, "王芳"),
    ]
    for act in asked:
        with pytest.raises(NotAllowed):
            act()
    assert (signing.folder / "accounts.json").read_bytes() == before


def test_the_commands_do_what_they_say(store: Settings) -> None:
    words = ("add", "王芳", "--role", "analyst", "--scope", "440500", "--dataset", "care_beds")
    done = command(store, *words, typed=f"{PASSWORD}\n")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    listed = json.loads(command(store, "list", "--json").stdout)
    assert listed == [
        {
            "id": "王芳", "name": "王芳", "role": "analyst", "scopes": ["440500"],
            "datasets": ["care_beds"], "way": "password", "disabled": False,
        }
    ]  # fmt: skip
    assert command(store, "change", "王芳", "--role", "viewer", "--every-dataset").returncode == 0
    (found,) = json.loads(command(store, "list", "--json").stdout)
    assert (found["role"], found["scopes"], found["datasets"]) == ("viewer", ["440500"], [])
    assert command(store, "disable", "王芳").returncode == 0
    assert json.loads(command(store, "list", "--json").stdout)[0]["disabled"] is True
    assert command(store, "password", "王芳", typed="short\n").returncode == 1
    assert command(store, "remove", "王芳").returncode == 0
    refused = command(store, "remove", "王芳")
    assert refused.returncode == 1 and "王芳" in refused.stderr
    assert command(store, "list", "--json").stdout.strip() == "[]"


def test_a_password_is_no_argument_of_a_command(store: Settings) -> None:
    done = command(store, "add", "x", "--role", "viewer", "--scope", "440000", "--password", "y")
    assert done.returncode == 2
    assert command(store, "password", "x", "y").returncode == 2


@pytest.mark.skipif(os.name != "posix", reason="a terminal of this kind")
def test_on_a_terminal_the_password_is_asked_twice_and_not_shown(store: Settings) -> None:
    import pty  # not on Windows

    words = [sys.executable, "-m", "app", "user", "add", "fang", "--role", "viewer"]
    for second, count in ((OTHER, 0), (PASSWORD, 1)):
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(settings.ROOT)
            os.execv(sys.executable, [*words, "--scope", "440000"])
        shown = b""
        for asked, answer in (("密码：", PASSWORD), ("再输一次：", second)):
            while asked.encode() not in shown:
                shown += os.read(terminal, 1000)
            os.write(terminal, f"{answer}\n".encode())
        with suppress(OSError):  # how a terminal says that the program has ended
            while part := os.read(terminal, 1000):
                shown += part
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1 - count
        os.close(terminal)
        assert PASSWORD.encode() not in shown
        assert len(roster.every(store)) == count


# ------------------------------------------------------------------ passwords and tries


def test_a_right_password_opens_a_session_of_that_person(signing: Settings) -> None:
    found = sessions.person(signing, signed_in(signing, " 王芳", PASSWORD))
    assert found == Person("王芳", "王芳", "analyst", ("440500",), ())


def test_a_letter_with_an_accent_is_the_same_however_it_is_typed(signing: Settings) -> None:
    add(signing, "rené", password="caf\u00e9-caf\u00e9-1")
    assert isinstance(sign_in.tried(signing, "rene\u0301", "cafe\u0301-cafe\u0301-1"), str)


@pytest.mark.parametrize("name", ["王芳", "nobody", "gone", "provider"])
def test_who_is_refused_learns_nothing_about_the_account(signing: Settings, name: str) -> None:
    add(signing, "gone")
    add(signing, "provider", way="oidc", password=None)
    accounts.set_disabled(signing, "gone", True)
    password = PASSWORD if name != "王芳" else OTHER
    assert sign_in.tried(signing, name, password) is None


def test_an_unknown_name_takes_as_long_as_a_wrong_password(signing: Settings) -> None:
    right = roster.every(signing)["王芳"].hash

    def quickest(stored: str | None) -> float:
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            assert not passwords.is_right(OTHER, stored)
            times.append(time.perf_counter() - begun)
        return min(times)

    passwords.is_right(OTHER, None)
    known, unknown = quickest(right), quickest(None)
    assert 0.5 < known / unknown < 2


# ------------------------------------------------------------------ sessions


def test_a_session_ends_at_its_time(signing: Settings, clock: list[float]) -> None:
    accounts.set_password(signing, "王芳", PASSWORD)
    token = signed_in(signing, "王芳", PASSWORD)
    clock[0] += 8 * 3600 - 1
    assert sessions.person(signing, token) is not None
    clock[0] += 1
    assert sessions.person(signing, token) is None


def test_a_shorter_time_counts_for_those_already_in(
    signing: Settings, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.set_password(signing, "王芳", PASSWORD)
    token = signed_in(signing, "王芳", PASSWORD)
    clock[0] += 3600
    monkeypatch.setenv("DASHBOARD_SESSION_HOURS", "1")
    assert sessions.person(settings.load(), token) is None


def test_a_session_ended_by_signing_out_is_over_for_whoever_holds_its_token(
    signing: Settings,
) -> None:
    token, other = (signed_in(signing, "王芳", PASSWORD) for _ in range(2))
    sessions.end(signing, token)
    assert sessions.person(signing, token) is None
    assert sessions.person(signing, other) is not None


def test_ones_own_password_is_changed_by_who_knows_the_present_one_alone(
    signing: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, elsewhere = (signed_in(signing, "王芳", PASSWORD) for _ in range(2))
    viewer = Person("王芳", "王芳", "viewer", ("440000",), ())
    monkeypatch.setattr(rights, "acting", lambda: viewer)
    assert sign_in.changed(signing, here, OTHER, "yet another one 44") is None
    for new in ("short", PASSWORD, "王芳王芳王芳123"):
        with pytest.raises(AccountRefused):
            sign_in.changed(signing, here, PASSWORD, new)
    assert sessions.person(signing, elsewhere) is not None
    token = sign_in.changed(signing, here, PASSWORD, OTHER)
    assert isinstance(token, str) and sessions.person(signing, token) is not None
    assert sessions.person(signing, here) is sessions.person(signing, elsewhere) is None
    assert sign_in.changed(signing, here, OTHER, PASSWORD) is None  # of a session that is over
    assert [e.action for e in audit.listed(signing, "own_password")] == [
        "own_password", "own_password_refused",
    ]  # fmt: skip
    for _ in range(5):
        assert sign_in.changed(signing, token, PASSWORD, "yet another one 44") is None
    assert isinstance(sign_in.changed(signing, token, OTHER, PASSWORD), float)
    assert isinstance(sign_in.tried(signing, "王芳", OTHER), float)


@pytest.mark.parametrize("how", ["password", "disabled", "removed", "again"])
def test_a_change_of_the_account_ends_its_sessions_and_no_others(
    signing: Settings, how: str
) -> None:
    add(signing, "李明")
    token, other = signed_in(signing, "王芳", PASSWORD), signed_in(signing, "李明", PASSWORD)
    if how == "password":
        accounts.set_password(signing, "王芳", OTHER)
    elif how == "disabled":
        accounts.set_disabled(signing, "王芳", True)
        accounts.set_disabled(signing, "王芳", False)
    else:
        accounts.remove(signing, "王芳")
        if how == "again":
            add(signing, "王芳")
    assert sessions.person(signing, token) is None
    assert sessions.person(signing, other) is not None


def test_a_changed_role_counts_at_once(signing: Settings) -> None:
    token = signed_in(signing, "王芳", PASSWORD)
    path = signing.folder / "accounts.json"
    path.write_text(path.read_text("utf-8").replace('"analyst"', '"viewer"'), "utf-8")
    found = sessions.person(signing, token)
    assert found is not None and found.role == "viewer"


@pytest.mark.parametrize("change", ["first", "last", "other_secret", "nonsense", "ticket"])
def test_a_token_that_was_not_signed_here_is_nobody(
    signing: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    token = sessions.begin(signing, "王芳")
    if change == "other_secret":
        monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "elsewhere"))
        token = sessions.begin(settings.load(), "王芳")
    forged = {
        "first": ("A" if token[0] != "A" else "B") + token[1:],
        "last": token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
        "nonsense": "\u00ff.\u00ff",
        "ticket": sessions.ticket(signing, token, "browser", "/"),
    }.get(change, token)
    assert sessions.person(signing, forged) is None


def test_a_session_of_one_way_is_none_of_another(
    signing: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = signed_in(signing, "王芳", PASSWORD)
    monkeypatch.setenv("DASHBOARD_ACCESS", "oidc")
    assert sessions.person(settings.load(), token) is None


def test_a_ticket_is_for_one_browser_and_one_minute(signing: Settings, clock: list[float]) -> None:
    shown = sessions.ticket(signing, "token", "mine", "/map?lang=en")
    assert sessions.redeemed(signing, shown, "mine") == ("token", "/map?lang=en")
    assert sessions.redeemed(signing, shown, "another") is None
    assert sessions.redeemed(signing, sessions.ticket(signing, "token", "", "/"), "") is None
    clock[0] += 62
    assert sessions.redeemed(signing, shown, "mine") is None


def test_a_secret_that_others_can_read_is_not_used(store: Settings) -> None:
    store.folder.mkdir()
    path = store.folder / "access.secret"
    path.write_text("secret")
    path.chmod(0o644)
    with pytest.raises(StoreUnavailable, match="chmod 600"):
        sessions.secret(store)


# ------------------------------------------------------------------ when the server may start

OIDC = {
    "DASHBOARD_OIDC_METADATA": "https://id.example.org/.well-known/openid-configuration",
    "DASHBOARD_OIDC_CLIENT": "dashboard",
    "DASHBOARD_OIDC_SECRET": "secret",
}
URL = {"DASHBOARD_URL": "https://dashboard.example.org"}
PROXY = {"DASHBOARD_PROXIES": "10.1.2.3, 10.2.0.0/24"}


@pytest.mark.parametrize(
    ("mode", "given", "lacking"),
    [
        ("accounts", {}, "DASHBOARD_URL"),
        ("accounts", URL | {"DASHBOARD_SESSION_HOURS": "soon"}, "DASHBOARD_SESSION_HOURS"),
        ("accounts", URL | {"DASHBOARD_SESSION_HOURS": "0"}, "DASHBOARD_SESSION_HOURS"),
        ("accounts", {"DASHBOARD_URL": "dashboard.example.org"}, "DASHBOARD_URL"),
        ("oidc", URL | {**OIDC, "DASHBOARD_OIDC_SECRET": ""}, "DASHBOARD_OIDC_SECRET"),
        ("oidc", OIDC, "DASHBOARD_URL"),
        ("gateway", URL, "DASHBOARD_PROXIES"),
        ("gateway", URL | {"DASHBOARD_PROXIES": "gateway"}, "DASHBOARD_PROXIES"),
        ("gateway", URL | {"DASHBOARD_PROXIES": "0.0.0.0/0"}, "DASHBOARD_PROXIES"),
        ("anyone", URL, "DASHBOARD_ACCESS"),
    ],
)
def test_a_way_of_signing_in_that_lacks_something_does_not_start(
    store: Settings,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    given: dict[str, str],
    lacking: str,
) -> None:
    for name, value in {"DASHBOARD_ACCESS": mode, **given}.items():
        monkeypatch.setenv(name, value)
    for way in ("password", "oidc", "gateway"):
        add(store, way, way=way)
    with pytest.raises(ServeRefused, match=re.escape(lacking)):
        modes.check(settings.load(), "0.0.0.0")


@pytest.mark.parametrize(
    ("mode", "given", "way"),
    [
        ("accounts", URL, "password"),
        ("oidc", URL | OIDC, "oidc"),
        ("gateway", URL | PROXY, "gateway"),
    ],
)
def test_a_way_of_signing_in_starts_once_someone_can_use_it(
    store: Settings,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    given: dict[str, str],
    way: roster.Way,
) -> None:
    for name, value in {"DASHBOARD_ACCESS": mode, **given}.items():
        monkeypatch.setenv(name, value)
    loaded = settings.load()
    add(loaded, "of another way", way="gateway" if way == "password" else "password")
    with pytest.raises(ServeRefused, match="user add"):
        modes.check(loaded, "0.0.0.0")
    add(loaded, "one", way=way)
    modes.check(loaded, "0.0.0.0")


@pytest.mark.parametrize(
    ("mode", "url", "warned"),
    [
        ("accounts", "http://dashboard.example.org", True),
        ("gateway", "http://10.0.0.5:8501", True),
        ("accounts", "https://dashboard.example.org", False),
        ("accounts", "http://127.0.0.1:8501", False),
        ("accounts", "http://localhost", False),
        ("local", "http://dashboard.example.org", False),
    ],
)
def test_an_address_without_encryption_is_warned_of_unless_it_is_this_machine(
    store: Settings, monkeypatch: pytest.MonkeyPatch, mode: str, url: str, warned: bool
) -> None:
    monkeypatch.setenv("DASHBOARD_ACCESS", mode)
    monkeypatch.setenv("DASHBOARD_URL", url)
    assert modes.is_unencrypted(settings.load()) == warned


def test_the_settings_of_sign_in_do_not_print_their_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DASHBOARD_OIDC_SECRET", "very-secret")
    assert "very-secret" not in repr(settings.load())
