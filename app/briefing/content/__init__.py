"""What the briefings say: each kind is a row of sections, each section blocks of one subject."""

from __future__ import annotations

from app.briefing.content.kinds import KINDS, SECTIONS, build, section_label, sections_of

__all__ = ["KINDS", "SECTIONS", "build", "section_label", "sections_of"]
