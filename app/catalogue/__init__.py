"""The catalogue: what is reported (datasets, measures, rules) and what is read (indicators).

One YAML file a dataset in data/catalogue, beside units.yaml, checks.yaml and quality.yaml. An
unknown key, a wrong unit, a formula naming an absent measure or a missing translation is an error
with file and line.
"""

from app.catalogue.checks import Check, Rule
from app.catalogue.clause import Clause
from app.catalogue.dataset import Dataset
from app.catalogue.entry import Filled, Text
from app.catalogue.indicators import Indicator, Target
from app.catalogue.measures import ByClass, Item, Measure, Unit
from app.catalogue.reading import load
from app.catalogue.views import (
    FunnelView,
    GapsView,
    PageView,
    PairView,
    PartsView,
    RemainingView,
    StandardsView,
    TrendView,
)
from app.catalogue.whole import Catalogue

__all__ = [
    "ByClass",
    "Catalogue",
    "Check",
    "Clause",
    "Dataset",
    "Filled",
    "FunnelView",
    "GapsView",
    "Indicator",
    "Item",
    "Measure",
    "PageView",
    "PairView",
    "PartsView",
    "RemainingView",
    "Rule",
    "StandardsView",
    "Target",
    "Text",
    "TrendView",
    "Unit",
    "load",
]
