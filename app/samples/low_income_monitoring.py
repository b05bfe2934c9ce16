"""低收入人口动态监测: eight quarters of people monitored, alerts and persons watched."""

from __future__ import annotations

from app.areas import Area
from app.samples import social_assistance
from app.samples.plan import WEAK
from app.samples.shapes import RECENT, Row, line, part, quarters, trait

# Assumed: persons watched against relapse into poverty, fewer as their risk is lifted.
WATCHED = [(8, 62_000.0), (15, 48_000.0)]
# What counts as low income beside those watched.
ASSISTED = (
    "urban_dibao_persons", "rural_dibao_persons", "dibao_edge_persons",
    "expenditure_hardship_persons", "tekun_urban_institution", "tekun_urban_scattered",
    "tekun_rural_institution", "tekun_rural_scattered",
)  # fmt: skip


def _risk(area: Area) -> float:
    """Persons watched in proportion to others: more in the poorer regions."""
    need = {"珠三角": 0.15, "粤北": 1.4, "粤西": 1.1, "粤东": 0.9}[area.region]
    return area.pop_rural_2020 * need * trait(area, "risk", 0.6, 1.5)


def rows(area: Area) -> list[Row]:
    """Eight quarters of one area's monitoring.

    Assumed: others in difficulty add 15 to 35 % to those in assistance (in the whole country 13 of
    66 million people monitored in October 2023, by a media report); an alert a quarter for 0.6 to
    1.4 % of the people; most counties handle 95 to 100 % of them, 90 to 100 % of these on time.
    """
    weak = area.name == WEAK
    others = trait(area, "others", 1.15, 1.35)
    alerts = trait(area, "alerts", 0.006, 0.014)
    handled_share = 0.74 if weak else min(1.0, trait(area, "handled", 0.94, 1.02))
    on_time = 0.81 if weak else min(1.0, trait(area, "on time", 0.90, 1.02))
    taken_in = 0.42 if weak else trait(area, "taken in", 0.55, 0.78)
    found: list[Row] = []
    raised = 0
    assisted = social_assistance.rows(area)
    for (step, _, quarter), row in zip(quarters(RECENT[0]), assisted, strict=True):
        if quarter == 1:
            raised = 0
        watched = part(area, _risk, line(WATCHED, step), step)
        monitored = round(sum(float(row[name] or 0) for name in ASSISTED) * others)
        season = (1.1, 0.95, 0.95, 1.0)[quarter - 1]
        raised += round(monitored * alerts * season)
        handled = round(raised * handled_share)
        found.append(
            {
                "monitored_persons": monitored + watched - int(watched * taken_in),
                "alerts_raised_ytd": raised,
                "alerts_handled_ytd": handled,
                "alerts_handled_on_time_ytd": round(handled * on_time),
                "relapse_risk_persons": watched,
                "relapse_risk_in_assistance": int(watched * (taken_in + 0.012 * (step - 8))),
            }
        )
    return found
