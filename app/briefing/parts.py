"""What a briefing is made of: headings, sentences, tables and charts whose numbers can be traced.

Everything here is plain data that goes into JSON and comes back the same: the ledger of briefings
keeps it, so that a briefing can be written again word for word.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from pydantic import TypeAdapter

from app.audience import INSIDE, Audience
from app.scopes import Choices

Kind = Literal["county", "area", "bulletin", "topic", "composed"]
# What of an indicator a number is: the figure itself, its change on the quarter or the year before,
# its distance from the target, its place, or how many areas something holds of.
Quantity = Literal[
    "value", "numerator", "denominator", "change_previous", "change_year", "gap", "target",
    "rank", "count", "areas_reporting", "areas_valued", "areas_expected",
]  # fmt: skip


@dataclass(frozen=True)
class Fills:
    """The blocks of an official document that its writer fills in; empty ones are left blank."""

    number: str = ""  # 发文字号
    issuer: str = ""  # 发文机关
    signer: str = ""  # 签发
    copies: str = ""  # 抄送


@dataclass(frozen=True)
class Request:
    """What a briefing was asked to be; `area_code` is what it is about.

    A county for a county's, a city or region for an area's, `pilot` for a bulletin. `sections`,
    `counties` and `indicators` are picked in the composer, in that order; empty means the usual.
    """

    kind: Kind
    period: str
    area_code: str
    lang: str = "zh"
    dataset: str = ""  # of a topic report
    indicators: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    fills: Fills = Fills()
    audience: Audience = INSIDE  # whose figures it is made of


@dataclass(frozen=True)
class Trace:
    """Where a number comes from; `value` is not rounded, and None where there is none.

    `area_code` belongs to `level` (county, city, region, pilot, pilot_region or province). `within`
    is the group, as level/code, in which a rank or a count was taken; `peers/` and a county's code
    for the county and those most alike it. `of` says what a count counted, such as `missed`, and of
    a target that the number is its `year`.

    Where a number tells how many have reported, `indicator` is the dataset; it is empty where
    indicators themselves were counted.
    """

    indicator: str
    level: str
    area_code: str
    period: str
    vintage: int
    quantity: Quantity = "value"
    value: float | None = None
    within: str = ""
    of: str = ""


@dataclass(frozen=True)
class Number:
    """A number as it is printed, with its unit where the sentence has it so, and its trace."""

    shown: str
    trace: Trace


@dataclass(frozen=True)
class Change:
    """What stood in an earlier make of a briefing, and what stands there now; either may be ()."""

    old: tuple[str | Number, ...]
    new: tuple[str | Number, ...]


Piece = str | Number | Change
Told = tuple[Piece, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (一、), 2 （一）, 3 (1.) or 4 （1）, without its number.

    `new` where an earlier make of the briefing did not have it.
    """

    text: str
    level: int = 1
    new: bool = False
    part: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of sentences."""

    told: Told
    part: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Table:
    """A table: captions above it, a head, cells; the first column names, the others are numbers.

    `widths` are shares of the width of the text. `note` stands below.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Told, ...], ...]
    widths: tuple[float, ...]
    note: str = ""
    part: Literal["table"] = "table"


@dataclass(frozen=True)
class Series:
    """A row of numbers of a chart, one for each of its categories."""

    name: str
    numbers: tuple[Number | None, ...]


@dataclass(frozen=True)
class Chart:
    """A chart: how its picture is drawn (`app.figures.drawn`), and its numbers for a native one.

    `form` is the native chart nearest to it; None where there is none, as of a map.
    """

    kind: str
    choices: Choices
    caption: str
    alt: str
    unit: str
    decimals: int
    form: Literal["bar", "line"] | None = None
    categories: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    part: Literal["chart"] = "chart"


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True)
class Briefing:
    """A briefing: what was asked for, when and from which vintage it was made, and what it says.

    Counts from 1 to below `hidden_below` are not in it; 0 where it has all.
    """

    request: Request
    title: str
    subtitle: str  # the quarter, the coverage
    vintage: int
    made: str  # ISO date
    sample: bool
    blocks: tuple[Block, ...] = field(default_factory=tuple)
    hidden_below: int = 0

    def numbers(self) -> list[Number]:
        """Every number in the order of the text, each trace once; of a change the new one."""
        found: dict[Trace, Number] = {}
        for number in _numbers(self.blocks):
            found.setdefault(number.trace, number)
        return list(found.values())

    def charts(self) -> list[Chart]:
        """The charts, in order."""
        return [block for block in self.blocks if isinstance(block, Chart)]


def written(briefing: Briefing) -> bytes:
    """A briefing as JSON."""
    return _adapter().dump_json(briefing, indent=1)


def read(document: bytes) -> Briefing:
    """A briefing from its JSON. Raises pydantic.ValidationError for anything else."""
    return _adapter().validate_json(document)


def text(told: Iterable[Piece]) -> str:
    """The words of a piece of text; of a change the new ones."""
    return "".join(map(_words, told))


def replaced(briefing: Briefing, blocks: Iterable[Block]) -> Briefing:
    """The same briefing with other blocks."""
    return dataclasses.replace(briefing, blocks=tuple(blocks))


def _words(piece: Piece) -> str:
    if isinstance(piece, Change):
        return text(piece.new)
    return piece if isinstance(piece, str) else piece.shown


def _numbers(blocks: Iterable[Block]) -> Iterator[Number]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from _of(block.told)
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    yield from _of(cell)
        elif isinstance(block, Chart):
            for series in block.series:
                yield from (each for each in series.numbers if each is not None)


def _of(told: Iterable[Piece]) -> Iterator[Number]:
    for piece in told:
        if isinstance(piece, Number):
            yield piece
        elif isinstance(piece, Change):
            yield from _of(piece.new)


@cache
def _adapter() -> TypeAdapter[Briefing]:
    return TypeAdapter(Briefing)
