"""Which area a row is about: by its code, its name in the many ways it is written, or neither."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from rapidfuzz import fuzz

from app import areas, levels, spellings
from app.areas import PROVINCE, REGIONS, Area
from app.i18n import LANGUAGES
from app.intake.tables import Cell
from app.spellings import normal

PROPOSED = 5
_IGNORED = re.compile(
    r"[\s.,;:'\u2018\u2019\"\u00b7*\u2605\u2606\u25b2()\[\]\-\u2014\u3001\u3010\u3011]+"
)
_CODE = re.compile(r"['\u2018\u2019`]?([0-9]{6})(?:000|000000)?(?:\.0+)?", re.ASCII)
_BEFORE = re.compile(rf"^(?:[0-9]+|{'|'.join(sorted(spellings.words('of_which')))})(?=[^0-9])")
_NUMERIC = re.compile(r"['\u2018\u2019`]?[0-9]+", re.ASCII)


@dataclass(frozen=True)
class Place:
    """What the key cells of a row say.

    `kind`: an area; a total (of `group`, a city's code or a region, or of everything); an unknown
    area, with `candidates`; a mismatch of `code` with the name or the city beside it; or nothing.
    `written` is the form under which a pick names it, `by` what it was found by, `used` the pick.
    """

    kind: Literal["area", "total", "unknown", "mismatch", "none"]
    code: str | None = None
    group: str | None = None
    by: Literal["code", "long_code", "name", "spelling", "pick"] = "code"
    wrong: Literal["area_code", "area_name", "county_name", "city_name"] = "area_code"
    written: str = ""
    used: str = ""
    candidates: tuple[str, ...] = ()


def written(text: object) -> str:
    """The normal form of a place's name, under which a pick is remembered."""
    plain = _IGNORED.sub("", normal(text))
    return _BEFORE.sub("", plain)


def city_of(text: object) -> str | None:
    """The code of the city that a text names, with or without 市 and the province before it."""
    return _cities().get(_without_province(written(text)))


def city_within(text: str) -> str | None:
    """The code of the one city that a title or a name speaks of, if it is one."""
    plain = normal(text)
    found = {code for name, code in _cities().items() if len(name) > 1 and name in plain}
    return found.pop() if len(found) == 1 else None


def find(
    code: Cell, name: Cell, city: Cell, context: str | None, picks: Mapping[str, str]
) -> Place:
    """The place of a row by its key cells.

    `context` is the code of the city the rows around are of, for names that need it.
    """
    code_text, name_text = normal(code), normal(name)
    own_city = city_of(city)
    number = _CODE.fullmatch(code_text)
    if number is None or number[1] not in areas.load():
        if is_total(code_text) or is_total(name_text) or (not name_text and is_total(normal(city))):
            return Place("total", group=_group(code_text, name_text, normal(city), own_city))
    if number is None and not _NUMERIC.fullmatch(code_text) and code_text:
        name_text = name_text or code_text  # a name in the column of the codes
        code_text = ""
    if not code_text and (other := _CODE.fullmatch(name_text)):
        number, code_text, name_text = other, name_text, ""
    if code_text:
        found = _by_code(number[1] if number else code_text, name_text, own_city, context, picks)
        if found.kind == "area" and number and number[0] != number[1]:
            found = replace(found, by="long_code")
        return found
    if name_text:
        return _by_name(name_text, own_city, context, picks)
    if own_city is None:
        return Place("none") if not normal(city) else _unknown(normal(city), None, context)
    if own_city in areas.load():
        return Place("area", own_city, by="name")
    return Place("total", group=own_city)


def find_city(code: Cell, name: Cell, picks: Mapping[str, str]) -> Place:
    """The city of a row by its key cells, where cities report."""
    code_text, name_text = normal(code), normal(name)
    if any(is_total(text) for text in (code_text, name_text)):
        return Place("total", group=_group(code_text, name_text))
    number = _CODE.fullmatch(code_text)
    if number is None and code_text and not _NUMERIC.fullmatch(code_text):
        name_text, code_text = name_text or code_text, ""
    named = city_of(name_text) if name_text else None
    if number is not None and number[1] in levels.units("city"):
        if name_text and named != number[1]:
            return Place("mismatch", number[1], wrong="area_name" if named is None else "city_name")
        return Place("area", number[1], by="code" if number[0] == number[1] else "long_code")
    if not code_text and named is not None:
        return Place("area", named, by="name")
    key = written(code_text or name_text)
    if picks.get(key) in levels.units("city"):
        return Place("area", picks[key], by="pick", written=key, used=key)
    if not key:
        return Place("none")
    return Place("unknown", code_text or None, written=key, candidates=_nearest_cities(key, named))


def _nearest_cities(plain: str, named: str | None) -> tuple[str, ...]:
    def likeness(code: str) -> float:
        names = (code, *_city_names(areas.cities()[code]))
        return max(fuzz.ratio(plain, name) for name in names) + (100 if code == named else 0)

    return tuple(sorted(levels.units("city"), key=lambda c: (-likeness(c), c))[:PROPOSED])


def is_total(text: str) -> bool:
    """Whether a normal text says that its row is a total."""
    totals = spellings.words("totals")
    return bool(text) and (
        text in spellings.words("wholes")
        or text in REGIONS
        or _IGNORED.sub("", text).endswith(tuple(totals))
    )


def _group(*texts: str | None) -> str | None:
    """The city or region that a total is of, from whatever its key cells say."""
    for text in texts:
        plain = written(text)
        for word in spellings.words("totals"):
            plain = plain.removesuffix(word)
        group = _cities().get(_without_province(plain))
        group = group or next((each for each in REGIONS if plain.startswith(each)), None)
        if group is not None:
            return group
    return texts[-1]


def _by_code(
    code: str, name: str, city: str | None, context: str | None, picks: Mapping[str, str]
) -> Place:
    area = areas.load().get(code)
    if area is None:
        named = _by_name(name, city, context, picks) if name else None
        if code in {PROVINCE, *areas.cities()} and (named is None or named.kind == "total"):
            return Place("total", group=None if code == PROVINCE else code)
        key = written(code)
        if picks.get(key) in areas.load():
            return Place("area", picks[key], by="pick", written=key, used=key)
        near = [named.code] if named is not None and named.code in areas.load() else []
        proposed = tuple(dict.fromkeys([*near, *_near_codes(code)]))[:PROPOSED]
        return Place("unknown", code, written=key, candidates=proposed)
    if name and name not in (normal(area.name), normal(area.name_en)):
        if area.code not in _forms().get(_without_province(written(name)), set()):
            return Place("mismatch", code, wrong="area_name")
    if city is not None and city != area.city_code:
        return Place("mismatch", code, wrong="city_name")
    return Place("area", code)


def _by_name(name: str, city: str | None, context: str | None, picks: Mapping[str, str]) -> Place:
    plain = _without_province(written(name))
    near = city or context
    codes = _forms().get(plain, set())
    if plain in _generic() or len(codes) > 1:
        codes = {code for code in codes if near == areas.load()[code].city_code}
    if len(codes) == 1:
        area = areas.load()[next(iter(codes))]
        if city is not None and city != area.city_code:
            return Place("mismatch", area.code, wrong="city_name", written=plain)
        official = name in {normal(area.label(lang)) for lang in LANGUAGES}
        return Place("area", area.code, by="name" if official else "spelling", written=plain)
    if plain in _cities():
        return Place("total", group=_cities()[plain])
    if not plain or plain in {_without_province(written(each)) for each in _provinces()}:
        return Place("total")
    return _picked(name, city, near, picks)


def _picked(name: str, city: str | None, near: str | None, picks: Mapping[str, str]) -> Place:
    city_name = areas.cities()[city].city if city else ""
    for key in dict.fromkeys((written(city_name + name), written(name))):
        area = areas.load().get(picks.get(key, ""))
        if area is not None and city in (None, area.city_code):
            return Place("area", area.code, by="pick", written=key, used=key)
    return _unknown(name, city, near)


def _unknown(name: str, city: str | None, near: str | None) -> Place:
    key = written((areas.cities()[city].city if city else "") + name)
    return Place("unknown", written=key, candidates=_nearest(written(name), near))


@cache
def _nearest(plain: str, city: str | None) -> tuple[str, ...]:
    """The codes of the areas whose names are most like a text, those of the city first."""
    latin = plain.isascii()

    def likeness(area: Area) -> float:
        names = [normal(area.pinyin), normal(area.name_en)] if latin else _short_names(area)
        own = max(fuzz.ratio(plain, name) for name in names)
        whole = fuzz.ratio(plain, written(area.city + area.name))
        return max(own, whole) + (100 if area.city_code == city else 0)

    ordered = sorted(areas.load().values(), key=lambda area: (-likeness(area), area.code))
    return tuple(area.code for area in ordered[:PROPOSED])


@cache
def _near_codes(code: str) -> tuple[str, ...]:
    ordered = sorted(areas.load(), key=lambda each: (-fuzz.ratio(code, each), each))
    return tuple(ordered[:PROPOSED])


@cache
def _forms() -> dict[str, set[str]]:
    """All ways to write an area's name, without the province, to the codes it may mean."""
    forms: dict[str, set[str]] = defaultdict(set)
    for area in areas.load().values():
        names = set(_short_names(area)) | set(_short_latin(area))
        cities = set(_city_names(area))
        placed = {both for c in cities for n in names for both in (c + n, n + c)}
        for form in names | placed:
            forms[form].add(area.code)
    return dict(forms)


@cache
def _generic() -> frozenset[str]:
    """Names that mean nothing without their city: what is left of 城区 is one character."""
    return frozenset(
        name
        for area in areas.load().values()
        if len(short(area.name)) < 2
        for name in (*_short_names(area), *_short_latin(area))
        if not any(city in name for city in _city_names(area))
    )


def short(name: str) -> str:
    """A normal name without its ending and the nationalities in it."""
    for ending in _endings():
        if name.endswith(ending):
            name = name.removesuffix(ending)
            break
    for nationality in sorted(spellings.load()["nationalities"], key=len, reverse=True):
        name = name.removesuffix(nationality)
    return name


def _short_names(area: Area) -> list[str]:
    """A Chinese name as it is, with each other ending, and without any."""
    full, base = written(area.name), written(short(area.name))
    others = [base + ending for ending in _endings() if not ending.isascii()]
    return [full] if len(base) < 2 else [full, base, *others]


def _short_latin(area: Area) -> list[str]:
    full, base = written(area.name_en), written(area.pinyin)
    return [full, base, written(short(normal(area.name_en)))]


def _city_names(area: Area) -> Iterator[str]:
    yield from (written(area.city), written(short(area.city)), written(area.city_en))
    yield written(area.city_en) + "city"


@cache
def _cities() -> dict[str, str]:
    return {name: code for code, area in areas.cities().items() for name in _city_names(area)}


@cache
def _endings() -> list[str]:
    return sorted(map(normal, spellings.load()["endings"]), key=len, reverse=True)


@cache
def _provinces() -> list[str]:
    return sorted(map(normal, spellings.load()["provinces"]), key=len, reverse=True)


def _without_province(plain: str) -> str:
    for province in _provinces():
        if plain != province and plain.startswith(province):
            return plain.removeprefix(province)
    return plain
