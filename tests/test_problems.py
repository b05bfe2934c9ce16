"""A page that fails tells its reader a number, and the log what happened, and names nobody."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser_fixtures import PATIENCE, Tab, free_port
from playwright.sync_api import Page

from app import settings
from app.monitor import log

# A dashboard whose page fails, as a page of ours never should: at once, or when its button is
# pressed, or with an error of ours.
PAGE = """
import streamlit as st
from app.errors import StoreBusy

def pressed():
    {}["张三的名字"]

st.button("press", on_click=pressed)
if st.query_params.get("ours"):
    raise StoreBusy("error.store_busy")
if st.query_params.get("fails"):
    try:
        int("李四 13800000000")
    except ValueError as error:
        raise RuntimeError("no row for '王五' in quarter 2024Q4") from error
"""


@dataclass
class Failing:
    """A served dashboard whose page fails, and where its log is."""

    address: str
    folder: Path
    port: int

    def entries(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        file = self.folder / "store" / "log" / f"serve-{self.port}.jsonl"
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Failing]:
    folder, port = tmp_path_factory.mktemp("failing"), free_port()
    script = folder / "dashboard.py"
    script.write_text(PAGE, "utf-8")
    start = f"from pathlib import Path; from app.server.serve import serve; \
serve({port}, '127.0.0.1', script=Path({str(script)!r}))"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_STORE", str(folder / "store"))
        process = subprocess.Popen(
            [sys.executable, "-c", start], cwd=settings.ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline()
    yield Failing(f"http://127.0.0.1:{port}", folder, port)
    process.terminate()
    _, said = process.communicate(timeout=20)
    # standard error has the same lines as the file, and nothing else
    plain = [line for line in said.splitlines() if not line.startswith("{")]
    assert plain == []


@pytest.fixture
def page(tab: Tab) -> Page:
    return tab.newcomer()


def number_on(page: Page) -> str:
    page.wait_for_selector("[data-testid=stAlert]", timeout=PATIENCE)
    text = page.inner_text("body")
    found = re.findall(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", text)
    assert len(found) == 1, text
    return str(found[0])


def test_a_page_that_fails_shows_a_number_under_which_the_log_has_the_cause(
    failing: Failing, page: Page
) -> None:
    page.goto(f"{failing.address}/?fails=1")
    number = number_on(page)
    assert page.locator("[data-testid=stException]").count() == 0
    assert "RuntimeError" not in page.inner_text("body")
    (entry,) = [e for e in failing.entries() if e.get("problem") == number]
    assert entry["level"] == "ERROR"
    trace = entry["trace"]
    assert [line for line in trace if line.startswith("ValueError: invalid literal for int")]
    assert trace[-1] == "RuntimeError: no row for '…' in quarter 2024Q4"
    assert [line for line in trace if re.fullmatch(r"dashboard\.py:\d+ <module>", line)]


def test_a_button_that_fails_shows_a_number_too(failing: Failing, page: Page) -> None:
    page.goto(failing.address)
    page.get_by_role("button", name="press").click()
    number = number_on(page)
    assert number in [e.get("problem") for e in failing.entries()]


def test_an_error_of_ours_is_told_in_its_own_words_and_has_no_number(
    failing: Failing, page: Page
) -> None:
    page.goto(f"{failing.address}/?ours=1&lang=en")
    page.wait_for_selector("[data-testid=stAlert]", timeout=PATIENCE)
    assert "waiting took too long" in page.inner_text("[data-testid=stAlert]")
    (entry,) = [e for e in failing.entries() if e["message"].endswith("error.store_busy")]
    assert entry["level"] == "WARNING" and "trace" not in entry


def test_the_log_has_nothing_that_an_error_quoted_and_no_folder_of_the_machine(
    failing: Failing, page: Page
) -> None:
    page.goto(f"{failing.address}/?fails=1")
    number_on(page)
    said = json.dumps(failing.entries(), ensure_ascii=False)
    for private in ("张三", "李四", "王五", "13800000000", str(failing.folder), str(settings.ROOT)):
        assert private not in said


def test_other_users_of_the_machine_can_look_neither_into_the_store_nor_the_log(
    failing: Failing,
) -> None:
    assert (failing.folder / "store").stat().st_mode & 0o007 == 0
    assert (failing.folder / "store" / "log").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Conversion Error: Could not convert string '张三' to INT32", "'…' to INT32"),
        ('no column "低保户姓名" in table', "no column '…' in table"),
        ("找不到“李四”这一行", "找不到'…'这一行"),
        ("it doesn't fit", "it doesn't fit"),
    ],
)
def test_what_is_quoted_is_left_out_of_a_line(said: str, kept: str) -> None:
    record = logging.LogRecord("app", logging.ERROR, "x.py", 1, said, None, None)
    assert json.loads(log.Line().format(record))["message"].endswith(kept)
