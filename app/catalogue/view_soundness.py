"""Whether the views of a dataset's page show what it has, and what goes together."""

from __future__ import annotations

from collections.abc import Mapping

from app.catalogue.dataset import Dataset
from app.catalogue.entry import fields
from app.catalogue.views import (
    FunnelView,
    GapsView,
    PairView,
    PartsView,
    RemainingView,
    StandardsView,
)
from app.catalogue.whole import Catalogue
from app.catalogue.yaml_file import File, Place


def require(dataset: Dataset, catalogue: Catalogue, file: File) -> None:
    """Raise CatalogueInvalid unless the views of a dataset's page suit it."""
    measures = {m.id: m for m in dataset.measures}
    indicators = {i.id: i for i in dataset.indicators}

    def known(key: str, names: list[str], have: Mapping[str, object], place: Place) -> None:
        for position, name in enumerate(names):
            if name not in have:
                word = key.removesuffix("s")
                raise file.error((*place, key, position), f"no {word} {name} in {dataset.id}")
            if name in names[:position]:
                raise file.error((*place, key, position), f"{name} is there twice")

    def alike(key: str, what: str, found: list[str], place: Place) -> None:
        for position, value in enumerate(found):
            if value != found[0]:
                raise file.error(
                    (*place, key, position), f"one {what} is wanted, not {found[0]} and {value}"
                )

    for index, view in enumerate(dataset.views):
        place: Place = ("views", index)
        match view:
            case StandardsView() | PartsView() | FunnelView():
                known("measures", view.measures, measures, place)
                kinds = [str(measures[name].kind) for name in view.measures]
                for position, kind in enumerate(kinds):
                    if (kind == "standard") != (view.kind == "standards"):
                        name = view.measures[position]
                        message = f"{name} is a {kind}, which no view {view.kind} shows"
                        raise file.error((*place, "measures", position), message)
                alike("measures", "kind", kinds, place)
                units = [measures[name].unit for name in view.measures]
                if isinstance(view, PartsView) and view.unit not in catalogue.units:
                    raise file.error((*place, "unit"), f"unknown unit {view.unit}")
                if isinstance(view, PartsView) and view.unit != units[0]:
                    message = f"{view.measures[0]} is in {units[0]}, not {view.unit}"
                    raise file.error((*place, "unit"), message)
                alike("measures", "unit", units, place)
            case GapsView() | PairView():
                known("indicators", view.indicators, indicators, place)
                alike("indicators", "unit", [indicators[i].unit for i in view.indicators], place)
            case RemainingView():
                if view.indicator not in indicators:
                    message = f"no indicator {view.indicator} in {dataset.id}"
                    raise file.error((*place, "indicator"), message)
                if indicators[view.indicator].unit != "percent":
                    message = f"{view.indicator} is no percentage of a whole"
                    raise file.error((*place, "indicator"), message)
                _check_texts(view, file, place)


def _check_texts(view: RemainingView, file: File, place: Place) -> None:
    """Check that the heading takes the two numbers it is given, and the other texts none."""
    texts = {"left": view.left, "nothing": view.nothing, "column": view.column, "note": view.note}
    for key, text in texts.items():
        wanted = {"count", "total"} if key == "left" else set()
        for lang, words in (("zh", text.zh), ("en", text.en)) if text is not None else ():
            try:
                taken = fields(words)
            except ValueError as error:
                raise file.error((*place, key, lang), str(error)) from error
            if taken != wanted:
                names = " and ".join(f"{{{name}}}" for name in sorted(wanted)) or "no value"
                raise file.error((*place, key, lang), f"{key} takes {names}")
