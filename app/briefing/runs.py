"""A paragraph's text in runs, and the runs in sentences, for files that have no tracked changes.

Of a change the new text is marked, and the old one follows in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from app.briefing.parts import Change, Number, Told, text
from app.i18n import t

_END = re.compile(r"[。！？]+[”’）」]*|[.!?]+[”’)]*(?=\s+[A-Z“(])")
_PAUSE = re.compile(r"[；;]+")


@dataclass(frozen=True)
class Run:
    """A piece of text that looks alike: words or one number; `mark` says what a change made it."""

    text: str
    number: Number | None = None
    mark: Literal["", "new", "old"] = ""


def runs(told: Told, lang: str) -> list[Run]:
    """The runs of a piece of text."""
    found: list[Run] = []
    for piece in told:
        if isinstance(piece, Change):
            found += [replace(run, mark="new") for run in runs(piece.new, lang)]
            old = text(piece.old)
            if old:
                key = "native.was" if text(piece.new) else "native.removed"
                found.append(Run(t(key, lang, text=old), mark="old"))
        elif isinstance(piece, Number):
            found.append(Run(piece.shown, piece))
        else:
            found.append(Run(piece))
    return [run for run in found if run.text]


def words(pieces: Iterable[Run]) -> str:
    """The text of runs."""
    return "".join(run.text for run in pieces)


def sentences(pieces: list[Run]) -> list[list[Run]]:
    """The runs of each sentence; the old text of a change stays with the new one."""
    return _cut(pieces, _places(pieces, _END))


def clauses(pieces: list[Run]) -> list[list[Run]]:
    """The runs of a sentence between its semicolons."""
    return _cut(pieces, _places(pieces, _PAUSE))


def lines(pieces: list[Run], broken: list[str], each: int) -> list[list[Run]]:
    """The runs cut after so many of the lines that they were broken into."""
    places, at, whole = [], 0, words(pieces)
    for number, line in enumerate(broken, start=1):
        at = whole.index(line, at) + len(line)
        if number % each == 0:
            places.append(at)
    return _cut(pieces, places)


def _places(pieces: list[Run], end: re.Pattern[str]) -> list[int]:
    """The places in the text behind which a piece ends."""
    whole, places = words(pieces), []
    spans, at = [], 0
    for run in pieces:
        spans.append((at, at + len(run.text), run))
        at += len(run.text)
    for match in end.finditer(whole):
        place = match.end()
        inside = next(run for start, stop, run in spans if start <= match.start() < stop)
        if inside.mark == "old" or inside.number is not None:
            continue
        after = next(((stop, run) for start, stop, run in spans if start == place), None)
        places.append(after[0] if after and after[1].mark == "old" else place)
    return places


def _cut(pieces: list[Run], places: list[int]) -> list[list[Run]]:
    parts: list[list[Run]] = [[]]
    at, wanted = 0, iter([*sorted(set(places)), -1])
    place = next(wanted)
    for run in pieces:
        rest = run
        while place >= 0 and at < place <= at + len(rest.text):
            head, tail = rest.text[: place - at], rest.text[place - at :]
            parts[-1].append(replace(rest, text=head))
            parts.append([])
            at, rest, place = place, replace(rest, text=tail), next(wanted)
        if rest.text:
            parts[-1].append(rest)
            at += len(rest.text)
    return [stripped for part in parts if (stripped := _stripped(part))]


def _stripped(part: list[Run]) -> list[Run]:
    while part and not part[0].text.strip():
        part = part[1:]
    if part:
        part = [replace(part[0], text=part[0].text.lstrip()), *part[1:]]
    return part if words(part).strip() else []
