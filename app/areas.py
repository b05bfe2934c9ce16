"""The 124 county-level areas of Guangdong, their cities and regions, and the pilot counties.

Townships are there only where the reference has a table of them: app/townships.py.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import cache
from typing import Literal

from app.settings import REFERENCE

Level = Literal["county", "city", "township"]  # who reports
PROVINCE = "440000"
PILOT = "pilot"
REGIONS = ("粤东", "粤西", "粤北", "珠三角")  # codes as the contract of the command line fixes them


@dataclass(frozen=True)
class Unit:
    """Who reports, at any level: the code, the names, and the city and region it lies in."""

    code: str
    name: str
    name_en: str
    pinyin: str
    city_code: str
    city: str
    city_en: str
    region: str
    region_en: str

    def label(self, lang: str) -> str:
        """The name in one language."""
        return self.name_en if lang == "en" else self.name


@dataclass(frozen=True)
class Area(Unit):
    """A county-level area; `townships` and `villages` are its reference denominators.

    `dibao_class` is the class of area, 1 to 4, that its dibao minimum goes by; empty if not known.
    """

    lon: float
    lat: float
    area_km2: float
    townships: int
    villages: int
    population_60plus: int
    pop_2020: int
    pop_0_14_2020: int
    pop_rural_2020: int
    dibao_class: str


@cache
def load() -> dict[str, Area]:
    """All areas by code, in the order of the codes."""
    kinds = {field.name: str(field.type) for field in fields(Area)}
    convert = {"str": str, "int": int, "float": float}
    with (REFERENCE / "areas.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Area(**{name: convert[kind](row[name]) for name, kind in kinds.items()})
            for row in csv.DictReader(file)
        }


@cache
def pilot() -> frozenset[str]:
    """The codes of the pilot counties."""
    with (REFERENCE / "pilot_counties.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


@cache
def cities() -> dict[str, Area]:
    """One area of each city by the city's code: for the city's names and region."""
    return {area.city_code: area for area in reversed(load().values())}
