"""How tries of a password are slowed down, by a clock that the tests hold."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from app import settings
from app.access import accounts, attempts, sign_in
from app.settings import Settings

NOW = 1_800_000_000.0
HERE, ELSEWHERE = "10.0.0.1", "192.0.2.9"
BOTS = [f"198.51.{n // 250}.{n % 250}" for n in range(60)]


def wrong(store: Settings, name: str, address: str, times: int, now: float = NOW) -> list[float]:
    """How long each of some wrong tries had to wait."""
    return [attempts.started(store, name, address, now) for _ in range(times)]


@pytest.mark.parametrize("name", ["王芳", "nobody"])
def test_after_five_wrong_tries_each_next_one_waits_twice_as_long(
    store: Settings, name: str
) -> None:
    assert wrong(store, name, HERE, 5) == [0] * 5
    now = NOW
    for wait in (2, 4, 8):
        assert attempts.started(store, name, HERE, now) == wait
        assert attempts.started(store, name, HERE, now + wait - 0.5) == 0.5
        now += wait
        assert attempts.started(store, name, HERE, now) == 0


def test_nobody_is_kept_out_by_tries_from_elsewhere(store: Settings) -> None:
    wrong(store, "王芳", ELSEWHERE, 20)
    assert attempts.started(store, "王芳", ELSEWHERE, NOW) > 0
    assert attempts.started(store, "王芳", HERE, NOW) == 0
    assert attempts.started(store, "李明", ELSEWHERE, NOW) == 0


def test_an_account_that_is_tried_from_everywhere_waits_but_where_it_is_known(
    store: Settings,
) -> None:
    attempts.started(store, "王芳", HERE, NOW)
    attempts.succeeded(store, "王芳", HERE, NOW)
    for address in BOTS[:50]:
        assert attempts.started(store, "王芳", address, NOW) == 0
    assert attempts.started(store, "王芳", BOTS[50], NOW) == 2
    assert attempts.started(store, "王芳", HERE, NOW) == 0
    assert attempts.started(store, "李明", BOTS[50], NOW) == 0
    now, waits = NOW + 2, []
    for number in range(8):  # however long it goes on, no wait is longer than a minute
        assert attempts.started(store, "王芳", f"203.0.113.{number}", now) == 0
        waits.append(attempts.started(store, "王芳", f"203.0.114.{number}", now))
        now += waits[-1]
    assert waits[0] < 5 and max(waits) == waits[-1] == 60


def test_one_address_waits_whatever_names_it_tries(store: Settings) -> None:
    for number in range(50):
        assert attempts.started(store, f"name{number}", HERE, NOW) == 0
    assert attempts.started(store, "王芳", HERE, NOW) == 2
    assert attempts.started(store, "王芳", ELSEWHERE, NOW) == 0
    assert attempts.started(store, "王芳", HERE, NOW + 6) == 0  # one is forgotten in six seconds


def test_of_version_six_a_network_is_one_address(store: Settings) -> None:
    for number in range(50):
        assert attempts.started(store, f"name{number}", f"2001:db8::{number:x}", NOW) == 0
    assert attempts.started(store, "王芳", "2001:db8::ffff", NOW) == 2
    assert attempts.started(store, "王芳", "2001:db8:0:1::1", NOW) == 0
    assert attempts.network("::ffff:10.0.0.1") == "10.0.0.1"


def test_a_right_password_clears_the_count_and_a_day_forgets_it(store: Settings) -> None:
    wrong(store, "王芳", HERE, 4)
    attempts.started(store, "王芳", HERE, NOW)
    attempts.succeeded(store, "王芳", HERE, NOW)
    assert wrong(store, "王芳", HERE, 5) == [0] * 5
    assert attempts.started(store, "王芳", HERE, NOW + 1) == 1
    assert wrong(store, "王芳", HERE, 5, NOW + 86_401) == [0] * 5


def test_no_wait_is_longer_than_a_quarter_of_an_hour(store: Settings) -> None:
    for step in range(40):
        assert attempts.started(store, "王芳", HERE, NOW + 901 * step) == 0
    last = NOW + 901 * 39
    assert attempts.started(store, "王芳", HERE, last) == 900
    assert attempts.started(store, "王芳", HERE, last - 86_400) == 900  # the clock is set back


def test_what_is_remembered_has_an_end(store: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MOST", 20)
    for number in range(30):
        attempts.started(store, f"name{number}", f"10.0.0.{number}", NOW)
        attempts.succeeded(store, f"name{number}", f"10.0.0.{number}", NOW)
        attempts.started(store, f"name{number}", f"10.0.1.{number}", NOW)
    held = json.loads((store.folder / "sign_in_attempts.json").read_text("utf-8"))
    assert {kind: len(table) for kind, table in held.items()} == dict.fromkeys(held, 20)


def test_the_wait_outlives_a_restart(store: Settings) -> None:
    wrong(store, "王芳", HERE, 5)
    script = (
        "from app import settings; from app.access import attempts;"
        f"print(attempts.started(settings.load(), '王芳', '{HERE}', {NOW + 1}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=settings.ROOT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert float(done.stdout) == 1


def test_not_even_the_right_password_is_tried_before_its_time(store: Settings) -> None:
    accounts.add(store, "王芳", role="viewer", scopes=["440000"], password="一个很长的密码-42")
    wrong(store, "王芳", HERE, 5)
    assert sign_in.tried(store, "王芳", "一个很长的密码-42", HERE, NOW + 1) == 1
    assert isinstance(sign_in.tried(store, " 王芳", "一个很长的密码-42", ELSEWHERE, NOW + 1), str)
    assert isinstance(sign_in.tried(store, "王芳", "一个很长的密码-42", HERE, NOW + 2), str)
