"""The 124 county-level areas of Guangdong, their cities and regions, and the pilot counties."""

from __future__ import annotations

import csv
from dataclasses import Field, dataclass, fields, replace
from functools import cache
from typing import Literal

from app.settings import REFERENCE

Level = Literal["county", "city"]  # who reports
PROVINCE = "440000"
PILOT = "pilot"
REGIONS = ("粤东", "粤西", "粤北", "珠三角")  # codes as the contract of the command line fixes them


@dataclass(frozen=True)
class Area:
    """A county-level area; `townships` and `villages` are its reference denominators.

    `dibao_class` is the class of area, 1 to 4, that its dibao minimum goes by; empty if not known.
    """

    code: str
    name: str
    name_en: str
    pinyin: str
    city_code: str
    city: str
    city_en: str
    region: str
    region_en: str
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

    def label(self, lang: str) -> str:
        """The name in one language."""
        return self.name_en if lang == "en" else self.name


@cache
def load() -> dict[str, Area]:
    """All areas by code, in the order of the codes."""
    kinds = {name: kind for name, kind in Area.__annotations__.items()}
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


@cache
def units(level: Level) -> dict[str, Area]:
    """Those who report at a level by code: the areas themselves, or the cities.

    A city that is an area of its own has one code at both levels. No class holds for a whole city.
    """
    if level == "county":
        return load()
    by_city: dict[str, list[Area]] = {}
    for area in load().values():
        by_city.setdefault(area.city_code, []).append(area)
    return {code: by_city[code][0] if code in load() else _city(by_city[code]) for code in by_city}


def unit(code: str) -> Area:
    """An area or a city by its code, for its names; KeyError for neither."""
    return load().get(code) or units("city")[code]


def _city(counties: list[Area]) -> Area:
    first = counties[0]
    whole = {f.name: sum(getattr(a, f.name) for a in counties) for f in fields(Area) if _adds(f)}
    return replace(
        first, code=first.city_code, name=first.city, name_en=first.city_en,
        pinyin=first.city_en, lon=sum(a.lon for a in counties) / len(counties),
        lat=sum(a.lat for a in counties) / len(counties), dibao_class="", **whole,
    )  # fmt: skip


def _adds(field: Field[object]) -> bool:
    return field.type == "int" or field.name == "area_km2"
