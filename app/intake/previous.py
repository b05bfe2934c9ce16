"""What was reported for the quarter before: the figures that stand beside the cells to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import queries
from app import catalogue, formats, lake, periods
from app.settings import Settings


@dataclass(frozen=True)
class Previous:
    """One quarter of a dataset as reported, by area code and measure id.

    A value is None where it was not reported; a choice, day or text stands in words.
    """

    period: str
    sample: bool
    values: Mapping[str, Mapping[str, float | str | None]]


def previous(settings: Settings, dataset_id: str, period: str, lang: str = "zh") -> Previous | None:
    """The quarter before a period: what was really reported, or else the sample.

    A cumulative flow stands as it was reported, also the whole last year's beside a first quarter.
    None where nothing is stored of that quarter. Raises BadPeriod.
    """
    before = periods.shift(period, -1)
    found = lake.read(
        settings,
        lambda db: (
            queries.rows("lake/quarter_cells", db, dataset_id=dataset_id, period=before),
            lake.texts(db),
        ),
    )
    if found is None or not found[0]:
        return None
    rows, texts = found
    dataset = catalogue.load().dataset(dataset_id)
    values: dict[str, dict[str, float | str | None]] = {}
    for row in rows:
        known = row["status"] if row["status"] == "not_applicable" else row["value"]
        if isinstance(known, float):
            known = formats.answer(known, dataset.measure(row["measure_id"]), texts, lang)
        values.setdefault(row["area_code"], {})[row["measure_id"]] = known
    return Previous(before, rows[0]["sample"], values)
