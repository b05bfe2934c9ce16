"""A briefing as a Word file in the layout of an official document (GB/T 9704-2012).

Sizes and margins are those of the standard; docs/decisions/0019 tells what follows it and what does
not. Numbers in the text are links to their rows in the list of traces at the end.
"""

from app.briefing.word.document import document

__all__ = ["document"]
