"""Text of the interface in Chinese and English; the catalogue holds the text of the field."""

from __future__ import annotations

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


def t(key: str, lang: str = "zh", **values: object) -> str:
    """One text in one language with its values filled in; an unknown key raises KeyError."""
    return texts(lang)[key].format(**values)
