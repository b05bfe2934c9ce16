"""The pages as a reader meets them, run from dashboard.py, in many states and both languages."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dashboard_stores as stores
import forms
import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app import areas, assets, catalogue, exports, overview, reads, scopes, settings, view
from app.settings import ROOT
from app.view import View

KNOWN = catalogue.load()
TOPICS = list(KNOWN.datasets)
PAGES = {"overview": "pages/explore/overview.py"} | {
    topic: f"pages/topics/{topic}.py" for topic in TOPICS
}
WENGYUAN, LECHANG, LUFENG, DONGGUAN, SHAOGUAN = "440229", "440281", "441581", "441900", "440200"
KILOBYTE = 1024


def opened(page: str = "overview", **chosen: str) -> AppTest:
    """A page as a link with these choices opens it."""
    return stores.opened(PAGES[page], **chosen)


def turned(at: AppTest, page: str) -> AppTest:
    """The same session on another page."""
    return at.switch_page(PAGES[page]).run()


def sent(at: AppTest) -> list[bytes]:
    """What goes to the browser for each figure of a page."""
    drawn = [e.proto for e in at.get("bidi_component") if e.proto.component_name == "figure"]
    return [proto.bytes for proto in drawn]


def figures(at: AppTest) -> list[dict[str, Any]]:
    return [json.loads(gzip.decompress(payload))["figure"] for payload in sent(at)]


def written(figure: dict[str, Any]) -> str:
    """All text of a figure."""
    return json.dumps(figure["layout"]["annotations"], ensure_ascii=False).replace("<br>", "")


def words(at: AppTest) -> str:
    """All text of a page outside its figures and tables."""
    parts = [*at.title, *at.subheader, *at.markdown, *at.caption, *at.info]
    return "\n".join(part.value for part in parts)


def headline(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


def table_with(at: AppTest, column: str) -> pd.DataFrame:
    """The table of the page that has a column of this name."""
    return next(f.value for f in at.dataframe if column in f.value.columns)


def share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f}%"


@pytest.fixture
def sample(sampled: Path) -> Iterator[None]:
    with stores.store_at(sampled):
        yield


@pytest.fixture
def beside(mixed: Path) -> Iterator[None]:
    with stores.store_at(mixed):
        yield


# ------------------------------------------------------------------ every page in every state

STATES: dict[str, dict[str, str]] = {
    "as it opens": {},
    "the whole province": {"scope": areas.PROVINCE},
    "one region": {"scope": "粤西"},
    "one city": {"scope": SHAOGUAN},
    "a city that is a county": {"scope": DONGGUAN},
    "a selected county": {"county": WENGYUAN},
    "a selected county that has not reported": {"county": LECHANG},
    "a quarter before which there is none": {"period": stores.YEAR_BEFORE},
}


# every third page in each state, so that every page is seen in some and each state on some pages
SEEN = [
    (state, page)
    for row, state in enumerate(STATES)
    for column, page in enumerate(PAGES)
    if state == "as it opens" or (row + column) % 3 == 0
]
SOME = {state: [page for each, page in SEEN if each == state] for state in STATES}
EVERY = dict.fromkeys(STATES, list(PAGES))


@pytest.mark.parametrize("seen", [SOME, pytest.param(EVERY, marks=pytest.mark.soak)])
@pytest.mark.parametrize("state", STATES)
def test_every_page_runs_in_chinese(sample: None, state: str, seen: dict[str, list[str]]) -> None:
    at = opened(**STATES[state])
    for page in seen[state]:
        if page != "overview":
            turned(at, page)
        assert not at.exception, f"{page}: {at.exception}"
        assert len(figures(at)) >= (1 if page == "work_tasks" else 2)
        assert any("\u4e00" <= c <= "\u9fff" for c in at.title[0].value)


@pytest.mark.parametrize("state", ["the whole province", "a selected county"])
def test_every_page_runs_in_english_without_chinese_left_over(sample: None, state: str) -> None:
    at = opened(lang="en", **STATES[state])
    half = state == "the whole province"
    for page in list(PAGES)[half::2]:
        if page != "overview":
            turned(at, page)
        assert not at.exception, f"{page}: {at.exception}"
        told = (
            words(at).replace("粤民函", "").replace("Explanation given\\: 样例", "")
        )  # as reported
        left_over = [c for c in told if "\u4e00" <= c <= "\u9fff"]
        assert set(left_over) <= {"号"}, f"{page}: {''.join(left_over)}"
        for figure in figures(at):
            assert not [c for c in written(figure).replace("天地图", "") if c > "\u4e00"]


def test_a_quarter_without_reports_of_a_topic_says_so_and_leads_to_the_nearest_with_some(
    beside: None,
) -> None:
    at = opened("child_welfare", period=stores.ONLY_BEDS)
    assert not at.exception
    assert not headline(at) and not figures(at)
    assert "已\u2060报\u20600\u2060个" in words(at)
    assert "没有数据；有数据的是2023年四季度至2024年四季度" in words(at)
    at.button(key="nearest_quarter").click().run()
    assert not at.exception
    assert at.session_state["period"] == "2024Q4"
    assert len(figures(at)) >= 2


def test_where_nobody_reported_a_dataset_no_county_is_named_and_nothing_is_called_reported(
    store: settings.Settings, tmp_path: Path
) -> None:
    rows = {WENGYUAN: forms.good()}
    forms.stored(store, forms.form(tmp_path / "a.xlsx", "2023Q1", rows, sample=True))
    told = words(opened(period="2023Q1"))
    assert "社会救助：45个中已报0个**  \n还没有上报的" in told
    # all that is there is sample: there is nothing else that would be reported
    assert "本季数字由程序生成" in told and "其余为上报数据" not in told


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_store_says_what_to_do_next(empty: Path, name: str) -> None:
    with stores.store_at(empty):
        at = opened(name)
    assert not at.exception
    assert "template" in at.info[0].value
    assert not sent(at)


def test_the_empty_page_speaks_english_too(empty: Path) -> None:
    with stores.store_at(empty):
        at = opened(lang="en")
    assert "no data yet" in at.info[0].value


# ------------------------------------------------------------------ numbers against the workbooks


@pytest.mark.parametrize("scope", ["粤西", SHAOGUAN, areas.PROVINCE])
def test_the_headline_of_a_scope_is_the_ratio_of_its_sums(sample: None, scope: str) -> None:
    beds = stores.reported("care_beds")
    inside = beds.loc[[code for code in beds.index if code in scopes.members(scope)]]
    shown = headline(opened("care_beds", scope=scope))
    both = inside.dropna(subset=["beds_care", "beds_total"])
    assert shown["护理型床位占比"] == share(both["beds_care"].sum(), both["beds_total"].sum())
    both = inside.dropna(subset=["residents", "beds_total"])
    assert shown["床位入住率"] == share(both["residents"].sum(), both["beds_total"].sum())


def test_a_headline_says_of_how_many_counties_as_the_ranking_beside_it(sample: None) -> None:
    name = "institution_standard_ratio"
    rows = reads.county_values(view.current()[0], [name], stores.LATEST, "pilot", "pilot", "zh")
    seen = rows["status"].value_counts()
    assert seen["not_applicable"] > 0
    at = opened("child_welfare", indicator=name)
    assert f"45个县中{seen['observed']}个可算" in words(at)
    assert f"不适用{seen['not_applicable']}个" in words(at)
    assert any(f"45个中{seen['observed']}个可算" in written(each) for each in figures(at))


def test_the_headline_of_a_county_is_its_own_report(sample: None) -> None:
    beds = stores.reported("care_beds").loc[WENGYUAN]
    at = opened("care_beds", county=WENGYUAN)
    own = share(beds["beds_care"], beds["beds_total"])
    assert f"翁源县 {own}" in words(at)
    city = headline(opened("care_beds", scope=DONGGUAN))
    beds = stores.reported("care_beds").loc[DONGGUAN]
    assert city["护理型床位占比"] == share(beds["beds_care"], beds["beds_total"])


def test_a_change_on_the_quarter_is_taken_over_the_counties_known_in_both(sample: None) -> None:
    now, before = stores.reported("care_beds"), stores.reported("care_beds", stores.BEFORE)
    sides = ["beds_care", "beds_total"]
    known = now[sides].notna().all(axis=1) & before[sides].notna().all(axis=1)
    both = [code for code in now.index[known] if areas.load()[code].region == "粤北"]
    parts = [frame.loc[both, sides].sum() for frame in (now, before)]
    rates = [100 * part["beds_care"] / part["beds_total"] for part in parts]
    delta = next(
        m.delta for m in opened("care_beds", scope="粤北").metric if m.label == "护理型床位占比"
    )
    assert delta == f"▲{rates[0] - rates[1]:.1f}个百分点"


def test_the_gap_in_beds_is_that_of_each_county_rounded_up(sample: None) -> None:
    beds = stores.reported("care_beds")
    at = opened("care_beds", scope=SHAOGUAN)
    bars = next(f for f in figures(at) if "达标尚需新建床位" in written(f) and len(f["data"]) == 2)
    codes = [row[0] for row in bars["data"][0]["customdata"]]
    assert len(codes) >= 2
    for place, code in enumerate(codes[:2]):
        short = 55 * int(beds.loc[code, "beds_total"]) - 100 * int(beds.loc[code, "beds_care"])
        assert bars["data"][0]["text"][place] == f"{-(-short // 100):,}"  # 100 hundredths a bed
        assert bars["data"][1]["text"][place] == f"{-(-short // 45):,}"  # a new one adds 45


def test_of_very_many_targets_missed_the_overview_lists_the_first(
    sample: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(scope=areas.PROVINCE)
    whole = next(e.value for e in at.dataframe if "差距（百分点）" in e.value)
    monkeypatch.setattr(overview, "LISTED", 5)
    at = opened(scope=areas.PROVINCE)
    few = next(e.value for e in at.dataframe if "差距（百分点）" in e.value)
    assert few.equals(whole.head(5))
    said = f"共{len(whole)}项，这里只列前5项；各专题页的表有全部的县"
    assert said in [each.value for each in at.caption]


def test_towns_without_a_station_are_counted_county_by_county(sample: None) -> None:
    stations = stores.reported("social_work_stations")
    left = (stations["townships"] - stations["stations"]).loc[sorted(areas.pilot())]
    lacking = left[left > 0]
    at = opened("social_work_stations")
    shown = table_with(at, "缺社工站（个）").set_index("县（市、区）")["缺社工站（个）"]
    assert shown.to_dict() == {areas.load()[c].name: n for c, n in lacking.items()}
    assert list(shown) == sorted(shown, reverse=True)
    heading = f"{len(lacking)}个县还有{int(lacking.sum())}个乡镇（街道）没有社工站"
    assert heading in words(at)


def test_payments_not_made_by_one_card_are_counted_county_by_county(sample: None) -> None:
    paid = stores.reported("disability_allowances").loc[sorted(areas.pilot())]
    left = paid["hardship_recipients"] + paid["severe_recipients"] - paid["paid_by_one_card"]
    lacking = left[left > 0]
    at = opened("disability_allowances")
    shown = table_with(at, "未通过一卡通（人次）").set_index("县（市、区）")["未通过一卡通（人次）"]
    assert shown.to_dict() == {areas.load()[c].name: n for c, n in lacking.items()}
    assert f"{len(lacking)}个县还有{int(lacking.sum()):,}人次未通过一卡通发放" in words(at)


@pytest.mark.parametrize(
    ("topic", "minimums"),
    [
        # the provincial minimums of 2024: orphans, and the two disability allowances
        ("child_welfare", {"standard_institution": 2295, "standard_scattered": 1484}),
        ("disability_allowances", {"hardship_standard": 202, "severe_standard": 270}),
    ],
)
def test_standards_stand_beside_the_minimum_the_furthest_below_first(
    sample: None, topic: str, minimums: dict[str, int]
) -> None:
    told = stores.reported(topic)
    at = opened(topic, scope=areas.PROVINCE)
    shown = table_with(at, "高出")
    below = 0
    for measure, minimum in minimums.items():
        column = told[measure].dropna()
        below += int((column < minimum).sum())
        rows = shown[shown["标准"] == KNOWN.dataset(topic).measure(measure).name("zh")]
        rows = rows.set_index("县（市、区）")
        for name, code in (("翁源县", WENGYUAN), ("东莞市", DONGGUAN)):
            if code in column:
                assert rows.loc[name, "当地"] == column[code]
                assert rows.loc[name, "高出"] == column[code] - minimum
    assert int((shown["高出"] < 0).sum()) == below
    known = shown["高出"].dropna()
    assert known.is_monotonic_increasing
    assert shown["高出"].isna().sum() == len(shown) - len(known)


def test_the_overview_lists_who_has_not_reported(sample: None) -> None:
    text = words(opened())
    for topic in (name for name in TOPICS if KNOWN.dataset(name).level == "county"):
        told = stores.reported(topic).loc[sorted(areas.pilot())]
        measures = [m.id for m in KNOWN.dataset(topic).measures if m.reference is None]
        silent = told.index[told[measures].isna().all(axis=1)]
        for code in silent:
            assert scopes.county_label(code, "zh") in text
        line = f"{KNOWN.dataset(topic).label('zh')}：45个中已报{45 - len(silent)}个"
        assert line in text


def test_the_overview_leads_from_a_chosen_county_to_its_profile_and_to_why_it_changed(
    sample: None,
) -> None:
    def linked(at: AppTest) -> set[str]:
        return {link.proto.page for link in at.get("page_link")}

    assert "change" in linked(opened()) and "county" not in linked(opened())
    assert {"county", "change"} <= linked(opened(county=WENGYUAN))


def test_the_overview_shows_each_region_of_the_pilot_counties(sample: None) -> None:
    told = stores.reported("disability_allowances")
    east = told[(told["region"] == "粤东") & told.index.isin(areas.pilot())]
    coverage = share(east["hardship_recipients"].sum(), east["hardship_eligible"].sum())
    glance = table_with(opened(), "粤东试点县").set_index("指标")
    assert glance.loc["困难残疾人生活补贴覆盖率", "粤东试点县"].startswith(coverage)


def test_every_dataset_has_a_page_and_every_page_a_dataset() -> None:
    files = {path.stem for path in (ROOT / "pages" / "topics").glob("*.py")}
    assert files == set(KNOWN.datasets)


def test_the_two_coverages_of_each_county_stand_beside_each_other(sample: None) -> None:
    told = stores.reported("disability_allowances").loc[sorted(areas.pilot())]
    rates = pd.DataFrame(
        {
            kind: 100 * told[f"{kind}_recipients"] / told[f"{kind}_eligible"]
            for kind in ("hardship", "severe")
        }
    ).dropna()
    figure = next(
        f for f in figures(opened("disability_allowances")) if f["data"][0].get("name") == "joins"
    )
    rows = {row[0]: row[3:5] for t in figure["data"][-2:] for row in t["customdata"]}
    assert set(rows) == areas.pilot()
    for code, rate in rates.iterrows():
        assert rows[str(code)] == [f"{rate['hardship']:.1f}%", f"{rate['severe']:.1f}%"]
    short = (rates < 100).sum(axis=1)
    title = written(figure).replace("</b><b>", "")
    assert f"{len(rates)}个县中{int((short == 2).sum())}个两项都未到目标" in title
    assert f"{int((short == 1).sum())}个有一项未到" in title


@pytest.fixture
def with_funnels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue with two funnels on the page of the disability allowances."""
    folder = Path(shutil.copytree(settings.CATALOGUE, tmp_path / "catalogue"))
    with (folder / "disability_allowances.yaml").open("a", encoding="utf-8") as file:
        for name in ("hardship", "severe"):
            stages = f"[{name}_eligible, {name}_recipients]"
            file.write(f"  - kind: funnel\n    measures: {stages}\n")
    known = catalogue.load(folder)
    monkeypatch.setattr(catalogue, "load", lambda: known)


def test_a_funnel_shows_the_scope_its_regions_or_the_chosen_county(
    sample: None, with_funnels: None
) -> None:
    told = stores.reported("disability_allowances").loc[sorted(areas.pilot())]
    both = told[["severe_eligible", "severe_recipients"]].dropna()
    whole, part = (int(n) for n in both.sum())
    at = opened("disability_allowances")
    assert not at.exception
    first, second = [f for f in figures(at) if f["data"][0].get("name", "").endswith("目标人群")]
    assert "护理补贴" in second["data"][0]["name"]
    assert second["data"][0]["customdata"][0] == ["试点县", f"{whole:,}", ""]
    assert second["data"][1]["customdata"][0] == ["试点县", f"{part:,}", share(part, whole)]
    assert f"45个中{len(both)}个" in written(second)
    groups = [row[0] for row in first["data"][0]["customdata"]]
    assert groups == ["试点县", "粤东试点县", "粤西试点县", "粤北试点县"]
    county = figures(opened("disability_allowances", county=WENGYUAN))
    chosen = next(f for f in county if f["data"][0].get("name") == "生活补贴目标人群")
    assert [row[0] for row in chosen["data"][0]["customdata"]] == ["试点县", "翁源县"]


# ------------------------------------------------------------------ what figures say of themselves


@pytest.mark.parametrize("name", PAGES)
def test_each_figure_says_that_it_is_sample_its_period_and_its_coverage(
    sample: None, name: str
) -> None:
    at = opened(name)
    assert "样例数据" in words(at)
    for figure in figures(at):
        text = written(figure)
        assert "样例数据，不是统计数据" in text
        assert "2024年四季度" in text
        assert "个可算" in text
        assert "数据版本" in text


def test_real_numbers_carry_no_sample_mark_and_a_line_says_where_the_sample_ends(
    beside: None,
) -> None:
    at = opened("care_beds", period=stores.LATEST)
    assert "由程序生成" not in words(at)
    ranking, chart, bars, lines = figures(at)
    for figure in (ranking, chart, bars):
        assert "样例数据" not in written(figure)
    assert "← 样例数据" in written(lines)
    # 50 + 60 + 70 of 300; no change, since the sample is no baseline
    assert headline(at)["护理型床位占比"] == "60.0%"
    assert not any(metric.delta for metric in at.metric)


def test_the_overview_names_the_datasets_that_are_still_sample(beside: None) -> None:
    band = next(m.value for m in opened(period=stores.LATEST).markdown if "由程序生成" in m.value)
    assert "社工站（点）" in band
    assert "护理型床位" not in band


@pytest.mark.parametrize("topic", TOPICS)
def test_no_figure_holds_geometry_and_all_of_a_page_stay_within_60_kilobytes(
    sample: None, topic: str
) -> None:
    at = opened(topic)
    assert sum(map(len, sent(at))) <= 60 * KILOBYTE
    assert not [figure for figure in figures(at) if '"coordinates"' in json.dumps(figure)]
    maps = [d for figure in figures(at) for d in figure["data"] if d["type"] == "choropleth"]
    assert maps or KNOWN.dataset(topic).level == "city"
    assert all(isinstance(d["geojson"], str) and "/static/" in d["geojson"] for d in maps)


# ------------------------------------------------------------------ choices


@pytest.mark.parametrize("most", [3, pytest.param(99, marks=pytest.mark.soak)])
@pytest.mark.parametrize("topic", TOPICS)
def test_each_indicator_of_the_catalogue_can_be_chosen_on_its_page(
    sample: None, topic: str, most: int
) -> None:
    at = opened(topic)
    for indicator in KNOWN.dataset(topic).indicators[-most:]:
        at.selectbox(key="indicator_zh").set_value(indicator.id).run()
        assert not at.exception, f"{indicator.id}: {at.exception}"
        assert any(indicator.definition("zh") in m.value for m in at.markdown)
        if KNOWN.dataset(topic).level == "county":
            assert indicator.label("zh") in written(figures(at)[0])


def test_a_link_opens_the_view_it_was_copied_from(sample: None) -> None:
    first = opened("care_beds", scope="粤西", period=stores.BEFORE, lang="en")
    first.selectbox(key="county_en").set_value("440882").run()
    first.selectbox(key="indicator_en").set_value("bed_occupancy").run()
    link = dict(first.query_params)
    assert link == {
        "scope": "粤西",
        "period": stores.BEFORE,
        "lang": "en",
        "county": "440882",
        "indicator": "bed_occupancy",
    }
    second = opened("care_beds", **link)
    assert words(second) == words(first)
    assert sent(second) == sent(first)


def test_what_is_chosen_by_default_stays_out_of_the_link(sample: None) -> None:
    assert not dict(opened().query_params)


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": "2024Q5"},
        {"period": "1999Q1"},
        {"scope": "粤南"},
        {"county": "110101"},
        {"county": DONGGUAN},  # not in the scope
        {"indicator": "no_such_indicator"},
        {"indicator": "one_card_share"},  # of another page
        {"lang": "fr"},
    ],
)
def test_an_unknown_choice_falls_back_to_a_valid_one(sample: None, wrong: dict[str, str]) -> None:
    at = opened("care_beds", **wrong)
    assert not at.exception
    assert at.title[0].value == "护理型床位"
    assert "2024年四季度 · 粤东粤西粤北45个试点县" in words(at)
    assert headline(at) == headline(opened("care_beds"))


def test_a_page_keeps_the_quarter_scope_and_county_of_the_one_before(sample: None) -> None:
    at = opened("care_beds", scope=SHAOGUAN, county=WENGYUAN, period=stores.BEFORE)
    turned(at, "social_work_stations")
    assert at.selectbox(key="scope_zh").value == SHAOGUAN
    assert at.selectbox(key="county_zh").value == WENGYUAN
    assert at.selectbox(key="period_zh").value == stores.BEFORE
    assert at.selectbox(key="indicator_zh").value == "station_coverage"
    turned(at, "care_beds")
    assert at.selectbox(key="indicator_zh").value == "care_bed_share"


def test_the_other_language_keeps_what_was_chosen(sample: None) -> None:
    at = opened("care_beds", scope=SHAOGUAN)
    at.selectbox(key="county_zh").set_value(WENGYUAN).run()
    at.button_group[0].set_value("en").run()
    assert not at.exception
    assert at.selectbox(key="county_en").value == WENGYUAN
    assert at.selectbox(key="scope_en").value == SHAOGUAN
    at.selectbox(key="indicator_en").set_value("bed_occupancy").run()
    assert at.selectbox(key="county_en").value == WENGYUAN


def back(at: AppTest) -> Any:
    return next(b for b in at.button if b.label == "回到试点县")


def test_one_click_goes_back_to_the_pilot_counties(sample: None) -> None:
    at = opened("care_beds", scope=SHAOGUAN, county=WENGYUAN)
    back(at).click().run()
    assert at.selectbox(key="scope_zh").value == areas.PILOT
    assert at.selectbox(key="county_zh").value == scopes.ALL
    assert back(at).disabled


def test_a_county_leaves_the_choice_when_the_scope_no_longer_holds_it(sample: None) -> None:
    at = opened("care_beds", scope=SHAOGUAN, county=WENGYUAN)
    at.selectbox(key="scope_zh").set_value("粤西").run()
    assert not at.exception
    assert at.selectbox(key="county_zh").value == scopes.ALL


# ------------------------------------------------------------------ tables and files


def shown_view(topic: str, lang: str = "zh", scope: str = areas.PROVINCE) -> View:
    source, stamp = view.current()
    dataset = KNOWN.dataset(topic)
    chosen = scopes.Choices(stores.LATEST, scope, None, dataset.indicators[0].id, lang)
    return View(source, stamp, chosen, dataset)


def county_frame(topic: str, lang: str = "zh") -> pd.DataFrame:
    v = shown_view(topic, lang)
    names = [i.id for i in v.dataset.indicators] if v.dataset else []
    return reads.county_values(v.source, names, stores.LATEST, "province", areas.PROVINCE, lang)


def test_missing_zero_and_not_applicable_are_told_apart_and_numbers_stay_numbers(
    sample: None,
) -> None:
    rows = county_frame("child_welfare")
    dataset = KNOWN.dataset("child_welfare")
    table = exports.county_table(rows, dataset, "institution_standard_ratio", "zh")
    style = exports.presented(table, rows, dataset, "zh")
    column = "集中养育标准比（%）"
    status = rows[rows["indicator_id"] == "institution_standard_ratio"].set_index("area_code")
    silent = status.index[status["status"] == "not_applicable"]
    missing = status.index[status["status"] == "missing"]
    assert len(silent) and len(missing)
    assert style.data[column].dtype == "float64"
    written_out = style.to_html()
    assert written_out.count("不适用") >= len(silent)
    # a cell without a number shows the placeholder of the table
    assert style.data.loc[missing, column].isna().all()
    zero = county_frame("care_beds")
    met = zero[(zero["indicator_id"] == "care_beds_to_convert") & (zero["value"] == 0)]
    assert len(met) and (met["status"] == "observed").all()


def test_a_topic_writes_a_true_minus(sample: None) -> None:
    rows, dataset = county_frame("child_welfare"), KNOWN.dataset("child_welfare")
    rows = rows.assign(value=-rows["value"], status="observed")
    table = exports.county_table(rows, dataset, "child_paid_share", "zh")
    assert "−100.0" in exports.presented(table, rows, dataset, "zh").to_html()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_flag_of_a_topic_stands_for_is_told_below_the_table(sample: None, lang: str) -> None:
    at = opened("disability_allowances", lang=lang)
    flags = table_with(at, "⚑").set_index(at.dataframe[0].value.columns[0])["⚑"]
    flagged = set(flags.index[flags == "⚑"])
    assert flagged and set(flags) <= {"", "⚑"}
    (told,) = [each for each in at.expander if "⚑" in each.label]
    assert f"({len(flagged)})" in told.label.replace("（", "(").replace("）", ")")
    lines = told.markdown[0].value.split("\n")
    heads = [place for place, line in enumerate(lines) if line.startswith("- **")]
    assert {lines[place].strip("- *") for place in heads} == flagged
    for head in heads:  # each county with a sentence at least, one a line
        assert lines[head + 1].startswith("    - ") and len(lines[head + 1]) > 16


def test_a_tied_rank_of_a_topic_is_said_to_be_tied(sample: None) -> None:
    name = "institution_standard_ratio"
    rows = reads.county_values(view.current()[0], [name], stores.LATEST, "pilot", "pilot", "zh")
    ranked = rows[rows["rank"].notna()].set_index("area_name")
    assert ranked["tied"].any()
    found = table_with(opened("child_welfare", indicator=name), "排名")
    cells = found.set_index(found.columns[0])["排名"]
    for county, row in ranked.iterrows():
        told = [str(int(row["rank"])), *(["并列"] if row["tied"] else [])]
        assert cells[county].split() == told
    assert list(cells[cells != ""]) == sorted(cells[cells != ""])  # a reader's sorting is by number


def test_a_csv_opens_right_in_excel(sample: None) -> None:
    rows = county_frame("care_beds")
    dataset = KNOWN.dataset("care_beds")
    data = exports.csv_bytes(rows, dataset, ["2024年四季度", "全省", "数据版本 1"], "zh")
    assert data.startswith(b"\xef\xbb\xbf")
    records = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(records) == 124 * len(dataset.indicators)
    told = stores.reported("care_beds").loc[WENGYUAN]
    record = next(
        r for r in records if r["行政区划代码"] == WENGYUAN and r["指标代号"] == "care_bed_share"
    )
    assert float(record["分子"]) == told["beds_care"]
    assert float(record["分母"]) == told["beds_total"]
    assert float(record["数值"]) == 100 * told["beds_care"] / told["beds_total"]  # not rounded
    assert record["状态"] == "已报"
    assert {r["是否样例"] for r in records if r["状态"] == "已报"} == {"样例数据"}
    silent = [r for r in records if r["行政区划代码"] == LUFENG]
    assert {(r["数值"], r["状态"]) for r in silent} == {("", "未报")}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_workbook_holds_numbers_as_numbers_codes_as_text_and_no_formula(
    sample: None, lang: str
) -> None:
    rows = county_frame("child_welfare", lang)
    dataset = KNOWN.dataset("child_welfare")
    data = exports.xlsx_bytes(rows, dataset, ["2024Q4", "440000", "1"], lang)
    book = openpyxl.load_workbook(io.BytesIO(data))
    table, parts = book.worksheets
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert ("样例数据" if lang == "zh" else "Sample data") in str(table["A3"].value)
    heads = [cell.value for cell in parts[1]]
    for row in parts.iter_rows(min_row=2, values_only=True):
        record = dict(zip(heads, row, strict=True))
        assert isinstance(row[0], str) and len(row[0]) == 6
        value = record["数值" if lang == "zh" else "Value"]
        assert value is None or value == "" or isinstance(value, int | float)
    marks = {c.value for row in table.iter_rows(min_row=5) for c in row[2:] if c.data_type == "s"}
    assert marks == {"—", "不适用" if lang == "zh" else "n.a."}


def test_text_that_looks_like_a_formula_is_no_formula_in_a_csv(sample: None) -> None:
    rows = county_frame("care_beds").head(1).assign(area_name="=1+1", city_name="@SUM(A1)")
    data = exports.csv_bytes(rows, KNOWN.dataset("care_beds"), ["-1", "+1", "="], "zh")
    record = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    for column in ("县（市、区）", "市", "报告期", "范围与版本"):
        assert record[column].startswith("'")


def test_without_its_static_files_a_page_says_to_run_setup(
    sample: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    at = opened()
    assert not at.exception
    assert ["python -m app setup" in said.value for said in at.info] == [True]
