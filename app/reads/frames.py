"""How rows become frames, with the names of one language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import queries
from app.serving import Serving

if TYPE_CHECKING:
    import pandas as pd


def frame_of(name: str, source: Serving, **params: Any) -> pd.DataFrame:
    """The rows of a question as a frame."""
    return queries.run(name, source.cursor(), **params).df()


def named(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A frame with the names of one language: area_name, city_name, group_name and region."""
    if lang == "en":
        for name in ("area_name", "city_name", "group_name"):
            if f"{name}_en" in frame:
                frame[name] = frame[f"{name}_en"]
    if "region_code" in frame:
        frame["region"] = frame["region_name_en"] if lang == "en" else frame["region_code"]
    return frame.drop(columns=[c for c in frame if str(c).endswith("_name_en")])
