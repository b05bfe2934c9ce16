"""Data quality: what is doubtful among the stored figures, by numbers worked out by hand."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import dashboard_stores as stores
import pytest
import streamlit as st
from command_calls import command
from forms import KNOWN, RENHUA, SHIXING, Value, form, good, stored
from small_models import model, reported

import queries
from app import areas, formats, kept, peers, view
from app.catalogue import load
from app.quality import findings, marks, page, told
from app.quality.findings import Finding
from app.serving import Serving
from app.settings import Settings

BEDS = "care_beds"
QUARTERS = [f"{year}Q{quarter}" for year in (2022, 2023, 2024) for quarter in (1, 2, 3, 4)]
NOW = "2024Q1"
BEFORE = QUARTERS[: QUARTERS.index(NOW)]  # eight quarters


def found(
    cells: dict[str, dict[str, dict[str, Value]]], period: str = NOW, sample: bool = False
) -> list[Finding]:
    """The findings of a quarter over cells of care beds by area, period and measure."""
    return afresh(model(reported(BEDS, cells, sample)), period)


def afresh(source: Serving, period: str) -> list[Finding]:
    """All findings of a quarter, worked out with nothing kept."""
    groups = findings._groups(KNOWN)
    found = [f for group in groups for f in findings._found(source, period, KNOWN, group)]
    return sorted(found, key=lambda finding: finding.rank)


def of_kind(kind: str, rows: list[Finding]) -> list[Finding]:
    return [finding for finding in rows if finding.kind == kind]


def shares(values: list[float | None]) -> dict[str, dict[str, Value]]:
    """Care beds of 1000 in the quarters before, and in the one now."""
    periods = [*BEFORE, NOW][-len(values) :]
    return {
        period: {"beds_total": 1000.0, "beds_care": value}
        for period, value in zip(periods, values, strict=True)
    }


def own(*cases: list[float | None]) -> list[Finding | None]:
    """What is said of the share of care-type beds against its own history, one county a case."""
    codes = list(areas.load())[: len(cases)]
    rows = of_kind("own", found(dict(zip(codes, map(shares, cases), strict=True))))
    told_of = {f.area_code: f for f in rows if f.indicator == "care_bed_share"}
    return [told_of.get(code) for code in codes]


def test_the_distance_from_its_own_history_is_in_deviations_by_the_median_one() -> None:
    # per cent 30 … 44 by 2: median 37, absolute deviations 7 5 3 1 1 3 5 7, their median 4;
    # 4 × 1.4826 = 5.9304, and (90 − 37) / 5.9304 = 8.937
    history: list[float | None] = [300.0 + 20 * step for step in range(8)]
    # 5 × 5.9304 = 29.652 is the bound: 66.6 is inside, 66.7 is not
    far, inside, outside, below = own(*([*history, now] for now in (900.0, 666.0, 667.0, 70.0)))
    assert far is not None
    assert (far.value, far.against, far.count) == (90, 37, 8)
    assert far.z == pytest.approx(53 / 5.9304)
    assert inside is None and outside is not None
    assert below is not None and below.z == pytest.approx(-30 / 5.9304)


def test_where_half_the_history_is_the_same_the_mean_deviation_stands_for_the_median_one() -> None:
    # 50 six times, 40 and 60: MAD 0, mean deviation 20 / 8 = 2.5; × 1.2533 = 3.13325 is more than
    # a twentieth of 50; 5 times that is 15.67
    history: list[float | None] = [*[500.0] * 6, 400.0, 600.0]
    far, inside = own([*history, 660.0], [*history, 650.0])
    assert far is not None and far.z == pytest.approx(16 / 3.13325)
    assert inside is None


def test_a_history_that_never_moved_is_left_by_more_than_a_share_of_its_level() -> None:
    # all 50: a twentieth of it, 2.5, is one deviation; all 0: one percentage point is
    steady: list[float | None] = [500.0] * 8
    nothing: list[float | None] = [0.0] * 8
    inside, far, same, near, rise = own(
        [*steady, 624.0], [*steady, 626.0], [*steady, 500.0], [*nothing, 50.0], [*nothing, 60.0]
    )  # fmt: skip
    assert inside is None and same is None and near is None
    assert far is not None and far.z == pytest.approx(12.6 / 2.5)
    assert rise is not None and rise.z == pytest.approx(6)


def test_a_short_history_says_nothing_and_a_quarter_not_reported_does_not_count() -> None:
    five: list[float | None] = [500.0] * 5
    short, gaps, enough = own([*five, 900.0], [None, None, *five, 900.0], [500.0, *five, 900.0])
    assert short is None and gaps is None and enough is not None


def test_what_is_missing_or_not_applicable_is_never_doubtful() -> None:
    history: list[float | None] = [500.0] * 8
    silent = shares([*history, 500.0])
    silent[NOW] = {"beds_total": "不适用", "beds_care": "不适用"}
    assert found({SHIXING: shares([*history, None]), RENHUA: silent}) == []


def test_real_figures_are_not_held_against_sample_ones_and_sample_is_marked() -> None:
    history = shares([*[500.0] * 8, 900.0])
    made = of_kind("own", found({SHIXING: history}, sample=True))
    assert made and all(finding.sample for finding in made)
    before = {period: row for period, row in history.items() if period != NOW}
    cells = reported(BEDS, {SHIXING: before}, True) + reported(BEDS, {SHIXING: {NOW: history[NOW]}})
    assert of_kind("own", afresh(model(cells), NOW)) == []


def test_a_county_is_held_against_its_peers_of_the_same_quarter() -> None:
    nearest = [peer.area_code for peer in peers.of(model([]), SHIXING)]
    assert peers.of_all(model([]))[SHIXING] == nearest
    row = {"beds_total": 1000.0, "beds_care": 900.0}
    # peers 30 31 … 39: median 34.5, median deviation 2.5; × 1.4826 = 3.7065
    cells: dict[str, dict[str, dict[str, Value]]] = {
        code: {NOW: {"beds_total": 1000.0, "beds_care": 300.0 + 10 * place}}
        for place, code in enumerate(nearest)
    }
    rows = of_kind("peers", found(cells | {SHIXING: {NOW: row}}))
    (far,) = [f for f in rows if (f.area_code, f.indicator) == (SHIXING, "care_bed_share")]
    assert (far.value, far.against, far.count) == (90, 34.5, 10)
    assert far.z == pytest.approx(55.5 / 3.7065)
    few = {code: cells[code] for code in nearest[:5]}
    mine = [f for f in found(few | {SHIXING: {NOW: row}}) if f.area_code == SHIXING]
    assert of_kind("peers", mine) == []


def test_every_rule_of_the_catalogue_is_held_against_what_is_stored() -> None:
    broken: dict[str, Value] = {"beds_total": 100.0, "beds_care": 120.0, "residents": 130.0}
    rows = of_kind("rule", found({SHIXING: {NOW: broken}, RENHUA: {NOW: {"beds_total": 100.0}}}))
    assert [(f.rule, f.severity, f.measure, f.value) for f in rows] == [
        ("care_beds_within_beds", "error", "beds_care", 120),
        ("residents_within_beds", "warning", "residents", 130),
    ]
    assert "护理型床位数多于养老机构床位数" in told.sentence(rows[0], "zh")


def test_a_row_like_that_of_the_quarter_before_is_told_once() -> None:
    row: dict[str, Value] = {
        "institutions": 3.0, "beds_total": 200.0, "beds_care": 90.0, "residents": 80.0,
    }  # fmt: skip
    same = {SHIXING: {"2023Q4": row, NOW: dict(row)}}
    (finding,) = of_kind("row", found(same))
    assert (finding.area_code, finding.measure, finding.count) == (SHIXING, None, 4)
    assert "2023年四季度" in told.sentence(finding, "zh")
    same[SHIXING][NOW]["residents"] = 81.0
    assert of_kind("row", found(same)) == []
    same[SHIXING][NOW]["residents"] = 0.0
    same[SHIXING]["2023Q4"]["residents"] = 0.0  # three that are not zero say too little
    assert of_kind("row", found(same)) == []


def test_a_figure_that_stands_still_is_told_where_others_move() -> None:
    four = QUARTERS[5:9]
    moving: dict[str, dict[str, dict[str, Value]]] = {
        code: {period: {"residents": 100.0 + step} for step, period in enumerate(QUARTERS[:9])}
        for code in list(areas.load())[:20]
        if code != SHIXING
    }
    still: dict[str, dict[str, Value]] = {period: {"residents": 77.0} for period in four}
    (finding,) = of_kind("run", found(moving | {SHIXING: still}))
    assert (finding.area_code, finding.measure) == (SHIXING, "residents")
    assert (finding.value, finding.count) == (77, 4)
    gap = {period: row for period, row in still.items() if period != four[1]}
    assert of_kind("run", found(moving | {SHIXING: gap})) == []
    assert of_kind("run", found({SHIXING: still})) == []  # it stands still everywhere


def test_a_zero_is_doubtful_where_both_its_history_and_its_peers_are_well_above() -> None:
    nearest = peers.of_all(model([]))[SHIXING]
    others: dict[str, dict[str, dict[str, Value]]] = {
        code: {NOW: {"residents": 40.0}} for code in nearest
    }
    mine: dict[str, dict[str, Value]] = {p: {"residents": 30.0} for p in QUARTERS[4:8]}
    zero: dict[str, dict[str, Value]] = {NOW: {"residents": 0.0}}
    (finding,) = of_kind("zero", found(others | {SHIXING: mine | zero}))
    assert (finding.value, finding.against, finding.peers_middle) == (0, 30, 40)
    assert "是30人" in told.sentence(finding, "zh")
    assert of_kind("zero", found(others | {SHIXING: zero})) == []  # no history
    assert of_kind("zero", found({SHIXING: mine | zero})) == []  # no peers
    before = mine | {"2023Q1": {"residents": 0.0}}  # it was zero before
    assert of_kind("zero", found(others | {SHIXING: before | zero})) == []


def test_the_worst_come_first_and_a_measure_marks_what_is_made_of_it(tmp_path: Path) -> None:
    one = Finding("own", BEDS, SHIXING, NOW, False, indicator="care_bed_share", z=-9.0)
    other = dataclasses.replace(one, kind="peers", z=12.0)
    rule = dataclasses.replace(one, kind="rule", z=None, indicator=None, measure="residents")
    error = dataclasses.replace(rule, severity="error")
    ordered = sorted([one, rule, other, error], key=lambda finding: finding.rank)
    assert ordered == [error, rule, other, one]
    made_of = marks._made_of(load().dataset(BEDS))
    assert marks._indicators(rule, made_of) == ["bed_occupancy"]
    assert marks._indicators(one, made_of) == ["care_bed_share"]
    whole = dataclasses.replace(one, kind="row", indicator=None)
    assert marks._indicators(whole, made_of) == [i.id for i in load().dataset(BEDS).indicators]


def test_a_finding_brings_the_explanation_of_what_stored_it_and_marks_the_figure(
    store: Settings, tmp_path: Path
) -> None:
    row = good(residents=230)
    stored(store, form(tmp_path / "a.xlsx", "2024Q2", {SHIXING: row}), explain="临时加床")
    source, stamp = view.current()
    (finding,) = of_kind("rule", list(findings.of(source, stamp, "2024Q2")))
    assert (finding.rule, finding.explanation) == ("residents_within_beds", "临时加床")
    (line,) = marks.of_area(source, stamp, "2024Q2", SHIXING, "zh")["bed_occupancy"]
    assert line.startswith("入住老年人数多于养老机构床位数") and line.endswith("临时加床")
    dataset = load().dataset(BEDS)
    told_of = marks.by_area(source, stamp, "2024Q2", [SHIXING, RENHUA], dataset, "zh")
    assert told_of == {SHIXING: [line]}
    done = command(store, "quality", "--period", "2024Q2", "--json")
    assert done.returncode == 0, done.stderr
    (told_row,) = [row for row in json.loads(done.stdout) if row["kind"] == "rule"]
    assert told_row["measure"] == "residents" and told_row["submission"] == "S1"
    assert told_row["explanation"] == "临时加床"
    bad = command(store, "quality", "--period", "2024")
    assert bad.returncode == 1 and "Traceback" not in bad.stderr


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As where the counties are thousands: each dataset is looked at by itself."""
    kept.forget()
    monkeypatch.setattr(findings, "AT_ONCE", 1)
    yield
    kept.forget()


@contextmanager
def asked() -> Iterator[list[str]]:
    """The datasets whose outliers are looked for meanwhile."""
    run, names = queries.run, list[str]()

    def noted(name: str, cursor: Any, **values: Any) -> Any:
        names.extend(values["datasets"] if name == "quality/outlier" else [])
        return run(name, cursor, **values)

    with patch.object(queries, "run", noted):
        yield names


def test_datasets_looked_at_one_by_one_have_the_findings_of_all_at_once(
    sampled: Path, request: pytest.FixtureRequest
) -> None:
    with stores.store_at(sampled):
        source, _ = view.current()
        at_once = afresh(source, stores.LATEST)
        request.getfixturevalue("one_by_one")
        assert len(findings._groups(KNOWN)) == len(KNOWN.datasets)
        alone = afresh(source, stores.LATEST)
    assert at_once and [f.rank for f in alone] == [f.rank for f in at_once]
    for one, other in zip(alone, at_once, strict=True):
        same = {"z": pytest.approx(other.z)}  # its mean is of values in any order
        assert dataclasses.asdict(one) == dataclasses.asdict(other) | same


@pytest.mark.usefixtures("one_by_one")
def test_a_submission_has_its_own_dataset_looked_at_anew_from_its_quarter_on(
    store: Settings, tmp_path: Path
) -> None:
    def now(period: str) -> tuple[list[str], list[Finding]]:
        source, stamp = view.current()
        with asked() as names:
            found = list(findings.of(source, stamp, period))
        assert found == afresh(source, period)
        return names, found

    row = good(residents=230)
    stored(store, form(tmp_path / "a.xlsx", "2024Q2", {SHIXING: row}), explain="属实")
    names, before = now("2024Q2")
    assert names == [name for group in findings._groups(KNOWN) for name in group]
    stored(store, form(tmp_path / "b.xlsx", "2024Q3", {SHIXING: good()}))
    assert now("2024Q2") == ([], before)
    stored(store, form(tmp_path / "c.xlsx", "2024Q2", {RENHUA: row}), explain="属实")
    names, after = now("2024Q2")
    assert names == [BEDS]
    assert {f.area_code for f in after} == {SHIXING, RENHUA}


@pytest.mark.usefixtures("one_by_one")
def test_a_table_of_one_dataset_has_that_alone_looked_at(sampled: Path) -> None:
    with stores.store_at(sampled):
        source, stamp = view.current()
        with asked() as names:
            doubts = marks.by_area(
                source, stamp, stores.LATEST, list(areas.load()), KNOWN.dataset(BEDS), "zh"
            )
    assert doubts and names == [BEDS]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_counts_lists_and_shows_one_with_its_history(sampled: Path, lang: str) -> None:
    with stores.store_at(sampled):
        source, stamp = view.current()
        expected = findings.inside(source, stamp, stores.LATEST, areas.PROVINCE)
        at = stores.opened(
            "pages/submit/quality.py", lang=lang, period=stores.LATEST, scope=areas.PROVINCE
        )
        assert expected
        counts = findings.counts(expected)
        assert [int(m.value.replace(",", "")) for m in at.metric] == list(counts.values())
        table = at.dataframe[0].value
        assert len(table) == len(expected)
        sentences = [told.sentence(finding, lang) for finding in expected]
        assert list(table.iloc[:, 3]) == sentences
        assert set(table.iloc[:, -1]) == {"样例" if lang == "zh" else "Sample"}
        kind = expected[-1].kind
        at.selectbox(f"quality_kind_{lang}").select(kind).run()
        assert not at.exception
        assert len(at.dataframe[0].value) == counts[kind]
        if lang == "en":
            words = "".join(sentences)
            assert not [letter for letter in words if "\u4e00" <= letter <= "\u9fff"]


def test_of_very_many_the_first_are_listed_and_all_are_in_the_file(
    sampled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: list[Callable[[], bytes]] = []
    monkeypatch.setattr(page, "LISTED", 3)
    monkeypatch.setattr(st, "download_button", lambda _, data, *__, **___: files.append(data))
    with stores.store_at(sampled):
        source, stamp = view.current()
        expected = findings.inside(source, stamp, stores.LATEST, areas.PROVINCE)
        at = stores.opened("pages/submit/quality.py", period=stores.LATEST, scope=areas.PROVINCE)
        content = files[-1]()
    assert len(expected) > 3
    assert list(at.dataframe[0].value.iloc[:, 3]) == [told.sentence(f, "zh") for f in expected[:3]]
    assert len(at.selectbox("quality_chosen").options) == 3
    said = f"共{len(expected)}条，重的在前；这里只列前3条，全部在下载的表里"
    assert said in [each.value for each in at.caption]
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
    assert [line[8] for line in lines] == [told.sentence(f, "zh") for f in expected]


def test_a_doubtful_figure_is_marked_on_the_topic_page_and_in_the_profile(sampled: Path) -> None:
    with stores.store_at(sampled):
        source, stamp = view.current()
        found = marks.of(source, stamp, stores.LATEST, "zh")
        code, name = next(
            key for key in found if load().dataset_of[key[1]].id == BEDS and key[0] in areas.load()
        )
        asked = {"period": stores.LATEST, "scope": areas.PROVINCE}
        topic = stores.opened(f"pages/topics/{BEDS}.py", **asked)
        profile = stores.opened("pages/explore/county.py", county=code, shown="all", **asked)
    table = next(each.value for each in topic.dataframe if marks.SIGN in each.value)
    (cell,) = table.loc[table.iloc[:, 0] == areas.load()[code].label("zh"), marks.SIGN]
    assert cell == marks.SIGN
    (below,) = [each for each in topic.expander if marks.SIGN in each.label]
    own = f"- **{areas.load()[code].label('zh')}**\n"
    listed = below.markdown[0].value.partition(own)[2].partition("\n- ")[0].split("\n")
    assert {f"    - {formats.plain(each)}" for each in found[code, name]} <= set(listed)
    assert (table[marks.SIGN] == "").any()
    (proto,) = [
        each.proto for each in profile.get("bidi_component")
        if each.proto.component_name == "profile"
    ]  # fmt: skip
    document = json.loads(gzip.decompress(proto.bytes))
    doubts = {row["id"]: row["doubt"] for group in document["groups"] for row in group["rows"]}
    assert doubts[name] == "\n".join(found[code, name])
    assert {key for key, text in doubts.items() if text} == {
        indicator for area, indicator in found if area == code
    }


def test_the_page_says_so_where_nothing_is_doubtful(store: Settings, tmp_path: Path) -> None:
    stored(store, form(tmp_path / "a.xlsx", "2024Q2", {SHIXING: good()}))
    at = stores.opened("pages/submit/quality.py", period="2024Q2")
    assert [each.value for each in at.success] == ["这个季度没有发现值得核对的数。"]
    assert not at.dataframe


def test_every_finding_is_told_in_both_languages_with_its_figure(
    sampled: Path,
) -> None:
    with stores.store_at(sampled):
        source, stamp = view.current()
        rows = findings.of(source, stamp, stores.LATEST)
    for lang in ("zh", "en"):
        for finding in rows:
            sentence = told.sentence(finding, lang)
            assert sentence and "{" not in sentence
            chinese = [letter for letter in sentence if "\u4e00" <= letter <= "\u9fff"]
            assert bool(chinese) == (lang == "zh")
    assert all(finding.value is not None or finding.measure is None for finding in rows)


def test_a_figure_of_a_broken_rule_tells_the_number_and_not_what_to_do_about_it() -> None:
    broken = Finding("rule", BEDS, SHIXING, NOW, False, measure="beds_total", value=1234.0)
    assert told.title(broken, "zh") == "始兴县：养老机构床位数1,234张，关系不符"
    without = dataclasses.replace(broken, value=None)
    assert told.title(without, "en") == "Shixing County: Beds —: Broken identity"
