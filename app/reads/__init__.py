"""One typed function for each question the pages and the command line put to the data."""

from app.reads.cells import county_measures, measure_totals, stage_totals, task_board
from app.reads.changes import before_revision, change_contributions, first_submission, told_values
from app.reads.figures import (
    Standing,
    county_progress,
    county_values,
    earlier_values,
    group_trend,
    headline,
    indicator_values,
    map_values,
    plan,
    standings,
)
from app.reads.reports import (
    available_periods,
    reporting_counts,
    reporting_status,
    reporting_summary,
    sample_periods,
    vintage_of,
)

__all__ = [
    "Standing",
    "available_periods",
    "before_revision",
    "change_contributions",
    "county_measures",
    "county_progress",
    "county_values",
    "earlier_values",
    "first_submission",
    "group_trend",
    "headline",
    "indicator_values",
    "map_values",
    "measure_totals",
    "plan",
    "reporting_counts",
    "reporting_status",
    "reporting_summary",
    "sample_periods",
    "stage_totals",
    "standings",
    "task_board",
    "told_values",
    "vintage_of",
]
