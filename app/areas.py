"""The 124 county-level areas of Guangdong, their cities and regions, and the pilot counties.

Townships are there only where the reference has a table of them: app/townships.py.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, replace
from functools import cache
from typing import Literal, overload

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


@overload
def units(level: Literal["county", "city"]) -> dict[str, Area]: ...


@overload
def units(level: Level) -> Mapping[str, Unit]: ...


def units(level: Level) -> Mapping[str, Unit]:
    """Those who report at a level by code: the areas themselves, the cities, or the townships.

    A city that is an area of its own has one code at both levels. No class holds for a whole city.
    """
    if level == "township":
        from app import townships

        return townships.load()
    return load() if level == "county" else _cities()


@cache
def _cities() -> dict[str, Area]:
    by_city: dict[str, list[Area]] = {}
    for area in load().values():
        by_city.setdefault(area.city_code, []).append(area)
    return {code: by_city[code][0] if code in load() else _city(by_city[code]) for code in by_city}


def unit(code: str) -> Unit:
    """An area, a city or a township by its code, for its names; KeyError for none of them."""
    found = load().get(code) or _cities().get(code)
    return found or units("township")[code]


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
