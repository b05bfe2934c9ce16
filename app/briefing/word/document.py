"""The whole document, from its head to the list of traces."""

from __future__ import annotations

import io
from collections.abc import Mapping

from app.briefing.parts import Briefing, Chart
from app.briefing.word import frame, page, styles, traces
from app.briefing.word.blocks import Blocks
from app.briefing.word.sheet import Sheet


def document(briefing: Briefing, pictures: Mapping[Chart, bytes]) -> bytes:
    """A briefing as a Word file; a chart without a picture becomes a line that says so."""
    sheet = Sheet(briefing)
    page.lay(sheet)
    styles.give(sheet)
    frame.head(sheet)
    Blocks(sheet, pictures).write()
    frame.foot(sheet)
    traces.write(sheet)
    out = io.BytesIO()
    sheet.made.save(out)
    return out.getvalue()
