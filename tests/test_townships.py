"""Level township as a setting of the catalogue: reported by file, added up, shown, kept apart."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import township_world as world

from app import areas

HEADER = ("县（市、区）", "乡镇（街道）", "季度", "登记康复对象", "接受服务人数")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A store with one quarter of townships, handed in by the command line."""
    folder = tmp_path_factory.mktemp("townships")
    settings = world.write(folder)
    assert world.run(settings, "setup", "--no-sample").returncode == 0
    file = world.table(
        folder / "a.csv", HEADER,
        ("始兴县", "样例东", "2024Q1", 100, 40),
        ("始兴", "韶关市始兴县样例西乡", "2024Q1", 50, 45),
        ("始兴县", "样例南街道办事处", "2024Q1", 60, 5),
        ("始兴县", "合计", "2024Q1", 210, 90),
        ("仁化县", "样例东镇", "2024Q1", 200, 20),
        ("南澳县", "样例岛镇", "2024Q1", 30, 30),
    )  # fmt: skip
    done = world.run(
        settings, "submit", str(file), "--dataset", "mental_rehab", "--by", "a", "--note", "n",
        "--explain", "样例",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    yield settings


def figures(place: dict[str, str], level: str, *more: str) -> dict[str, tuple[str, str, str]]:
    """Numerator, denominator and how many of how many townships, by code."""
    told = world.run(
        place, "indicator", "rehab_participation_rate", "--period", "2024Q1", "--level", level,
        "--csv", *more,
    )  # fmt: skip
    rows = csv.DictReader(io.StringIO(told.stdout))
    return {
        row["area_code"]: (
            row["numerator"], row["denominator"],
            f"{row['areas_reporting']}/{row['areas_expected']}",
        )
        for row in rows if row["status"] == "observed"
    }  # fmt: skip


def test_townships_add_up_to_county_city_region_and_province(place: dict[str, str]) -> None:
    assert figures(place, "township") == {
        world.EAST: ("40.0", "100.0", "1/1"), world.WEST: ("45.0", "50.0", "1/1"),
        world.SOUTH: ("5.0", "60.0", "1/1"), world.OTHER_EAST: ("20.0", "200.0", "1/1"),
        world.ISLAND: ("30.0", "30.0", "1/1"),
    }  # fmt: skip
    assert figures(place, "county") == {
        world.SHIXING: ("90.0", "210.0", "3/3"), world.RENHUA: ("20.0", "200.0", "1/2"),
        world.NANAO: ("30.0", "30.0", "1/1"),
    }  # fmt: skip
    assert figures(place, "city")["440200"] == ("110.0", "410.0", "4/5")
    assert figures(place, "region")["粤北"] == ("110.0", "410.0", "4/5")
    assert figures(place, "province") == {areas.PROVINCE: ("140.0", "440.0", "5/6")}


def test_a_name_that_two_counties_have_needs_its_county(
    place: dict[str, str], tmp_path: Path
) -> None:
    file = world.table(tmp_path / "b.csv", HEADER[1:], ("样例东镇", "2024Q1", 1, 1))
    told = world.run(place, "check", str(file), "--dataset", "mental_rehab")
    assert told.returncode != 0
    assert "样例东镇（始兴县，900000001）、样例东镇（仁化县，900000011）" in told.stderr


_HIDDEN = """
from app import lake, serving, settings
from app.suppression import public
source = public.of(serving.open_vintage(settings.load()), 10)
for row in source.cursor().execute(
    "select group_code, status from published_observation "
    "where level in ('township', 'county') and status <> 'missing' order by all"
).fetchall():
    print(*row)
"""


def test_a_small_township_can_not_be_taken_from_its_county(place: dict[str, str]) -> None:
    told = world.run(place, "-c", _HIDDEN)
    shown = dict(line.split() for line in told.stdout.splitlines())
    assert shown[world.SOUTH] == "suppressed"  # 5 persons
    # its county is hidden, or another of its townships is
    others = [shown[code] for code in (world.EAST, world.WEST, world.SHIXING)]
    assert "suppressed" in others
    assert shown[world.OTHER_EAST] == "observed"


_PAGE = """
from streamlit.testing.v1 import AppTest
from app.settings import ROOT
at = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
at.run().switch_page("pages/topics/mental_rehab.py").run()
at.selectbox(key="county_zh").set_value("440222").run()
assert not at.exception
print(*(each.value for each in at.subheader))
print(at.dataframe[-1].value.to_csv())
"""


def test_the_page_of_a_topic_lists_the_townships_of_a_chosen_county(place: dict[str, str]) -> None:
    told = world.run(place, "-c", _PAGE)
    assert "各乡镇（街道）全部指标" in told.stdout, told.stderr[-2000:]
    assert all(name in told.stdout for name in ("样例东镇", "样例西乡", "样例南街道"))
    assert "样例北镇" not in told.stdout


def test_of_what_townships_report_no_briefing_is_written_and_it_says_so(
    place: dict[str, str], tmp_path: Path
) -> None:
    told = world.run(
        place, "briefing", "topic", "--dataset", "mental_rehab", "--period", "2024Q1",
        "--area", "440200", "-o", str(tmp_path / "a.docx"),
    )  # fmt: skip
    assert told.returncode != 0 and "由乡镇（街道）上报" in told.stderr
    assert "Traceback" not in told.stderr and not (tmp_path / "a.docx").exists()


_EVERY = """
from streamlit.testing.v1 import AppTest
from app.settings import ROOT
topics = ("care_beds", "mental_rehab")
for page in sorted((ROOT / "pages").rglob("*.py")):
    if page.parent.name == "topics" and page.stem not in topics:
        continue
    for query in ({}, {"county": "440222"}, {"lang": "en"}):
        at = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
        for key, value in query.items():
            at.query_params[key] = value
        at.run().switch_page(str(page.relative_to(ROOT)))
        for key, value in query.items():
            at.query_params[key] = value
        at.run()
        assert not at.exception, (page, query, at.exception[0].message)
"""


@pytest.mark.soak
def test_every_page_opens_where_townships_report(place: dict[str, str]) -> None:
    told = world.run(place, "-c", _EVERY)
    assert told.returncode == 0, told.stderr[-2000:]


_RIGHTS = """
from app.access import rights
from app.access.people import Person
for scope in ("440222", "440200", "440500", "粤北", "440000"):
    who = Person("li", "李", "analyst", (scope,), ())
    print(scope, *(int(rights.covers(who, code)) for code in {codes!r}))
"""


def test_an_account_reports_the_townships_of_its_own_county_city_or_region(
    place: dict[str, str],
) -> None:
    codes = (world.EAST, world.OTHER_EAST, world.ISLAND)  # 始兴, 仁化 of the same city, 南澳
    told = world.run(place, "-c", _RIGHTS.format(codes=codes))
    assert told.stdout.splitlines() == [
        "440222 1 0 0", "440200 1 1 0", "440500 0 0 1", "粤北 1 1 0", "440000 1 1 1",
    ]  # fmt: skip
