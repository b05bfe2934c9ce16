"""Charts: rows in, figure out. The same functions serve pages, pictures and documents."""

from app.charts.bars import gap_bars, stacked_bars
from app.charts.funnel import funnel
from app.charts.heat import heat
from app.charts.multiples import multiples
from app.charts.pair import pair
from app.charts.path import path
from app.charts.progress import progress
from app.charts.ranking import ranking
from app.charts.scatter import scatter
from app.charts.shared import facts, hover, status_key
from app.charts.swarm import spread, swarm
from app.charts.trend import TREND_HEIGHT, trend
from app.charts.waterfall import waterfall
from app.lettering import Caption

__all__ = [
    "TREND_HEIGHT",
    "Caption",
    "facts",
    "funnel",
    "gap_bars",
    "heat",
    "hover",
    "multiples",
    "pair",
    "path",
    "progress",
    "ranking",
    "scatter",
    "spread",
    "stacked_bars",
    "status_key",
    "swarm",
    "trend",
    "waterfall",
]
