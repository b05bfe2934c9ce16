"""The reference pages: the notice clause by clause, the indicator dictionary, all indicators."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dashboard_stores as stores
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app import areas, catalogue, notice
from app.errors import CatalogueInvalid

KNOWN = catalogue.load()
FILES = {
    "notice": "pages/reference/notice.py",
    **{topic: f"pages/topics/{topic}.py" for topic in KNOWN.datasets},
}
WENGYUAN, DONGGUAN = "440229", "441900"


@pytest.fixture
def sample(sampled: Path) -> Iterator[None]:
    with stores.store_at(sampled):
        yield


@pytest.fixture
def beside(mixed: Path) -> Iterator[None]:
    with stores.store_at(mixed):
        yield


def opened(page: str, **query: str) -> AppTest:
    """A page as a link with these choices opens it."""
    return stores.opened(FILES[page], **query)


def words(at: AppTest) -> str:
    """All text of a page outside its tables."""
    parts = [*at.title, *at.subheader, *at.markdown, *at.caption, *at.info]
    return "\n".join(part.value for part in parts)


def table_with(at: AppTest, column: str) -> pd.DataFrame:
    """The table of the page that has a column of this name."""
    return next(f.value for f in at.dataframe if column in f.value.columns)


def links(at: AppTest) -> list[tuple[str, str]]:
    """Where the page's links lead, and with which query."""
    return [(e.proto.page, e.proto.query_string) for e in at.get("page_link")]


def chinese(text: str) -> set[str]:
    return {c for c in text if "\u4e00" <= c <= "\u9fff"}


# ------------------------------------------------------------------ the file of the notice


def test_every_clause_of_the_notice_has_its_place_and_no_other() -> None:
    assert [c.id for c in notice.load().clauses] == list("一二三四五六七八九十")


def test_the_notice_is_named_as_it_was_issued() -> None:
    told = notice.load()
    assert told.number == "粤民函〔2023〕143号"
    assert told.issued.isoformat() == "2023-05-11"


def test_every_dataset_of_the_catalogue_appears_under_its_clause_and_no_other() -> None:
    placed = {c: [d.id for d in notice.datasets(c)] for c in notice.CLAUSES}
    assert {d for ids in placed.values() for d in ids} == set(KNOWN.datasets)
    for clause, ids in placed.items():
        assert set(ids) == {d.id for d in KNOWN.datasets.values() if clause in d.clauses}
        assert ids[-1] == "work_tasks"  # its tasks are of all clauses


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  - id: 十\n", "  - id: 九\n", "are wanted"),
        (
            "    title: {zh: 持续深化理论学习, en: Keep studying}",
            "    title: {zh: 学习}",
            "title.en",
        ),
        ("issued: 2023-05-11", "issued: 2023-05-11\nsource: x", "source"),
        ("clauses:", "clauses", "notice.yaml"),
    ],
)
def test_a_file_of_the_notice_that_is_wrong_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = notice.FILE.read_text("utf-8")
    assert old in text
    (tmp_path / "notice.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(CatalogueInvalid, match=said):
        notice.load(tmp_path / "notice.yaml")


# ------------------------------------------------------------------ the page of the notice


def test_the_page_of_the_notice_shows_all_ten_clauses_and_which_have_no_data(sample: None) -> None:
    table = table_with(opened("notice"), "条")
    assert [text[0] for text in table["条"]] == list(notice.CLAUSES)
    for row, clause in zip(table.to_dict("records"), notice.CLAUSES, strict=True):
        datasets = notice.datasets(clause)
        told = "、".join(d.label("zh") for d in datasets) or "没有报表，没有数据"
        assert row["报表"] == told


@pytest.mark.parametrize("clause", notice.CLAUSES)
def test_a_link_to_a_clause_opens_it_with_its_datasets_or_says_that_there_are_none(
    sample: None, clause: str
) -> None:
    at = opened("notice", clause=clause)
    told = notice.load().clause(clause)
    assert at.subheader[0].value == f"{clause}、{told.title('zh')}"
    assert told.text("zh") in words(at)
    datasets = notice.datasets(clause)
    for dataset in datasets:
        assert f"**{dataset.label('zh')}**" in words(at)
        assert dataset.clause_text("zh") in words(at) or dataset.items
        tasks = {i.label("zh") for i in dataset.items if i.clause == clause}
        assert not tasks or tasks == set(table_with(at, "任务")["任务"])
    assert ("目前没有报表" in words(at)) == (not datasets)


@pytest.mark.parametrize(
    "dataset", [d for d in KNOWN.datasets.values() if not d.items], ids=lambda d: d.id
)
def test_every_indicator_of_the_catalogue_stands_under_its_clause(
    sample: None, dataset: catalogue.Dataset
) -> None:
    at = opened("notice", clause=dataset.clause)
    shown = {name for f in at.dataframe if "达到目标的县" in f.value for name in f.value["指标"]}
    assert {i.short("zh") for i in dataset.indicators} <= shown


def test_a_clause_tells_how_many_counties_meet_the_target_of_those_with_a_figure(
    sample: None,
) -> None:
    beds = stores.reported("care_beds")
    pilots = beds.loc[[c for c in beds.index if c in areas.pilot()]]
    known = pilots.dropna(subset=["beds_care", "beds_total"])
    known = known[known["beds_total"] > 0]
    met = int((known["beds_care"] * 100 >= known["beds_total"] * 55).sum())
    at = opened("notice", clause="六")
    table = next(
        f.value for f in at.dataframe if "护理型床位占比" in f.value.get("指标", pd.Series()).values
    ).set_index("指标")
    row = table.loc["护理型床位占比"]
    whole = 100 * known["beds_care"].sum() / known["beds_total"].sum()
    assert row["数值"].startswith(f"{whole:.1f}%")
    assert row["目标"] == "55%（2025年）"
    assert row["达到目标的县"] == f"{met} / {len(known)}"
    assert row["没有数的县"] == 45 - len(known)
    assert table.loc["公办护理型占比", "目标"] == "没有经核实的目标"
    assert pd.isna(table.loc["公办护理型占比", "达到目标的县"])


def test_a_clause_names_the_counties_that_have_not_reported(sample: None) -> None:
    missing = set(areas.pilot()) - set(stores.reported("care_beds").index)
    told = words(opened("notice", clause="六"))
    for code in missing:
        assert areas.load()[code].name in told


def test_a_quarter_nobody_reported_is_said_plainly_and_shown_without_numbers(
    beside: None,
) -> None:
    at = opened("notice", clause="八", period=stores.ONLY_BEDS)
    assert "2025年一季度这张报表还没有任何县上报" in words(at)
    table = table_with(at, "达到目标的县")
    assert {text.strip() for text in table["数值"]} == {"—"}
    assert table["达到目标的县"].isna().all()
    assert set(table["没有数的县"]) == {45}


def test_a_scope_of_one_county_counts_one_county(sample: None) -> None:
    at = opened("notice", clause="六", scope=DONGGUAN)
    assert "1个县全部已报" in words(at)
    beds = next(f.value for f in at.dataframe if "护理型床位占比" in set(f.value.get("指标", ())))
    told = beds.set_index("指标").loc["护理型床位占比", "达到目标的县"]
    assert told.endswith("/ 1")


def test_the_page_of_the_notice_speaks_english(sample: None) -> None:
    for clause in notice.CLAUSES:
        at = opened("notice", lang="en", clause=clause)
        assert at.title[0].value == "The notice"
        assert chinese(words(at)) <= set("粤民函号") | set(notice.CLAUSES)


def test_the_page_of_the_notice_marks_sample_data(sample: None) -> None:
    assert "样例数据" in words(opened("notice"))


def test_no_indicator_is_offered_on_the_page_of_the_notice(sample: None) -> None:
    assert not [box for box in opened("notice").selectbox if box.key == "indicator_zh"]


def test_without_data_the_page_of_the_notice_says_what_to_do(empty: Path) -> None:
    with stores.store_at(empty):
        at = opened("notice")
    assert "template" in at.info[0].value


@pytest.mark.parametrize("topic", KNOWN.datasets)
def test_every_topic_links_to_its_clause_and_back_with_the_choices_kept(
    sample: None, topic: str
) -> None:
    clause = KNOWN.dataset(topic).clause
    at = opened(topic, scope="粤北", county=WENGYUAN)
    query = next(query for page, query in links(at) if page == "notice")
    given = dict(pair.split("=") for pair in query.split("&"))
    assert given["scope"] == "%E7%B2%A4%E5%8C%97"
    assert given["county"] == WENGYUAN
    assert given["clause"].upper() == "".join(f"%{b:02X}" for b in clause.encode())
    assert all("notice?" in m.help for m in at.metric)
    back = opened("notice", clause=clause, scope="粤北", county=WENGYUAN)
    query = next(query for page, query in links(back) if page == topic)
    assert WENGYUAN in query
    # the board of tasks opens at those of the clause
    assert ("clause" in query) == bool(KNOWN.dataset(topic).items)


# ------------------------------------------------------------------ the way to the dictionary


@pytest.mark.parametrize("topic", KNOWN.datasets)
def test_every_topic_leads_to_the_dictionary_from_its_figures_and_the_chosen_indicator(
    sample: None, topic: str
) -> None:
    chosen = KNOWN.dataset(topic).indicators[-1].id
    at = opened(topic, indicator=chosen, county=WENGYUAN)
    query = next(query for page, query in links(at) if page == "dictionary")
    assert f"entry={chosen}" in query and WENGYUAN in query
    for metric, name in zip(at.metric, KNOWN.dataset(topic).headline, strict=True):
        assert f"county={WENGYUAN}&entry={name}" in metric.help
