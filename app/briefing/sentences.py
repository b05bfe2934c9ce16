"""Sentences made from figures by templates: what is printed agrees with what is traced.

Nothing is said that the figures do not carry: a missing base is named, a change over fewer areas
says over how many, and what has no direction is neither good nor bad.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from app import areas, catalogue, formats, formula, palette, periods
from app.briefing.parts import Number, Piece, Quantity, Told, Trace
from app.catalogue import Indicator
from app.i18n import t, texts

ROOT = "briefing_text"
REACHED, DUE, OPEN = "met", ("near", "missed"), "not_due"  # verdicts of a target
Before = Literal["previous", "year"]
BEFORE: tuple[Before, ...] = ("previous", "year")
_FORMATTER = string.Formatter()


@dataclass(frozen=True)
class Base:
    """What a change is taken from: an earlier quarter, and what was known of it.

    `change` is over the `matched` areas known in both quarters; `reporting` were known then.
    `sample` tells whether that quarter's data were sample, None where there were none.
    """

    period: str
    change: float | None = None
    matched: int = 0
    reporting: int = 0
    status: str = "missing"
    sample: bool | None = None


@dataclass(frozen=True)
class Rank:
    """A place among the `count` areas of a group (as level/code) that have a value."""

    within: str
    place: int
    count: int
    tied: bool


@dataclass(frozen=True)
class Fact:
    """What one indicator says of one group of areas in a quarter, and what it can be held against.

    `reporters` are those who report, counties or cities; `expected` is how many of them there are.
    """

    indicator: Indicator
    level: str
    code: str
    period: str
    vintage: int
    lang: str
    value: float | None
    status: str
    target_status: str
    gap: float | None
    sample: bool
    reporting: int
    expected: int
    previous: Base
    year: Base
    reporters: areas.Level = "county"

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    @property
    def partial(self) -> bool:
        """Whether some of a group's areas are not in its figure."""
        return self.level != "county" and self.reporting < self.expected

    def base(self, before: Before) -> Base:
        """The quarter before, or the same quarter of the year before."""
        return self.previous if before == "previous" else self.year

    def number(
        self, shown: str, quantity: Quantity = "value", value: float | None = None, *,
        within: str = "", of: str = "",
    ) -> Number:  # fmt: skip
        """A number of this indicator, group and quarter as it is printed."""
        trace = Trace(
            self.indicator.id, self.level, self.code, self.period, self.vintage, quantity, value,
            within, of,
        )  # fmt: skip
        return Number(shown, trace)


def told(key: str, lang: str, **values: Piece | Told | None) -> Told:
    """A text of the briefings with pieces in its places; what is None leaves its place empty."""
    pieces: list[Piece] = []
    for literal, name, _, _ in _FORMATTER.parse(texts(lang)[f"{ROOT}.{key}"]):
        pieces.append(literal)
        value = values[name] if name is not None else None
        if isinstance(value, tuple):
            pieces += value
        elif value is not None:
            pieces.append(value)
    return merged(pieces)


def text(key: str, lang: str, **values: object) -> str:
    """A text of the briefings that has no numbers in it."""
    return t(f"{ROOT}.{key}", lang, **values)


def merged(pieces: Iterable[Piece]) -> Told:
    """Pieces with the words that follow each other in one."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece != "":
            found.append(piece)
    return tuple(found)


def joined(parts: Sequence[Told], separator: str) -> Told:
    """Parts with a separator between them."""
    pieces: list[Piece] = []
    for place, part in enumerate(parts):
        pieces += [separator] if place else []
        pieces += part
    return merged(pieces)


def listed(parts: Sequence[Told], lang: str) -> Told:
    """Parts as a list in running text: one, another and a third."""
    if len(parts) < 2:
        return parts[0] if parts else ()
    head = joined(parts[:-1], text("list", lang))
    return merged([*head, text("and", lang), *parts[-1]])


def sentence(*clauses: Told, lang: str) -> Told:
    """Clauses as one sentence; it begins with a capital and ends with a full stop."""
    whole = joined([clause for clause in clauses if clause], text("comma", lang))
    return merged([*capital(whole), text("stop", lang)])


def capital(whole: Told) -> Told:
    """The same beginning with a capital letter."""
    first = whole[0] if whole else ""
    return (first[:1].upper() + first[1:], *whole[1:]) if isinstance(first, str) else whole


def paragraph(sentences: Iterable[Told], lang: str) -> Told:
    """Sentences in one paragraph."""
    return joined([each for each in sentences if each], text("space", lang))


# What an indicator is, in running text


@cache
def basis(indicator_id: str) -> Literal["stock", "quarter", "cumulative"]:
    """Whether an indicator is a state at the quarter's end, the quarter's own, or year to date."""
    known = catalogue.load()
    indicator, dataset = known.indicator(indicator_id), known.dataset_of[indicator_id]
    sides = [indicator.numerator, *([indicator.denominator] if indicator.denominator else [])]
    flows = {
        reference.qualifier
        for side in sides
        for reference in formula.references(side)
        if dataset.measure(reference.measure).kind == "flow"
    }
    return "stock" if not flows else "quarter" if "quarter" in flows else "cumulative"


def name(indicator: Indicator, lang: str, *, short: bool = False) -> str:
    """An indicator in running text, with the span it is of where its name does not say so."""
    label = (indicator.short if short else indicator.label)(lang)
    label = label[:1].lower() + label[1:] if lang == "en" else label
    of = basis(indicator.id)
    said = text("quarter_word", lang) in label
    return label if of == "stock" or (of == "quarter" and said) else text(
        f"of_{of}", lang, indicator=label
    )  # fmt: skip


def when(fact: Fact) -> str:
    """Of which moment or span a figure is."""
    of = "quarter" if basis(fact.indicator.id) == "quarter" else "stock"
    return text(f"when_{of}", fact.lang, period=periods.label(fact.period, fact.lang))


# Numbers as they stand in sentences


def value(fact: Fact) -> Number:
    """The figure with its unit; a large amount of yuan in 万元 or 亿元."""
    unit, decimals = fact.indicator.unit, fact.indicator.decimals
    if unit == "yuan":
        shown = formats.in_text(fact.value, unit, fact.lang, fact.status)
    else:
        shown = formats.value(fact.value, unit, fact.lang, fact.status, decimals)
    return fact.number(shown, "value", fact.value)


def target(fact: Fact) -> Number:
    """The target with its unit."""
    aim = fact.indicator.target
    assert aim is not None
    shown = formats.target(aim.value, fact.indicator.unit, fact.lang)
    return fact.number(shown, "target", aim.value)


def target_year(fact: Fact) -> Number:
    """The year of a target that has one."""
    aim = fact.indicator.target
    assert aim is not None and aim.year != "each"
    shown = text("year", fact.lang, year=aim.year)
    return fact.number(shown, "target", float(aim.year), of="year")


def gap(fact: Fact) -> Number:
    """The distance from the target, without a sign; one that is not nothing is never printed 0."""
    assert fact.gap is not None
    indicator, lang = fact.indicator, fact.lang
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    shown = _amount(fact.gap, indicator, lang)
    if fact.gap != 0 and formats.rounded(fact.gap, decimals) == 0:
        least = formats.difference(10.0**-decimals, indicator.unit, lang, indicator.decimals)
        shown = text("less_than", lang, amount=least)
    return fact.number(shown, "gap", fact.gap)


def count(
    fact: Fact, amount: int, of: str, *, within: str = "", shown: str | None = None
) -> Number:  # fmt: skip
    """How many areas of the group something holds of."""
    return fact.number(
        formats.number(amount) if shown is None else shown, "count", float(amount),
        within=within, of=of,
    )  # fmt: skip


def areas_of(amount: int, reporters: areas.Level, lang: str) -> str:
    """The word for so many of those who report: 个县, 个市, county, counties."""
    return text(f"{reporters}_one" if amount == 1 else f"{reporters}_many", lang)


def _amount(difference: float, indicator: Indicator, lang: str) -> str:
    if indicator.unit == "yuan":
        return formats.in_text(abs(difference), indicator.unit, lang)
    return formats.difference(difference, indicator.unit, lang, indicator.decimals)


# Clauses


def statement(
    fact: Fact, place: str = "", *, dated: bool = True, short: bool = False
) -> Told:  # fmt: skip
    """What the figure is, of how many areas, or why there is none."""
    lang = fact.lang
    label = name(fact.indicator, lang, short=short)
    said = {"place": place, "indicator": label, "when": when(fact) if dated else ""}
    where = "of_place" if place else "alone"
    if not fact.known:
        return told(f"{where}.{fact.status}", lang, **said)
    return told(f"{where}.value", lang, **said, value=value(fact), coverage=coverage(fact))


def coverage(fact: Fact) -> Told:
    """How many areas are in a group's figure, where some are not."""
    if not fact.partial:
        return ()
    number = fact.number(formats.number(fact.reporting), "areas_reporting", float(fact.reporting))
    word = areas_of(fact.reporting, fact.reporters, fact.lang)
    return told("coverage", fact.lang, reporting=number, areas=word)


def changes(fact: Fact) -> list[Told]:
    """Clauses on the change on the quarter and the year before, or why there is none."""
    if not fact.known:
        return []
    reasons = {before: no_base(fact, before) for before in BEFORE}
    if reasons["previous"] == reasons["year"] == "missing":
        return [told("no_base.both", fact.lang)]
    return [clause for before in BEFORE if (clause := change(fact, before))]


def moved(fact: Fact, before: Before) -> bool:
    """Whether a change is known that is not nothing as it is printed."""
    amount, indicator = fact.base(before).change, fact.indicator
    if amount is None or no_base(fact, before) is not None:
        return False
    decimals = formats.decimals_of(indicator.unit, indicator.decimals)
    return formats.rounded(amount, decimals) != 0


def change(fact: Fact, before: Before) -> Told:
    """The clause on one change; nothing is said of what is never compared."""
    lang, base, reason = fact.lang, fact.base(before), no_base(fact, before)
    since = text(f"since.{before}", lang)
    if reason is not None:
        word = text(f"{fact.reporters}_noun", lang)
        return told(f"no_base.{before}.{reason}", lang, areas=word)
    amount = base.change
    assert amount is not None
    indicator = fact.indicator
    shown = formats.rounded(amount, formats.decimals_of(indicator.unit, indicator.decimals))
    quantity: Quantity = "change_previous" if before == "previous" else "change_year"
    if shown == 0:
        same = fact.number(text("same", lang), quantity, amount)
        clause = told("unmoved", lang, beside=text(f"beside.{before}", lang), same=same)
    else:
        number = fact.number(_amount(amount, indicator, lang), quantity, amount)
        verb = text(f"verb.{_manner(indicator)}_{'up' if shown > 0 else 'down'}", lang)
        clause = told("moved", lang, since=since, verb=verb, amount=number)
    if fact.level == "county" or base.matched == fact.reporting == base.reporting:
        return clause
    if base.matched == fact.reporting:  # those of the figure itself; more or others were known then
        return told("same_areas", lang, moved=clause)
    matched = count(fact, base.matched, f"with_{before}")
    word = areas_of(base.matched, fact.reporters, lang)
    return told("like_for_like", lang, count=matched, areas=word, moved=clause)


def no_base(fact: Fact, before: Before) -> str | None:
    """Why a change can't be told, None where it can: missing, not_applicable, sample and so on."""
    base = fact.base(before)
    if before == "previous" and basis(fact.indicator.id) == "cumulative":
        return "cumulative"
    if base.change is not None:
        return None
    if base.status != "observed":
        return base.status
    if base.sample != fact.sample:
        return "sample" if base.sample else "real"
    return "unmatched"


def _manner(indicator: Indicator) -> str:
    """Counts grow and shrink, shares with a direction rise and fall, others go up and down."""
    if indicator.denominator is None:
        return "count"
    return "share" if indicator.unit == "percent" and indicator.direction != "none" else "plain"


def against_target(fact: Fact) -> Told:
    """How far from its target a figure is; a target before its year is only a distance."""
    aim, lang = fact.indicator.target, fact.lang
    if aim is None or fact.gap is None or fact.target_status == "none":
        return ()
    if fact.target_status == REACHED:
        return told("target.met_zero", lang) if aim.value == 0 else told(
            "target.met", lang, target=target(fact)
        )  # fmt: skip
    if aim.value == 0:  # the figure itself is the distance
        return told(f"target.zero_{'not_due' if fact.target_status == OPEN else 'due'}", lang)
    side = "lower" if fact.indicator.direction == "lower" else "higher"
    values: dict[str, Piece] = {"target": target(fact), "gap": gap(fact)}
    if fact.target_status != OPEN:
        return told(f"target.{side}_due", lang, **values)
    if aim.year == "each":
        return told(f"target.{side}_of_year", lang, **values)
    return told(f"target.{side}_not_due", lang, **values, year=target_year(fact))


def ranked(fact: Fact, rank: Rank, among: str) -> Told:
    """The place in a group; `among` is its name in words."""
    lang = fact.lang
    of_count = count(fact, rank.count, "ranked", within=rank.within)
    return told("ranked", lang, rank=place(fact, rank), count=of_count, among=among)


def place(fact: Fact, rank: Rank) -> Number:
    """A place as it is written, ties told."""
    shown = t("figure.tied" if rank.tied else "figure.rank", fact.lang, rank=rank.place)
    return fact.number(shown, "rank", float(rank.place), within=rank.within)


def whole(fact: Fact, where: str = "", *, dated: bool = True, ranks: Sequence[Told] = ()) -> Told:
    """A sentence with all that is to be said of a figure."""
    clauses = [statement(fact, where, dated=dated), *changes(fact), against_target(fact), *ranks]
    return sentence(*clauses, lang=fact.lang)


# Cells of tables: the unit stands in the head


def cell(fact: Fact) -> Told:
    """The figure without its unit, or the mark of why there is none."""
    indicator = fact.indicator
    shown = formats.value(
        fact.value, indicator.unit, fact.lang, fact.status, indicator.decimals, with_unit=False
    )
    return (fact.number(shown, "value", fact.value),)


def with_sign(shown: Told, fact: Fact) -> Told:
    """A cell with the sign of the verdict beside it."""
    sign = palette.STATUSES[fact.target_status].sign
    return merged([*shown, text("signed", fact.lang, sign=sign)]) if sign else shown


def change_cell(fact: Fact, before: Before) -> Told:
    """A change with ▲ or ▼; a mark where there is none or none is ever taken."""
    indicator, base, lang = fact.indicator, fact.base(before), fact.lang
    quantity: Quantity = "change_previous" if before == "previous" else "change_year"
    reason = no_base(fact, before)
    if reason is not None:
        never = fact.known and reason in ("cumulative", "not_applicable")
        mark = formats.mark("not_applicable" if never else "missing", lang)
        return (fact.number(mark, quantity),)
    shown = formats.change(base.change, indicator.unit, lang, indicator.decimals, with_unit=False)
    return (fact.number(shown, quantity, base.change),)


def target_cell(fact: Fact) -> Told:
    """The target and its year; nothing where there is none."""
    aim = fact.indicator.target
    if aim is None:
        return (text("no_target", fact.lang),)
    if aim.year == "each":
        return told("target_each", fact.lang, target=target(fact))
    return told("target_by", fact.lang, target=target(fact), year=target_year(fact))


def gap_cell(fact: Fact) -> Told:
    """The distance from the target with + or −, its verdict beside it."""
    if fact.gap is None:
        return ("",)
    indicator = fact.indicator
    shown = formats.signed(fact.gap, indicator.unit, fact.lang, indicator.decimals)
    return (fact.number(shown, "gap", fact.gap),)


def rank_cell(fact: Fact, rank: Rank | None) -> Told:
    """A place and of how many; a mark where there is no value, nothing without a direction."""
    if rank is None:
        if fact.indicator.direction == "none":
            return (text("no_rank", fact.lang),)
        return (
            formats.mark(fact.status if fact.status in formats.MARKS else "missing", fact.lang),
        )
    of_count = count(fact, rank.count, "ranked", within=rank.within)
    shown = text("tied_place" if rank.tied else "place", fact.lang, rank=rank.place)
    number = fact.number(shown, "rank", float(rank.place), within=rank.within)
    return told("place_of", fact.lang, rank=number, count=of_count)


def head(indicator: Indicator, lang: str) -> str:
    """An indicator with its unit and span, as the head of a row or column."""
    label = indicator.short(lang)
    of = basis(indicator.id)
    if of == "quarter" and text("quarter_word", lang) in label:
        of = "stock"  # the name says it
    unit = catalogue.load().unit(indicator.unit).label(lang)
    return text(f"head_{of}", lang, indicator=label, unit=unit)


def of_rows(
    rows: Iterable[Mapping[Any, Any]], period: str, vintage: int, lang: str
) -> Iterator[Fact]:
    """Facts of single counties (or cities) from rows of the county frame."""
    known = catalogue.load()
    for row in rows:
        indicator = known.indicator(row["indicator_id"])
        reporters = known.dataset_of[indicator.id].level
        yield of_row(row, indicator, (reporters, str(row["area_code"])), period, vintage, lang)


def of_row(
    row: Mapping[Any, Any], indicator: Indicator, group: tuple[str, str], period: str, vintage: int,
    lang: str,
) -> Fact:  # fmt: skip
    """The fact of a county (or a city that reports) from its row; of its bases only the changes."""
    known = int(row["status"] == "observed")

    def base(quarters: int, change: Any) -> Base:
        found = float(change) if change is not None and change == change else None
        status = "missing" if found is None else "observed"
        return Base(periods.shift(period, quarters), found, known, known, status, row["sample"])

    def amount(column: str) -> float | None:
        found = row[column]
        return float(found) if found is not None and found == found else None

    return Fact(
        indicator, *group, period, vintage, lang, amount("value"), str(row["status"]),
        str(row["target_status"]), amount("gap"), bool(row["sample"]), known, 1,
        base(-1, row.get("change_previous")), base(-4, row.get("change_year")),
        catalogue.load().dataset_of[indicator.id].level,
    )  # fmt: skip
