"""What those who run the dashboard can see of it: /healthz, /metrics and the page 运行情况."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_fixtures import served
from dashboard_stores import opened, store_at

from app import settings
from app.access import modes
from app.errors import ServeRefused
from app.monitor import measures
from app.monitor.watch import Watch


@pytest.fixture(scope="module")
def folder(beds_alone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own, which a test may damage."""
    folder = tmp_path_factory.mktemp("watched") / "store"
    shutil.copytree(beds_alone, folder)
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(folder) as address:
        yield address


def asked(url: str, **headers: str) -> tuple[int, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=named), timeout=20) as got:
            return got.status, got.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def measured(address: str) -> dict[str, float]:
    status, text = asked(f"{address}/metrics")
    assert status == 200
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def test_the_measures_tell_of_requests_and_of_the_newest_submission(address: str) -> None:
    before = measured(address)
    assert asked(f"{address}/app/static/none.json")[0] == 404
    after = measured(address)
    assert after['dashboard_requests_total{status="4xx"}'] == 1 + before.get(
        'dashboard_requests_total{status="4xx"}', 0
    )
    assert after["dashboard_submissions"] > 0 and after["dashboard_store_readable"] == 1
    assert after["dashboard_sessions"] == 0
    assert 0 < after["dashboard_last_submission_age_seconds"] < 86_400


@pytest.mark.parametrize("header", ["X_Forwarded_For", "Forwarded", "X_Real_IP"])
def test_who_comes_by_way_of_a_proxy_sees_no_measures(address: str, header: str) -> None:
    assert asked(f"{address}/metrics", **{header: "10.0.0.9"}) == (404, "")


def test_a_server_that_can_not_read_its_store_is_alive_but_not_ready(
    address: str, folder: Path
) -> None:
    assert json.loads(asked(f"{address}/healthz")[1]) == {"alive": True, "ready": True}
    (folder / "catalog.sqlite").write_bytes(b"no catalogue at all" * 100)
    status, told = asked(f"{address}/healthz")
    assert status == 503
    assert json.loads(told)["ready"] is False
    assert str(folder) not in told
    assert asked(f"{address}/healthz/alive") == (200, "alive\n")
    assert measured(address)["dashboard_store_readable"] == 0


@pytest.mark.parametrize(
    ("peer", "seen"),
    [("127.0.0.1", True), ("::1", True), ("10.1.2.3", True), ("::ffff:10.1.2.3", True),
     ("10.1.3.3", False), ("192.168.0.1", False), ("", False)],
)  # fmt: skip
def test_only_this_machine_and_those_named_may_watch(
    store: settings.Settings, monkeypatch: pytest.MonkeyPatch, peer: str, seen: bool
) -> None:
    monkeypatch.setenv("DASHBOARD_WATCHERS", "10.1.2.0/24")
    watch = Watch(app=None)  # type: ignore[arg-type]
    assert watch._may_watch({"type": "http", "client": (peer, 1), "headers": []}) is seen


def test_a_watcher_that_is_no_network_is_refused(
    store: settings.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_WATCHERS", "0.0.0.0/0")
    with pytest.raises(ServeRefused, match="DASHBOARD_WATCHERS"):
        modes.check(settings.load(), "127.0.0.1")


def test_within_which_time_a_share_of_runs_ended() -> None:
    # 2 ended within 0.1 s, 8 more within 0.5 s, none after: the fifth is 3/8 of the way from 0.1
    upto = {0.1: 2.0, 0.5: 10.0, float("inf"): 10.0}
    assert measures.within(upto, 0.5) == pytest.approx(0.1 + 0.4 * 3 / 8)
    assert measures.within(upto, 0.1) == pytest.approx(0.05)
    # all of them took longer than the last bound
    assert measures.within({0.1: 0.0, 0.5: 0.0, float("inf"): 4.0}, 0.95) == 0.5


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_finds_a_problem_by_its_number(beds_alone: Path, lang: str) -> None:
    log = beds_alone / "log"
    log.mkdir(exist_ok=True)
    entry = {
        "at": "2026-11-26T09:00:00.000+08:00", "level": "ERROR", "message": "a page failed",
        "problem": "K7Q2-M4XD", "trace": ["dashboard.py:1 <module>", "ValueError: '…'"],
    }  # fmt: skip
    (log / f"serve-{lang}.jsonl").write_text(f"{json.dumps(entry)}\nnot a line of ours\n", "utf-8")
    with store_at(beds_alone):
        page = opened("pages/admin/running.py", lang=lang)
        page.text_input(key="running_find").set_value("k7q2").run()
        found = page.dataframe[-1].value
        assert "K7Q2-M4XD" in found.iloc[0].tolist()
        page.text_input(key="running_find").set_value("ZZZZ").run()
        assert page.info
    (log / f"serve-{lang}.jsonl").unlink()
