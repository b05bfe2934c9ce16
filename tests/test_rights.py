"""What each role may do and where, enforced where data are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import dashboard_stores as stores
import pytest
from forms import checked, form, good, stored, submitted

from app import areas, catalogue, lake, settings
from app.access import people, rights
from app.access.people import ROLES, Person, Role
from app.access.rights import Action
from app.errors import NotAllowed, UnknownName
from app.intake import drafts, ledger, waiting
from app.reporting import form as workbooks
from app.settings import Settings

LECHANG, NANXIONG, NANAO = "440281", "440282", "440523"
SHAOGUAN, SHANTOU, DONGGUAN = "440200", "440500", "441900"
PERIOD = "2024Q2"
BEDS = catalogue.load().dataset("care_beds")
OPEN = dt.date(2024, 7, 1)


def person(role: Role, *scopes: str, datasets: tuple[str, ...] = ()) -> Person:
    return Person("li", "李", role, scopes or (areas.PROVINCE,), datasets)


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> Callable[[Person], None]:
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


@pytest.mark.parametrize(
    ("scopes", "offered"),
    [
        (("440281",), ["440200"]),  # a county: its city
        (("440500",), ["440500"]),
        (("440281", "440500"), ["440200", "440500"]),
        (("440000",), ["", *areas.cities()]),
    ],
)
def test_the_workbooks_offered_are_those_of_the_cities_that_one_reports_in(
    scopes: tuple[str, ...], offered: list[str]
) -> None:
    assert sorted(workbooks.places(person("analyst", *scopes))) == sorted(offered)


def test_the_page_offers_workbooks_of_ones_own_datasets_alone(
    store: Settings, acts: Callable[[Person], None]
) -> None:
    acts(person("analyst", "440500", datasets=("care_beds",)))
    page = stores.opened("pages/submit/upload.py")
    assert not page.exception
    assert page.selectbox(key="form_dataset").options == ["护理型床位"]
    assert page.selectbox(key="form_city").options == ["汕头市"]


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
    store: Settings, tmp_path: Path, acts: Callable[[Person], None]
) -> None:
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


def test_a_file_not_yet_stored_is_seen_by_who_handed_it_in_alone(
    store: Settings, acts: Callable[[Person], None]
) -> None:
    acts(Person("zhang", "张", "analyst", (SHAOGUAN,), ()))
    kept = drafts.keep(store, "床位.csv", b"area_code,period\n")
    assert [draft.sha256 for draft in drafts.pending(store)] == [kept.sha256]
    acts(Person("li", "李", "analyst", (SHAOGUAN,), ()))
    assert drafts.pending(store) == []
    assert drafts.find(store, kept.sha256) is None
    drafts.drop(store, kept.sha256)
    acts(Person("zhang", "张", "analyst", (SHAOGUAN,), ()))
    assert drafts.find(store, kept.sha256) == kept


def test_a_command_acts_for_the_user_of_the_machine() -> None:
    assert rights.acting() == people.local()


# ------------------------------------------------------------------ a second pair of eyes


@pytest.fixture
def reviewed(monkeypatch: pytest.MonkeyPatch, store: Settings) -> Settings:
    """A store in which what is handed in waits for another person."""
    monkeypatch.setenv("DASHBOARD_REVIEW", "1")
    return settings.load()


def handed_in(store: Settings, path: Path) -> waiting.Waiting:
    assessment = checked(store, path)
    return waiting.hand_in(store, assessment, by="张", note="二季度报表", explanation="")


def test_what_is_handed_in_shows_only_once_another_has_agreed(
    reviewed: Settings, tmp_path: Path, acts: Callable[[Person], None]
) -> None:
    zhang, li = Person("zhang", "张", "analyst", (SHAOGUAN,), ()), person("reviewer", SHAOGUAN)
    path = form(tmp_path / "a.xlsx", PERIOD, {LECHANG: good()})
    acts(zhang)
    with pytest.raises(NotAllowed, match="复核"):
        submitted(reviewed, path)
    entry = handed_in(reviewed, path)  # long after the quarter was locked: a reviewer sees it
    assert not lake.read(reviewed, lake.last_vintage)
    assert [e.state for e in waiting.listed(reviewed)] == ["waiting"]
    with pytest.raises(NotAllowed):
        waiting.approve(reviewed, entry.id, "zh")
    acts(Person("wang", "王", "reviewer", (SHANTOU,), ()))
    assert waiting.listed(reviewed) == []
    with pytest.raises(NotAllowed, match="乐昌市"):
        waiting.approve(reviewed, entry.id, "zh")
    acts(li)
    outcome = waiting.approve(reviewed, entry.id, "zh")
    assert outcome.submission == 1
    (row,) = ledger.history(reviewed)
    assert (row["submitted_by"], row["note"]) == ("张", "二季度报表")
    with pytest.raises(UnknownName):
        waiting.approve(reviewed, entry.id, "zh")
    acts(zhang)
    (done,) = waiting.listed(reviewed)
    assert (done.state, done.submission, done.judged_by) == ("stored", 1, "li")


def test_nobody_agrees_to_a_file_of_their_own_but_may_take_it_back(
    reviewed: Settings, tmp_path: Path, acts: Callable[[Person], None]
) -> None:
    acts(person("reviewer"))
    entry = handed_in(reviewed, form(tmp_path / "a.xlsx", PERIOD, {LECHANG: good()}))
    with pytest.raises(NotAllowed, match="自己"):
        waiting.approve(reviewed, entry.id, "zh")
    waiting.send_back(reviewed, entry.id, "")
    assert not lake.read(reviewed, lake.last_vintage)


def test_a_file_that_is_sent_back_tells_why_and_is_not_stored(
    reviewed: Settings, tmp_path: Path, acts: Callable[[Person], None]
) -> None:
    zhang = Person("zhang", "张", "analyst", (SHAOGUAN,), ())
    acts(zhang)
    entry = handed_in(reviewed, form(tmp_path / "a.xlsx", PERIOD, {LECHANG: good()}))
    with pytest.raises(NotAllowed, match="南澳县"):
        handed_in(reviewed, form(tmp_path / "b.xlsx", PERIOD, {NANAO: good()}))
    acts(person("reviewer"))
    waiting.send_back(reviewed, entry.id, "床位数与年报不符")
    acts(zhang)
    assert [(e.state, e.reason) for e in waiting.listed(reviewed)] == [
        ("sent_back", "床位数与年报不符")
    ]
    assert not lake.read(reviewed, lake.last_vintage)
    with pytest.raises(UnknownName):
        waiting.send_back(reviewed, "../../accounts", "")
