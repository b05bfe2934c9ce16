"""What each role may do and where, enforced where data are written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import get_args

import pytest
from forms import form, good, stored, submitted

from app import areas, catalogue, lake
from app.access import people, rights
from app.access.people import ROLES, Person, Role
from app.access.rights import Action
from app.errors import NotAllowed
from app.intake import ledger
from app.settings import Settings

LECHANG, NANXIONG, NANAO = "440281", "440282", "440523"
SHAOGUAN, SHANTOU, DONGGUAN = "440200", "440500", "441900"
PERIOD = "2024Q2"
BEDS = catalogue.load().dataset("care_beds")
OPEN = dt.date(2024, 7, 1)


def person(role: Role, *scopes: str, datasets: tuple[str, ...] = ()) -> Person:
    return Person("li", "李", role, scopes or (areas.PROVINCE,), datasets)


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> object:
    """Lets someone act, as a page does for the person signed in."""

    def become(who: Person) -> None:
        monkeypatch.setattr(rights, "acting", lambda: who)

    return become


ALLOWED: dict[Action, set[Role]] = {
    "see": {"viewer", "analyst", "reviewer", "administrator"},
    "export": set(ROLES),
    "brief": {"viewer", "analyst", "reviewer", "administrator"},
    "submit": {"analyst", "reviewer", "administrator"},
    "correct": {"reviewer", "administrator"},
    "approve": {"reviewer", "administrator"},
    "administer": {"administrator"},
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", get_args(Action))
def test_a_role_may_do_what_it_is_for_and_nothing_else(role: Role, action: Action) -> None:
    who = person(role)
    if role in ALLOWED[action]:
        assert rights.require(action, who) == who
    else:
        with pytest.raises(NotAllowed) as refused:
            rights.require(action, who)
        assert refused.value.text("zh") and refused.value.text("en")


def test_nobody_may_do_anything() -> None:
    assert not any(rights.may(rights.NOBODY, action) for action in get_args(Action))


@pytest.mark.parametrize(
    ("scope", "inside", "outside"),
    [
        (LECHANG, [LECHANG], [NANXIONG, SHAOGUAN]),
        (SHAOGUAN, [LECHANG, NANXIONG, SHAOGUAN], [NANAO, SHANTOU]),
        ("粤北", [LECHANG, SHAOGUAN], [NANAO, SHANTOU]),
        (DONGGUAN, [DONGGUAN], [LECHANG]),
        (areas.PROVINCE, [LECHANG, NANAO, SHAOGUAN, DONGGUAN], []),
    ],
)
def test_a_scope_holds_its_counties_and_cities_and_no_others(
    scope: str, inside: list[str], outside: list[str]
) -> None:
    who = person("analyst", scope)
    assert all(rights.covers(who, code) for code in inside)
    assert not any(rights.covers(who, code) for code in outside)


def test_data_are_written_within_scope_dataset_and_time_alone() -> None:
    here = person("analyst", SHAOGUAN)
    assert rights.require_write(BEDS, [(LECHANG, PERIOD)], here, OPEN) == here
    with pytest.raises(NotAllowed, match="南澳县"):
        rights.require_write(BEDS, [(LECHANG, PERIOD), (NANAO, PERIOD)], here, OPEN)
    of_children = person("analyst", SHAOGUAN, datasets=("child_welfare",))
    with pytest.raises(NotAllowed, match="护理型床位"):
        rights.require_write(BEDS, [(LECHANG, PERIOD)], of_children, OPEN)


def test_a_quarter_is_locked_for_analysts_once_its_days_are_over() -> None:
    # twenty days after the end of June it is due, forty days later it is locked
    last_open = dt.date(2024, 6, 30) + dt.timedelta(days=60)
    assert not rights.is_locked(BEDS, PERIOD, last_open)
    closed = last_open + dt.timedelta(days=1)
    assert rights.is_locked(BEDS, PERIOD, closed)
    with pytest.raises(NotAllowed, match="锁定"):
        rights.require_write(BEDS, [(LECHANG, PERIOD)], person("analyst"), closed)
    rights.require_write(BEDS, [(LECHANG, PERIOD)], person("reviewer"), closed)
    never = BEDS.model_copy(update={"lock_days": None})
    assert not rights.is_locked(never, PERIOD, closed)


def test_who_may_not_write_leaves_the_store_as_it_was(
    store: Settings, tmp_path: Path, acts: object
) -> None:
    assert callable(acts)
    path = form(tmp_path / "a.xlsx", PERIOD, {LECHANG: good(), NANAO: good()})
    for who in (person("viewer"), person("public"), person("reviewer", SHAOGUAN), rights.NOBODY):
        acts(who)
        with pytest.raises(NotAllowed):
            submitted(store, path)
    assert not lake.read(store, lake.last_vintage)
    acts(person("reviewer"))
    assert stored(store, path) == 1
    acts(person("analyst"))
    with pytest.raises(NotAllowed):
        ledger.revert(store, 1, by="李", note="撤")
    with pytest.raises(NotAllowed, match="锁定"):
        ledger.withdraw(store, BEDS.id, PERIOD, LECHANG, None, by="李", note="撤")
    acts(person("reviewer", SHANTOU))
    with pytest.raises(NotAllowed, match="乐昌市"):
        ledger.revert(store, 1, by="李", note="撤")
    assert lake.read(store, lake.last_vintage) == 1
    acts(person("reviewer", SHANTOU, SHAOGUAN))
    ledger.revert(store, 1, by="李", note="撤")


def test_a_command_acts_for_the_user_of_the_machine() -> None:
    assert rights.acting() == people.local()
