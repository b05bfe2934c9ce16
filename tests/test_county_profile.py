"""The profile of a county: its numbers against pandas, its list of what to do, its page."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dashboard_stores as stores
import numpy as np
import pytest
from forms import KNOWN, RENHUA, SHIXING, WENGYUAN
from small_models import Cell, model
from streamlit.testing.v1 import AppTest

from app import areas, peers, serving, settings
from app.profile import page, spine, standing, todo
from app.profile.standing import Row
from app.scopes import Choices
from app.serving import Serving

SHARE, TO_CONVERT, OCCUPANCY = "care_bed_share", "care_beds_to_convert", "bed_occupancy"
YINGDE = "441881"


@pytest.fixture
def sample(sampled: Path) -> Iterator[None]:
    with stores.store_at(sampled):
        yield


def beds(by_area: dict[str, float], period: str = "2024Q4", total: float = 1000) -> list[Cell]:
    return [
        ("care_beds", code, period, measure, value, "reported", False)
        for code, care in by_area.items()
        for measure, value in (("beds_total", total), ("beds_care", care))
    ]


def profile(
    source: Serving, county: str = SHIXING, scope: str = "pilot", names: list[str] | None = None
) -> standing.Standing:
    chosen = Choices("2024Q4", scope, county, "", "zh")
    return standing.of(source, chosen, county, names or [SHARE, TO_CONVERT, OCCUPANCY])


def row_of(found: standing.Standing, indicator: str) -> Row:
    return next(row for row in found.rows if row.indicator.id == indicator)


def test_ranks_and_spread_of_peers_are_those_that_numpy_finds() -> None:
    nearest = [peer.area_code for peer in peers.of(model([]), SHIXING)]
    # the ninth and tenth have not reported; the second reads the same as the county
    shares = dict(zip(nearest[:8], [700, 550, 430, 520, 610, 480, 590, 300], strict=True))
    source = model(beds({SHIXING: 550, **shares}))
    told = row_of(profile(source), SHARE).told
    known = np.array([550, *shares.values()]) / 10
    assert (told["rank_peers"], told["same_peers"], told["ranked_peers"]) == (4, 2, 9)
    assert (told["peers_low"], told["peers_high"]) == (30, 70)
    assert [told[f"peers_{name}"] for name in ("first", "middle", "third")] == pytest.approx(
        list(np.quantile(known, [0.25, 0.5, 0.75]))
    )


def test_a_rank_in_the_scope_counts_those_with_a_value_and_ties() -> None:
    source = model(beds({SHIXING: 550, RENHUA: 600, WENGYUAN: 550}))
    told = row_of(profile(source), SHARE).told
    assert (told["rank"], told["same"], told["ranked"]) == (2, 2, 3)
    # of beds to convert less is better: 1,000 beds at 55 % need 550
    told = row_of(profile(source), TO_CONVERT).told
    assert (told["rank"], told["same"], told["ranked"]) == (1, 3, 3)


def test_without_direction_or_outside_the_scope_there_is_no_rank() -> None:
    source = model(beds({SHIXING: 550, RENHUA: 600}))
    assert row_of(profile(source), OCCUPANCY).told["rank"] is None
    outside = row_of(profile(source, scope="珠三角"), SHARE).told
    assert outside["rank"] is None
    assert outside["rank_peers"] is not None


def test_marks_lie_from_the_worse_end_to_the_better() -> None:
    nearest = [peer.area_code for peer in peers.of(model([]), SHIXING)]
    source = model(beds({SHIXING: 500, nearest[0]: 300, nearest[1]: 700}))
    found = profile(source)
    places = spine.spine(row_of(found, SHARE))
    assert places is not None
    # 30 to 70 on what is left between the margins of 4: the middle is 50
    assert (places["low"], places["own"], places["high"]) == (4, 50, 96)
    assert places["region"] == places["province"] == 50
    fewer = spine.spine(row_of(found, TO_CONVERT))
    assert fewer is not None
    assert (fewer["low"], fewer["high"]) == (96, 4)  # none to convert is best, at the right
    assert "region" not in fewer  # a sum is no measure for a county


def test_a_county_without_a_value_has_a_spine_of_its_peers_alone() -> None:
    nearest = [peer.area_code for peer in peers.of(model([]), SHIXING)]
    row = row_of(profile(model(beds({nearest[0]: 300, nearest[1]: 700}))), SHARE)
    places = spine.spine(row)
    assert places is not None and "own" not in places
    shown = spine.shown(row, "zh")
    assert (shown["value"], shown["peers"], shown["line"]) == ("—", "", [])


def test_equal_values_lie_in_the_middle() -> None:
    nearest = [peer.area_code for peer in peers.of(model([]), SHIXING)]
    row = row_of(profile(model(beds({SHIXING: 500, nearest[0]: 500}))), SHARE)
    assert set((spine.spine(row) or {}).values()) == {50.0}


def test_the_list_names_targets_missed_reports_outstanding_and_what_gets_worse() -> None:
    quarters = ["2023Q1", "2023Q2", "2023Q3", "2023Q4", "2024Q1", "2024Q2", "2024Q3", "2024Q4"]
    cells = [
        cell
        for place, period in enumerate(quarters)
        for cell in beds({SHIXING: 500 - 10 * place}, period)
    ]
    cells.append(("child_welfare", RENHUA, "2024Q4", "orphans_institution", 1, "reported", False))
    found = profile(model(cells))
    listed = todo.of(found)
    # both are due at the end of 2025
    assert listed.targets == []
    assert {row.indicator.id for row in listed.ahead} == {SHARE, TO_CONVERT}
    # 430 of 1,000 beds is 43.0 %, 12.0 points short of 55 %
    assert todo.target_line(listed.ahead[0], "zh") == (
        "○ 护理型床位占比 43.0%，差12.0个百分点（目标55%，2025年）"
    )
    assert [report.dataset.id for report in listed.outstanding] == ["child_welfare"]
    assert listed.outstanding[0].period is None
    assert {row.indicator.id for row in listed.worse} == {SHARE, TO_CONVERT}


def test_the_sample_is_told_as_pandas_tells_it(sample: None) -> None:
    source = serving.open_vintage(settings.load())
    found = standing.of(
        source, Choices("2024Q4", "pilot", WENGYUAN, "", "zh"), WENGYUAN, standing.indicators(True)
    )
    table = stores.reported("care_beds")
    share = 100 * table["beds_care"] / table["beds_total"]
    told = row_of(found, SHARE).told
    assert told["value"] == pytest.approx(share[WENGYUAN])
    inside = share[[code for code in share.index if code in areas.pilot()]].dropna().round(1)
    assert told["ranked"] == len(inside)
    assert told["rank"] == 1 + (inside > round(share[WENGYUAN], 1)).sum()
    north = table[(table["region"] == "粤北") & table["beds_care"].notna()]
    north = north[north["beds_total"].notna()]
    assert told["region_value"] == pytest.approx(
        100 * north["beds_care"].sum() / north["beds_total"].sum()
    )
    assert len(found.rows) == len(standing.indicators(True)) > 50
    assert all(row.told["value"] is None or math.isfinite(row.told["value"]) for row in found.rows)


# ------------------------------------------------------------------ the page


def opened(**query: str) -> AppTest:
    """The page as a link with these choices opens it."""
    return stores.opened("pages/explore/county.py", **query)


def table_of(at: AppTest) -> dict[str, Any]:
    (found,) = [e.proto for e in at.get("bidi_component") if e.proto.component_name == "profile"]
    return json.loads(gzip.decompress(found.bytes))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_the_county_of_its_link(sample: None, lang: str) -> None:
    at = opened(county=WENGYUAN, lang=lang)
    name = areas.load()[WENGYUAN].label(lang)
    assert name in at.title[0].value
    told = table_of(at)
    assert name in told["title"] and told["note"]
    rows = [row for group in told["groups"] for row in group["rows"]]
    assert [row["id"] for row in rows] == standing.indicators(False)
    every = opened(county=WENGYUAN, lang=lang, shown="all")
    rows = [row for group in table_of(every)["groups"] for row in group["rows"]]
    assert [row["id"] for row in rows] == standing.indicators(True)


def test_without_a_county_one_is_chosen_from_all_of_the_scope(sample: None) -> None:
    at = opened(scope="441800")  # 清远市
    assert "选一个县" in at.info[0].value
    pills = at.button_group(key="pick_441800_zh")
    assert "英德市" in pills.options
    pills.select(YINGDE).run()
    assert "英德市" in at.title[0].value


def test_similar_counties_are_told_with_their_reasons(sample: None) -> None:
    at = opened(county=WENGYUAN)
    table = next(f.value for f in at.dataframe if "为什么" in f.value.columns)
    assert list(table["县（市、区）"])[0] == "翁源县"
    assert len(table) == 1 + peers.COUNT
    assert all(table["为什么"][1:].str.contains("相近|相差最大"))


def test_a_county_outside_the_pilot_counties_and_an_early_quarter_have_a_page(
    sample: None,
) -> None:
    at = opened(county="440106", scope="440000", period="2023Q4")
    assert "天河区" in at.title[0].value
    assert table_of(at)["groups"]


def test_reasons_name_the_traits() -> None:
    peer = peers.Peer(
        RENHUA, 1, 1.0, 1.0, 1,
        {"size": 0.1, "60plus": 0.2, "rural": 0.9, "townships": -1.2, "region": 0}, 1.5,
    )  # fmt: skip
    assert page.reasons(peer, "zh") == "常住人口、60岁及以上占比、区域相近，乡镇街道数相差最大"


def test_every_indicator_of_a_profile_is_reported_by_counties() -> None:
    assert {KNOWN.dataset_of[name].level for name in standing.indicators(True)} == {"county"}
