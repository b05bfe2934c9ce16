"""The model over a few cells, as the dashboard builds it over those of the lake."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from forms import KNOWN, Value

import queries
from app import lake
from app.serving import Serving
from app.serving import model as models

Cell = tuple[str, str, str, str, float | None, str, bool]


def model(cells: Iterable[Cell]) -> Serving:
    """The model over cells: dataset, area, period, measure, value, status, sample."""
    db = lake.connect()
    queries.run("incoming/no_observation", db)
    queries.run("incoming/no_submission", db)
    frame = pd.DataFrame(
        list(cells),
        columns=["dataset_id", "area_code", "period", "measure_id", "value", "status", "sample"],
    ).astype({"value": float})
    db.register("cells", frame)
    db.execute(
        "insert into observation select *, 1 as vintage from"
        " (select * replace (if(isnan(value), null, value) as value) from cells)"
    )
    models.build(db, KNOWN)
    return Serving(db, 1)


def reported(
    dataset_id: str, by_area: dict[str, dict[str, dict[str, Value]]], sample: bool = False
) -> list[Cell]:
    """Cells of a dataset by area, period and measure; 不适用 and None as in a file."""
    return [
        (
            dataset_id, area, period, measure,
            None if value is None or isinstance(value, str) else value,
            "missing" if value is None else "not_applicable" if value == "不适用" else "reported",
            sample,
        )
        for area, periods in by_area.items()
        for period, measures in periods.items()
        for measure, value in measures.items()
    ]  # fmt: skip
