"""Phrases of a briefing: words from the translations with traced numbers in their places."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence

from app.briefing.parts import Piece, Told
from app.i18n import t, texts

ROOT = "briefing_text"
_FORMATTER = string.Formatter()


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
