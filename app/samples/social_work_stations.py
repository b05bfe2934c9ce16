"""社工站（点）: sixteen quarters of stations, points and social workers."""

from __future__ import annotations

from app.areas import Area
from app.samples.plan import SECOND_FROM, SECOND_STATIONS, WEAK, WITHOUT_STATION
from app.samples.shapes import PERIODS, Row, line, quarters, smooth, trait

# Points of villages at the end of 2022 where they were published (雷州市 108 points and 430 social
# workers at 21 stations, 博罗县 92 and 280 at 17, 揭阳市 312 points, 梅州市 points in all villages
# and at least 2,482 posts), as shares of villages and workers a station.
POINTS_2022 = {"雷州市": 108 / 481, "博罗县": 92 / 377, "揭阳市": 312 / 1633, "梅州市": 1.0}
WORKERS_2022 = {"雷州市": 430 / 21, "博罗县": 280 / 17, "梅州市": 22.2}
# All townships of 梅州市 and of 东源县 had stations before the end of 2021.
COVERED_EARLY = ("梅州市", "东源县")


def rows(area: Area) -> list[Row]:
    """Sixteen quarters of one area's social work stations and points.

    The project was to cover all townships within two years, by the end of 2022. Assumed: a fifth to
    two fifths of them had a station at the start of 2021; 12 to 18 workers a station; a share of
    certified workers that doubles in four years; the share of villages with a point of their own.
    """
    weak = area.name == WEAK
    known = {area.name, area.city}
    start = trait(area, "stations", 0.15, 0.42)
    covered = 3 if known & set(COVERED_EARLY) else 4 + int(trait(area, "covered", 0, 4))
    left = WITHOUT_STATION.get(area.name, (0, 0))
    points_2022 = next((v for k, v in POINTS_2022.items() if k in known), None)
    points_mid = points_2022 or (0.18 if weak else trait(area, "points", 0.38, 0.62))
    reach = trait(area, "points reached", 0.0, 1.0)
    points_last = 0.41 if weak else max(points_mid, min(1.0, 0.56 + 0.65 * reach))
    if points_2022 is not None and points_2022 < 0.5:
        points_last = points_2022 + trait(area, "catching up", 0.30, 0.55)
    per_station = next((v for k, v in WORKERS_2022.items() if k in known), None)
    per_station = per_station or trait(area, "workers", 12, 18)
    certified = trait(area, "certified", 0.15, 0.29) - (0.06 if weak else 0)
    standard = 0.22 if weak else trait(area, "standardised", 0.55, 0.95)
    cases_each = trait(area, "cases", 0.8, 1.5)
    people_each = trait(area, "people", 42, 78)
    found: list[Row] = []
    cases = people = 0
    for step, _, quarter in quarters():
        if quarter == 1:
            cases = people = 0
        ramp = start + (1 - start) * min(1.0, step / covered)
        missing = round(line([(7, left[0]), (15, left[1])], step))
        stations = min(int(area.townships * ramp + 1e-9), area.townships - missing)
        if PERIODS[step] >= SECOND_FROM:
            stations += SECOND_STATIONS.get(area.name, 0)
        curve = [
            (0, min(0.06, points_mid / 4)),
            (3, points_mid / 2),
            (7, points_mid),
            (11, points_mid + 0.62 * (points_last - points_mid)),
            (15, points_last),
        ]
        staffing = per_station * line([(0, 0.82), (7, 1.0), (15, 1.07)], step)
        workers = round(stations * staffing)
        season = (0.82, 1.0, 1.05, 1.13)[quarter - 1] * (0.9 + 0.02 * step)
        cases += round(workers * cases_each * season)
        people += round(workers * people_each * season)
        found.append(
            {
                "townships": area.townships,
                "stations": stations,
                "stations_standardised": int(stations * standard * smooth((step + 3) / 18)),
                "villages": area.villages,
                "service_points": round(area.villages * line(curve, step)) if stations else 0,
                "social_workers": workers,
                "social_workers_certified": round(workers * certified * (1 + step / 15)),
                "cases_served_ytd": cases,
                "people_served_ytd": people,
            }
        )
    return found
