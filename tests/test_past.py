"""The dashboard as it was: every page at a past vintage or day, clearly marked."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dashboard_stores as stores
import pytest
from streamlit.testing.v1 import AppTest

from app import catalogue, lake, periods, settings
from app.intake import ledger

PAGES = {"overview": "pages/explore/overview.py"} | {
    topic: f"pages/topics/{topic}.py" for topic in catalogue.load().datasets
}


@pytest.fixture
def beside(mixed: Path) -> Iterator[None]:
    """The store with real care beds of three counties beside the sample."""
    with stores.store_at(mixed):
        yield


def opened(page: str = "overview", **chosen: str) -> AppTest:
    """A page as a link with these choices opens it."""
    return stores.opened(PAGES[page], **chosen)


def words(at: AppTest) -> str:
    """The running text of a page."""
    return "\n".join(str(each.value) for each in at.markdown)


def figures(at: AppTest) -> list[dict[str, Any]]:
    """The figures of a page as they go to the browser."""
    drawn = [e.proto for e in at.get("bidi_component") if e.proto.component_name == "figure"]
    return [json.loads(gzip.decompress(proto.bytes))["figure"] for proto in drawn]


def before_real() -> int:
    """The last vintage that held nothing but the sample."""
    rows = ledger.history(settings.load())
    return max(row["vintage"] for row in rows if row["sample"])


@pytest.mark.parametrize("page", PAGES)
def test_a_past_vintage_is_marked_on_every_page(beside: None, page: str) -> None:
    past = before_real()
    at = opened(page, as_of=str(past))
    assert not at.exception
    assert "历史版本" in words(at)
    assert f"第 {past} 版" in words(at)
    for figure in figures(at):
        assert f"数据版本 {past}（历史版本）" in json.dumps(figure, ensure_ascii=False)


def test_the_latest_vintage_has_no_band(beside: None) -> None:
    at = opened("care_beds")
    assert "历史版本" not in words(at)
    assert "历史版本" not in json.dumps(figures(at), ensure_ascii=False)


def test_a_past_vintage_shows_what_was_reported_then(beside: None) -> None:
    # three real counties reported after it; until then the sample of all counties stood
    assert "样例数据" not in words(opened("care_beds"))
    at = opened("care_beds", as_of=str(before_real()))
    assert "样例数据" in words(at)
    assert stores.ONLY_BEDS not in at.selectbox(key="period_zh").options


def test_the_way_back_leads_to_the_latest(beside: None) -> None:
    at = opened("care_beds", as_of=str(before_real()))
    next(b for b in at.button if b.label == "回到最新").click()
    at.run()
    assert "历史版本" not in words(at)
    assert "as_of" not in at.query_params


def test_a_day_shows_its_last_vintage(beside: None) -> None:
    today = periods.today()
    at = opened(as_of=str(today))
    last = lake.vintage_on(settings.load(), today)
    assert f"第 {last} 版" in words(at)


def test_a_day_before_the_first_submission_says_so(beside: None) -> None:
    at = opened(as_of=str(periods.today() - dt.timedelta(days=4000)))
    assert not at.exception
    assert "那一天还没有任何数据入库" in words(at)
    assert not figures(at)


@pytest.mark.parametrize("name", ["9999", "昨天", "2026-13-01", "1" * 30])
def test_a_vintage_that_does_not_exist_is_said_and_the_latest_shown(
    beside: None, name: str
) -> None:
    at = opened("overview", as_of=name)
    assert not at.exception
    assert len(at.warning) == 1
    assert figures(at)


def test_a_past_vintage_stays_chosen_from_page_to_page(beside: None) -> None:
    at = opened(as_of=str(before_real()))
    at.switch_page(PAGES["care_beds"]).run()
    assert "历史版本" in words(at)
    assert at.query_params["as_of"] == str(before_real())
