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
from command_calls import command
from dashboard_stores import LATEST, opened, reported, store_at
from forms import form, good, submitted
from hypothesis import given
from hypothesis import strategies as st

from app import areas, settings, view
from app.briefing import changed, content, ledger, marking
from app.briefing.changed import ChangedNumber
from app.briefing.parts import (
    Briefing,
    Change,
    Heading,
    Number,
    Paragraph,
    Request,
    Table,
    Told,
    Trace,
    replaced,
    text,
)
from app.errors import UnknownName
from app.intake import ledger as submissions

NANAO = "440523"


@pytest.fixture
def store(sampled: Path, tmp_path: Path) -> Iterator[Path]:
    """A store of one's own, which the test changes."""
    # without the briefings that other tests make in it meanwhile
    shutil.copytree(sampled, tmp_path / "store", ignore=shutil.ignore_patterns("briefings"))
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


def file_of(briefing_id: str) -> Path:
    return Path(settings.load().files) / "briefings" / f"{briefing_id}.json"


def test_a_record_is_a_json_object_of_its_head_and_the_briefing(store: Path) -> None:
    briefing_id, briefing = made()
    document = json.loads(file_of(briefing_id).read_bytes())
    assert list(document) == ["head", "briefing"]
    assert document["head"]["id"] == briefing_id
    assert document["briefing"]["title"] == briefing.title


@pytest.mark.parametrize("spoil", ["cut", "altered", "another file", "empty"])
def test_a_damaged_file_hides_no_other_and_is_mended_by_making_it_again(
    spoil: str, store: Path
) -> None:
    briefing_id, briefing = made()
    other = ledger.record(settings.load(), replace(briefing, title="另一份"))
    path = file_of(briefing_id)
    whole = path.read_bytes()
    spoilt = {
        "cut": whole[: len(whole) // 2], "altered": whole.replace(b'"shown": "', b'"shown": "1'),
        "another file": b"half of it", "empty": b"",
    }[spoil]  # fmt: skip
    path.write_bytes(spoilt)
    with pytest.raises(UnknownName, match="损坏"):
        ledger.opened(settings.load(), briefing_id)
    assert {head.id for head in ledger.listed(settings.load())} == {briefing_id, other}
    assert made()[0] == briefing_id
    assert ledger.opened(settings.load(), briefing_id).briefing == briefing
    assert path.read_bytes().partition(b"\n")[2] == whole.partition(b"\n")[2]


def test_a_briefing_whose_short_number_is_taken_gets_a_longer_one(store: Path) -> None:
    first, briefing = made()
    other = replace(briefing, title="另一份")
    taken = ledger.record(settings.load(), other)
    file_of(taken).rename(file_of(first))  # as if both began with the same six digits
    second, _ = made()
    assert second.startswith(first) and len(second) == len(first) + 1
    assert ledger.opened(settings.load(), second).briefing == briefing
    assert ledger.opened(settings.load(), first).briefing == other
    assert made()[0] == second


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
        context.Process(target=_record, args=(str(tmp_path), f"第{n}份")) for n in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    with store_at(tmp_path):
        heads = ledger.listed(settings.load())
    assert {head.title for head in heads} == {"第0份", "第1份"}
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
    told = command(settings.load(), "changed", briefing_id).stdout
    assert f"→ 75.0%  {submission} 二季度报表" in told
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


def told_of(old: Number) -> ChangedNumber:
    """What has become of a number that a recorded briefing of the last vintage tells."""
    source, stamp = view.current()
    built = content.build(Request("county", LATEST, NANAO), source, stamp)
    briefing = replaced(built, [*built.blocks, Paragraph((old,))])
    recorded = ledger.opened(settings.load(), ledger.record(settings.load(), briefing))
    (found,) = changed.since(recorded, source, stamp)
    return found


def test_a_target_that_was_changed_is_found_though_nothing_was_submitted(store: Path) -> None:
    _, briefing = made()
    target = next(n for n in briefing.numbers() if n.trace.quantity == "target")
    old = replace(target, shown="50%", trace=replace(target.trace, value=50.0))
    found = told_of(old)
    assert (found.new, found.reason, found.by) == (target, "definition", ())


def test_a_rank_that_the_text_does_not_tell_is_asked_for_by_itself(store: Path) -> None:
    trace = Trace("care_bed_share", "county", "440222", LATEST, 1, "rank", 999.0, "pilot/pilot")
    found = told_of(Number("第999位", trace))
    beds = reported("care_beds")
    share = (beds["beds_care"] / beds["beds_total"] * 100).round(1)
    pilot = share[share.index.isin(areas.pilot())].dropna()
    assert found.new is not None
    assert found.new.trace.value == (pilot > share["440222"]).sum() + 1


def test_a_briefing_of_the_same_vintage_has_no_changed_number_though_some_are_told_twice(
    store: Path,
) -> None:
    source, stamp = view.current()
    for request in (Request("bulletin", LATEST, "pilot"), Request("area", LATEST, "粤北")):
        briefing = content.build(request, source, stamp)
        recorded = ledger.opened(settings.load(), ledger.record(settings.load(), briefing))
        assert changed.since(recorded, source, stamp) == []
        traces = [replace(n.trace, value=None) for n in briefing.numbers()]
        assert len(traces) == len(set(traces)), "two numbers of the same that differ"


def test_a_count_that_the_text_does_not_tell_is_said_to_be_untold(store: Path) -> None:
    trace = Trace("care_bed_share", "pilot", "pilot", LATEST, 1, "count", 3.0, "", "more_at_45")
    found = told_of(Number("3", trace))
    assert (found.new, found.reason) == (None, "untold")


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
    marked = marking.marked(briefing(("同，", *old)), briefing(("同，", *new)))
    paragraphs = [block for block in marked.blocks if isinstance(block, Paragraph)]
    assert "".join(side(p.told, True) for p in paragraphs) == "同，" + text(new)
    assert "".join(side(p.told, False) for p in paragraphs) == "同，" + text(old)
    (table,) = [block for block in marked.blocks if isinstance(block, Table)]
    assert side(table.rows[0][1], True) == "同，" + text(new)
    assert side(table.rows[0][1], False) == "同，" + text(old)


@given(st.lists(TOLD, min_size=1, max_size=3))
def test_equal_briefings_have_no_change(told: list[Told]) -> None:
    marked = marking.marked(briefing(*told), briefing(*told))
    assert "Change" not in repr(marked)


def test_a_county_that_is_new_in_a_table_and_one_that_is_gone_are_marked_whole() -> None:
    def table(*rows: tuple[str, Number]) -> Briefing:
        block = Table("表", ("县", "数"), tuple(((n,), (v,)) for n, v in rows), (1, 1))
        return replaced(samples.changed(), [block])

    one, two, three = (samples.number(f"{n}%", float(n)) for n in (1, 2, 3))
    marked = marking.marked(table(("甲", one), ("乙", two)), table(("甲", one), ("丙", three)))
    (block,) = marked.blocks
    assert isinstance(block, Table)
    assert block.rows == (
        (("甲",), (one,)),
        ((Change(("乙",), ()),), (Change((two,), ()),)),
        ((Change((), ("丙",)),), (Change((), (three,)),)),
    )


def test_what_is_gone_as_a_whole_is_told_and_what_is_new_is_marked() -> None:
    number = samples.number("1%", 1.0)
    table = Table("表一", ("县", "数"), ((("甲",), (number,)), (("乙",), (number,))), (1, 1))
    other = replace(table, caption="表二", head=("县", "另一个数"))
    old = replaced(samples.changed(), [Heading("一"), table])
    new = replaced(samples.changed(), [Heading("二"), other])
    gone, lost, come, made = marking.marked(old, new).blocks
    assert isinstance(gone, Paragraph) and isinstance(lost, Paragraph)
    assert (side(gone.told, False), side(gone.told, True)) == ("一", "")
    assert side(lost.told, False) == "表一 | 甲 1% | 乙 1%"
    assert come == Heading("二", new=True)
    assert isinstance(made, Table) and made.caption == "表二"
    assert made.rows[0] == ((Change((), ("甲",)),), (Change((), (number,)),))
