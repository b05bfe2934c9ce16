"""The area and the period of a row: what its key cells mean, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass

from app import areas, levels, periods
from app.errors import BadPeriod
from app.i18n import t
from app.intake import places, towns
from app.intake.cells import is_blank
from app.intake.line import Line
from app.intake.places import Place
from app.intake.tables import Cell
from app.intake.upload import Picks
from app.spellings import normal
from app.townships import Township


@dataclass(frozen=True)
class Context:
    """What a sheet says of its rows outside the table.

    `period` is for rows that name none. A row of another one than `titled` or `picked` is wrong.
    `city` and, where townships report, `county` are the codes of those the sheet is of.
    """

    period: str | None
    titled: tuple[str, ...]
    picked: str | None
    city: str | None
    county: str | None = None


class AreaReader:
    """Finds the area of each row of a sheet."""

    def __init__(self, line: Line, context: Context, picks: Picks, level: areas.Level) -> None:
        self._line, self._picks, self._level = line, picks, level
        self._city, self._county = context.city, context.county
        self._known: dict[tuple[Cell | None, ...], Place] = {}
        self._told: set[object] = set()
        self.picked: dict[str, str] = {}

    def below(self, group: str) -> bool:
        """Whether the rows from here on stand below the name of a city, or of a county."""
        if self._level == "township" and group in areas.load():
            self._county = group
        elif group in areas.cities():
            self._city = group
        else:
            return False
        return True

    def place(self) -> Place:
        """What the key cells of the row say."""
        line = self._line
        code, name, city = line.key("area_code"), line.key("area_name"), line.key("city_name")
        county = line.key("county_name")
        cells = (code, name, county, city, self._city, self._county)
        place = self._known.get(cells)
        if place is None:
            if self._level == "city":
                place = places.find_city(code, name or city, self._picks.areas)
            elif self._level == "township":
                picked = self._picks.areas
                place = towns.find(code, name, county, city, self._county, picked)
            else:
                place = places.find(code, name, city, self._city, self._picks.areas)
            self._known[cells] = place
        if self._level == "township" and county and (own := towns.county_of(county, city)):
            self._county = own
        if self._level == "county" and city and (known := places.city_of(city)) is not None:
            self._city = known
        return place

    def code(self, place: Place) -> str | None:
        """The area code of a row of data; an error if it has none."""
        if place.kind == "area":
            if place.by != "code":
                self._tell(place)
            return place.code
        if place.kind == "mismatch":
            self._refuse_mismatch(place)
        else:
            self._refuse_unknown(place)
        return None

    def _refuse_mismatch(self, place: Place) -> None:
        lang = self._line.lang
        area = levels.unit(place.code or "")
        name = area.label(lang)
        told = t("check.area_mismatch", lang, code=area.code, name=name)
        if place.wrong == "city_name":
            city = area.city_en if lang == "en" else area.city
            told = t("check.city_mismatch", lang, code=area.code, name=name, city=city)
        if place.wrong == "county_name":
            above = _shown(area.code, lang)
            told = t("check.county_mismatch", lang, area=above)
        self._line.error("area_mismatch", told, self._line.position(place.wrong), area.code)

    def _refuse_unknown(self, place: Place) -> None:
        lang = self._line.lang
        by_name = place.kind == "unknown" and place.code is None
        key = "check.unknown_name" if by_name else "check.unknown_area"
        told = t(key if self._level == "county" else f"{key}_{self._level}", lang)
        if place.candidates:
            near = t("check.and", lang).join(_shown(code, lang) for code in place.candidates)
            told = t("check.candidates", lang, message=told, near=near)
        position = self._line.position("area_code", "area_name", "city_name")
        self._line.error(
            "unknown_area", told, position, place.code, None, place.candidates, place.written
        )

    def _tell(self, place: Place) -> None:
        """Note, once, that an area was read by its name, by a spelling of it, or as picked."""
        line = self._line
        code = place.code or ""
        if place.used:
            self.picked[place.used] = code
        by_code = place.by == "long_code"
        keys = ("area_code", "area_name") if by_code else ("area_name", "area_code", "city_name")
        position = line.position(*keys)
        if place.by == "name":
            what: object = "by name"
            told = t("check.areas_by_name", line.lang)
        else:
            what = line.cells[position]
            key = "check.picked_area" if place.by == "pick" else "check.read_as_area"
            told = t(key, line.lang, area=_shown(code, line.lang))
        if (place.by, what) not in self._told:
            self._told.add((place.by, what))
            line.note("interpreted", told, position, None if place.by == "name" else code)


class PeriodReader:
    """Finds the period of each row of a sheet."""

    def __init__(self, line: Line, context: Context) -> None:
        self._line, self._context = line, context
        self._position = line.header.keys.get("period")
        self._known: dict[Cell, str | None] = {}
        self._accepted: set[str | None] = set()
        self._refused: set[str] = set()

    def named(self) -> str | None:
        """The period a row names, or else the one outside the table; None if it is no period."""
        if self._position is None:
            return self._context.period
        cell = self._line.cells[self._position]
        if cell not in self._known:
            self._known[cell] = self._interpreted(cell, self._position)
        return self._known[cell]

    def period(self) -> str | None:
        """The period of a row of data; an error if it has none, or another than it may have."""
        period, lang = self.named(), self._line.lang
        if self._position is None or period in self._accepted:
            return period
        if period is None:
            self._line.error("bad_period", t("check.bad_period", lang), self._position)
            return None
        if periods.start(period) > periods.today():
            self._line.error("future_period", t("check.future_period", lang), self._position)
            return None
        picked = self._context.picked
        named = (picked,) if picked else self._context.titled
        if not named or period in named:
            self._accepted.add(period)
            return period
        if period not in self._refused:  # once: the other rows are no news
            self._refused.add(period)
            key = "check.not_picked" if picked else "check.wrong_quarter"
            told = t(key, lang, named=t("check.and", lang).join(named), period=period)
            self._line.error("wrong_quarter", told, self._position, None, period)
        return None

    def _interpreted(self, cell: Cell, position: int) -> str | None:
        line, period = self._line, self._context.period
        if is_blank(cell):
            if period is not None:
                told = t("check.period_from_outside", line.lang, period=period)
                line.note("interpreted", told, position, None, period)
            return period
        try:
            period = periods.interpret(cell)
        except BadPeriod:
            return None
        if normal(cell) != normal(period):
            told = t("check.read_as_period", line.lang, period=period)
            line.note("interpreted", told, position, None, period)
        return period


def _shown(code: str, lang: str) -> str:
    area = levels.unit(code)
    city = area.city_en if lang == "en" else area.city
    if isinstance(area, Township):
        city = area.county_en if lang == "en" else area.county
    return t("check.area", lang, name=area.label(lang), city=city, code=code)
