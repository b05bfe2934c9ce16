"""The item of a row, such as a task: by its id or by its name."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from app.catalogue import Dataset, Item
from app.i18n import LANGUAGES, t
from app.intake.line import Line
from app.spellings import normal

_NEAR = 60


class ItemReader:
    """Finds the item of each row of a sheet; every row of a dataset without items has the same."""

    def __init__(self, line: Line, dataset: Dataset) -> None:
        self._line, self._dataset = line, dataset
        self._names = {
            normal(name): item
            for item in dataset.items
            for name in (item.id, *(item.label(lang) for lang in LANGUAGES))
        }

    def item(self) -> Item | None:
        """The item of the row; an error if it has none that is known, or two that differ."""
        line = self._line
        written = [normal(line.key(key)) for key in ("item_id", "item_name")]
        found = {item.id: item for text in written if (item := self._names.get(text)) is not None}
        position = line.position("item_id", "item_name")
        if len(found) == 1 and sum(map(bool, written)) == sum(t in self._names for t in written):
            return next(iter(found.values()))
        if len(found) == 2:
            line.error("item_mismatch", t("check.item_mismatch", line.lang), position)
            return None
        text = next((text for text in written if text and text not in self._names), "")
        near = process.extractOne(text, list(self._names), scorer=fuzz.ratio, score_cutoff=_NEAR)
        told = t("check.unknown_item", line.lang)
        if near is not None:
            meant = self._names[near[0]].label(line.lang)
            told = t("check.unknown_item_near", line.lang, near=meant)
        line.error("unknown_item", told, position)
        return None
