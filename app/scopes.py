"""What pages are about: a group of areas by its code, its counties and its names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from app import areas, levels, townships
from app.i18n import t

ALL = ""  # no county chosen


@dataclass(frozen=True)
class Choices:
    """What a reader has chosen: a quarter, a group of areas, an indicator, a county, a language."""

    period: str
    scope: str
    county: str | None
    indicator: str
    lang: str

    @property
    def level(self) -> str:
        """The level of the scope; a scope is never a single county."""
        return level_of(self.scope)


def level_of(scope: str) -> str:
    """The level of a group that a page can be about."""
    if scope == areas.PILOT:
        return "pilot"
    if scope == areas.PROVINCE:
        return "province"
    return "region" if scope in areas.REGIONS else "city"


def every() -> list[str]:
    """The groups a page can be about: pilot counties, province, regions, cities."""
    return [areas.PILOT, areas.PROVINCE, *areas.REGIONS, *areas.cities()]


def members(scope: str, level: areas.Level = "county") -> list[str]:
    """The codes of the counties of a scope, the cities that have one of these, or its townships."""
    if level == "city":
        inside = {areas.load()[code].city_code for code in members(scope)}
        return [code for code in levels.units("city") if code in inside]
    if level == "township":
        if scope in areas.load() and scope not in areas.cities():
            return list(townships.of_counties().get(scope, ()))
        inside = set(members(scope))
        return [code for code, each in townships.load().items() if each.county_code in inside]
    return list(_counties().get(scope, ()))


@cache
def _counties() -> dict[str, list[str]]:
    """The counties of every scope, in the order of their codes."""
    found: dict[str, list[str]] = {}
    for code, area in areas.load().items():
        scopes = {areas.PROVINCE, area.region, area.city_code}
        for scope in scopes | ({areas.PILOT} if code in areas.pilot() else set()):
            found.setdefault(scope, []).append(code)
    return found


def scope_label(code: str, lang: str, level: areas.Level = "county") -> str:
    """The name of a scope with the number of its counties, or of the cities that report."""
    count = len(members(code, level))
    if level == "township":
        return t("scope.townships", lang, name=scope_name(code, lang), count=count)
    if level == "city":
        if count == 1:
            return scope_name(code, lang)
        key = f"scope.cities_{code}" if code in (areas.PILOT, areas.PROVINCE) else "scope.cities"
        return t(key, lang, name=scope_name(code, lang), count=count)
    if code in (areas.PILOT, areas.PROVINCE):
        return t(f"scope.{code}", lang, count=count)
    if count == 1:
        return scope_name(code, lang)
    return t("scope.other", lang, name=scope_name(code, lang), count=count)


def scope_name(code: str, lang: str) -> str:
    """The name of a scope alone, for the title of a figure."""
    if code in (areas.PILOT, areas.PROVINCE):
        return t(f"scope.name_{code}", lang)
    city = areas.cities().get(code)
    if city is not None:
        return city.city_en if lang == "en" else city.city
    if code in areas.load():
        return areas.load()[code].label(lang)
    first = areas.load()[members(code)[0]]
    return first.region_en if lang == "en" else first.region


@cache
def scope_option(code: str, lang: str) -> str:
    """The name of a scope in the bar, with the number of its counties in brackets."""
    name = scope_name(code, lang)
    return t("scope.option", lang, name=name[:1].upper() + name[1:], count=len(members(code)))


def group_name(group: str, lang: str) -> str:
    """The short name of a group given as level/code, for the head of a column."""
    level, _, code = group.partition("/")
    if level in ("county", "township"):
        return levels.unit(code).label(lang)
    if level == "peers":  # a county and those most alike it
        return t("briefing_text.group.peers", lang, name=areas.load()[code].label(lang))
    if level == "pilot_region":
        return t(f"overview.pilots.{code.removeprefix('pilot_')}", lang)
    name = scope_name(code, lang)
    return name[:1].upper() + name[1:]


@cache
def county_label(code: str, lang: str) -> str:
    """The name of a county with its city, since some names say no more than "urban district"."""
    if code == ALL:
        return t("bar.all_counties", lang)
    area = levels.unit(code)
    if isinstance(area, townships.Township):
        county = area.county_en if lang == "en" else area.county
        return t("bar.county_of_city", lang, county=area.label(lang), city=county)
    if code not in areas.load():  # a city
        return area.label(lang)
    city = area.city_en if lang == "en" else area.city
    return t("bar.county_of_city", lang, county=area.label(lang), city=city)
