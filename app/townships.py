"""The townships of the reference, where it has a table of them: townships.csv beside areas.csv.

It is needed by a catalogue with a dataset of the level township, and by nothing else.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from app import areas
from app.areas import Area, Unit
from app.errors import CatalogueInvalid
from app.settings import REFERENCE

FILE = "townships.csv"
WANTED = ("code", "name", "name_en", "county_code")
# denominators that the table may have; what it has not is not known of any township
DENOMINATORS = ("villages", "population_60plus", "pop_2020", "pop_rural_2020")
_CODE = re.compile(r"[0-9]{9}", re.ASCII)


@dataclass(frozen=True)
class Township(Unit):
    """A town, township or street office and the county it lies in; its class is the county's.

    `denominators` are those that are known, by name.
    """

    county_code: str
    county: str
    county_en: str
    denominators: tuple[tuple[str, float], ...]


@cache
def load() -> dict[str, Township]:
    """All townships by code, in the order of the codes; none where there is no table of them.

    Raises CatalogueInvalid, with file and line, for a table that is not sound.
    """
    path = REFERENCE / FILE
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        lacking = [name for name in WANTED if name not in (rows.fieldnames or ())]
        if lacking:
            raise _invalid(1, f"no column {', '.join(lacking)}")
        found = list(_read(rows))
    return dict(sorted((each.code, each) for each in found))


@cache
def of_counties() -> dict[str, list[str]]:
    """The codes of the townships of each county that has any."""
    found: dict[str, list[str]] = {}
    for code, each in load().items():
        found.setdefault(each.county_code, []).append(code)
    return found


def _read(rows: csv.DictReader[str]) -> Iterator[Township]:
    codes: set[str] = set()
    names: set[tuple[str, str]] = set()
    for row in rows:
        line, code, parent = rows.line_num, row["code"], row["county_code"]
        if not _CODE.fullmatch(code or ""):
            raise _invalid(line, f"a code has nine digits: {code}")
        if code in codes:
            raise _invalid(line, f"{code} is there twice")
        county = areas.load().get(parent)
        if county is None:
            raise _invalid(line, f"no county {parent} in areas.csv")
        if not row["name"] or not row["name_en"]:
            raise _invalid(line, f"{code} has no name")
        for name in {row["name"], row["name_en"]}:
            if (parent, name) in names:
                raise _invalid(line, f"{name} is there twice in {parent}")
            names.add((parent, name))
        codes.add(code)
        yield _township(row, county, line)


def _township(row: dict[str, str], county: Area, line: int) -> Township:
    known = []
    for name in DENOMINATORS:
        text = row.get(name) or ""
        if text:
            if not text.isascii() or not text.isdigit():
                raise _invalid(line, f"{name} is a whole number or empty: {text}")
            known.append((name, float(text)))
    return Township(
        row["code"], row["name"], row["name_en"], row.get("pinyin") or row["name_en"],
        county.city_code, county.city, county.city_en, county.region, county.region_en,
        county.code, county.name, county.name_en, tuple(known),
    )  # fmt: skip


def _invalid(line: int, problem: str) -> CatalogueInvalid:
    return CatalogueInvalid(f"{FILE}, line {line}: {problem}")
