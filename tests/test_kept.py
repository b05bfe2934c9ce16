"""What is worked out once is kept for all who ask for the same."""

from __future__ import annotations

import gc
import logging
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dashboard_stores as stores
import pytest

import queries
from app import areas, catalogue, figures, kept, panels, view
from app.errors import StoreBusy
from app.scopes import Choices
from app.server.application import work_ahead


@dataclass(frozen=True)
class Held:
    """What is not to be held on to."""

    name: str


def test_the_same_question_is_worked_out_once_however_it_is_written() -> None:
    asked: list[tuple[int, int]] = []

    @kept.kept(8)
    def total(one: int, other: int = 2) -> int:
        asked.append((one, other))
        return one + other

    assert [total(1), total(1, 2), total(other=2, one=1), total(1, 3)] == [3, 3, 3, 4]
    assert asked == [(1, 2), (1, 3)]


def test_a_parameter_that_follows_from_the_others_tells_no_results_apart() -> None:
    @kept.kept(8)
    def name(stamp: str, _source: object) -> object:
        return _source

    first = object()
    assert name("a", first) is name("a", object()) is first


def test_what_says_by_what_it_is_kept_tells_by_that_alone_and_is_let_go() -> None:
    @dataclass(frozen=True)
    class Seen:
        stamp: str
        source: Held

        @property
        def kept_by(self) -> str:
            return self.stamp

    @kept.kept(8)
    def name(seen: Seen) -> str:
        return f"{seen.stamp} of {seen.source.name}"

    source = Held("one")
    gone = weakref.ref(source)
    assert name(Seen("a", source)) == "a of one"
    assert name(Seen("a", Held("other"))) == "a of one"
    assert name(Seen("b", Held("other"))) == "b of other"
    del source
    gc.collect()
    assert gone() is None


def test_only_the_last_asked_for_are_kept_and_all_can_be_forgotten() -> None:
    asked: list[int] = []

    @kept.kept(2)
    def same(number: int) -> int:
        asked.append(number)
        return number

    for number in (1, 2, 1, 3, 1, 2):  # 3 drives out 2, then 2 drives out 3
        same(number)
    assert asked == [1, 2, 3, 2]
    kept.forget()
    same(1)
    assert asked[-1] == 1


def test_those_who_ask_at_once_wait_for_one_to_work_it_out() -> None:
    asked: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    @kept.kept(2)
    def slow(number: int) -> int:
        asked.append(number)
        begun.set()
        go_on.wait(10)
        return number

    threads = [threading.Thread(target=slow, args=(1,)) for _ in range(4)]
    threads[0].start()
    assert begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert asked == [1]


def test_a_failure_is_not_kept() -> None:
    asked: list[int] = []

    @kept.kept(2)
    def fails_once(number: int) -> int:
        asked.append(number)
        if len(asked) == 1:
            raise OSError
        return number

    try:
        fails_once(1)
    except OSError:
        pass
    assert fails_once(1) == 1


def test_what_is_worked_out_ahead_is_there_when_it_is_asked_for(
    sampled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stores.store_at(sampled):
        kept.forget()
        for _ in panels.ahead():
            pass
        source, stamp = view.current()
        asked: list[str] = []
        monkeypatch.setattr(queries, "run", lambda name, *_, **__: asked.append(name))
        for dataset in catalogue.load().datasets.values():
            chosen = Choices(stores.LATEST, areas.PILOT, None, dataset.headline[0], "zh")
            assert figures.ranking_figure(view.View.of(source, stamp, chosen)).data
        assert asked == []


def test_a_server_that_ends_goes_no_further_ahead() -> None:
    over, done = threading.Event(), []

    def steps() -> Iterator[None]:
        for number in range(9):
            done.append(number)
            if number == 2:
                over.set()
            yield

    work_ahead(steps, over)
    assert done == [0, 1, 2]


def test_what_can_not_be_worked_out_ahead_is_noted_and_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def steps() -> Iterator[None]:
        yield
        raise StoreBusy("error.store_busy")

    with caplog.at_level(logging.WARNING, "dashboard.server"):
        work_ahead(steps, threading.Event())
    assert [record.levelname for record in caplog.records] == ["WARNING"]
