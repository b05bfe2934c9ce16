"""What all share is walked once by the garbage collector, and what is garbage still goes."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from app.server import heap


class Cycle:
    """Something that refers to itself, as an ended session does."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_lives_long_is_walked_no_more() -> None:
    heap.tidy(thorough=False)
    before = gc.get_freeze_count()
    kept = [Cycle() for _ in range(1000)]
    heap.tidy(thorough=False)
    assert gc.get_freeze_count() >= before + 1000
    assert not any(each in kept for each in gc.get_objects() if isinstance(each, Cycle))


def test_garbage_that_came_about_while_frozen_goes_in_a_thorough_round() -> None:
    cycle = Cycle()
    seen = weakref.ref(cycle)
    heap.tidy(thorough=False)
    del cycle
    heap.tidy(thorough=False)
    assert seen() is not None
    heap.tidy(thorough=True)
    assert seen() is None
