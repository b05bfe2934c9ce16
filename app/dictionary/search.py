"""Finding entries by any of their names, and the nearest ones where nothing is found."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from app.dictionary.entries import Dictionary, Entry
from app.errors import UnknownName
from app.spellings import normal

NEAREST = 5
ALIKE = 45  # of 100; below, an entry has nothing to do with what was typed
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
    names = [(normal(name), e) for e in dictionary.entries for name in e.names]
    scored = process.extract(
        normal(text[:LONGEST]), [name for name, _ in names], scorer=fuzz.WRatio,
        score_cutoff=ALIKE, limit=NEAREST * 4,
    )  # fmt: skip
    best = {names[place][1].id: names[place][1] for _, _, place in scored}
    return list(best.values())[:NEAREST]


def named(dictionary: Dictionary, name: str) -> tuple[Entry, ...]:
    """The entries under an id; raise UnknownName with the nearest where there is none."""
    found = dictionary.of(name)
    if not found:
        near = ", ".join(e.id for e in nearest(dictionary, name)) or "—"
        raise UnknownName("error.unknown_entry", name=name, names=near)
    return found
