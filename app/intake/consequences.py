"""What follows from an upload: the figures, verdicts and ranks that would change once stored."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import duckdb

import queries
from app import lake, periods
from app.catalogue import Catalogue
from app.intake.check import Assessment, cell_columns, put_cells
from app.serving import model
from app.settings import Settings

MOST_PERIODS = 8  # the latest of a large upload; the model of all its quarters would take too long


@dataclass(frozen=True)
class Move:
    """An indicator of a group of areas that changes: as stored, and as it would be.

    Of `areas_expected` areas `areas_valued` have a value of their own; `value_previous` is that of
    the quarter before, unless more areas had reported then. Levels: province, pilot, region, city,
    and county for those of the upload.
    """

    indicator_id: str
    period: str
    level: str
    group_code: str
    value_before: float | None
    value: float | None
    status_before: str
    status: str
    areas_valued_before: int
    areas_valued: int
    areas_expected: int
    sample_before: bool
    sample: bool
    value_previous: float | None


@dataclass(frozen=True)
class Crossing:
    """A county or group whose target status changes: met, near, missed or not_due.

    `base` tells what it is compared with: `stored`, the figure of the same quarter, or `previous`,
    that of the quarter before, where none was stored.
    """

    indicator_id: str
    period: str
    level: str
    group_code: str
    base: str
    target_status_before: str
    target_status: str
    value_before: float
    value: float


@dataclass(frozen=True)
class RankChange:
    """A county that stands elsewhere among the `ranked` counties of the pilot set or the province.

    Equal values share a rank. `base` as in Crossing.
    """

    indicator_id: str
    period: str
    level: str
    group_code: str
    area_code: str
    base: str
    rank_before: int
    ranked_before: int
    rank: int
    ranked: int


@dataclass(frozen=True)
class RetiredSample:
    """A quarter whose sample stops counting since the upload brings its first real figures."""

    period: str
    areas: int


@dataclass(frozen=True)
class Consequences:
    """What would change, in the `periods` looked at; `left_out` are touched and not looked at.

    `periods` also holds the quarter after a touched one: a cumulative figure changes its amount.
    """

    dataset_id: str
    periods: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    ranks: tuple[RankChange, ...] = ()
    retired: tuple[RetiredSample, ...] = ()


def consequences(settings: Settings, assessment: Assessment, catalogue: Catalogue) -> Consequences:
    """Compare the model of the store as it is with that after the upload; writes nothing."""
    dataset_id = assessment.upload.dataset.id
    touched = sorted({change.period for change in assessment.changes})
    if not touched:
        return Consequences(dataset_id)
    left_out, looked_at = touched[:-MOST_PERIODS], touched[-MOST_PERIODS:]
    judged = sorted({*looked_at, *(periods.shift(p, 1) for p in looked_at if p[-1] != "4")})
    # the quarter before is what a new one is compared with; its own amount takes one more
    needed = sorted({periods.shift(period, -back) for period in judged for back in range(3)})
    db = lake.connect()
    try:
        _build(db, settings, assessment, catalogue, needed)
        queries.run("consequences/figure", db, periods=judged)
        return Consequences(
            dataset_id,
            tuple(judged),
            tuple(left_out),
            tuple(Move(**row) for row in queries.rows("consequences/move", db)),
            tuple(Crossing(**row) for row in queries.rows("consequences/crossing", db)),
            tuple(RankChange(**row) for row in queries.rows("consequences/rank", db)),
            tuple(
                RetiredSample(**row)
                for row in queries.rows("consequences/retired_sample", db, periods=judged)
            ),
        )
    finally:
        db.close()


def as_dict(found: Consequences) -> dict[str, Any]:
    """The consequences as plain dictionaries and lists, for JSON."""
    return {
        key: [asdict(each) if hasattr(each, "__dataclass_fields__") else each for each in value]
        if isinstance(value, tuple)
        else value
        for key, value in vars(found).items()
    }


def _build(
    db: duckdb.DuckDBPyConnection,
    settings: Settings,
    assessment: Assessment,
    catalogue: Catalogue,
    needed: list[str],
) -> None:
    """Build the model twice, in the schemas before and after."""
    dataset_id, sample = assessment.upload.dataset.id, assessment.upload.sample

    def copied(source: duckdb.DuckDBPyConnection) -> bool:
        queries.run(
            "incoming/stored_observation",
            source,
            dataset_id=dataset_id,
            periods=needed,
            samples=[False, True],
        )
        return True

    if lake.copy(settings, db, copied) is None:
        queries.run("incoming/no_stored_observation", db)
    changes = [change for change in assessment.changes if change.period in set(needed)]
    put_cells(db, cell_columns(dataset_id, changes, sample))
    for state in ("before", "after"):
        model.use_schema(db, state)
        queries.run(f"consequences/observation_{state}", db)
        model.build(db, catalogue.only(dataset_id))
