"""Words and numbers as runs of Word: numbers linked to their traces, changes as changes of Word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docx.oxml.xmlchemy import BaseOxmlElement

from app.briefing.parts import Briefing, Change, Number, Piece
from app.i18n import t
from app.word import element

BREAK = "\N{ZERO WIDTH SPACE}"  # a line may end between an old number and the new one, in neither


class Runs:
    """The runs of a briefing; each change among them has a number of its own."""

    def __init__(self, briefing: Briefing) -> None:
        self.briefing = briefing
        self.rows = {number.trace: row for row, number in enumerate(briefing.numbers(), start=1)}
        self.revision = 0

    def of(
        self, told: Iterable[Piece], size: float = 0, face: str = ""
    ) -> Iterator[BaseOxmlElement]:
        """Runs of words, links around numbers, and what was changed as changes of Word."""
        for piece in told:
            if isinstance(piece, Change):
                for tag, pieces, gone in (("w:del", piece.old, True), ("w:ins", piece.new, False)):
                    for each in pieces:
                        change = element(tag, self._revision())
                        words = each if isinstance(each, str) else each.shown
                        if gone and each is pieces[-1] and piece.new:
                            words += BREAK
                        change.append(_run(words, size, face, gone=gone))
                        link = None if gone or isinstance(each, str) else self._link(each)
                        if link is None:
                            yield change
                        else:
                            link.append(change)  # a change stands within a link, not around it
                            yield link
            elif isinstance(piece, str):
                yield _run(piece, size, face)
            else:
                link = self._link(piece)
                if link is None:
                    yield _run(piece.shown, size, face)
                else:
                    link.append(_run(piece.shown, size, face))
                    yield link

    def _link(self, number: Number) -> BaseOxmlElement | None:
        """A link to the line of a number in the list of traces."""
        row = self.rows.get(number.trace)
        if row is None:
            return None
        return element("w:hyperlink", {"w:anchor": f"n{row}", "w:history": "1"})

    def _revision(self) -> dict[str, str]:
        self.revision += 1
        return {
            "w:id": str(100_000 + self.revision),
            "w:author": t("menu.name", self.briefing.request.lang),
            "w:date": f"{self.briefing.made}T00:00:00Z",
        }


def _run(words: str, size: float, face: str, gone: bool = False) -> BaseOxmlElement:
    run = element("w:r", {})
    if size or face:
        look = element("w:rPr", {})
        if face:
            look.append(element("w:rFonts", {"w:eastAsia": face}))
        if size:
            look.append(element("w:sz", {"w:val": str(round(2 * size))}))
            look.append(element("w:szCs", {"w:val": str(round(2 * size))}))
        run.append(look)
    text = element("w:delText" if gone else "w:t", {"xml:space": "preserve"})
    text.text = words
    run.append(text)
    return run
