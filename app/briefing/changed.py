"""What has become of the numbers of a briefing since it was made, and by which submissions."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import Any, Literal

import queries
from app import areas, catalogue, formats, periods, reads, scopes, settings
from app.briefing import content
from app.briefing.ledger import Recorded
from app.briefing.parts import (
    Block,
    Briefing,
    Change,
    Chart,
    Heading,
    Number,
    Paragraph,
    Piece,
    Table,
    Told,
    Trace,
    replaced,
    text,
)
from app.errors import DashboardError
from app.intake import ledger as submissions
from app.serving import Serving

Reason = Literal["submissions", "definition", "gone"]
_READ = ("value", "change_previous", "change_year", "gap")  # what a headline tells of a group
_CLOSE = 1e-9  # relative: sums may come in another order
_CLAUSE_ENDS = "，。；：、,.;:"


@dataclasses.dataclass(frozen=True)
class Submission:
    """A submission that a number has changed by."""

    id: str
    at: str
    by: str
    note: str
    explanation: str
    file: str


@dataclasses.dataclass(frozen=True)
class ChangedNumber:
    """A number of a briefing that is different now; `new` is None where there is none any more.

    `reason` is `submissions` where some are named, `definition` where a target or the formula is
    another, and `gone` where the number can't be worked out or is not told any more.
    """

    old: Number
    new: Number | None
    reason: Reason
    by: tuple[Submission, ...]

    @property
    def difference(self) -> float | None:
        """The new value minus the old one."""
        before, now = self.old.trace.value, self.new.trace.value if self.new else None
        return None if before is None or now is None else now - before


def since(recorded: Recorded, source: Serving, stamp: str) -> list[ChangedNumber]:
    """The numbers of a briefing that are different in a vintage, in the order of its text.

    Each is worked out as it was then: the same briefing is built anew, and what it does not tell
    any more is asked for by itself.
    """
    if recorded.briefing.vintage == source.vintage:
        return []
    now = _now(recorded.briefing, source, stamp)
    found = []
    by = _By(source, recorded.briefing.vintage)
    for old in recorded.briefing.numbers():
        new = now.get(_key(old.trace)) or _asked(old, source, recorded.briefing.request.lang)
        if new is not None and _same(old, new):
            continue
        told = by.of(old.trace)
        if old.trace.quantity == "target" or not told:
            reason: Reason = "gone" if new is None else "definition"
            told = () if old.trace.quantity == "target" else told
        else:
            reason = "submissions"
        found.append(ChangedNumber(old, new, reason, told))
    return found


def updated(recorded: Recorded, source: Serving, stamp: str) -> Briefing:
    """The briefing as a vintage has it, with what reads differently marked as changed."""
    return marked(recorded.briefing, content.build(recorded.briefing.request, source, stamp))


def _now(briefing: Briefing, source: Serving, stamp: str) -> dict[Trace, Number]:
    try:
        built = content.build(briefing.request, source, stamp)
    except DashboardError:  # such as a quarter whose data were all taken back
        return {}
    return {_key(number.trace): number for number in built.numbers()}


def _key(trace: Trace) -> Trace:
    """What a number is of, whatever its vintage and value."""
    return dataclasses.replace(trace, vintage=0, value=None)


def _same(old: Number, new: Number) -> bool:
    before, now = old.trace.value, new.trace.value
    if before is None or now is None:
        return before is now and old.shown == new.shown
    return math.isclose(before, now, rel_tol=_CLOSE, abs_tol=_CLOSE)


def _asked(old: Number, source: Serving, lang: str) -> Number | None:
    """A figure that the text does not tell any more, asked for by itself."""
    trace = old.trace
    indicator = catalogue.load().indicators.get(trace.indicator)
    if indicator is None or trace.quantity not in _READ:
        return None
    read = reads.headline(source, [indicator.id], trace.period, trace.level, trace.area_code)
    row = read.get(indicator.id)
    if row is None:
        return None
    amount, status = row[trace.quantity], str(row["status"])
    if trace.quantity == "value":
        shown = formats.value(amount, indicator.unit, lang, status, indicator.decimals)
    else:
        shown = formats.signed(amount, indicator.unit, lang, indicator.decimals)
    value = None if amount is None or status != "observed" else float(amount)
    return Number(shown, dataclasses.replace(trace, vintage=source.vintage, value=value))


class _By:
    """Finds the submissions behind changes; each question is asked once."""

    def __init__(self, source: Serving, vintage: int) -> None:
        self.source, self.vintage = source, vintage
        rows = submissions.history(settings.load())
        self._known = {int(row["vintage"]): row for row in rows}
        self._found: dict[tuple[str, tuple[str, ...], tuple[str, ...]], tuple[Submission, ...]] = {}

    def of(self, trace: Trace) -> tuple[Submission, ...]:
        """The submissions after the vintage that touched what a number is made of."""
        wanted = [trace.period]
        if trace.quantity == "change_previous":
            wanted.append(periods.shift(trace.period, -1))
        if trace.quantity == "change_year":
            wanted.append(periods.shift(trace.period, -4))
        group = trace.within or f"{trace.level}/{trace.area_code}"
        names = _indicators(trace.indicator)
        told: dict[str, Submission] = {}
        for name in names:
            for each in self._of(name, tuple(wanted), _members(group)):
                told[each.id] = each
        return tuple(told.values())

    def _of(
        self, indicator: str, wanted: tuple[str, ...], codes: tuple[str, ...]
    ) -> tuple[Submission, ...]:
        key = (indicator, wanted, codes)
        if key not in self._found:
            rows = queries.rows(
                "changed_by", self.source.cursor(), vintage=self.vintage, indicator_id=indicator,
                periods=list(wanted), area_codes=list(codes),
            )  # fmt: skip
            self._found[key] = tuple(
                self._told(row["vintage"]) for row in rows if row["vintage"] in self._known
            )
        return self._found[key]

    def _told(self, vintage: int) -> Submission:
        row = self._known[vintage]
        return Submission(
            f"S{vintage}", row["submitted_at"].isoformat(timespec="minutes"),
            str(row["submitted_by"]), row["note"] or "", row["explanation"] or "",
            row["file_name"] or "",
        )  # fmt: skip


def _indicators(name: str) -> list[str]:
    """The indicator itself; of a dataset, all of its own; where indicators are counted, all."""
    known = catalogue.load()
    if not name:
        return [i.id for d in known.datasets.values() if d.level == "county" for i in d.indicators]
    if name in known.indicators:
        return [name]
    return [i.id for i in known.datasets[name].indicators] if name in known.datasets else []


@cache
def _members(group: str) -> tuple[str, ...]:
    """The areas of a group given as level/code; of a county's peers all that could be."""
    level, _, code = group.partition("/")
    if level == "county":
        return (code,)
    if level == "peers":
        return tuple(areas.load())
    if level == "pilot_region":
        region = code.removeprefix("pilot_")
        return tuple(c for c in scopes.members(areas.PILOT) if areas.load()[c].region == region)
    return tuple(scopes.members(code))


# ------------------------------------------------------------------ marking


def marked(old: Briefing, new: Briefing) -> Briefing:
    """The new briefing with changes where its text differs from the old one.

    Taking the new side of every change gives the new text, the old side the old one, block by
    block; tables and charts that are new or gone are so as a whole.
    """
    blocks: list[Block] = []
    before, now = list(old.blocks), list(new.blocks)
    matcher = SequenceMatcher(
        a=[_name(b) for b in before], b=[_name(b) for b in now], autojunk=False
    )
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            pairs = zip(before[first:last], now[start:end], strict=True)
            blocks += [_block(one, other) for one, other in pairs]
            continue
        for gone in before[first:last]:
            if isinstance(gone, Paragraph):
                blocks.append(Paragraph((Change(_plain(gone.told), ()),)))
        for come in now[start:end]:
            if isinstance(come, Paragraph):
                come = Paragraph((Change((), _plain(come.told)),))
            blocks.append(come)
    return replaced(new, blocks)


def _name(block: Block) -> str:
    """What tells whether two blocks are the same one: numbers do not."""
    if isinstance(block, Heading):
        return f"heading {block.level} {block.text}"
    if isinstance(block, Table):
        return f"table {block.caption} {len(block.head)}"
    if isinstance(block, Chart):
        return f"chart {block.kind} {block.choices.indicator}"
    told = block.told
    named = [p.trace.indicator for p in told if isinstance(p, Number)]
    first = next((p for p in told if isinstance(p, str)), "")
    return f"paragraph {named[0] if named else ''} {first[:8]}"


def _block(old: Block, new: Block) -> Block:
    if isinstance(old, Paragraph) and isinstance(new, Paragraph):
        return Paragraph(_told(old.told, new.told))
    if isinstance(old, Table) and isinstance(new, Table):
        return dataclasses.replace(new, rows=_rows(old, new))
    return new


def _rows(old: Table, new: Table) -> tuple[tuple[Told, ...], ...]:
    """Rows by their first cell: changed cell by cell, new ones and those that are gone whole."""
    before, now = list(old.rows), list(new.rows)
    matcher = SequenceMatcher(
        a=[text(row[0]) for row in before], b=[text(row[0]) for row in now], autojunk=False
    )
    rows: list[tuple[Told, ...]] = []
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            for one, other in zip(before[first:last], now[start:end], strict=True):
                rows.append(tuple(_told(a, b) for a, b in zip(one, other, strict=True)))
            continue
        for row in before[first:last]:
            rows.append(tuple((Change(_plain(cell), ()),) if text(cell) else cell for cell in row))
        for row in now[start:end]:
            rows.append(tuple((Change((), _plain(cell)),) if text(cell) else cell for cell in row))
    return tuple(rows)


def _told(old: Told, new: Told) -> Told:
    """A text with changes, clause by clause and number by number."""
    before, now = _cut(_plain(old)), _cut(_plain(new))
    matcher = SequenceMatcher(
        a=[_read(piece) for piece in before], b=[_read(piece) for piece in now], autojunk=False
    )
    pieces: list[Piece] = []
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            pieces += now[start:end]
        else:
            pieces.append(
                Change(tuple(_joined(before[first:last])), tuple(_joined(now[start:end])))
            )
    return tuple(_joined(pieces))


def _read(piece: str | Number) -> str:
    return piece if isinstance(piece, str) else f"\N{NULL}{piece.shown}"


def _cut(pieces: Sequence[str | Number]) -> list[str | Number]:
    """The same with words cut after each comma and full stop."""
    found: list[str | Number] = []
    for piece in pieces:
        if not isinstance(piece, str):
            found.append(piece)
            continue
        clause = ""
        for letter in piece:
            clause += letter
            if letter in _CLAUSE_ENDS:
                found.append(clause)
                clause = ""
        if clause:
            found.append(clause)
    return found


def _joined(pieces: Sequence[Any]) -> list[Any]:
    """The same with words that follow each other in one."""
    found: list[Any] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] = found[-1] + piece
        else:
            found.append(piece)
    return found


def _plain(told: Told) -> tuple[str | Number, ...]:
    """A text as it stands now."""
    found: list[str | Number] = []
    for piece in told:
        found += piece.new if isinstance(piece, Change) else (piece,)
    return tuple(found)
