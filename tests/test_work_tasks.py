"""重点任务台账: a row a city, quarter and task, with choices, dates and texts beside numbers."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import dashboard_stores as stores
import openpyxl
import pytest
from command_calls import command
from forms import KNOWN, Value, checked, read_file, stored, submitted, table
from streamlit.testing.v1 import AppTest

from app import areas, levels, notice, reads, serving
from app.intake import answers, ledger, template
from app.intake.previous import previous
from app.settings import Settings

TASKS = KNOWN.dataset("work_tasks")
SHAOGUAN, SHANTOU, DONGGUAN, GUANGZHOU = "440200", "440500", "441900", "440100"
FIELDS = [measure.id for measure in TASKS.measures]


def line(city: str, task: str, period: str = "2023Q2", **given: Value) -> dict[str, Value]:
    """A row of a task under way; the columns are the measures' ids."""
    usual: dict[str, Value] = {
        "lead_office": "社会救助科", "due": "2023-12-31", "status": "推进中", "progress": 50,
    }  # fmt: skip
    keys: dict[str, Value] = {"area_code": city, "item_id": task, "period": period}
    return keys | dict.fromkeys(FIELDS) | usual | given


def rules(found: list[object]) -> list[str]:
    return [finding.rule for finding in found]  # type: ignore[attr-defined]


def figure(
    store: Settings, indicator: str, level: str, code: str, period: str = "2023Q2"
) -> dict[str, object]:
    (found,) = reads.indicator_values(
        serving.open_vintage(store), [indicator], [period], [level], [code]
    )
    return found


# ------------------------------------------------------------------ what the notice asks for


def test_every_clause_has_its_tasks_and_every_task_its_clause() -> None:
    assert TASKS.clauses == set(notice.CLAUSES)
    assert [i.clause for i in TASKS.items] == sorted(
        (i.clause for i in TASKS.items), key=list(notice.CLAUSES).index
    )
    assert "work_tasks" in {d.id for clause in notice.CLAUSES for d in notice.datasets(clause)}


def test_a_cell_is_named_by_its_task_and_its_measure() -> None:
    measure = TASKS.measure("bulletins.status")
    assert (measure.id, measure.label.zh) == ("status", "政务信息编报·状态")
    assert "bulletins.bulletins_ytd" in TASKS.cells
    assert "publicity.bulletins_ytd" not in TASKS.cells  # only the task of bulletins counts them


def test_the_cities_report_and_those_with_a_pilot_county_are_the_pilot_set(
    tmp_path: Path, store: Settings
) -> None:
    assert len(levels.units("city")) == 21
    stored(store, table(tmp_path / "a.csv", [line(SHAOGUAN, "bulletins")]))
    held = {areas.load()[code].city_code for code in areas.pilot()}
    for level, code, expected in (
        ("province", "440000", 21), ("pilot", "pilot", len(held)), ("region", "粤北", 5),
        ("city", DONGGUAN, 1),
    ):  # fmt: skip
        assert figure(store, "task_done_share", level, code)["areas_expected"] == expected
    county = figure(store, "task_done_share", "county", "440222")
    assert (county["status"], county["areas_expected"]) == ("not_applicable", 0)


# ------------------------------------------------------------------ reading


def test_choices_dates_and_texts_are_read_in_the_ways_they_are_written(tmp_path: Path) -> None:
    rows = [
        line(SHAOGUAN, "bulletins", status="已完成", progress=100, due="2023年12月31日"),
        line(SHAOGUAN, "publicity", status="under_way", due="2023/9/5", problem=" 人手 不足 "),
        line(SHANTOU, "bulletins", status="Not started", progress=0, due=20231231, problem="无"),
    ]
    upload = read_file(table(tmp_path / "a.csv", rows))
    assert not upload.errors
    cells = {(c.area_code, c.measure_id): c for c in upload.cells}
    assert cells[SHAOGUAN, "bulletins.status"].value == 3  # the third choice
    assert cells[SHAOGUAN, "bulletins.due"].value == 20231231
    assert cells[SHAOGUAN, "publicity.due"].value == 20230905
    assert cells[SHANTOU, "bulletins.status"].value == 1
    assert cells[SHANTOU, "bulletins.due"].value == 20231231
    told = cells[SHAOGUAN, "publicity.problem"].value
    assert told is not None and upload.texts[told] == "人手 不足"
    assert cells[SHANTOU, "bulletins.problem"].status == "missing"  # 无 is no problem


@pytest.mark.parametrize(
    ("changed", "rule", "said"),
    [
        ({"status": "进行中"}, "not_a_choice", "这里可能是“推进中”"),
        ({"status": "完成了"}, "not_a_choice", "已完成"),
        ({"due": "年底"}, "not_a_date", "2023-12-31"),
        ({"due": "2023-02-30"}, "not_a_date", "2023-12-31"),
        ({"due": "1923-02-03"}, "not_a_date", "2023-12-31"),
        ({"problem": "长" * 501}, "text_too_long", "500"),
        ({"progress": 101}, "above_maximum", "100"),
        ({"study_ytd": 3}, "not_of_item", "政务信息编报"),
        ({"item_id": "bulletin"}, "unknown_item", "政务信息编报"),
        ({"item_id": "xyz"}, "unknown_item", "任务编号"),
        ({"area_code": "440222"}, "unknown_area", "440200"),
        ({"area_code": "449900"}, "unknown_area", "6 位市级代码"),
    ],
)
def test_what_a_cell_may_not_hold_is_refused_with_how_to_mend_it(
    tmp_path: Path, store: Settings, changed: dict[str, Value], rule: str, said: str
) -> None:
    row = line(SHAOGUAN, "bulletins") | changed
    assessment = checked(store, table(tmp_path / "a.csv", [row]))
    assert rules(assessment.errors) == [rule]
    assert said in assessment.errors[0].message
    assert assessment.errors[0].row == 2


def test_the_same_task_of_a_city_twice_is_refused_and_another_task_is_not(tmp_path: Path) -> None:
    rows = [line(SHAOGUAN, "bulletins"), line(SHAOGUAN, "publicity"), line(SHAOGUAN, "bulletins")]
    upload = read_file(table(tmp_path / "a.csv", rows))
    assert [(e.rule, e.row) for e in upload.errors] == [("duplicate_row", 4)]
    assert "第 2 行" in upload.errors[0].message


def test_the_name_of_a_task_stands_for_its_id_and_both_must_agree(tmp_path: Path) -> None:
    rows = [
        {"area_code": None, "city_name": "韶关", "item_name": "新闻宣传"}
        | {k: v for k, v in line(SHAOGUAN, "x").items() if k not in ("area_code", "item_id")}
    ]
    upload = read_file(table(tmp_path / "a.csv", rows), "work_tasks")
    assert not upload.errors
    assert {c.area_code for c in upload.cells} == {SHAOGUAN}
    assert {c.measure_id.split(".")[0] for c in upload.cells} == {"publicity"}
    rows = [line(SHAOGUAN, "bulletins") | {"item_name": "新闻宣传"}]
    assert rules(read_file(table(tmp_path / "b.csv", rows)).errors) == ["item_mismatch"]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"status": "已完成", "progress": 90}, "done_means_complete"),
        ({"status": "推进中", "progress": 100}, "complete_means_done"),
        ({"status": "推进中", "due": "2023-06-30"}, "past_means_done_or_overdue"),
        ({"rectified_on": "2023-05-01"}, "mended_only_what_was_found"),
    ],
)
def test_answers_that_do_not_fit_each_other_need_an_explanation(
    tmp_path: Path, store: Settings, changed: dict[str, Value], rule: str
) -> None:
    rows = [line(SHANTOU, "bulletins"), line(SHAOGUAN, "bulletins", **changed)]
    assessment = checked(store, table(tmp_path / "a.csv", rows))
    assert not assessment.errors
    assert [(w.rule, w.row) for w in assessment.warnings] == [(rule, 3)]


def test_more_problems_mended_than_found_is_refused(tmp_path: Path, store: Settings) -> None:
    row = line(SHAOGUAN, "assessment_problems", problems_found=3, problems_closed=4)
    assert rules(checked(store, table(tmp_path / "a.csv", [row])).errors) == [
        "problems_closed_within_found"
    ]


def test_a_number_since_january_falls_within_one_task_alone(
    tmp_path: Path, store: Settings
) -> None:
    stored(
        store, table(tmp_path / "a.csv", [line(SHAOGUAN, "bulletins", "2023Q1", bulletins_ytd=5)])
    )
    assessment = checked(
        store, table(tmp_path / "b.csv", [line(SHAOGUAN, "bulletins", bulletins_ytd=4)])
    )
    assert rules(assessment.errors) == ["falling_flow"]
    assessment = checked(
        store, table(tmp_path / "c.csv", [line(SHAOGUAN, "publicity", press_items_ytd=4)])
    )
    assert not assessment.errors


# ------------------------------------------------------------------ what is worked out


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Two cities of 粤北 and 粤东 with a quarter before, worked out by hand below."""
    folder = tmp_path_factory.mktemp("quarter")
    before = [
        line(SHAOGUAN, "bulletins", "2023Q1", bulletins_ytd=5),
        line(SHANTOU, "bulletins", "2023Q1"),
    ]
    rows = [
        line(SHAOGUAN, "bulletins", status="已完成", progress=100, bulletins_ytd=12),
        line(SHAOGUAN, "publicity", status="逾期", due="2023-05-31", problem="人手不足"),
        # its date has passed though nobody has marked it
        line(SHAOGUAN, "joint_planning", due="2023-06-30"),
        line(SHAOGUAN, "town_teams"),
        line(SHAOGUAN, "assessment_problems", problems_found=4, problems_closed=1),
        line(SHANTOU, "bulletins", status="已完成", progress=100, bulletins_ytd=9),
        line(SHANTOU, "publicity", status=None, due="2023-05-31"),
        line(SHANTOU, "assessment_problems", problems_found=6, problems_closed=5),
    ]
    with stores.store_at(folder / "store") as store:
        stored(store, table(folder / "before.csv", before))
        stored(store, table(folder / "rows.csv", rows), explain="属实")
        yield store


@pytest.mark.parametrize(
    ("indicator", "level", "code", "value"),
    [
        ("task_done_share", "city", SHAOGUAN, 20.0),  # 1 of 5
        ("task_done_share", "city", SHANTOU, 50.0),  # 1 of 2: one has no status
        ("task_done_share", "province", "440000", 100 * 2 / 7),
        ("task_done_share", "region", "粤东", 50.0),
        ("tasks_overdue", "city", SHAOGUAN, 2.0),  # one marked, one past its date
        ("tasks_overdue", "city", SHANTOU, 0.0),  # nothing is said of a task without status
        ("tasks_overdue", "pilot", "pilot", 2.0),
        ("problem_closed_share", "city", SHAOGUAN, 25.0),
        ("problem_closed_share", "province", "440000", 60.0),  # (1 + 5) / (4 + 6)
        ("bulletins_written", "city", SHAOGUAN, 7.0),  # 12 − 5
        ("bulletins_written", "city", SHANTOU, None),  # nothing counted the quarter before
        ("bulletins_written", "province", "440000", 7.0),
    ],
)
def test_a_figure_is_summed_over_tasks_and_cities_as_a_hand_works_it_out(
    quarter: Settings, indicator: str, level: str, code: str, value: float | None
) -> None:
    found = figure(quarter, indicator, level, code)["value"]
    assert found == (None if value is None else pytest.approx(value))


def test_the_board_says_what_each_task_is_and_whether_it_is_overdue(quarter: Settings) -> None:
    source = serving.open_vintage(quarter)
    board = reads.task_board(source, "2023Q2", "city", SHAOGUAN, "zh").set_index("item")
    assert set(board.index[board["overdue"]]) == {"publicity", "joint_planning"}
    assert board.loc["publicity", "problem"] == "人手不足"
    assert board.loc["publicity", "lead_office"] == "社会救助科"
    assert board.loc["bulletins", "status"] == 3
    assert len(board) == len(TASKS.items)  # a task nobody reported is there, and empty


# ------------------------------------------------------------------ the ledger


def test_texts_are_stored_compared_shown_and_put_back(tmp_path: Path, store: Settings) -> None:
    row = line(SHAOGUAN, "bulletins", problem="人手不足")
    stored(store, table(tmp_path / "a.csv", [row]))
    again = checked(store, table(tmp_path / "b.csv", [row | {"progress": 50.0}]))
    assert (again.changes, again.unchanged) == ([], 5)
    second = stored(store, table(tmp_path / "c.csv", [row | {"problem": "资金未到位"}]))
    (change,) = ledger.changes(store, second)
    texts = ledger.texts(store)
    assert (texts[change.old_value or 0], texts[change.value or 0]) == ("人手不足", "资金未到位")
    done = command(store, "diff", f"S{second}", "--json")
    (shown,) = json.loads(done.stdout)
    assert (shown["measure"], shown["old"], shown["new"]) == (
        "bulletins.problem", "人手不足", "资金未到位",
    )  # fmt: skip
    ledger.revert(store, second, by="填报人", note="填错")
    board = reads.task_board(serving.open_vintage(store), "2023Q2", "city", SHAOGUAN, "zh")
    assert board.set_index("item").loc["bulletins", "problem"] == "人手不足"
    as_it_was = serving.open_vintage(store, second)
    board = reads.task_board(as_it_was, "2023Q2", "city", SHAOGUAN, "zh")
    assert board.set_index("item").loc["bulletins", "problem"] == "资金未到位"


def test_an_emptied_answer_is_named_in_words(tmp_path: Path, store: Settings) -> None:
    row = line(SHAOGUAN, "bulletins", problem="人手不足")
    stored(store, table(tmp_path / "a.csv", [row]))
    assessment = checked(
        store, table(tmp_path / "b.csv", [row | {"problem": None, "status": None}])
    )
    told = {w.message for w in assessment.warnings if w.rule == "emptied_cell"}
    assert any("人手不足" in text for text in told)
    assert any("推进中" in text for text in told)


def test_a_city_is_withdrawn_and_a_county_of_it_is_not_known(
    tmp_path: Path, store: Settings
) -> None:
    stored(store, table(tmp_path / "a.csv", [line(SHAOGUAN, "bulletins")]))
    args = ("withdraw", "work_tasks", "--period", "2023Q2", "--by", "甲", "--note", "误报")
    assert command(store, *args, "--area", "440222").returncode == 1
    done = command(store, *args, "--area", SHAOGUAN, "--measure", "bulletins.progress")
    assert done.returncode == 0, done.stderr
    left = ledger.stored_cells(store, "work_tasks", "2023Q2", SHAOGUAN)
    assert "bulletins.progress" not in {cell.measure_id for cell in left}


def test_a_text_has_the_same_number_everywhere_and_every_number_is_exact() -> None:
    number = answers.number_of("人手不足")
    assert number == answers.number_of("人手不足") != answers.number_of("人手不足。")
    assert number == int(number) < 2**52


# ------------------------------------------------------------------ the form


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_form_has_a_row_a_city_and_task_and_is_read_back(
    tmp_path: Path, store: Settings, lang: str
) -> None:
    stored(
        store, table(tmp_path / "a.csv", [line(SHAOGUAN, "publicity", "2023Q1", problem="人手")])
    )
    path = tmp_path / "form.xlsx"
    given: dict[str, float | str | None] = {
        "bulletins.status": "done", "bulletins.progress": 100.0, "bulletins.due": "2023-12-31",
        "bulletins.lead_office": "办公室",
    }  # fmt: skip
    template.write(
        path, KNOWN, TASKS, "2023Q2", values={SHAOGUAN: given},
        previous=previous(store, "work_tasks", "2023Q2", lang), lang=lang,
    )  # fmt: skip
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet.max_row == 3 + 21 * len(TASKS.items)
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    choices = ",".join(label(lang) for label in TASKS.measure("status").choices.values())
    assert f'"{choices}"' in {v.formula1 for v in lists}
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert "人手" in texts  # what was said the quarter before stands beside
    upload = read_file(path, lang=lang)
    assert not upload.errors
    read = {c.measure_id: c.value for c in upload.cells if c.value is not None}
    assert read["bulletins.status"] == 3
    assert read["bulletins.due"] == 20231231
    assert upload.texts[read["bulletins.lead_office"]] == "办公室"


def test_the_form_of_one_city_holds_its_tasks_alone(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    template.write(path, KNOWN, TASKS, "2023Q2", city_code=DONGGUAN)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    codes = {row[0].value for row in sheet.iter_rows(min_row=4)}
    assert codes == {DONGGUAN}


def test_the_empty_rows_of_a_form_are_told_as_one(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    given: dict[str, float | str | None] = {"bulletins.progress": 10.0}
    template.write(path, KNOWN, TASKS, "2023Q2", values={DONGGUAN: given}, city_code=DONGGUAN)
    (note,) = [n for n in read_file(path).notes if n.rule == "blank_item"]
    assert f"共 {len(TASKS.items) - 1} 处" in note.message


def test_a_real_date_of_a_workbook_is_a_date(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    template.write(path, KNOWN, TASKS, "2023Q2", city_code=DONGGUAN)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [str(cell.value) for cell in sheet[3]]
    column = next(n for n, text in enumerate(heads, 1) if text.startswith("完成时限"))
    sheet.cell(4, column).value = dt.datetime(2023, 11, 30)
    book.save(path)
    upload = read_file(path)
    assert not upload.errors
    (due,) = [c.value for c in upload.cells if c.value is not None]
    assert due == 20231130


# ------------------------------------------------------------------ the page


@pytest.fixture
def sample(sampled: Path) -> Iterator[None]:
    with stores.store_at(sampled):
        yield


def opened(**query: str) -> AppTest:
    return stores.opened("pages/topics/work_tasks.py", **query)


def test_the_board_begins_with_what_is_overdue(sample: None) -> None:
    board = next(f.value for f in opened().dataframe if "发现问题" in f.value)
    states = [text.split(" ")[-1] for text in board["状态"]]
    places = [states.index(name) for name in ("逾期", "推进中", "已完成") if name in states]
    assert states[0] == "逾期"
    assert places == sorted(places)
    assert len(board) == 12 * len(TASKS.items)


def test_the_board_is_narrowed_by_a_link(sample: None) -> None:
    at = opened(state="overdue", clause="六")
    board = next(f.value for f in at.dataframe if "发现问题" in f.value)
    assert set(board["条"]) == {"第六条"}
    assert all("逾期" in text for text in board["状态"])


def test_no_county_is_offered_where_cities_report(sample: None) -> None:
    at = opened(scope="粤北")
    assert not [box for box in at.selectbox if box.key == "county_zh"]
    assert any("5个市" in text.value for text in at.markdown)


def test_the_page_speaks_english_and_marks_the_sample(sample: None) -> None:
    at = opened(lang="en")
    assert at.title[0].value == "Key tasks"
    assert any("Sample data" in text.value for text in at.markdown)


def test_without_a_task_like_this_the_page_says_so(sample: None) -> None:
    # at the year's end every task has begun
    at = opened(state="not_started", clause="九", scope=GUANGZHOU)
    assert any("没有符合所选条件的任务" in info.value for info in at.info)
    assert not [f for f in at.dataframe if "发现问题" in f.value]


def test_what_stands_twice_is_stored_once(tmp_path: Path, store: Settings) -> None:
    path = table(tmp_path / "a.csv", [line(SHAOGUAN, "bulletins", problem="人手不足")])
    first = stored(store, path)
    outcome = submitted(store, path)
    assert (outcome.stored, outcome.submission) == (False, first)
