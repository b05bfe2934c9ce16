"""重点任务台账: eight quarters of the notice's tasks in each city."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from app import catalogue, periods
from app.areas import Area
from app.samples.shapes import RECENT, Row, trait

# Assumed throughout: who leads, how far tasks are, what problems are met and when they are mended.
LEADS = {
    "一": "机关党委", "二": "办公室", "三": "规划财务科", "四": "社会救助科", "五": "社会救助科",
    "六": "养老服务科", "七": "基层政权和社区治理科", "八": "慈善事业促进和社会工作科",
    "九": "规划财务科", "十": "办公室",
}  # fmt: skip
LEADS_OF_TASK = {
    "child_homes": "儿童福利科", "mental_rehab_plan": "社会事务科", "place_names": "区划地名科",
    "marriage_customs": "社会事务科", "org_pairing": "社会组织管理科",
}  # fmt: skip
# Tasks that are to be done before the year's end; the others are due on 31 December.
EARLY = {"mental_rehab_plan": "09-30", "joint_planning": "06-30", "assessment_problems": "10-31"}
PROBLEMS = (
    "部分镇街经办人员变动，工作衔接不够及时",
    "基础数据更新滞后，个别信息与部门数据不一致",
    "县级配套资金到位较慢",
    "村级专职人员不足，服务频次偏低",
    "部门之间数据共享不够顺畅",
    "项目前期手续办理时间较长",
)
SLOW = ("汕尾市", "云浮市")  # cities that fall behind in much


def rows(city: Area) -> list[Row]:
    """Eight quarters of one city's tasks; the work begins anew with each year."""
    items = catalogue.load().dataset("work_tasks").items
    found: list[Row] = []
    for period in RECENT:
        year, quarter = periods.parse(period)
        row: Row = {}
        for item in items:
            row |= {
                f"{item.id}.{k}": v for k, v in _task(city, item.id, item.clause, year, quarter)
            }
        found.append(row | _activities(city, year, quarter))
    return found


def _task(
    city: Area, task: str, clause: str, year: int, quarter: int
) -> Iterator[tuple[str, float | str | None]]:
    due = dt.date.fromisoformat(f"{year}-{EARLY.get(task, '12-31')}")
    last_day = dt.date.fromisoformat(f"{year}-{('03-31', '06-30', '09-30', '12-31')[quarter - 1]}")
    pace = trait(city, f"{task} {year}", 0.93, 1.6) * (0.75 if city.name in SLOW else 1.0)
    months = (due.month - 1 or 1) / 3
    start = trait(city, f"{task} start {year}", -0.12, 0.25)
    part = min(1.0, max(0.0, (quarter - start * 4) / months) * pace)
    progress = 100 if part >= 1 else round(part * 20) * 5
    if progress >= 100:
        status = "done"
    elif due <= last_day:
        status = "overdue"
    else:
        status = "under_way" if progress else "not_started"
    yield "lead_office", LEADS_OF_TASK.get(task, LEADS[clause])
    yield "due", due.isoformat()
    yield "status", status
    yield "progress", progress
    number = int(trait(city, f"{task} problem {year}", 0, 30))
    met, mended = 1 + number % 3, 2 + number % 4
    if number >= len(PROBLEMS) or quarter < met or status == "not_started":
        return
    yield "problem", PROBLEMS[number]
    if quarter >= mended and (city.name not in SLOW or number % 2):
        day = 5 + int(trait(city, f"{task} mended {year}", 0, 23))
        yield "rectified_on", f"{year}-{3 * mended - 1:02d}-{day:02d}"


def _activities(city: Area, year: int, quarter: int) -> Row:
    """What is counted since January, and the problems of the assessment of the year before."""

    def counted(name: str, low: float, high: float) -> int:
        done = (0.2, 0.48, 0.72, 1.0)[quarter - 1]
        return round(trait(city, f"{name} {year}", low, high) * done)

    key = city.region != "珠三角"
    problems = int(trait(city, f"assessment {year}", 2, 9)) if key else 0
    closed = (0.1, 0.45, 0.8, 1.0)[quarter - 1] * (0.7 if city.name in SLOW else 1.0)
    return {
        "assessment_problems.problems_found": problems,
        "assessment_problems.problems_closed": min(problems, int(problems * closed + 0.5)),
        "study_sessions.study_ytd": counted("study", 14, 40),
        "pilot_surveys.surveys_ytd": counted("surveys", *((8, 26) if key else (1, 6))),
        "training_seats.training_seats_ytd": counted("seats", *((120, 420) if key else (10, 60))),
        "bulletins.bulletins_ytd": counted("bulletins", 10, 36),
        "publicity.press_items_ytd": counted("press", 18, 90),
    }
