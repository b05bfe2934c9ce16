"""What the reference tables promise to the catalogue, the queries and the map."""

from __future__ import annotations

import csv
import re
from typing import Any

import duckdb
import pandas as pd
import pytest
import yaml

from app.settings import REFERENCE

CORE = ("standard_institution", "standard_scattered", "hardship_standard", "severe_standard")


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def standards() -> dict[str, list[dict[str, Any]]]:
    return yaml.safe_load((REFERENCE / "standards.yaml").read_text(encoding="utf-8"))


def test_the_areas_are_the_124_county_level_units_in_21_cities_and_four_regions() -> None:
    areas = rows("areas.csv")
    assert len({row["code"] for row in areas}) == len(areas) == 124
    assert all(re.fullmatch(r"44\d{4}", row["code"]) for row in areas)
    assert len({row["city_code"] for row in areas}) == 21
    regions = [row["region"] for row in areas]
    assert {name: regions.count(name) for name in set(regions)} == {
        "珠三角": 50,
        "粤北": 37,
        "粤东": 19,
        "粤西": 18,
    }
    assert all(value for row in areas for name, value in row.items() if name != "dibao_class")


def test_the_areas_add_up_to_the_census_and_to_the_published_numbers_of_towns() -> None:
    areas = rows("areas.csv")
    assert sum(int(row["pop_2020"]) for row in areas) == 126_012_510
    # 15,565,066 of 126,012,510 are 12.35 %, the communiqué's share of people aged 60 and over
    elderly = sum(int(row["population_60plus"]) for row in areas)
    assert round(100 * elderly / 126_012_510, 2) == 12.35
    assert sum(int(row["townships"]) for row in areas) == 1_610
    assert sum(int(row["villages"]) for row in areas) == 26_599


def test_the_ages_of_nanao_are_those_of_its_own_bulletin() -> None:
    nanao = next(row for row in rows("areas.csv") if row["code"] == "440523")
    assert (nanao["name"], nanao["city"], nanao["region"]) == ("南澳县", "汕头市", "粤东")
    assert (nanao["pop_2020"], nanao["population_60plus"]) == ("64429", "15101")


def test_dongguan_and_zhongshan_are_one_unit_each_and_their_own_city() -> None:
    own = {row["code"]: row["city_code"] for row in rows("areas.csv") if row["code"][4:] == "00"}
    assert own == {"441900": "441900", "442000": "442000"}


def test_no_part_of_a_population_is_larger_than_the_whole() -> None:
    for row in rows("areas.csv"):
        total = int(row["pop_2020"])
        assert 0 <= int(row["pop_rural_2020"]) <= total
        assert int(row["pop_0_14_2020"]) + int(row["population_60plus"]) <= total
        assert (
            int(row["pop_80plus_2020"])
            <= int(row["pop_65plus_2020"])
            <= int(row["population_60plus"])
        )


def test_the_default_pilot_list_is_the_45_counties_outside_the_delta_and_says_why() -> None:
    pilots = rows("pilot_counties.csv")
    areas = {row["code"]: row for row in rows("areas.csv")}
    assert len({row["code"] for row in pilots}) == len(pilots) == 45
    for row in pilots:
        area = areas[row["code"]]
        assert [row[k] for k in ("name", "city", "region")] == [
            area[k] for k in ("name", "city", "region")
        ]
        assert "未列名单" in row["source"] and row["batch"]
    regions = [row["region"] for row in pilots]
    assert {name: regions.count(name) for name in set(regions)} == {
        "粤东": 8,
        "粤西": 10,
        "粤北": 27,
    }
    # every county, county-level city and autonomous county of the three regions, no district
    expected = {
        code
        for code, row in areas.items()
        if row["region"] != "珠三角" and row["type"] in ("县", "县级市", "自治县")
    }
    assert {row["code"] for row in pilots} == expected


def test_the_twelve_model_counties_among_the_pilots_carry_their_class() -> None:
    classes = [row["typical_2023"] for row in rows("pilot_counties.csv") if row["typical_2023"]]
    assert {name: classes.count(name) for name in set(classes)} == {"创先": 4, "进位": 6, "消薄": 2}


@pytest.mark.parametrize("name", ["areas.csv", "pilot_counties.csv"])
def test_pandas_and_duckdb_read_a_table_as_it_is(name: str) -> None:
    path = REFERENCE / name
    assert not path.read_bytes().startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(path, dtype={"code": str})
    relation = duckdb.connect().read_csv(str(path), dtype={"code": "VARCHAR"})
    assert list(frame.columns) == relation.columns == list(rows(name)[0])
    assert sorted(frame["code"]) == sorted(code for (code,) in relation.project("code").fetchall())


def test_the_core_minima_are_the_published_ones(standards: dict[str, Any]) -> None:
    by_year = {name: {row["year"]: row["value"] for row in standards[name]} for name in CORE}
    assert by_year["standard_institution"] == {
        2019: 1685, 2020: 1820, 2021: 1883, 2022: 1949, 2023: 2017, 2024: 2295,
    }  # fmt: skip
    assert by_year["standard_scattered"] == {
        2019: 1025, 2020: 1110, 2021: 1227, 2022: 1313, 2023: 1359, 2024: 1484,
    }  # fmt: skip
    assert by_year["hardship_standard"] == {
        2019: 165, 2021: 181, 2022: 188, 2023: 195, 2024: 202, 2025: 209, 2026: 217,
    }  # fmt: skip
    assert by_year["severe_standard"] == {
        2019: 220, 2021: 243, 2022: 252, 2023: 261, 2024: 270, 2025: 280, 2026: 290,
    }  # fmt: skip


def test_a_standard_that_was_never_verified_is_absent(standards: dict[str, Any]) -> None:
    years = {name: {row["year"] for row in standards[name]} for name in standards}
    assert 2020 not in years["hardship_standard"] | years["severe_standard"]
    assert 2025 not in years["standard_institution"] | years["dibao_urban_class_4"]


def test_every_standard_says_how_far_it_was_verified(standards: dict[str, Any]) -> None:
    for name, entries in standards.items():
        years = [row["year"] for row in entries]
        assert years == sorted(set(years)), name
        for row in entries:
            assert set(row) == {"year", "value", "unit", "status", "citation_zh", "citation_en"}
            assert row["value"] > 0 and row["unit"] == "元/人·月"
            assert row["status"] in {"VERIFIED-V1", "VERIFIED-V2", "VERIFIED-V3", "DERIVED"}
            second_hand = row["citation_zh"].startswith("二手来源，待核：")
            assert second_hand == (row["status"] in {"VERIFIED-V2", "VERIFIED-V3"}), (name, row)
            assert row["citation_en"].startswith("Secondary source") == second_hand
            assert (row["status"] == "DERIVED") == row["citation_zh"].startswith("推算：")


def test_the_floor_of_tekun_support_is_the_dibao_minimum_times_1_6(
    standards: dict[str, Any],
) -> None:
    for side in ("urban", "rural"):
        dibao = {row["year"]: row["value"] for row in standards[f"dibao_{side}_class_4"]}
        for row in standards[f"tekun_basic_{side}_class_4"]:
            assert row["value"] == pytest.approx(1.6 * dibao[row["year"]])


def test_no_reference_file_gives_a_web_address() -> None:
    for path in REFERENCE.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?:|www\.|\b[\w-]+\.(com|cn|org|net)\b", text), path.name
