"""Finding entries by any of their names, and the nearest ones where nothing is found."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz

from app.dictionary.entries import Dictionary, Entry
from app.errors import UnknownName
from app.spellings import normal

NEAREST = 5
ALIKE = 50  # of 100; below, an entry has nothing to do with what was typed
PART = 0.8
LONGEST = 200  # characters of a search; no name is longer


def find(entries: Sequence[Entry], text: str) -> list[Entry]:
    """The entries whose names hold every word of a text; those whose own names do come first."""
    words = [normal(word) for word in unicodedata.normalize("NFKC", text[:LONGEST]).split()]
    words = [word for word in words if word]

    def holds(names: Sequence[str]) -> bool:
        together = "\n".join(map(normal, names))
        return all(word in together for word in words)

    own = [entry for entry in entries if holds(entry.names)]
    found = {entry.id for entry in own}
    return own + [e for e in entries if e.id not in found and holds((*e.names, *e.related))]


def nearest(dictionary: Dictionary, text: str) -> list[Entry]:
    """The entries with a name most like a text, best first; none where nothing is like it."""
    typed = normal(text[:LONGEST])
    scores = [max(_alike(typed, normal(n)) for n in e.names) for e in dictionary.entries]
    best = sorted(zip(scores, dictionary.entries, strict=True), key=lambda pair: -pair[0])
    return [entry for score, entry in best[:NEAREST] if score >= ALIKE]


def _alike(typed: str, name: str) -> float:
    """How alike two texts are, of 100; likeness to a part of a name counts for less."""
    part = fuzz.partial_ratio(typed, name) if len(typed) <= len(name) else 0.0
    return max(fuzz.ratio(typed, name), PART * part)


def named(dictionary: Dictionary, name: str) -> tuple[Entry, ...]:
    """The entries under an id; raise UnknownName with the nearest where there is none."""
    found = dictionary.of(name)
    if not found:
        near = ", ".join(e.id for e in nearest(dictionary, name)) or "—"
        raise UnknownName("error.unknown_entry", name=name, names=near)
    return found
