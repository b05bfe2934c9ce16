"""What a briefing is about: its place, the counties it compares, its indicators, its data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import queries
from app import (
    areas,
    catalogue,
    exports,
    levels,
    notice,
    peers,
    periods,
    reads,
    scopes,
    trends,
    view,
)
from app.briefing import phrases
from app.briefing.facts import Base, Fact, Rank, of_rows
from app.briefing.parts import Request
from app.catalogue import Dataset, Indicator
from app.errors import BadRequest, UnknownName
from app.kept import kept
from app.profile import standing
from app.profile.standing import Standing
from app.scopes import Choices
from app.serving import Serving
from app.trends import Trend
from app.view import View

PEERS = "peers"  # as a level: a county and those most alike it


@dataclass(frozen=True)
class Place:
    """A county or a group of areas, by its level and code in the model."""

    level: str
    code: str

    @property
    def group(self) -> str:
        """Level and code in one, as questions take it."""
        return f"{self.level}/{self.code}"

    def name(self, lang: str, reporters: areas.Level = "county") -> str:
        """Its name in running text, with how many report in it."""
        if self.level == "county":
            return areas.load()[self.code].label(lang)
        if self.level == "pilot_region":
            region = self.code.removeprefix("pilot_")
            count = len(set(scopes.members(region)) & areas.pilot())
            return phrases.text(
                "group.pilot_region", lang, name=scopes.scope_name(region, lang), count=count
            )
        count = len(scopes.members(self.code, reporters))
        if count == 1:
            return scopes.scope_name(self.code, lang)
        kind = self.level if self.level in ("pilot", "province") else "other"
        return phrases.text(
            f"group.{kind}_{reporters}", lang, name=scopes.scope_name(self.code, lang), count=count
        )


@dataclass(frozen=True)
class About:
    """What a briefing is about, checked, and what it reads of the data.

    `place` is its subject, `scope` the group in which counties are compared; the same unless the
    subject is a county. `subjects` are the places told one by one.
    """

    request: Request
    source: Serving
    stamp: str
    place: Place
    scope: Place
    subjects: tuple[Place, ...]
    dataset: Dataset | None
    indicators: tuple[Indicator, ...]

    @property
    def lang(self) -> str:
        """The language of the briefing."""
        return self.request.lang

    @property
    def period(self) -> str:
        """The quarter."""
        return self.request.period

    @property
    def names(self) -> list[str]:
        """The ids of the indicators."""
        return [indicator.id for indicator in self.indicators]

    def text(self, key: str, **values: object) -> str:
        """A text of the briefings in its language."""
        return phrases.text(key, self.lang, **values)

    def clause(self, clause_id: str) -> str:
        """The number of a clause of the notice, in English as a figure."""
        return notice.number(clause_id, self.lang)

    def only(self, place: Place) -> About:
        """The same about one of its subjects."""
        return About(
            self.request, self.source, self.stamp, place, _around(place), (place,), self.dataset,
            self.indicators,
        )  # fmt: skip

    def view(self, place: Place | None = None) -> View:
        """What the pages show of the scope or another group, for what they keep."""
        group = place or self.scope
        choices = Choices(self.period, group.code, None, self.names[0], self.lang)
        return View(self.source, self.stamp, choices, self.dataset)

    def choices(self, indicator: Indicator) -> Choices:
        """The choices under which a figure of an indicator is drawn."""
        county = self.place.code if self.place.level == "county" else None
        return Choices(self.period, self.scope.code, county, indicator.id, self.lang)

    @cached_property
    def counties(self) -> list[str]:
        """The codes of the counties of the scope that tables tell of."""
        asked = self.request.counties
        return [c for c in scopes.members(self.scope.code) if not asked or c in asked]

    @property
    def within(self) -> str:
        """The group in which counts are taken, as level/code; empty if counties were picked."""
        return "" if self.request.counties else self.scope.group

    def shown(self, reporters: areas.Level) -> list[str]:
        """The codes of those who report in the scope that tables tell of."""
        if reporters == "county":
            return self.counties
        inside = {areas.load()[code].city_code for code in self.counties}
        return [code for code in levels.units("city") if code in inside]

    def facts(self, place: Place, names: Sequence[str] | None = None) -> dict[str, Fact]:
        """What a group of areas or a county has of some indicators, those of the briefing first."""
        wanted = tuple(self.names if names is None else names)
        scope = _around(place).code
        return _facts(self.stamp, self.period, place, scope, wanted, self.lang, self.source)

    @cached_property
    def in_scope(self) -> dict[str, list[Fact]]:
        """The facts of all who report in the scope, by indicator."""
        frame = view.county_rows(self.view(), self.names)
        found: dict[str, list[Fact]] = {name: [] for name in self.names}
        for fact in of_rows(frame.to_dict("records"), self.period, self.source.vintage, self.lang):
            found[fact.indicator.id].append(fact)
        return found

    @cached_property
    def by_county(self) -> dict[str, list[Fact]]:
        """The facts of those that tables tell of, by indicator."""
        inside = set(self.shown("county")) | set(self.shown("city"))
        return {
            name: [fact for fact in facts if fact.code in inside]
            for name, facts in self.in_scope.items()
        }

    @cached_property
    def ranks(self) -> dict[tuple[str, str], Rank]:
        """Places within the whole scope, by indicator and area."""
        frame = view.county_rows(self.view(), self.names)
        seen = frame[frame["rank"].notna()]
        counts = seen.groupby("indicator_id").size()
        return {
            (str(name), str(code)): Rank(self.scope.group, int(rank), int(counts[name]), bool(tied))
            for name, code, rank, tied in zip(
                seen["indicator_id"], seen["area_code"], seen["rank"], seen["tied"], strict=True
            )
        }

    def standing(self) -> Standing:
        """How the county stands on all indicators that counties report, and on those asked for."""
        assert self.place.level == "county"
        return _standing(self.stamp, self.period, self.scope.code, self.place.code, self.source)

    def trend(self, indicator: Indicator, place: Place) -> Trend:
        """What the test of a trend says of a place."""
        found = trends.tested(self.source, [indicator.id], self.period, [place.group])
        return found[place.group, indicator.id]

    def reporting(self) -> dict[str, list[dict[str, Any]]]:
        """The reporting status of those who tables tell of, by dataset."""
        rows = view.reporting_rows(self.view())
        wanted = [self.dataset.id] if self.dataset else self._datasets()
        known = catalogue.load()
        return {
            name: [r for r in rows[name] if r["area_code"] in self.shown(known.dataset(name).level)]
            for name in wanted if name in rows
        }  # fmt: skip

    def _datasets(self) -> list[str]:
        """The datasets of the briefing: those of indicators that were picked, else every one."""
        known = catalogue.load()
        if self.request.indicators:
            return list(dict.fromkeys(known.dataset_of[name].id for name in self.names))
        return list(known.datasets)

    @property
    def vintage(self) -> str:
        """The vintage as figures and files name it."""
        return exports.vintage(self.source, self.lang)

    @property
    def when(self) -> str:
        """The quarter in words."""
        return periods.label(self.period, self.lang)


def of(request: Request, source: Serving, stamp: str) -> About:
    """Check what is asked for, and find what it is about.

    Raises BadPeriod, UnknownName or BadRequest for what does not exist, fits no kind or has no
    data.
    """
    periods.parse(request.period)
    with_data = [
        row["dataset"] for row in queries.rows("periods", source.cursor())
        if row["period"] == request.period
    ]  # fmt: skip
    if not with_data:
        raise BadRequest(
            "error.briefing_no_data", period=lambda lang: periods.label(request.period, lang)
        )
    for code in request.counties:
        if code not in areas.load():
            raise UnknownName("error.unknown_area", name=code)
    place = _place(request)
    if request.kind == "composed" and not set(request.counties) <= set(members(_around(place))):
        place = Place("province", areas.PROVINCE)  # a group that has all that were picked
    dataset = _dataset(request)
    indicators = tuple(_indicators(request, dataset, with_data))
    for indicator in indicators:
        if catalogue.load().dataset_of[indicator.id].level == "township":
            raise BadRequest("error.briefing_township", name=indicator.label)
    scope = _around(place)
    told = request.counties if request.kind == "composed" else ()
    subjects = tuple(Place("county", code) for code in told) or (place,)
    return About(request, source, stamp, place, scope, subjects, dataset, indicators)


def _place(request: Request) -> Place:
    """The level of what a briefing is about, which its kind must fit."""
    code = request.area_code or areas.PILOT
    level = levels.of(code)
    # a city that is a county has one code for both
    if request.kind != "county" and level == "county" and code in areas.cities():
        level = "city"
    fits = {
        "county": level == "county",
        "area": level != "county",
        "topic": level != "county",
        "bulletin": level == "pilot",
    }
    if not fits.get(request.kind, True):
        raise BadRequest(
            f"error.briefing_{request.kind}", code=code,
            name=lambda lang: scopes.group_name(f"{level}/{code}", lang),
        )  # fmt: skip
    return Place(level, code)


def _around(place: Place) -> Place:
    """The group in which a county is compared: the pilot counties if it is one, else all."""
    if place.level != "county":
        return place
    if place.code in areas.pilot():
        return Place("pilot", areas.PILOT)
    return Place("province", areas.PROVINCE)


def _dataset(request: Request) -> Dataset | None:
    if request.kind != "topic":
        return None
    if not request.dataset:
        raise BadRequest("error.briefing_topic_dataset", names=", ".join(catalogue.load().datasets))
    return catalogue.load().dataset(request.dataset)


def _indicators(
    request: Request, dataset: Dataset | None, with_data: Iterable[str]
) -> list[Indicator]:
    """Those asked for, or the leading ones: of the dataset, or one of each that has data."""
    known = catalogue.load()
    if request.indicators:
        return [known.indicator(name) for name in dict.fromkeys(request.indicators)]
    if dataset is not None:
        return [known.indicator(name) for name in dataset.headline]
    reported = [d for d in known.datasets.values() if d.level == "county" and d.id in with_data]
    if not reported:  # only what cities report
        reported = [d for d in known.datasets.values() if d.level == "city" and d.id in with_data]
    if not reported:  # refused with its name
        reported = [d for d in known.datasets.values() if d.id in with_data]
    return [known.indicator(d.headline[0]) for d in reported]


@kept(512)
def _facts(
    stamp: str, period: str, place: Place, scope: str, names: tuple[str, ...], lang: str,
    _source: Serving,
) -> dict[str, Fact]:  # fmt: skip
    known = catalogue.load()
    rows: dict[str, dict[str, Any]] = {}
    if place.level == "county":  # the profile has them already
        found = _standing(stamp, period, scope, place.code, _source).rows
        rows = {row.indicator.id: _single(row.told) for row in found}
    if not set(names) <= rows.keys():
        rows |= reads.headline(_source, names, period, place.level, place.code)
    before = {"previous": periods.shift(period, -1), "year": periods.shift(period, -4)}
    earlier = reads.earlier_values(_source, names, list(before.values()), place.level, place.code)

    def base(name: str, which: str) -> Base:
        row, then = rows[name], earlier.get((name, before[which]))
        change, matched = row[f"change_{which}"], row[f"areas_{which}"]
        if then is None:
            return Base(before[which], change, matched)
        sample = None if then["status"] == "missing" else bool(then["sample"])
        return Base(before[which], change, matched, then["areas_reporting"], then["status"], sample)

    return {
        name: Fact(
            known.indicator(name), place.level, place.code, period, _source.vintage, lang,
            row["value"], row["status"], row["target_status"], row["gap"], row["sample"],
            row["areas_reporting"], row["areas_valued"],
            len(members(place, known.dataset_of[name].level)),
            base(name, "previous"), base(name, "year"), known.dataset_of[name].level,
        )
        for name in names
        for row in (rows[name],)
    }  # fmt: skip


def _single(told: dict[str, Any]) -> dict[str, Any]:
    """A row of the profile with what only the rows of groups have."""
    known = int(told["status"] == "observed")
    return told | {
        "areas_reporting": known,
        "areas_valued": known,
        "areas_previous": int(told["change_previous"] is not None),
        "areas_year": int(told["change_year"] is not None),
    }


@kept(128)
def _standing(stamp: str, period: str, scope: str, county: str, _source: Serving) -> Standing:
    chosen = Choices(period, scope, county, "", "zh")
    return standing.of(_source, chosen, county, standing.indicators(every=True))


def members(place: Place, reporters: areas.Level = "county") -> list[str]:
    """The codes of those who report in a group, a county being one of itself."""
    if place.level == "county":
        return [place.code]
    if place.level != "pilot_region":
        return scopes.members(place.code, reporters)
    inside = [
        code for code in scopes.members(place.code.removeprefix("pilot_")) if code in areas.pilot()
    ]
    if reporters == "county":
        return inside
    cities = {areas.load()[code].city_code for code in inside}
    return [code for code in levels.units("city") if code in cities]


def peer_count(standing: Standing) -> int:
    """How many counties are most alike the county."""
    return min(len(standing.peers), peers.COUNT)
