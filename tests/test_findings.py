"""The findings that figures carry in their titles."""

from __future__ import annotations

import pandas as pd
import pytest
from forms import KNOWN

from app import findings


def counties(*values: float) -> pd.DataFrame:
    """Counties 甲, 乙 and so on with these values."""
    return pd.DataFrame(
        {
            "area_name": list("甲乙丙丁戊")[: len(values)],
            "value": list(values),
            "status": "observed",
            "target_status": "none",
        }
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((41.0, 52.5, 60.0), "丙最高（60.0%），甲最低（41.0%）"),
        ((41.0, 60.0, 60.0), "2个县最高（60.0%），甲最低（41.0%）"),
        ((41.0, 41.04, 60.0), "丙最高（60.0%），2个县最低（41.0%）"),
        ((41.0, 41.04), "：各地均为 41.0%"),
    ],
)
def test_counties_that_read_the_same_share_the_first_and_the_last_place(
    values: tuple[float, ...], said: str
) -> None:
    occupancy = KNOWN.indicator("bed_occupancy")
    told = findings.of_counties(counties(*values), occupancy, "zh")
    assert told == occupancy.label("zh") + said


def test_first_and_last_are_told_of_those_published_where_some_are_withheld() -> None:
    occupancy = KNOWN.indicator("bed_occupancy")
    rows = counties(41.0, 52.5, 60.0)
    rows.loc[0, "status"] = "suppressed"
    told = findings.of_counties(rows, occupancy, "zh")
    assert told.endswith("丙最高（60.0%），乙最低（52.5%）（在公布的2个中）")
    rows["status"] = "suppressed"
    assert findings.of_counties(rows, occupancy, "zh").endswith("：本期不公布")
