"""All indicators across and counties down: what each cell says and how it looks; draws nothing.

A cell is coloured by its verdict where the indicator has a target, by its fifth of the counties
shown where it has only a direction, and by a shade of grey without judgement where it has none.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from app import areas, catalogue, formats, palette
from app.catalogue import Dataset, Indicator
from app.i18n import t
from app.reads import Standing

FIFTHS = 5
VERDICTS = ("met", "near", "missed", "not_due")
MARKS = ("missing", "not_applicable", "suppressed")
BY_REGION, BY_CITY = "region", "city"  # ways of arranging the counties, besides by an indicator
BEST, WORST = "best", "worst"
TIED = 3  # indicators missed by equally many counties are named up to so many
_ABSENT = Standing(None, "missing", "none", None, False)


class Cell(NamedTuple):
    """One value as printed, without its unit; `look` names one of palette.LOOKS.

    `value` is the printed number, None where there is none; `hover` says the look in words.
    """

    text: str
    status: str
    look: str
    hover: str
    value: Decimal | None

    @property
    def sign(self) -> str:
        """The sign that says the look besides its colour."""
        return palette.LOOKS[self.look].sign


@dataclass(frozen=True)
class Row:
    """A county or a group of areas, `group` given as level/code, with a cell for each column."""

    group: str
    name: str
    cells: tuple[Cell, ...]

    @property
    def county(self) -> str:
        """The code of a county, empty for a group of areas."""
        level, _, code = self.group.partition("/")
        return code if level == "county" else ""


@dataclass(frozen=True)
class Rug:
    """The whole table: groups of areas first, then the counties in the order of their codes.

    `sample` are the datasets whose numbers are sample data.
    """

    columns: tuple[Indicator, ...]
    groups: tuple[Row, ...]
    counties: tuple[Row, ...]
    sample: frozenset[str]

    def only(self, wanted: Sequence[str]) -> Rug:
        """The same table with some of its columns, in its own order."""
        places = [i for i, column in enumerate(self.columns) if column.id in wanted]

        def fewer(rows: tuple[Row, ...]) -> tuple[Row, ...]:
            return tuple(replace(r, cells=tuple(r.cells[i] for i in places)) for r in rows)

        columns = tuple(self.columns[i] for i in places)
        return Rug(columns, fewer(self.groups), fewer(self.counties), self.sample)

    def place(self, indicator_id: str) -> int:
        """The position of an indicator among the columns."""
        return next(i for i, column in enumerate(self.columns) if column.id == indicator_id)

    def datasets(self) -> list[tuple[Dataset, int]]:
        """The datasets of the columns in order, and how many columns each has."""
        counted = Counter(catalogue.load().dataset_of[c.id].id for c in self.columns)
        return [(catalogue.load().dataset(name), count) for name, count in counted.items()]

    def looks(self) -> Counter[str]:
        """How many cells of counties have each look."""
        return Counter(cell.look for row in self.counties for cell in row.cells)


@dataclass(frozen=True)
class Section:
    """Rows under one heading; `group` is level/code of a region or city, or empty."""

    heading: str
    rows: tuple[Row, ...]


def columns() -> list[Indicator]:
    """The indicators of the table: all that are known county by county."""
    known = catalogue.load().datasets.values()
    return [indicator for d in known if d.level == "county" for indicator in d.indicators]


def weave(
    found: Mapping[tuple[str, str], Standing],
    columns: Sequence[Indicator],
    groups: Mapping[str, str],
    counties: Mapping[str, str],
    lang: str,
) -> Rug:
    """Make the cells of a table; `groups` and `counties` are names by level/code, in order.

    `found` holds what is known by level/code and indicator; what it does not hold is missing.
    """
    by_column = [_column(found, column, list(groups), list(counties), lang) for column in columns]

    def rows(names: Mapping[str, str], first: int) -> tuple[Row, ...]:
        return tuple(
            Row(group, name, tuple(cells[place] for cells in by_column))
            for place, (group, name) in enumerate(names.items(), start=first)
        )

    sample = {
        catalogue.load().dataset_of[indicator_id].id
        for (_, indicator_id), standing in found.items()
        if standing.sample
    }
    return Rug(tuple(columns), rows(groups, 0), rows(counties, len(groups)), frozenset(sample))


def fifths(values: Sequence[Decimal], *, high_first: bool) -> list[int] | None:
    """The fifth, 1 to 5, that each value lies in, counted from the high or the low end.

    The breaks are the sample quintiles of definition 1 of Hyndman and Fan (Sample quantiles in
    statistical packages, The American Statistician 50, 1996), the inverse of the empirical
    distribution function, taken from the end that comes first. A value is in the fifth
    1 + floor(5 × values before it ÷ all values): equal values are always in one fifth, that of the
    first of them, and a fifth may stay empty. None for fewer than five values or equal ones only.
    """
    ordered, count = sorted(values), len(values)
    if count < FIFTHS or ordered[0] == ordered[-1]:
        return None
    return [
        1 + FIFTHS * (count - bisect_right(ordered, v) if high_first else bisect_left(ordered, v))
        // count
        for v in values
    ]  # fmt: skip


def sorted_by(rug: Rug, indicator_id: str, first: str) -> tuple[Row, ...]:
    """The counties from the best to the worst on an indicator or the other way round.

    Without a direction the best is the highest. Equal values keep the order of their codes; those
    without a number come last either way.
    """
    place = rug.place(indicator_id)
    sign = 1 if (rug.columns[place].direction == "lower") == (first == BEST) else -1

    def key(row: Row) -> tuple[bool, Decimal]:
        value = row.cells[place].value
        return (True, Decimal(0)) if value is None else (False, sign * value)

    return tuple(sorted(rug.counties, key=key))


def arranged(rug: Rug, order: str, first: str, lang: str) -> list[Section]:
    """The groups, then the counties by region, by city, or by the indicator that `order` names."""
    sections = [Section("", rug.groups)]
    if order not in (BY_REGION, BY_CITY):
        return [*sections, Section("", sorted_by(rug, order, first))]
    named: dict[str, list[Row]] = {}
    for row in rug.counties:
        area = areas.load()[row.county]
        named.setdefault(area.region if order == BY_REGION else area.city_code, []).append(row)
    if order == BY_REGION:
        named = {code: named[code] for code in areas.REGIONS if code in named}
    for rows in named.values():
        area = areas.load()[rows[0].county]
        if order == BY_REGION:
            name = area.region_en if lang == "en" else area.region
        else:
            name = area.city_en if lang == "en" else area.city
        sections.append(Section(t("scope.option", lang, name=name, count=len(rows)), tuple(rows)))
    return sections


def finding(rug: Rug, lang: str) -> str:
    """How many verdicts on counties are met or missed, and what most counties miss."""
    looks = rug.looks()
    seen = sum(looks[name] for name in VERDICTS)
    if all(looks[name] == 0 for name in looks if name not in MARKS):
        return t("rug.finding.none", lang)
    if not seen:
        return t("rug.finding.no_verdict", lang)
    told = t("rug.finding.verdicts", lang, seen=seen, **{name: looks[name] for name in VERDICTS})
    missed = [
        sum(row.cells[i].look == "missed" for row in rug.counties) for i in range(len(rug.columns))
    ]
    most = max(missed)
    names = [c.short(lang) for c, count in zip(rug.columns, missed, strict=True) if count == most]
    if not most or len(names) > TIED:
        return told
    listed = t("finding.and", lang).join(names)
    return told + t("rug.finding.most", lang, indicators=listed, count=most)


def _column(
    found: Mapping[tuple[str, str], Standing],
    indicator: Indicator,
    groups: Sequence[str],
    counties: Sequence[str],
    lang: str,
) -> list[Cell]:
    """The cells of one column, groups before counties; only counties are divided into fifths."""
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    standings = [found.get((group, indicator.id), _ABSENT) for group in (*groups, *counties)]
    values = [
        formats.rounded(s.value, decimals) if s.status == "observed" and s.value is not None
        else None
        for s in standings
    ]  # fmt: skip
    known = [v for v in values[len(groups) :] if v is not None]
    divided = None
    if indicator.target is None:
        divided = fifths(known, high_first=indicator.direction == "higher")
    fifth_of = dict(zip(known, divided, strict=True)) if divided else {}
    words = {name: _word(name, len(known), lang) for name in palette.LOOKS}
    cells = []
    for place, (standing, value) in enumerate(zip(standings, values, strict=True)):
        if value is None:
            status = standing.status if standing.status in MARKS else "missing"
            cells.append(Cell(formats.mark(status, lang), status, status, words[status], None))
            continue
        inside = place >= len(groups)
        look = _look(standing, indicator, fifth_of.get(value) if inside else None)
        hover = words[look] if inside or look != "plain" else ""
        if look in VERDICTS and look != "met":
            gap = formats.signed(standing.gap, indicator.unit, lang, indicator.decimals)
            told = t("figure.hover.to_target", lang, gap=gap)
            hover = t("figure.separator", lang).join((hover, told))
        cells.append(Cell(formats.written(value), "observed", look, hover, value))
    return cells


def _look(standing: Standing, indicator: Indicator, fifth: int | None) -> str:
    if indicator.target is not None:
        return standing.target_status if standing.target_status in VERDICTS else "plain"
    if fifth is None:
        return "plain"
    return f"{'level' if indicator.direction == 'none' else 'fifth'}_{fifth}"


def _word(look: str, count: int, lang: str) -> str:
    """A look in words; `count` is the number of counties that fifths are of."""
    if look in VERDICTS:
        return f"{palette.LOOKS[look].sign} {t(f'figure.status.{look}', lang)}"
    if look in MARKS:
        return t(f"map.{look}", lang)
    kind, _, place = look.partition("_")
    return t(f"rug.word.{kind}", lang, place=place, count=count)


@dataclass(frozen=True)
class Key:
    """One part of the legend: what it is about; of each look its name, sign, and text."""

    heading: str
    entries: tuple[tuple[str, str, str], ...]


def legend(rug: Rug, lang: str) -> list[Key]:
    """The legend with the number of county cells of each look; what no cell has is left out."""
    looks = rug.looks()
    texts = {name: t(f"figure.status.{name}", lang) for name in VERDICTS}
    texts |= {name: t(f"map.{name}", lang) for name in MARKS}
    texts["plain"] = t("rug.legend.undivided", lang)
    parts = {
        "target": VERDICTS,
        "fifth": tuple(f"fifth_{place + 1}" for place in range(FIFTHS)),
        "level": tuple(f"level_{place + 1}" for place in range(FIFTHS)),
        "plain": ("plain",),
        "marks": MARKS,
    }
    keys = []
    for part, names in parts.items():
        entries = tuple(
            (n, *_entry(n, texts.get(n, ""), looks[n], lang)) for n in names if looks[n]
        )
        if entries:
            keys.append(Key(t(f"rug.legend.{part}", lang), entries))
    return keys


def _entry(look: str, text: str, count: int, lang: str) -> tuple[str, str]:
    sign = formats.mark(look, lang) if look in MARKS else palette.LOOKS[look].sign
    return sign, str(count) if text in ("", sign) else f"{text} {count}"


def aim(indicator: Indicator, lang: str) -> str:
    """What an indicator is held against, for the head of a narrow column: target or direction."""
    if indicator.target is None:
        return t(f"rug.{indicator.direction}", lang)
    target = formats.number(indicator.target.value, 0 if indicator.target.value % 1 == 0 else 1)
    return t(f"rug.aim_{'lower' if indicator.direction == 'lower' else 'higher'}", lang,
             target=target)  # fmt: skip
