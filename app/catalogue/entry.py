"""What each entry of the catalogue is made of: known keys, identifiers, bilingual texts."""

from __future__ import annotations

import string
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Entry(BaseModel):
    """An entry that refuses unknown keys and values of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Text(Entry):
    """One text in both languages."""

    zh: Filled
    en: Filled

    def __call__(self, lang: str) -> str:
        """The text in one language."""
        return self.en if lang == "en" else self.zh


def fields(text: str) -> set[str]:
    """The names of the values a message takes."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
