"""How the map of the province is laid flat, and how fine its degrees are kept."""

from __future__ import annotations

# Equal-area, centred on Guangdong: lengths and areas in metres
ALBERS = "+proj=aea +lat_1=21 +lat_2=25 +lat_0=23 +lon_0=113.5 +datum=WGS84 +units=m +no_defs"
MERCATOR_STRETCH = 1.0864  # 1 / cos 23°: a degree of latitude against one of longitude on the map
DECIMALS = 4  # of a degree, about 11 m
