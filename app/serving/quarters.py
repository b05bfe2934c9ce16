"""Quarters of datasets, and the SQL that tells their rows in the tables of the model."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from app import catalogue, periods

Quarter = tuple[str, str]  # a dataset and a period
_BY_INDICATOR = ("area_indicator", "published_observation")  # the tables that name no dataset


def changed(dataset_id: str, period: str) -> Iterator[Quarter]:
    """What may change with a quarter: itself, and the next of its year, whose flows begin there."""
    yield dataset_id, period
    if not period.endswith("Q4"):
        yield dataset_id, periods.shift(period, 1)


def begun(period: str) -> str:
    """Where the flows of a quarter begin: at the one before in its year, else at its own start."""
    return period if period.endswith("Q1") else periods.shift(period, -1)


def rows(table: str, quarters: Iterable[Quarter]) -> str:
    """What is true of the rows of some quarters in a table of the model."""
    return (of_indicators if table in _BY_INDICATOR else of_datasets)(quarters)


def of_datasets(quarters: Iterable[Quarter]) -> str:
    """What is true of their rows where these bear a dataset_id."""
    return _cases({f"dataset_id = '{d}'": each for d, each in _by_dataset(quarters).items()})


def of_indicators(quarters: Iterable[Quarter]) -> str:
    """What is true of their rows where these bear an indicator_id."""
    datasets = catalogue.load().datasets
    return _cases({
        f"indicator_id in ({listed(each.id for each in datasets[dataset].indicators)})": of
        for dataset, of in _by_dataset(quarters).items()
        if dataset in datasets and datasets[dataset].indicators
    })  # fmt: skip


def numbered(table: str, numbers: Mapping[Quarter, int]) -> str:
    """A join that keeps the rows of some quarters in a table of the model, and numbers them."""
    column, keys = "dataset_id", {dataset_id: [dataset_id] for dataset_id, _ in numbers}
    if table in _BY_INDICATOR:
        datasets = catalogue.load().datasets
        column = "indicator_id"
        keys = {d: [i.id for i in datasets[d].indicators] if d in datasets else [] for d in keys}
    rows = [
        f"('{key}', '{period}', {number:d})"
        for (dataset_id, period), number in numbers.items() for key in keys[dataset_id]
    ] or ["('', '', 0)"]  # fmt: skip
    values = f"(values {', '.join(rows)}) as numbered ({column}, period, number)"
    return f"inner join {values} using ({column}, period)"


def listed(values: Iterable[str | int]) -> str:
    """Values as SQL lists them; ids, periods and numbers have no quotes in them."""
    return ", ".join(repr(each) for each in values)


def _by_dataset(quarters: Iterable[Quarter]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for dataset_id, period in sorted(quarters):
        found.setdefault(dataset_id, []).append(period)
    return found


def _cases(found: Mapping[str, Collection[str]]) -> str:
    cases = (f"{of} and period in ({listed(each)})" for of, each in found.items())
    return " or ".join(cases) or "false"
