"""The audit: every action of those who matter is in it, in order, and nothing secret."""

from __future__ import annotations

import ast
import json
import multiprocessing
from pathlib import Path

import dashboard_stores as stores
import pytest
from command_calls import command
from forms import form, good, stored

from app import settings
from app.access import accounts, arrivals, audit, sign_in
from app.access.people import Person
from app.access.sessions import Session
from app.i18n import LANGUAGES, texts
from app.intake import ledger
from app.settings import ROOT, Settings

LECHANG = "440281"
LI = Person("li", "李", "reviewer", ("440200",), ())


def actions(store: Settings, words: str = "") -> list[str]:
    return [entry.action for entry in audit.listed(store, words)]


def test_what_changes_data_is_entered_with_its_submission(store: Settings, tmp_path: Path) -> None:
    stored(store, form(tmp_path / "a.xlsx", "2024Q2", {LECHANG: good()}))
    ledger.withdraw(store, "care_beds", "2024Q2", LECHANG, ["institutions"], by="李", note="误")
    ledger.revert(store, 2, by="李", note="误")
    newest, *_, oldest = audit.listed(store)
    assert actions(store) == ["revert", "withdraw", "submit"]
    assert newest.what == {"submission": "S2", "by_submission": "S3"}
    assert (oldest.who, oldest.role) == ("local", "administrator")
    assert oldest.what == {"submission": "S1", "dataset": "care_beds"}
    assert actions(store, "care_beds withdraw") == ["withdraw"]


def test_sign_in_is_entered_and_no_password_is_whether_right_or_wrong(store: Settings) -> None:
    secret, wrong = "korrekt-pferd-batterie", "geheim-in-the-name-field"
    accounts.add(store, "li", role="analyst", scopes=["440200"], password=secret)
    assert isinstance(sign_in.tried(store, "li", secret), str)
    assert sign_in.tried(store, "li", wrong) is None
    assert sign_in.tried(store, wrong, secret) is None
    assert actions(store) == ["sign_in_refused", "sign_in_refused", "sign_in", "user_added"]
    written = "".join(
        path.read_text("utf-8") for path in (Path(store.files) / "audit").glob("*.jsonl")
    )
    assert secret not in written and wrong not in written


@pytest.mark.parametrize("mode", ["oidc", "gateway"])
def test_who_comes_in_by_another_s_word_is_entered_once_a_session(
    store: Settings, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setenv("DASHBOARD_ACCESS", mode)
    store, now = settings.load(), 1_800_000_000.0
    hour = 3600.0
    eight = Session("one", "li", now, now + 8 * hour)
    by_gateway = Session("gateway", "li", None, None)
    first = eight if mode == "oidc" else by_gateway
    for later in (0, 1, 8 * hour - 1):
        arrivals.came_in(store, first, LI, now + later)
    assert actions(store) == ["sign_in"]
    again = Session("two", "li", now + hour, now + 9 * hour) if mode == "oidc" else by_gateway
    arrivals.came_in(store, again, LI, now + 8 * hour)
    assert actions(store) == ["sign_in"] * 2
    (entry, _) = audit.listed(store)
    assert (entry.who, entry.role, entry.what) == ("li", "reviewer", {"way": mode})


def test_who_is_not_on_the_list_is_entered_once_and_some_minutes_later_again(
    store: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_ACCESS", "gateway")
    monkeypatch.setattr(arrivals, "MOST", 5)
    store, now = settings.load(), 1_800_000_000.0
    for later in (0, 1, 599):
        arrivals.was_refused(store, "stranger", now + later)
        arrivals.was_refused(store, None, now + later)
    assert actions(store) == ["sign_in_refused"] * 2
    arrivals.was_refused(store, "stranger", now + 600)
    assert [e.what.get("name") for e in audit.listed(store)] == ["stranger", None, "stranger"]
    for number in range(20):
        arrivals.was_refused(store, f"name{number}", now)
    assert len(json.loads((store.folder / "arrivals.json").read_text("utf-8"))) == 5
    (store.folder / "arrivals.json").write_text("broken", "utf-8")
    arrivals.was_refused(store, "stranger", now)
    assert len(actions(store)) == 24


def test_an_entry_that_was_altered_or_taken_out_is_noticed(store: Settings) -> None:
    for number in range(5):
        audit.record("download", LI, file=f"{number}.csv")
    assert audit.broken(store) == []
    (path,) = (Path(store.files) / "audit").glob("*.jsonl")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines).replace("2.csv", "9.csv"), "utf-8")
    assert audit.broken(store) == [f"{path.name}:3"]
    path.write_text("".join(lines[:1] + lines[2:]), "utf-8")
    assert audit.broken(store) == [f"{path.name}:2"]
    path.write_text("".join(lines), "utf-8")
    assert audit.broken(store) == []
    assert path.stat().st_mode & 0o077 == 0


def _record(folder: str, name: str) -> None:
    with stores.store_at(Path(folder)):
        for number in range(10):
            audit.record("download", LI, file=f"{name}{number}")


def test_processes_that_write_at_once_lose_nothing_and_keep_the_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_record, args=(str(tmp_path), n)) for n in "甲乙"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    with stores.store_at(tmp_path) as store:
        found = {entry.what["file"] for entry in audit.listed(store)}
        assert found == {f"{n}{number}" for n in "甲乙" for number in range(10)}
        assert audit.broken(store) == []


def test_the_command_finds_entries_and_checks_them(store: Settings) -> None:
    audit.record("download", LI, file="甲.csv")
    audit.record("download", LI, file="乙.csv")
    rows = json.loads(command(store, "audit", "--find", "甲", "--json").stdout)
    assert [(row["who"], row["what"]) for row in rows] == [("li", {"file": "甲.csv"})]
    assert command(store, "audit", "--check").returncode == 0
    (path,) = (Path(store.files) / "audit").glob("*.jsonl")
    path.write_text(path.read_text("utf-8").replace("甲", "丙"), "utf-8")
    assert command(store, "audit", "--check").returncode == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_action_has_its_words_on_the_page(store: Settings, lang: str) -> None:
    names = {
        line.split(":")[0].strip().removeprefix("action_")
        for line in (ROOT / "app/translations/audit.zh.yaml").read_text("utf-8").splitlines()
        if line.strip().startswith("action_")
    }
    for name in names:
        audit.record(name, LI)
    at = stores.opened("pages/admin/audit.py", lang=lang)
    assert len(at.dataframe[0].value) == len(names)
    used = {
        part.split('"')[1]
        for path in (ROOT / "app").rglob("*.py")
        for part in path.read_text("utf-8").split("audit.record(")[1:]
        if part.lstrip().startswith('"')
    }
    assert used <= names
    assert settings.load().folder == store.folder


def test_an_entry_is_told_and_found_in_the_words_of_the_page(store: Settings) -> None:
    audit.record("submit", LI, submission="S7", dataset="care_beds")
    audit.record("view", LI, page="history")
    at = stores.opened("pages/admin/audit.py")

    def told() -> list[str]:
        return list(at.dataframe[0].value.iloc[:, 4])

    assert told() == ["页面：入库记录", "入库号：S7　报表：护理型床位"]
    for words in ("护理型床位", "care_beds", "入库号 s7"):
        at.text_input(key="audit_find").set_value(words).run()
        assert told() == ["入库号：S7　报表：护理型床位"]


def test_what_entries_are_about_has_words_in_both_languages() -> None:
    calls = [
        node
        for path in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record"
    ]
    kept = {keyword.arg for call in calls for keyword in call.keywords if keyword.arg}
    assert {"submission", "file", "way", "briefing"} <= kept
    for lang in LANGUAGES:
        assert {f"audit.fact_{name}" for name in kept} <= texts(lang).keys()
