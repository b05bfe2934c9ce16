"""Several servers on one store behind the nginx of the manual: one dashboard to its readers."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser_fixtures import PATIENCE, Tab, free_port
from dashboard_stores import store_at
from forms import row, stored, table
from playwright.sync_api import Page, expect
from proxy import proxied

from app import areas, settings
from app.i18n import t
from app.intake import ledger
from benchmarks.readers import Heard, Reader, read_together

SHIXING = "440222"
SETTLING = 6.0  # longer than the fail_timeout of nginx, as the manual says


@dataclass
class Replicas:
    """Servers on one store, by their ports, and the address of the nginx before them."""

    folder: Path
    running: dict[int, subprocess.Popen[str]] = field(default_factory=dict)
    address: str = ""

    def start(self, port: int) -> None:
        """Start one and wait until it answers."""
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", str(port)],
            cwd=settings.ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=os.environ | {"DASHBOARD_STORE": str(self.folder)},
        )  # fmt: skip
        assert process.stdout is not None and process.stdout.readline()
        self.running[port] = process

    def end(self, port: int, how: signal.Signals) -> None:
        """Stop one, or kill it in the middle of what it does."""
        process = self.running.pop(port)
        process.send_signal(how)
        process.wait(timeout=30)

    def sessions(self) -> dict[int, float]:
        """How many pages each has open."""
        return self.measured("dashboard_sessions")

    def measured(self, name: str) -> dict[int, float]:
        """A measure of each; 0 where it has none yet."""
        found = {}
        for port in self.running:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
                lines = answer.read().decode().splitlines()
            said = [line.rsplit(" ", 1)[1] for line in lines if line.startswith(f"{name} ")]
            found[port] = float(said[0]) if said else 0.0
        return found


@pytest.fixture(scope="module")
def replicas(
    beds_alone: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Replicas]:
    folder = tmp_path_factory.mktemp("replicas")
    shutil.copytree(beds_alone, folder / "store")
    every = Replicas(folder / "store")
    ports = [free_port(), free_port()]
    for port in ports:
        every.start(port)
    with proxied(ports, folder) as every.address:
        yield every
    for port in list(every.running):
        every.end(port, signal.SIGKILL)


@pytest.fixture
def page(tab: Tab) -> Page:
    return tab.newcomer()


def opened(page: Page, address: str, path: str = "care_beds?scope=440200&lang=zh") -> None:
    page.goto(f"{address}/{path}")
    expect(page.locator(".st-key-headline")).to_be_visible(timeout=PATIENCE)


def test_those_who_come_are_shared_out(replicas: Replicas) -> None:
    before = replicas.measured('dashboard_requests_total{status="2xx"}')
    marks = set()
    for _ in range(12):  # all at random on the same one of two would be one in 2,048
        with urllib.request.urlopen(f"{replicas.address}/healthz/alive", timeout=20) as answer:
            marks.add(answer.headers["Set-Cookie"])
    after = replicas.measured('dashboard_requests_total{status="2xx"}')
    assert len(marks) == 12
    assert all(after[port] > before[port] + 1 for port in after)  # one is that of the measures


def test_a_reader_stays_with_one_server(replicas: Replicas, page: Page) -> None:
    opened(page, replicas.address)
    first = replicas.sessions()
    assert sorted(first.values()) == [0, 1]
    for _ in range(3):
        page.reload()
        expect(page.locator(".st-key-headline")).to_be_visible(timeout=PATIENCE)
        assert replicas.sessions() == first


def test_the_measures_are_not_seen_through_the_proxy(replicas: Replicas) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{replicas.address}/metrics", timeout=20)


def test_what_is_submitted_anywhere_shows_at_the_next_run_everywhere(
    replicas: Replicas, page: Page, tmp_path: Path
) -> None:
    opened(page, replicas.address, "care_beds?scope=440200&county=440222&period=2024Q4&lang=zh")
    expect(page.locator(".st-key-headline")).not_to_contain_text("77.7%")
    with store_at(replicas.folder):
        values = {"beds_total": 1000, "beds_care": 777}
        file = table(tmp_path / "a.csv", [row(SHIXING, "2024Q4", **values)])
        stored(settings.load(), file, explain="测试")
    page.get_by_role("radio", name="English").click()
    expect(page.locator(".st-key-headline")).to_contain_text("77.7%", timeout=PATIENCE)


# the restart below ends its servers the other way
@pytest.mark.parametrize(
    "how", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.soak)]
)
def test_a_server_that_ends_costs_its_readers_a_reconnection(
    replicas: Replicas, page: Page, how: signal.Signals
) -> None:
    opened(page, replicas.address)
    page.get_by_role("combobox", name="县（市、区）", exact=True).click()
    page.get_by_role("option", name="始兴县（韶关市）").click()
    page.wait_for_url("**county=440222**", timeout=PATIENCE)
    (port,) = [port for port, count in replicas.sessions().items() if count]
    replicas.end(port, how)
    try:
        # the page comes back with what was chosen, and answers; what is clicked meanwhile is lost
        english = page.get_by_role("heading", name="Care-type beds").first
        give_up = time.monotonic() + PATIENCE / 1000
        while not english.is_visible():
            assert time.monotonic() < give_up
            page.get_by_role("radio", name="English").click()
            page.wait_for_timeout(1500)
        expect(page.get_by_role("combobox", name="County", exact=True)).to_be_visible()
        assert "county=440222" in page.url
        assert sum(replicas.sessions().values()) == 1
    finally:
        replicas.start(port)


def test_a_restart_of_one_after_the_other_costs_readers_a_reconnection_and_nothing_else(
    replicas: Replicas, tmp_path: Path
) -> None:
    port = urlsplit(replicas.address).port or 0
    readers = [Reader(port, "care_beds", (t("bar.period", "zh"),), seed) for seed in range(4)]
    over = threading.Event()
    heard: list[Heard] = []
    answers: list[int | str] = []
    others = [
        threading.Thread(target=lambda: heard.append(_read_until(readers, over, 2.0))),
        threading.Thread(target=lambda: answers.extend(_asked_until(replicas.address, over))),
    ]
    for thread in others:
        thread.start()
    try:
        for number, each in enumerate(sorted(replicas.running)):
            area = list(areas.load())[number]
            command = _submission(replicas, tmp_path / f"{number}.csv", area, 2000 + number)
            replicas.end(each, signal.SIGTERM)
            replicas.start(each)  # answers, so it is ready
            time.sleep(SETTLING)
            assert command.wait(timeout=120) == 0
    finally:
        over.set()
        for thread in others:
            thread.join()
    assert heard[0].errors == []
    assert len(heard[0].taken) > 20
    assert heard[0].cut <= 2 * len(readers)
    assert set(answers) == {200}
    with store_at(replicas.folder) as store:
        for number, area in enumerate(list(areas.load())[:2]):
            cells = ledger.stored_cells(store, "care_beds", "2025Q1", area)
            assert {c.measure_id: c.value for c in cells}["beds_total"] == 2000 + number


@pytest.mark.soak
def test_nothing_is_lost_or_torn_when_servers_and_commands_are_killed_under_load(
    replicas: Replicas, tmp_path: Path
) -> None:
    """KILLS of them, 200 unless the environment says otherwise."""
    kills, chance = int(os.environ.get("KILLS", "200")), random.Random(1)
    port = urlsplit(replicas.address).port or 0
    readers = [Reader(port, "care_beds", (t("bar.period", "zh"),), seed) for seed in range(10)]
    over = threading.Event()
    heard: list[Heard] = []
    reading = threading.Thread(target=lambda: heard.append(_read_until(readers, over)))
    reading.start()
    said_stored: dict[str, int] = {}  # area: the beds of the last submission that was said stored
    tried: dict[str, set[int]] = {}
    try:
        for kill in range(kills):
            area = chance.choice(list(areas.load()))
            beds = 1000 + kill
            tried.setdefault(area, set()).add(beds)
            command = _submission(replicas, tmp_path / "a.csv", area, beds)
            killed = chance.choice(list(replicas.running))
            time.sleep(chance.uniform(0, 1.5))
            replicas.end(killed, signal.SIGKILL)
            if kill % 3 == 0:
                command.kill()
            if command.wait(timeout=120) == 0:
                said_stored[area] = beds
            replicas.start(killed)
    finally:
        over.set()
        reading.join()
    assert heard[0].errors == []
    assert len(heard[0].taken) > kills
    assert len(said_stored) > kills // 5
    with store_at(replicas.folder) as store:
        for area, beds in said_stored.items():
            cells = ledger.stored_cells(store, "care_beds", "2025Q1", area)
            found = {c.measure_id: c.value for c in cells}
            # what was stored after it can only be a later one that was killed once it was in
            assert found["beds_total"] == found["beds_care"]
            assert found["beds_total"] in {b for b in tried[area] if b >= beds}


def _submission(replicas: Replicas, file: Path, area: str, beds: int) -> subprocess.Popen[bytes]:
    """A command that submits the beds of a county."""
    public = {"public_beds_total": beds, "public_beds_care": beds}
    table(file, [row(area, "2025Q1", beds_total=beds, beds_care=beds, **public)])
    return subprocess.Popen(
        [sys.executable, "-m", "app", "submit", str(file), "--by", "a", "--note", "b",
         "--explain", "c"],
        cwd=settings.ROOT, env=os.environ | {"DASHBOARD_STORE": str(replicas.folder)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _asked_until(address: str, over: threading.Event) -> Iterator[int | str]:
    """What those who come anew are answered, or what went wrong."""
    while not over.is_set():
        try:
            with urllib.request.urlopen(f"{address}/care_beds", timeout=20) as answer:
                yield answer.status
        except urllib.error.HTTPError as error:
            yield error.code
        except OSError as error:
            yield type(error).__name__
        time.sleep(0.05)


def _read_until(readers: list[Reader], over: threading.Event, seconds: float = 10.0) -> Heard:
    whole = Heard()
    while not over.is_set():
        for reader in readers:
            reader.heard = Heard()
        part = asyncio.run(read_together(readers, seconds, (0.5, 1.5), again=True))
        whole.taken += part.taken
        whole.errors += part.errors
        whole.cut += part.cut
    return whole
