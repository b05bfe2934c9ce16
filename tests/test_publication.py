"""Exports for publication: people inside get what people outside see, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import dashboard_stores as stores
import docx
import openpyxl
import pptx
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner, Result

from app import areas, catalogue, exports, figures, menu, periods, reads, view
from app.__main__ import app as command_line
from app.access import people
from app.access.people import Person
from app.audience import PUBLIC
from app.briefing import batch, changed, content, ledger, make, traced
from app.briefing.parts import Kind, Request
from app.errors import BadRequest, SuppressionRefused
from app.lettering import caption_of
from app.scopes import Choices
from app.settings import Settings
from app.view import View

OUTSIDER = Person("outside", "公众", "public", (areas.PROVINCE,), ())
LATEST, BEFORE = stores.LATEST, stores.BEFORE
COUNTED = "child_welfare"
SHAOGUAN = "440200"
OPEN = {"scope": areas.PROVINCE, "period": LATEST}
MARK, INTERNAL = "公开发布口径：小于10的人数不显示", "内部资料"
Taken = dict[str, Callable[[], bytes]]


@pytest.fixture(autouse=True)
def at_store(sampled: Path) -> Iterator[Settings]:
    with stores.store_at(sampled) as store:
        view.current()  # what is kept of the inside view must not show in the public one
        yield store


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Taken:
    """The files that a page offers, each made when it is called, as a click does."""
    found: Taken = {}
    real = st.download_button

    def offered(label: str, data: Any, file_name: str, *args: Any, **look: Any) -> Any:
        found[file_name] = data
        return real(label, data, file_name, *args, **look)

    monkeypatch.setattr(st, "download_button", offered)
    return found


def public_view() -> tuple[Any, str]:
    return view.current(audience=PUBLIC)


def hidden_county() -> str:
    """A county of Shaoguan of which a figure is withheld."""
    rows = reads.county_values(
        public_view()[0], ["children_supported"], LATEST, "city", SHAOGUAN, "zh"
    )
    return str(rows[rows["status"] == "suppressed"]["area_code"].iloc[0])


def shown(at: AppTest) -> list[Any]:
    """The figures, tables and headlines of a page as they go to the browser."""
    drawn = [e.proto for e in at.get("bidi_component") if e.proto.component_name != "finder"]
    return [
        [(p.component_name, p.bytes, p.json) for p in drawn],
        [frame.value.to_csv() for frame in at.dataframe],
        [(metric.label, metric.value, metric.delta) for metric in at.metric],
        [each.value for each in at.caption if each.value.strip("*") not in ("公开发布口径",)],
    ]


def words(at: AppTest) -> str:
    parts = [*at.title, *at.subheader, *at.markdown, *at.caption, *at.info, *at.warning]
    return "\n".join(str(part.value) for part in parts)


# ------------------------------------------------------------------ pages


PAGES = [f"explore/{name}" for name in ("overview", *menu.EXPLORING)] + [
    f"topics/{name}" for name in (COUNTED, "mental_rehab")
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_for_publication_is_the_page_that_people_outside_see(
    page: str, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = OPEN | {"county": hidden_county()}
    mine = stores.opened(f"pages/{page}.py", **query, **{"for": PUBLIC})
    assert [b for b in mine.button if b.key == "to_inside"]
    files = {name: data() for name, data in taken.items()}
    taken.clear()
    monkeypatch.setattr(people, "local", lambda: OUTSIDER)
    theirs = stores.opened(f"pages/{page}.py", **query)
    assert not [b for b in theirs.button if b.key in ("to_inside", "to_public")]
    assert shown(mine) == shown(theirs)
    assert {name.replace("（公开发布）", "") for name in files} == taken.keys()
    assert files or page.rpartition("/")[2] in ("overview", "county", "map", "change")
    for name, file in files.items():
        assert MARK in text_of(name, file) and INTERNAL not in text_of(name, file), name
        if name.endswith(".csv"):
            assert file == taken[name.replace("（公开发布）", "")]()


def text_of(name: str, file: bytes) -> str:
    """All the text of a file, of a workbook also the heads of its pages."""
    if not name.endswith((".xlsx", ".docx", ".pptx")):
        return file.decode("utf-8-sig", "replace")
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        return "".join(parts.read(p).decode() for p in parts.namelist() if p.endswith(".xml"))


def test_pages_that_have_inside_data_alone_are_not_there_for_publication() -> None:
    person = people.local()
    # on a machine of one's own there are no people to keep
    for page in {*menu.REPORTING, *menu.ADMINISTERING} - {"people"}:
        assert menu.is_offered(page, person) and not menu.is_offered(page, person, PUBLIC)
    assert all(menu.is_offered(page, person, PUBLIC) for page in menu.BRIEFING)


def test_one_session_goes_there_and_back_and_each_time_has_its_own_numbers() -> None:
    at = stores.opened(f"pages/topics/{COUNTED}.py", **OPEN)
    first = shown(at)
    assert "不公布" not in str(first[2]) and INTERNAL in words(at)
    at.button(key="to_public").click().run()
    assert at.query_params["for"] == PUBLIC
    second = shown(at)
    assert (at.dataframe[-1].value.select_dtypes("number") == -1e15).sum().sum() > 20
    at.button(key="to_inside").click().run()
    assert "for" not in at.query_params
    assert shown(at) == first != second
    at.button(key="to_public").click().run()
    assert shown(at) == second


def test_a_past_vintage_is_not_shown_for_publication() -> None:
    with pytest.raises(SuppressionRefused):
        view.current("1", PUBLIC)
    at = stores.opened(f"pages/topics/{COUNTED}.py", **OPEN, as_of="1", **{"for": PUBLIC})
    assert at.session_state["view"].source.outside
    assert not at.session_state["view"].source.past


def test_a_quarter_that_is_not_locked_is_named_instead_of_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(periods, "today", lambda: periods.last_day(LATEST) + timedelta(days=60))
    at = stores.opened(f"pages/topics/{COUNTED}.py", **OPEN, **{"for": PUBLIC})
    assert "2024年四季度不在公开发布口径里" in words(at)
    assert at.session_state["view"].choices.period == BEFORE
    at.run()
    assert "2024年四季度不在公开发布口径里" in words(at)  # until another is chosen
    at.button(key="to_inside").click().run()
    assert at.session_state["view"].choices.period == LATEST
    with pytest.raises(BadRequest, match="2024年四季度"):
        make.one(Request("bulletin", LATEST, "pilot", audience=PUBLIC), ".xlsx")


def test_a_change_with_withheld_counties_is_not_taken_apart(taken: Taken) -> None:
    at = stores.opened(
        "pages/explore/change.py", indicator="children_supported", **OPEN, **{"for": PUBLIC}
    )
    assert "各县的贡献加起来不等于总变化" in words(at)
    assert not taken and not [
        e for e in at.get("bidi_component") if e.proto.component_name == "figure"
    ]


# ------------------------------------------------------------------ briefings


KINDS: list[tuple[Kind, str, str]] = [
    ("county", "", ""), ("area", SHAOGUAN, ""), ("bulletin", "pilot", ""),
    ("topic", SHAOGUAN, COUNTED), ("composed", SHAOGUAN, ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "code", "dataset"), KINDS)
def test_no_briefing_for_publication_tells_what_is_withheld(
    kind: Kind, code: str, dataset: str
) -> None:
    asked = Request(kind, LATEST, code or hidden_county(), dataset=dataset, audience=PUBLIC)
    if kind == "composed":
        asked = Request(
            kind, LATEST, code, counties=(hidden_county(),), audience=PUBLIC,
            sections=("standing", "core", "trend", "ranking", "ranks", "map", "moves", "todo"),
        )  # fmt: skip
    source, stamp = public_view()
    briefing = content.build(asked, source, stamp)
    assert briefing.hidden_below == 10
    rows = source.cursor().execute(
        "select indicator_id, level, group_code, period from published_observation"
        " where status = 'suppressed'"
    )
    withheld = set(rows.fetchall())
    met = 0
    for number in briefing.numbers():
        trace = number.trace
        if (trace.indicator, trace.level, trace.area_code, trace.period) in withheld:
            if trace.quantity in (
                "target",
                "count",
                "areas_reporting",
                "areas_valued",
                "areas_expected",
            ):
                continue  # these tell of no person
            met += 1
            assert trace.value is None, number
    assert met or kind == "bulletin"


def test_each_file_of_a_briefing_says_for_whom_it_is() -> None:
    for audience, mark in (("inside", INTERNAL), (PUBLIC, MARK)):
        asked = Request("county", LATEST, hidden_county(), audience=audience, sections=("core",))
        word, slides, book = (make.one(asked, s).content for s in (".docx", ".pptx", ".xlsx"))
        section = docx.Document(io.BytesIO(word)).sections[0]
        for header in (section.header, section.even_page_header):
            assert header.paragraphs[0].text.startswith(mark)
        for slide in pptx.Presentation(io.BytesIO(slides)).slides:
            assert any(mark in s.text_frame.text for s in slide.shapes if s.has_text_frame)
        for sheet in openpyxl.load_workbook(io.BytesIO(book)):
            assert sheet.oddHeader.left.text == mark


def test_the_ledger_compares_like_with_like_and_shows_publication_its_own_alone(
    at_store: Settings,
) -> None:
    made = {
        audience: make.one(
            Request("county", LATEST, hidden_county(), audience=audience), ".xlsx"
        ).recorded
        for audience in ("inside", PUBLIC)
    }
    heads = {head.id: head.audience for head in ledger.listed(at_store)}
    assert heads[made["inside"]] == "inside" and heads[made[PUBLIC]] == PUBLIC
    inside = ledger.opened(at_store, made["inside"])
    for name, source in (("inside", view.current()), (PUBLIC, public_view())):
        assert changed.since(ledger.opened(at_store, made[name]), *source) == []
    at = stores.opened("pages/brief/briefings.py", **{"for": PUBLIC}, briefing_id=made["inside"])
    assert made["inside"] not in str(at.dataframe[0].value)
    assert f"简报 {made['inside']} 是内部口径的" in words(at)
    assert inside.briefing.title not in [each.value for each in at.subheader]
    at = stores.opened("pages/brief/briefings.py", briefing_id=made[PUBLIC])
    assert MARK in words(at) and {"内部", "公开发布"} <= set(at.dataframe[0].value["口径"])
    again = make.updated(ledger.opened(at_store, made[PUBLIC]), ".xlsx")
    assert traced.mark(again.briefing) == MARK


def test_a_briefing_made_again_for_publication_has_no_pictures_of_another_vintage(
    at_store: Settings, sampled: Path, tmp_path: Path
) -> None:
    made = make.one(Request("county", LATEST, hidden_county(), audience=PUBLIC), ".docx")
    recorded = ledger.opened(at_store, made.recorded)
    assert make.again(recorded, ".docx").lacking == ()
    older = type(recorded)(
        recorded.id, recorded.at, "", type(recorded.briefing)(
            **(vars(recorded.briefing) | {"vintage": recorded.briefing.vintage - 1})
        ),
    )  # fmt: skip
    (lacking,) = make.again(older, ".docx").lacking
    assert "不保留以前的图" in lacking


def test_a_batch_of_counties_is_for_whom_its_pattern_is() -> None:
    pattern = Request("county", LATEST, "", audience=PUBLIC)
    assert {r.audience for r in batch.counties(["440222", "440224"], pattern)} == {PUBLIC}


# ------------------------------------------------------------------ commands


def run(*args: str) -> Result:
    return CliRunner().invoke(command_line, list(args))


def test_commands_for_publication_have_no_more_than_the_pages(
    at_store: Settings, tmp_path: Path
) -> None:
    wanted = ("children_supported", "--period", LATEST, "--level", "county", "--json")
    inside, public = run("indicator", *wanted), run("indicator", *wanted, "--public")
    assert public.stderr == f"{MARK}\n" and inside.stderr == ""
    both = zip(json.loads(inside.stdout), json.loads(public.stdout), strict=True)
    withheld = [(a, b) for a, b in both if b["status"] == "suppressed"]
    assert len(withheld) > 10
    assert all(a["value"] and b["value"] is b["numerator"] is None for a, b in withheld)
    assert "2031Q1" in run("indicator", "care_bed_share", "--period", "2031Q1", "--public").stderr
    cells = run(
        "query", "county_measure", "--param", f"dataset_id={COUNTED}", "--param",
        f"period={LATEST}", "--param", "level=city", "--param", f"group_code={SHAOGUAN}",
        "--public", "--json",
    )  # fmt: skip
    rows = json.loads(cells.stdout)
    assert {r["value"] for r in rows if r["status"] == "suppressed"} == {None}
    path = tmp_path / "a.xlsx"
    asked = ("briefing", "county", "--period", LATEST, "--area", hidden_county(), "-o", str(path))
    assert run(*asked, "--lang", "en", "--public").exit_code == 0 and path.exists()
    assert [h.audience for h in ledger.listed(at_store) if h.lang == "en"] == [PUBLIC]


def test_no_command_gives_a_past_vintage_or_an_open_quarter_for_publication(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = str(tmp_path / "a.png")
    figure = ("figure", "map", "--indicator", "children_supported", "-o", out, "--public")
    found = ("indicator", "children_supported", "--period", LATEST, "--public")
    for asked in ((*figure, "--period", LATEST, "--as-of", "1"), (*found, "--as-of", "1")):
        assert isinstance(run(*asked).exception, SuppressionRefused)
    monkeypatch.setattr(periods, "today", lambda: periods.last_day(LATEST) + timedelta(days=60))
    assert isinstance(run(*figure, "--period", LATEST).exception, BadRequest)
    assert LATEST in run(*found).stderr


# ------------------------------------------------------------------ marks


def test_pictures_and_tables_of_people_inside_say_so() -> None:
    source, stamp = view.current()
    for lang, mark in (("zh", INTERNAL), ("en", "Internal")):
        chosen = Choices(LATEST, areas.PILOT, None, "children_supported", lang)
        page = View(source, stamp, chosen, catalogue.load().dataset(COUNTED))
        for kind in figures.KINDS:
            footer = caption_of(figures.drawn(kind, source, stamp, chosen)).footer
            assert f" · {mark}" in footer
        rows = view.county_rows(page, [i.id for i in page.dataset.indicators])
        facts = exports.facts(source, LATEST, "全省", lang)
        plain = exports.csv_bytes(rows, page.dataset, facts, lang).decode("utf-8-sig")
        told = list(csv.reader(io.StringIO(plain)))
        assert all(row[-2].endswith(mark) for row in told[1:])
        book = openpyxl.load_workbook(
            io.BytesIO(exports.xlsx_bytes(rows, page.dataset, facts, lang))
        )
        assert all(sheet.oddHeader.left.text.endswith(mark) for sheet in book)


def test_the_threshold_that_is_set_is_the_one_that_files_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DASHBOARD_SMALL_COUNTS", "5")
    source, _ = public_view()
    assert exports.origin(source, "zh").endswith("公开发布口径：小于5的人数不显示")
    assert exports.origin(source, "en").endswith("For publication: counts below 5 not shown")
