"""Text of the interface in Chinese and English; the catalogue holds the text of the field."""

from __future__ import annotations

import string
from functools import cache
from typing import Any

import yaml

from app.settings import ROOT

LANGUAGES = ("zh", "en")
TRANSLATIONS = ROOT / "app" / "translations"


@cache
def texts(lang: str) -> dict[str, str]:
    """All texts of one language, keyed by dotted path."""
    flat: dict[str, str] = {}

    def walk(node: dict[str, Any], path: str) -> None:
        for key, value in node.items():
            if isinstance(value, dict):
                walk(value, f"{path}{key}.")
            else:
                flat[f"{path}{key}"] = str(value)

    for file in sorted(TRANSLATIONS.glob(f"*.{lang}.yaml")):
        walk(yaml.load(file.read_text("utf-8"), yaml.CSafeLoader), "")
    return flat


class _Numbered(string.Formatter):
    """Fills in a text in which `{count:county|counties}` is the word that agrees with a number."""

    def format_field(self, value: Any, spec: str) -> str:
        one, bar, many = spec.partition("|")
        if not bar:
            return str(super().format_field(value, spec))
        return one if str(value) == "1" else many


_NUMBERED = _Numbered()


def t(key: str, lang: str = "zh", **values: object) -> str:
    """One text in one language with its values filled in; an unknown key raises KeyError.

    `{count:county|counties}` in a text is the first word where the value is 1, else the second.
    """
    return filled(texts(lang)[key], **values)


def filled(text: str, /, **values: object) -> str:
    """A text of the catalogue with its values filled in, as `t` does."""
    # Python's own is many times as quick, and few texts have such words
    return _NUMBERED.vformat(text, (), values) if "|" in text else text.format(**values)
