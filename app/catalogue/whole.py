"""All of the catalogue in one, each thing by its id."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.catalogue.checks import Check, Quality
from app.catalogue.dataset import Dataset
from app.catalogue.indicators import Indicator
from app.catalogue.measures import Unit
from app.errors import UnknownName


@dataclass(frozen=True, eq=False)  # one catalogue is another only if it is the same object
class Catalogue:
    """All datasets, indicators and checks by id, in the order of the files."""

    units: dict[str, Unit]
    datasets: dict[str, Dataset]
    indicators: dict[str, Indicator]
    dataset_of: dict[str, Dataset]
    checks: dict[str, Check]
    quality: Quality

    def dataset(self, dataset_id: str) -> Dataset:
        """One dataset; raise UnknownName with the ones that exist."""
        if dataset_id not in self.datasets:
            names = ", ".join(self.datasets)
            raise UnknownName("error.unknown_dataset", name=dataset_id, names=names)
        return self.datasets[dataset_id]

    def only(self, dataset_id: str) -> Catalogue:
        """The catalogue of one dataset alone."""
        dataset = self.dataset(dataset_id)
        return replace(
            self, datasets={dataset.id: dataset},
            indicators={i.id: i for i in dataset.indicators},
            dataset_of={i.id: dataset for i in dataset.indicators},
        )  # fmt: skip

    def indicator(self, indicator_id: str) -> Indicator:
        """One indicator; raise UnknownName with the ones that exist."""
        if indicator_id not in self.indicators:
            names = ", ".join(self.indicators)
            raise UnknownName("error.unknown_indicator", name=indicator_id, names=names)
        return self.indicators[indicator_id]

    def unit(self, name: str) -> Unit:
        """One unit by its id."""
        return self.units[name]

    @property
    def plannable(self) -> list[str]:
        """The indicators that can be planned for, by id."""
        return [name for name, indicator in self.indicators.items() if indicator.plan is not None]

    def checks_of(self, dataset: Dataset) -> dict[str, Check]:
        """The checks in force for a dataset, with the limits that hold there."""
        found = {}
        for name, check in self.checks.items():
            changed = dataset.checks.get(name, {})
            if changed is not False:
                found[name] = check.model_copy(update={"limits": {**check.limits, **changed}})
        return found
