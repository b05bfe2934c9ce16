"""The catalogue read from its files in data/catalogue and checked as a whole."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import queries
from app import settings
from app.catalogue import clause, soundness, view_soundness
from app.catalogue.checks import Check, Quality
from app.catalogue.dataset import Dataset
from app.catalogue.entry import fields
from app.catalogue.indicators import Indicator
from app.catalogue.measures import Unit
from app.catalogue.whole import Catalogue
from app.catalogue.yaml_file import File

_COMMON = {"units.yaml", "checks.yaml", "quality.yaml"}  # the files that are no dataset


@cache
def load(folder: Path = settings.CATALOGUE) -> Catalogue:
    """Load and check every file of the catalogue; raise CatalogueInvalid with file and line."""
    units_file = File(folder / "units.yaml")
    units = {
        name: units_file.model(Unit, entry, (name,)) for name, entry in units_file.data.items()
    }
    checks = _checks(File(folder / "checks.yaml"))
    quality = File(folder / "quality.yaml")
    doubts = quality.model(Quality, quality.data, ())
    datasets: dict[str, Dataset] = {}
    indicators: dict[str, Indicator] = {}
    dataset_of: dict[str, Dataset] = {}
    files: dict[str, File] = {}
    for path in sorted(p for p in folder.glob("*.yaml") if p.name not in _COMMON):
        file = File(path)
        dataset = file.model(Dataset, file.data, ())
        if dataset.id != path.stem:
            raise file.error(("id",), f"the id must be the file's name, {path.stem}")
        datasets[dataset.id], files[dataset.id] = dataset, file
        for index, indicator in enumerate(dataset.indicators):
            if indicator.id in indicators:
                raise file.error(("indicators", index, "id"), f"{indicator.id} exists already")
            indicators[indicator.id] = indicator
            dataset_of[indicator.id] = dataset
    order = sorted(datasets.values(), key=_order)
    catalogue = Catalogue(units, {d.id: d for d in order}, indicators, dataset_of, checks, doubts)
    for dataset in order:
        soundness.require(dataset, catalogue, files[dataset.id])
        view_soundness.require(dataset, catalogue, files[dataset.id])
        _changes(dataset, catalogue, files[dataset.id])
    return catalogue


def _order(dataset: Dataset) -> tuple[bool, int, str]:
    """By the clauses of the notice; what runs through all of them comes last."""
    return len(dataset.clauses) > 1, clause.place(dataset.clause), dataset.id


def _checks(file: File) -> dict[str, Check]:
    checks = {name: file.model(Check, entry, (name,)) for name, entry in file.data.items()}
    for name, check in checks.items():
        try:
            wanted = queries.parameters(f"checks/{name}")
        except KeyError:
            raise file.error((name,), f"there is no queries/checks/{name}.sql") from None
        if wanted != check.limits.keys():
            names = ", ".join(sorted(wanted)) or "none"
            raise file.error((name, "limits"), f"the limits of {name} are {names}")
        try:
            taken = [fields(text) for text in (check.message.zh, check.message.en)]
        except ValueError as error:
            raise file.error((name, "message"), str(error)) from error
        if taken[0] != taken[1]:
            raise file.error((name, "message"), "the two messages take different values")
    return checks


def _changes(dataset: Dataset, catalogue: Catalogue, file: File) -> None:
    """Check what a dataset changes of the checks of all."""
    for name, changed in dataset.checks.items():
        if name not in catalogue.checks:
            raise file.error(("checks", name), f"there is no check {name}")
        for limit in changed or {}:
            if limit not in catalogue.checks[name].limits:
                raise file.error(("checks", name, limit), f"{name} has no limit {limit}")
