"""Similar counties: which are most alike one county, in what, and how far apart they are.

The method is that of nearest neighbours by standardised distance, as CIPFA and the English public
health profiles use it; docs/decisions/0013 has the traits and why these.
"""

from __future__ import annotations

from dataclasses import dataclass

import queries
from app import areas
from app.errors import UnknownName
from app.kept import kept
from app.serving import Serving

COUNT = 10  # peers of a county
AT_ONCE = 300  # counties held against all: every pair takes memory until the nearest are known
TRAITS = ("size", "60plus", "rural", "townships", "region")
CLOSE = 0.25  # standard deviations: as good as equal


@dataclass(frozen=True)
class Peer:
    """A similar county; shares in percent, `apart` and `distance` in standard deviations.

    `apart` is its distance by trait, positive where the peer has more; another region is 1.
    """

    area_code: str
    population: int
    share_60plus: float
    share_rural: float
    townships: int
    apart: dict[str, float]
    distance: float

    @property
    def alike(self) -> list[str]:
        """The traits in which it is as good as equal."""
        return [name for name in TRAITS if abs(self.apart[name]) < CLOSE]

    @property
    def furthest(self) -> str:
        """The trait in which it differs most."""
        return max(TRAITS, key=lambda name: abs(self.apart[name]))


def of(source: Serving, area_code: str, count: int = COUNT) -> list[Peer]:
    """The counties most alike one county, nearest first; raise UnknownName for no county."""
    rows = queries.rows("similar_area", source.cursor(), area_codes=[area_code], areas_alike=count)
    if not rows:
        raise UnknownName("error.unknown_area", name=area_code)
    return [
        Peer(
            row["area_code"], int(row["pop_2020"]), row["share_60plus"], row["share_rural"],
            int(row["townships"]), {name: row[f"apart_{name}"] for name in TRAITS},
            row["distance"],
        )
        for row in rows
    ]  # fmt: skip


@kept(1)
def of_all(_source: Serving) -> dict[str, list[str]]:
    """The codes of the counties most alike each county, nearest first; alike in every vintage."""
    nearest: dict[str, list[str]] = {}
    codes = sorted(areas.load())
    for start in range(0, len(codes), AT_ONCE):
        asked = {"area_codes": codes[start : start + AT_ONCE], "areas_alike": COUNT}
        for row in queries.rows("similar_area", _source.cursor(), **asked):
            nearest.setdefault(row["own_code"], []).append(row["area_code"])
    return nearest
