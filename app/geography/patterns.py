"""The stripes and dots that fill a county where colour must not stand alone."""

from __future__ import annotations

import math

import numpy as np
import shapely

from app.errors import GeographyInvalid
from app.geography.projection import DECIMALS, MERCATOR_STRETCH

STRIPE_STEP = 0.104  # degrees of longitude from stripe to stripe: 6.5 px across at 700 px of width
STRIPE_SHARE = 0.28  # of the step that a stripe fills
STRIPES_ACROSS = 2.0  # a county narrower than this many stripes gets them at half the step

DOT_STEP = 0.13  # degrees of longitude from dot to dot
DOT_SHARE = 0.2  # of the step from the middle of a dot to its corners
DOTS_LEAST = 4  # a county with fewer dots inside gets them at half the step


def stripes(county: shapely.Geometry) -> shapely.Geometry:
    """Hatch a county: a MultiPolygon of thin diagonal stripes, those of neighbours in line."""
    # across a stripe, in degrees of longitude as drawn
    width = math.sqrt(county.area * MERCATOR_STRETCH)
    step = STRIPE_STEP
    while width < STRIPES_ACROSS * step / math.sqrt(2) and step > STRIPE_STEP / 5:
        step /= 2
    decimals = 3 if step == STRIPE_STEP else DECIMALS

    west, south, east, north = county.bounds
    # a stripe is a <= latitude × stretch - longitude <= a + share × step
    first = math.floor((south * MERCATOR_STRETCH - east) / step)
    last = math.ceil((north * MERCATOR_STRETCH - west) / step)
    bands = []
    for position in range(first, last + 1):
        low, high = position * step, (position + STRIPE_SHARE) * step
        ends = [(west, low), (west, high), (east, high), (east, low)]
        bands.append(shapely.Polygon([(x, (a + x) / MERCATOR_STRETCH) for x, a in ends]))
    cut = shapely.intersection(np.array(bands, dtype=object), county)
    # ends need not follow the border closer than a fifth of a pixel
    parts = shapely.simplify(shapely.get_parts(shapely.get_parts(cut)), 0.03 * step)
    parts = shapely.transform(parts, lambda points: np.round(points, decimals))
    parts = shapely.get_parts(shapely.make_valid(shapely.remove_repeated_points(parts)))
    # a sliver that rounding flattened has no inside, and would be drawn as the whole globe
    kept = [p for p in parts if p.geom_type == "Polygon" and p.area > 10.0 ** (-2 * decimals)]
    if not kept:
        raise GeographyInvalid(f"stripes: none fits into the unit around {county.centroid.wkt}")
    return shapely.orient_polygons(shapely.MultiPolygon(kept), exterior_cw=True)


def dots(county: shapely.Geometry) -> shapely.Geometry:
    """Dot a county: a MultiPolygon of small diamonds, those of neighbours in line."""
    west, south, east, north = county.bounds
    step = DOT_STEP
    while True:
        across, down = step / 2, step / 2 / MERCATOR_STRETCH  # every second place of this grid
        columns = range(math.floor(west / across), math.ceil(east / across) + 1)
        rows = range(math.floor(south / down), math.ceil(north / down) + 1)
        middles = [(x * across, y * down) for x in columns for y in rows if (x + y) % 2 == 0]
        wide, high = DOT_SHARE * step, DOT_SHARE * step / MERCATOR_STRETCH
        around = [(-wide, 0.0), (0.0, high), (wide, 0.0), (0.0, -high)]
        corners = np.array(middles)[:, None, :] + np.array(around)[None, :, :]
        corners = np.round(corners, 3 if step == DOT_STEP else DECIMALS)
        diamonds = np.array([shapely.Polygon(c) for c in corners], dtype=object)
        inside = diamonds[shapely.contains_properly(county, diamonds)]
        if len(inside) >= DOTS_LEAST or step < DOT_STEP / 30:
            break
        step /= 2
    if not len(inside):
        raise GeographyInvalid(f"dots: none fits into the unit around {county.centroid.wkt}")
    return shapely.orient_polygons(shapely.MultiPolygon(list(inside)), exterior_cw=True)
