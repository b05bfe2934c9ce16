"""The levels: who reports at each of them, and which of them a code is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields, replace
from functools import cache
from typing import Literal, overload

from app import areas, townships
from app.areas import Area, Level, Unit
from app.errors import UnknownName

GROUPS = ("county", "city", "region", "pilot", "province", "pilot_region")


def every() -> list[str]:
    """All levels that figures are of: townships only where the reference has any."""
    return [*GROUPS, *(["township"] if townships.load() else [])]


def of(code: str) -> str:
    """The level of a code: the county where a code is both a county's and a city's."""
    if code in areas.load():
        return "county"
    if code in areas.cities():
        return "city"
    if code in townships.load():
        return "township"
    if code == areas.PILOT:
        return "pilot"
    if code == areas.PROVINCE:
        return "province"
    if code in areas.REGIONS:
        return "region"
    raise UnknownName("error.unknown_area", name=code)


@overload
def units(level: Literal["county", "city"]) -> dict[str, Area]: ...


@overload
def units(level: Level) -> Mapping[str, Unit]: ...


def units(level: Level) -> Mapping[str, Unit]:
    """Those who report at a level by code: the areas themselves, the cities, or the townships.

    A city that is an area of its own has one code at both levels. No class holds for a whole city.
    """
    if level == "township":
        return townships.load()
    return areas.load() if level == "county" else _cities()


@cache
def _cities() -> dict[str, Area]:
    by_city: dict[str, list[Area]] = {}
    for area in areas.load().values():
        by_city.setdefault(area.city_code, []).append(area)
    return {
        code: by_city[code][0] if code in areas.load() else _city(by_city[code]) for code in by_city
    }


def unit(code: str) -> Unit:
    """An area, a city or a township by its code, for its names; KeyError for none of them."""
    found = areas.load().get(code) or _cities().get(code)
    return found or townships.load()[code]


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
