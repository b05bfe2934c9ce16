"""The ledger of briefings, and what has become of their numbers since."""

from __future__ import annotations

import json
import multiprocessing
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import briefing_samples as samples
import pytest
from dashboard_stores import LATEST, opened, store_at
from forms import command, form, good, submitted
from hypothesis import given
from hypothesis import strategies as st

from app import settings, view
from app.briefing import changed, content, ledger
from app.briefing.changed import ChangedNumber
from app.briefing.parts import (
    Briefing,
    Change,
    Number,
    Paragraph,
    Request,
    Table,
    Told,
    replaced,
    text,
)
from app.errors import UnknownName
from app.intake import ledger as submissions

pytest_plugins = ["dashboard_fixtures"]

NANAO = "440523"


@pytest.fixture
def store(sampled: Path, tmp_path: Path) -> Iterator[Path]:
    """A store of one's own, which the test changes."""
    shutil.copytree(sampled, tmp_path / "store")
    with store_at(tmp_path / "store"):
        yield tmp_path


def made(vintage: str = "") -> tuple[str, Briefing]:
    source, stamp = view.current(vintage)
    briefing = content.build(Request("county", LATEST, NANAO), source, stamp)
    return ledger.record(settings.load(), briefing, "办公室"), briefing


def since(briefing_id: str) -> dict[tuple[str, str, str], ChangedNumber]:
    source, stamp = view.current()
    found = changed.since(ledger.opened(settings.load(), briefing_id), source, stamp)
    return {(c.old.trace.indicator, c.old.trace.level, c.old.trace.quantity): c for c in found}


def corrected(folder: Path, **measures: float) -> str | None:
    """Submit care beds of one county in the last quarter; returns the submission."""
    path = form(folder / "更正.xlsx", LATEST, {NANAO: good(**measures)})
    outcome = submitted(settings.load(), path, explain="漏填一个院区")
    return None if outcome.submission is None else f"S{outcome.submission}"


# ------------------------------------------------------------------ the ledger


def test_a_briefing_comes_back_word_for_word_with_who_made_it(store: Path) -> None:
    briefing_id, briefing = made()
    recorded = ledger.opened(settings.load(), briefing_id)
    assert (recorded.briefing, recorded.by) == (briefing, "办公室")
    (head,) = ledger.listed(settings.load())
    assert (head.id, head.title, head.vintage) == (briefing_id, briefing.title, briefing.vintage)
    assert head.numbers == len(briefing.numbers())


def test_the_same_briefing_again_is_one_entry_and_another_is_another(store: Path) -> None:
    first, briefing = made()
    assert made()[0] == first
    other = ledger.record(settings.load(), replace(briefing, title="另一份"))
    assert {head.id for head in ledger.listed(settings.load())} == {first, other}


def test_entering_a_briefing_does_not_make_the_dashboard_read_its_data_again(store: Path) -> None:
    before = view.current()
    made()
    assert view.current() == before


def test_a_damaged_file_is_named_and_hides_no_other(store: Path) -> None:
    briefing_id, _ = made()
    folder = Path(settings.load().files) / "briefings"
    (folder / "B20240101-abcdef.json").write_text("half of it", "utf-8")
    heads = {head.id: head.damaged for head in ledger.listed(settings.load())}
    assert heads == {briefing_id: False, "B20240101-abcdef": True}
    with pytest.raises(UnknownName, match="损坏"):
        ledger.opened(settings.load(), "B20240101-abcdef")


@pytest.mark.parametrize("name", ["B20240101-000000", "../catalog", "", "B1"])
def test_a_briefing_that_is_not_there_is_named(name: str, store: Path) -> None:
    with pytest.raises(UnknownName):
        ledger.opened(settings.load(), name)


def _record(folder: str, title: str) -> None:
    with store_at(Path(folder)):
        ledger.record(settings.load(), replace(samples.bulletin(), title=title))


def test_processes_that_enter_at_once_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_record, args=(str(tmp_path), f"第{n}份")) for n in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    with store_at(tmp_path):
        heads = ledger.listed(settings.load())
    assert {head.title for head in heads} == {"第0份", "第1份", "第2份"}
    assert not list(tmp_path.rglob(".incoming-*"))


# ------------------------------------------------------------------ what has changed since


def test_nothing_has_changed_where_nothing_was_submitted(store: Path) -> None:
    assert since(made()[0]) == {}


def test_a_correction_is_told_with_both_numbers_and_its_submission(store: Path) -> None:
    briefing_id, briefing = made()
    before = next(
        n.trace.value for n in briefing.numbers()
        if (n.trace.indicator, n.trace.level, n.trace.quantity)
        == ("care_bed_share", "county", "value") and n.trace.period == LATEST
    )  # fmt: skip
    submission = corrected(store, beds_total=200, beds_care=150)
    found = since(briefing_id)[("care_bed_share", "county", "value")]
    assert found.new is not None and found.new.trace.value == 75.0
    assert found.difference == pytest.approx(75.0 - (before or 0))
    assert (found.new.shown, found.reason) == ("75.0%", "submissions")
    (by,) = found.by
    assert (by.id, by.note, by.explanation) == (submission, "二季度报表", "")


def test_what_was_taken_back_is_as_it_was(store: Path) -> None:
    briefing_id, _ = made()
    submission = corrected(store, beds_total=200, beds_care=150)
    assert submission is not None and since(briefing_id)
    submissions.revert(settings.load(), submissions.number(submission), by="审核", note="填错")
    values = {key: c for key, c in since(briefing_id).items() if key[2] == "value"}
    assert values == {}


def test_the_command_tells_the_same_as_json(store: Path) -> None:
    briefing_id, _ = made()
    submission = corrected(store, beds_total=200, beds_care=150)
    done = command(settings.load(), "changed", briefing_id, "--json")
    assert done.returncode == 0, done.stderr
    rows = {(r["indicator"], r["level"], r["quantity"]): r for r in json.loads(done.stdout)}
    row = rows["care_bed_share", "county", "value"]
    assert (row["now"], row["now_shown"]) == (75.0, "75.0%")
    assert [s["id"] for s in row["submissions"]] == [submission]
    listed = json.loads(command(settings.load(), "briefings", "--json").stdout)
    assert [entry["id"] for entry in listed] == [briefing_id]
    missing = command(settings.load(), "changed", "B20240101-000000")
    assert missing.returncode == 1 and "B20240101-000000" in missing.stderr


def test_the_page_lists_what_was_made_and_shows_what_has_changed(store: Path) -> None:
    at = opened("pages/brief/briefings.py")
    assert "做简报" in at.info[0].value
    briefing_id, briefing = made()
    corrected(store, beds_total=200, beds_care=150)
    at = opened("pages/brief/briefings.py", briefing_id=briefing_id)
    assert briefing.title in [each.value for each in at.subheader]
    table = at.dataframe[1].value
    row = table[table["是什么"] == "护理型床位占比 · 数值"].iloc[0]
    assert (row["现在"], row["说明"]) == ("75.0%", "二季度报表")
    assert len(at.get("download_button")) == 9  # twice four files, and the record


# ------------------------------------------------------------------ marked


WORDS = st.lists(st.sampled_from("甲乙，。 ab"), max_size=6).map("".join)
NUMBERS = st.integers(0, 5).map(lambda n: samples.number(f"{n}.0%", float(n)))
TOLD = st.lists(st.one_of(WORDS, NUMBERS), max_size=6).map(tuple)


def side(told: Told, new: bool) -> str:
    """One side of a text with changes."""
    return "".join(
        text(piece.new if new else piece.old) if isinstance(piece, Change) else text((piece,))
        for piece in told
    )


def briefing(*told: Told) -> Briefing:
    blocks = [*map(Paragraph, told), Table("表", ("县", "数"), ((("甲",), told[0]),), (1, 1))]
    return replaced(samples.changed(), blocks)


@given(TOLD, TOLD)
def test_the_sides_of_all_changes_are_the_two_texts(old: Told, new: Told) -> None:
    marked = changed.marked(briefing(("同，", *old)), briefing(("同，", *new)))
    paragraphs = [block for block in marked.blocks if isinstance(block, Paragraph)]
    assert "".join(side(p.told, True) for p in paragraphs) == "同，" + text(new)
    assert "".join(side(p.told, False) for p in paragraphs) == "同，" + text(old)
    (table,) = [block for block in marked.blocks if isinstance(block, Table)]
    assert side(table.rows[0][1], True) == "同，" + text(new)
    assert side(table.rows[0][1], False) == "同，" + text(old)


@given(st.lists(TOLD, min_size=1, max_size=3))
def test_equal_briefings_have_no_change(told: list[Told]) -> None:
    marked = changed.marked(briefing(*told), briefing(*told))
    assert "Change" not in repr(marked)


def test_a_county_that_is_new_in_a_table_and_one_that_is_gone_are_marked_whole() -> None:
    def table(*rows: tuple[str, Number]) -> Briefing:
        block = Table("表", ("县", "数"), tuple(((n,), (v,)) for n, v in rows), (1, 1))
        return replaced(samples.changed(), [block])

    one, two, three = (samples.number(f"{n}%", float(n)) for n in (1, 2, 3))
    marked = changed.marked(table(("甲", one), ("乙", two)), table(("甲", one), ("丙", three)))
    (block,) = marked.blocks
    assert isinstance(block, Table)
    assert block.rows == (
        (("甲",), (one,)),
        ((Change(("乙",), ()),), (Change((two,), ()),)),
        ((Change((), ("丙",)),), (Change((), (three,)),)),
    )
