"""Which township a row is about: by its code, or by its name within a county."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Literal

from rapidfuzz import fuzz

from app import areas, spellings, townships
from app.intake import places
from app.intake.places import PROPOSED, Place, written
from app.intake.tables import Cell
from app.spellings import normal

_CODE = re.compile(r"['\u2018\u2019`]?([0-9]{9})(?:000)?(?:\.0+)?", re.ASCII)
_DIGITS = re.compile(r"['\u2018\u2019`]?[0-9]+", re.ASCII)


def find(
    code: Cell, name: Cell, county: Cell, city: Cell, context: str | None, picks: Mapping[str, str]
) -> Place:
    """The township of a row by its key cells; `context` is the county the rows around are of."""
    code_text, name_text = normal(code), normal(name)
    number = _CODE.fullmatch(code_text)
    if number is None and code_text and not _DIGITS.fullmatch(code_text):
        name_text, code_text = name_text or code_text, ""
    named = county_of(county, city)
    if any(places.is_total(text) for text in (code_text, name_text, normal(county))):
        return Place("total", group=named or _whole(name_text, city))
    if code_text:
        return _by_code(code_text, number[1] if number else code_text, name_text, named, picks)
    if name_text:
        return _by_name(name_text, named, named or context, city, picks)
    if named or normal(city):
        return Place("total", group=named or places.city_of(city))
    return Place("none")


def county_of(county: Cell, city: Cell = None) -> str | None:
    """The code of the county that the cells of a row name, if it is one."""
    if not normal(county):
        return None
    found = places.find(None, county, city, None, {})
    return found.code if found.kind == "area" else None


def county_within(text: str) -> str | None:
    """The code of the one county with townships that a title or a name speaks of."""
    plain = normal(text)
    known = areas.load()
    found = {c for c in townships.of_counties() if normal(known[c].name) in plain}
    return found.pop() if len(found) == 1 else None


def _whole(name: str, city: Cell) -> str | None:
    """The county or city that a total is of, from what stands before the word for it."""
    for word in spellings.words("totals"):
        name = name.removesuffix(word)
    return county_of(name, city) or places.city_of(name) or places.city_of(city)


def _by_code(
    text: str, code: str, name: str, county: str | None, picks: Mapping[str, str]
) -> Place:
    town = townships.load().get(code)
    if town is None:
        if code in areas.load() or code in areas.cities() or code == areas.PROVINCE:
            return Place("total", group=None if code == areas.PROVINCE else code)
        key = written(code)
        if picks.get(key) in townships.load():
            return Place("area", picks[key], by="pick", written=key, used=key)
        return Place("unknown", code, written=key, candidates=_nearest(written(name), county, code))
    if name and code not in _forms().get(written(name), set()):
        return Place("mismatch", code, wrong="area_name")
    if county is not None and county != town.county_code:
        return Place("mismatch", code, wrong="county_name")
    by: Literal["code", "long_code"] = "code" if text == code else "long_code"
    return Place("area", code, by=by)


def _by_name(
    name: str, named: str | None, near: str | None, city: Cell, picks: Mapping[str, str]
) -> Place:
    known, plain = townships.load(), written(name)
    codes = _forms().get(plain, set())
    if near is not None:
        # the county above a list is only a hint: a name that says its own county keeps it
        inside = {code for code in codes if known[code].county_code == near}
        codes = inside if named is not None or inside else codes
    exact = {c for c in codes if plain in (written(known[c].name), written(known[c].name_en))}
    codes = exact or codes
    if len(codes) == 1:
        code = next(iter(codes))
        return Place("area", code, by="name" if exact else "spelling", written=plain)
    if not codes and (whole := county_of(name, city) or places.city_of(name)) is not None:
        return Place("total", group=whole)
    above = areas.load()[named].name if named else ""
    for key in dict.fromkeys((written(above + name), plain)):
        town = known.get(picks.get(key, ""))
        if town is not None and named in (None, town.county_code):
            return Place("area", town.code, by="pick", written=key, used=key)
    candidates = tuple(sorted(codes))[:PROPOSED] or _nearest(plain, near)
    return Place("unknown", written=written(above + name), candidates=candidates)


@cache
def _nearest(plain: str, county: str | None, code: str = "") -> tuple[str, ...]:
    """The codes of the townships most like a name and a code, of the county if one is known."""
    known = townships.load()

    def likeness(each: str) -> float:
        names = (written(known[each].name), written(known[each].name_en))
        alike = max(fuzz.ratio(plain, name) for name in names) if plain else 0.0
        return alike + (fuzz.ratio(code, each) if code else 0.0)

    asked = townships.of_counties().get(county or "") or list(known)
    return tuple(sorted(asked, key=lambda each: (-likeness(each), each))[:PROPOSED])


@cache
def _forms() -> dict[str, set[str]]:
    """All ways to write a township's name, with or without those above it, to the codes meant."""
    forms: dict[str, set[str]] = defaultdict(set)
    for code, town in townships.load().items():
        names = {*_written_names(town.name), *_written_names(town.name_en)}
        counties = {written(town.county), written(places.short(town.county)), ""}
        cities = {written(town.city), ""}
        for form in (a + b + name for a in cities for b in counties for name in names):
            forms[form].add(code)
    return dict(forms)


def _written_names(name: str) -> set[str]:
    """A name as it is, with each other ending of its script, and without any."""
    full = written(name)
    endings = sorted((written(e) for e in spellings.load().get("town_endings", ())), key=len)[::-1]
    base = next((full.removesuffix(e) for e in endings if full.endswith(e)), full)
    if len(base) < 2:
        return {full}
    others = (e for e in endings if e.isascii() == full.isascii())
    return {full, base, *(base + ending for ending in others)}
