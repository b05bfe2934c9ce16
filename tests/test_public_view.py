"""What people outside see: no small count on any page, in any file, or kept from an inside view."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dashboard_stores as stores
import pytest
from forms import form, good, stored
from test_pages import figures, written

from app import areas, catalogue, periods, reads, revisions, view
from app.access import people
from app.access.people import Person
from app.errors import SuppressionRefused

OUTSIDER = Person("outside", "公众", "public", (areas.PROVINCE,), ())
LATEST = stores.LATEST
KNOWN = catalogue.load()
COUNTED = "child_welfare"


@pytest.fixture
def inside(sampled: Path) -> Iterator[None]:
    with stores.store_at(sampled):
        view.current()  # what is kept of the inside view must not show outside
        yield


@pytest.fixture
def outside(inside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "local", lambda: OUTSIDER)


def small() -> dict[tuple[str, str], float]:
    """The protected cells of the last quarter from 1 to 9, as the workbooks say."""
    told = stores.reported(COUNTED)
    names = [m.id for m in KNOWN.dataset(COUNTED).measures if m.protected]
    return {
        (name, code): value
        for name in names
        for code, value in told[name].items()
        if 1 <= value <= 9
    }


def test_no_cell_with_a_small_count_is_in_the_data_of_an_outside_view(outside: None) -> None:
    source, _ = view.current()
    assert source.outside
    cells = small()
    assert len(cells) > 20
    held = source.cursor().execute(
        "select measure_id, area_code, value from observation"
        " where dataset_id = $d and period = $p",
        {"d": COUNTED, "p": LATEST},
    )
    known = {(name, code) for name, code, value in held.fetchall() if value is not None}
    assert not known & cells.keys()


def test_an_inside_view_after_an_outside_one_shows_all_again_and_the_other_way(
    inside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def values() -> dict[str, float | None]:
        source, stamp = view.current()
        chosen = view.View(
            source, stamp, view.Choices(LATEST, areas.PROVINCE, None, "orphans_total", "zh"),
            KNOWN.dataset(COUNTED),
        )  # fmt: skip
        name = KNOWN.dataset(COUNTED).indicators[0].id
        rows = view.county_rows(chosen, [name])
        return dict(zip(rows["area_code"], rows["status"], strict=True))

    first = values()
    monkeypatch.setattr(people, "local", lambda: OUTSIDER)
    hidden = values()
    monkeypatch.undo()
    assert "suppressed" not in first.values()
    assert "suppressed" in hidden.values()
    assert values() == first


def test_the_pages_for_people_outside_show_the_mark_and_none_of_the_inside_pages_is_there(
    outside: None,
) -> None:
    at = stores.opened(f"pages/topics/{COUNTED}.py", scope=areas.PROVINCE, period=LATEST)
    table = at.dataframe[-1].value.select_dtypes("number")
    assert (table == -1e15).sum().sum() > 20  # shown as withheld
    for name in ("rug", "county", "compare", "ranking", "map", "change", "overview"):
        at = stores.opened(f"pages/explore/{name}.py", period=LATEST, scope=areas.PROVINCE)
        assert not at.exception
    for page in ("submit/upload", "submit/history", "brief/briefings", "admin/audit"):
        with pytest.raises(Exception, match="page|Page"):  # the last page's menu does not have it
            at.switch_page(f"pages/{page}.py").run()


def test_no_earlier_vintage_is_beside_an_outside_view(
    sampled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sampled, tmp_path / "store")
    with stores.store_at(tmp_path / "store") as store:
        for beds in (120, 121):
            path = form(tmp_path / f"{beds}.xlsx", LATEST, {"440281": good(beds_care=beds)})
            stored(store, path, explain="更正")
        source, _ = view.current()
        groups = ["county/440281"]
        assert revisions.before(source, "care_bed_share", groups, "zh") is not None
        monkeypatch.setattr(people, "local", lambda: OUTSIDER)
        source, stamp = view.current("1")  # a past vintage is not opened
        assert source.outside and source.vintage > 1
        assert revisions.before(source, "care_bed_share", groups, "zh") is None
        assert "#public" in stamp


def test_a_threshold_below_five_is_refused(outside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("4", "no"):
        monkeypatch.setenv("DASHBOARD_SMALL_COUNTS", text)
        with pytest.raises(SuppressionRefused):
            view.current()
    monkeypatch.setenv("DASHBOARD_SMALL_COUNTS", "5")
    assert "#public5:" in view.current()[1]


def test_a_quarter_that_is_still_reported_is_not_in_an_outside_view(
    sampled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sampled, tmp_path / "store")
    monkeypatch.setattr(periods, "today", lambda: periods.last_day(LATEST) + timedelta(days=60))
    with stores.store_at(tmp_path / "store"):
        assert LATEST in reads.available_periods(view.current()[0])
        monkeypatch.setattr(people, "local", lambda: OUTSIDER)
        assert LATEST not in reads.available_periods(view.current()[0])
    monkeypatch.setattr(periods, "today", lambda: periods.last_day(LATEST) + timedelta(days=61))
    with stores.store_at(tmp_path / "store"):
        assert LATEST in reads.available_periods(view.current()[0])


def test_a_total_that_is_withheld_reads_as_withheld_and_not_as_unreported(outside: None) -> None:
    source, _ = view.current()
    names = ["orphans_institution", "orphans_scattered", "unattended_children"]
    groups = [f"city/{code}" for code in areas.cities()]
    totals = reads.measure_totals(source, COUNTED, names, LATEST, groups, "zh")
    withheld = totals["value"].isna() & (totals["areas_reporting"] > 0)
    assert withheld.sum() > 5
    assert set(totals[withheld]["status"]) == {"suppressed"}
    assert set(totals[totals["value"].notna()]["status"]) == {"observed"}
    city = totals[withheld].iloc[0]["group_code"]
    at = stores.opened("pages/topics/child_welfare.py", period=LATEST, scope=city)
    (parts,) = (
        text for text in map(written, figures(at)) if "散居孤儿" in text and "集中养育孤儿" in text
    )
    assert "不公布" in parts and "—" not in parts
