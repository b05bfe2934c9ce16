"""What each role may do, where, and with which datasets; asked for where data are read and written.

Whoever is at the page acts; a command is run by someone who holds the store's files and may do all.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

from app import areas, levels, periods, scopes, townships
from app.access import people, visitor
from app.access.people import Person, Role
from app.catalogue import Dataset
from app.errors import NotAllowed
from app.i18n import t

# see inside views; take files out; make briefings; hand in, withdraw and take back data; do so for
# a quarter that is locked; judge what others handed in; keep people and settings; read the audit
Action = Literal["see", "export", "brief", "submit", "correct", "approve", "administer"]
MAY: dict[Role, frozenset[Action]] = {
    "public": frozenset({"export"}),
    "viewer": frozenset({"see", "export", "brief"}),
    "analyst": frozenset({"see", "export", "brief", "submit"}),
    "reviewer": frozenset({"see", "export", "brief", "submit", "correct", "approve"}),
    "administrator": frozenset(
        {"see", "export", "brief", "submit", "correct", "approve", "administer"}
    ),
}
NOBODY = Person("", "", "public", (), ())
_NAMED = 5  # areas in a message
_ABOVE: tuple[areas.Level, ...] = ("county", "city")  # a township goes by its county
_ACTING: ContextVar[Person | None] = ContextVar("acting", default=None)


@contextmanager
def acting_as(person: Person) -> Iterator[None]:
    """Let work outside a page, such as in a thread of its own, be done for whoever asked for it."""
    token = _ACTING.set(person)
    try:
        yield
    finally:
        _ACTING.reset(token)


def acting() -> Person:
    """Who asks: the person at the running page, or whoever runs a command; nobody has no rights.

    In a server's thread that belongs to no page there is nobody, unless it is told (`acting_as`).
    """
    told = _ACTING.get()
    if told is not None:
        return told
    served = sys.modules.get("streamlit.runtime")  # a command has not loaded it
    if served is None or not served.exists():
        return people.local()
    return visitor.current() or NOBODY


def may(person: Person, action: Action) -> bool:
    """Whether a role has an action at all."""
    return person is not NOBODY and action in MAY[person.role]


def covers(person: Person, area_code: str) -> bool:
    """Whether an area or city that reports lies in a person's scopes."""
    if areas.PROVINCE in person.scopes or area_code in person.scopes:
        return True
    town = townships.load().get(area_code)
    if town is not None:  # it belongs to its county, whoever has that
        return covers(person, town.county_code)
    return any(
        area_code in scopes.members(code, level) for code in person.scopes for level in _ABOVE
    )


def require(action: Action, person: Person | None = None) -> Person:
    """The one who asks, who may do it; raises NotAllowed."""
    asking = person or acting()
    if not may(asking, action):
        raise NotAllowed(f"rights.no_{action}", name=asking.name)
    return asking


def require_scope(
    dataset: Dataset, wanted: Iterable[tuple[str, str]], person: Person | None = None
) -> Person:
    """The one who asks, who may hand in cells of a dataset: (area, period) pairs.

    Raises NotAllowed, naming the dataset or the first areas outside their scope.
    """
    person = require("submit", person)
    if person.datasets and dataset.id not in person.datasets:
        raise NotAllowed("rights.other_dataset", name=person.name, dataset=dataset.label)
    outside = sorted({code for code, _ in wanted if not covers(person, code)})
    if outside:
        raise NotAllowed(
            "rights.other_area", name=person.name, count=len(outside),
            areas=lambda lang: _named(outside, lang),
        )  # fmt: skip
    return person


def require_write(
    dataset: Dataset,
    wanted: Iterable[tuple[str, str]],
    person: Person | None = None,
    today: dt.date | None = None,
) -> Person:
    """The one who asks, who may write them now; raises NotAllowed, also for a locked quarter."""
    pairs = list(wanted)
    person = require_scope(dataset, pairs, person)
    if not may(person, "correct"):
        locked = sorted({period for _, period in pairs if is_locked(dataset, period, today)})
        if locked:
            raise NotAllowed(
                "rights.locked", dataset=dataset.label,
                period=lambda lang: periods.label(locked[-1], lang),
            )  # fmt: skip
    return person


def is_locked(dataset: Dataset, period: str, today: dt.date | None = None) -> bool:
    """Whether a quarter's data are closed to analysts: so many days after they were due."""
    if dataset.due_days is None or dataset.lock_days is None:
        return False
    days = dt.timedelta(days=dataset.due_days + dataset.lock_days)
    return (today or periods.today()) > periods.last_day(period) + days


def _named(codes: Iterable[str], lang: str) -> str:
    """The first of some areas in words."""
    listed = list(codes)
    names = t("finding.and", lang).join(levels.unit(code).label(lang) for code in listed[:_NAMED])
    return names + ("…" if len(listed) > _NAMED else "")
