"""What an upload would change: cells added, changed and left as they are."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest
from forms import RENHUA, SHIXING, Value, checked, row, stored, submitted, table
from hypothesis import given
from hypothesis import strategies as st
from test_check import found
from tries import tries

from app.intake.check import Assessment
from app.settings import Settings


def counts(assessment: Assessment) -> tuple[int, int, int]:
    """Cells added, changed, unchanged."""
    return assessment.count("added"), assessment.count("changed"), assessment.unchanged


def test_a_check_counts_what_would_change_and_writes_nothing(
    tmp_path: Path, store: Settings
) -> None:
    first = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")])
    assert counts(checked(store, first)) == (9, 0, 0)
    assert store.catalog_file is not None and not store.catalog_file.exists()
    stored(store, first)
    rows = [row(SHIXING, "2023Q2", residents=151), row(RENHUA, "2023Q2")]
    assert counts(checked(store, table(tmp_path / "b.csv", rows))) == (9, 1, 8)
    assert counts(checked(store, first)) == (0, 0, 9)


def test_each_change_holds_the_old_figure_and_the_new(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", residents=None)]))
    line = row(SHIXING, "2023Q2", residents=120.0, beds_care=110, institutions="不适用")
    assessment = checked(store, table(tmp_path / "b.csv", [line]))
    assert assessment.changes == [
        (SHIXING, "2023Q2", "beds_care", "changed", 120, "reported", 110, "reported"),
        (SHIXING, "2023Q2", "institutions", "changed", 10, "reported", None, "not_applicable"),
        (SHIXING, "2023Q2", "residents", "added", None, None, 120, "reported"),
    ]
    assert assessment.changes[0].old_value == 120


FIGURE = st.one_of(st.none(), st.just("不适用"), st.integers(0, 9))


@hypothesis.settings(max_examples=tries(4), deadline=None)
@given(
    figures=st.dictionaries(
        st.tuples(st.sampled_from((SHIXING, RENHUA)), st.sampled_from(("2023Q1", "2023Q4"))),
        st.tuples(FIGURE, FIGURE, st.integers(0, 9)),
        min_size=1,
    )
)
def test_an_upload_that_is_stored_changes_nothing_any_more(
    tmp_path_factory: pytest.TempPathFactory, figures: dict[tuple[str, str], tuple[Value, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("same")
    store = Settings(f"sqlite:{folder / 'catalog.sqlite'}", str(folder), None, None, "zh")
    rows = [
        row(area, period, institutions=first, residents=second, residents_disabled=third)
        for (area, period), (first, second, third) in figures.items()
    ]
    path = table(folder / "a.csv", rows)
    before = checked(store, path)
    stored(store, path, explain="核对无误")
    after = checked(store, path)
    assert (after.changes, after.unchanged) == ([], len(before.changes))
    assert before.unchanged == 0


def test_an_empty_cell_over_nothing_is_no_change(tmp_path: Path, store: Settings) -> None:
    line = row(SHIXING, "2023Q2", residents=None)
    assert counts(checked(store, table(tmp_path / "a.csv", [line]))) == (8, 0, 0)


def test_an_empty_cell_over_a_stored_value_is_a_warning(tmp_path: Path, store: Settings) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    emptied = checked(store, table(tmp_path / "b.csv", [row(SHIXING, "2023Q2", residents=None)]))
    assert found(emptied) == [("warning", "emptied_cell", SHIXING, "2023Q2")]
    assert emptied.warnings[0].message.startswith("已入库的数 150 将变为未报。")
    assert emptied.warnings[0].column == "residents"
    assert counts(emptied) == (0, 1, 8)


def test_not_applicable_over_a_stored_value_is_a_change_of_its_own(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")]))
    path = table(tmp_path / "b.csv", [row(SHIXING, "2023Q2", residents="不适用")])
    assert counts(checked(store, path)) == (0, 1, 8)


def test_a_file_of_dashes_over_nothing_has_no_data(tmp_path: Path, store: Settings) -> None:
    line = {
        key: value if key in ("area_code", "period") else "—"
        for key, value in row(SHIXING, "2023Q2").items()
    }
    path = table(tmp_path / "a.csv", [line])
    assert [f.rule for f in checked(store, path).errors] == ["no_data"]
    outcome = submitted(store, path)
    assert outcome.submission is None
    assert [f.rule for f in outcome.assessment.errors] == ["no_data"]


def test_the_same_measure_id_in_another_dataset_is_left_alone(
    tmp_path: Path, store: Settings
) -> None:
    # paid_amount_ytd is a measure of two datasets
    first = row(SHIXING, "2023Q2", "child_welfare", paid_amount_ytd=50_000)
    stored(store, table(tmp_path / "a.csv", [first]))
    second = row(SHIXING, "2023Q3", "disability_allowances", paid_amount_ytd=40_000)
    assert not found(checked(store, table(tmp_path / "b.csv", [second])))
