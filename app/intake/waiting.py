"""Files handed in that wait for a second pair of eyes before they are stored.

Used where the setting DASHBOARD_REVIEW asks for it. Each is a small document among the
store's files; the file itself lies where those of submissions do.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Literal

from app import catalogue, storage
from app.access import audit, rights
from app.errors import NotAllowed, StoreUnavailable, UnknownName
from app.intake import kept_files, read, submit
from app.intake.check import Assessment
from app.intake.submit import Outcome
from app.intake.upload import Picks, Upload
from app.periods import SHANGHAI
from app.settings import Settings

State = Literal["waiting", "stored", "sent_back"]
_FOLDER = "waiting"
_ID = re.compile(r"W[0-9]{8}-[0-9a-f]{6}")


@dataclass(frozen=True)
class Waiting:
    """A file that was handed in, by whom, and what became of it.

    `picks` are the areas chosen for places as the file writes them; `period` and `dataset_asked`
    what the analyst said of a file that does not. `judged_by` and `reason` are of who judged it.
    """

    id: str
    at: str
    who: str
    by: str
    note: str
    explanation: str
    dataset: str
    periods: tuple[str, ...]
    file_name: str
    sha256: str
    added: int
    changed: int
    warnings: int
    area_codes: tuple[str, ...]
    dataset_asked: str = ""
    period: str = ""
    picks: Mapping[str, str] = field(default_factory=dict)
    state: State = "waiting"
    judged_by: str = ""
    judged_at: str = ""
    reason: str = ""
    submission: int = 0


def hand_in(
    settings: Settings,
    assessment: Assessment,
    *,
    by: str,
    note: str,
    explanation: str,
    dataset_asked: str = "",
    period: str = "",
    picks: Mapping[str, str] | None = None,
) -> Waiting:
    """Let a file without errors wait for a reviewer; raises NotAllowed and StoreUnavailable."""
    upload = assessment.upload
    cells = {(c.area_code, c.period) for c in upload.cells}
    person = rights.require_scope(upload.dataset, cells)
    kept_files.keep(settings, upload.sha256, upload.file_name, upload.content)
    at = dt.datetime.now(SHANGHAI)
    entry = Waiting(
        f"W{at:%Y%m%d}-{secrets.token_hex(3)}", at.isoformat(timespec="seconds"), person.id, by,
        note, explanation, upload.dataset.id, tuple(upload.periods),
        kept_files.clean_name(upload.file_name), upload.sha256, assessment.count("added"),
        assessment.count("changed"), len(assessment.warnings),
        tuple(sorted({code for code, _ in cells})), dataset_asked, period, dict(picks or {}),
    )  # fmt: skip
    _write(settings, entry)
    audit.record("hand_in", person, waiting=entry.id, dataset=entry.dataset)
    return entry


def listed(settings: Settings) -> list[Waiting]:
    """What the one who asks may see: their own, and for reviewers all of their scope.

    The newest first.
    """
    person = rights.acting()
    found = []
    for name in _names(settings):
        entry = _read(settings, name)
        own = entry.who == person.id
        if own or (rights.may(person, "approve") and _within(entry)):
            found.append(entry)
    return sorted(found, key=lambda entry: (entry.at, entry.id), reverse=True)


def upload_of(settings: Settings, entry: Waiting, lang: str) -> Upload:
    """The file as it is read, with what the analyst said of it."""
    file = kept_files.place(settings, entry.sha256, entry.file_name)
    picks = Picks(dict(entry.picks), entry.period or None)
    with file.storage.at_hand(file.name) as path:
        upload = read.read(path, catalogue.load(), entry.dataset_asked or None, lang, picks=picks)
    return replace(upload, file_name=entry.file_name)


def approve(
    settings: Settings, waiting_id: str, lang: str, seen: Assessment | None = None
) -> Outcome:
    """Store what waits, under the name of who handed it in.

    Raises NotAllowed to those who may not, and to who handed it in.
    """
    entry = _opened(settings, waiting_id)
    person = rights.require("approve")
    if entry.who == person.id:
        raise NotAllowed("rights.own_file", name=person.name)
    outcome = submit.submit(
        settings, upload_of(settings, entry, lang), catalogue.load(), by=entry.by, note=entry.note,
        explanation=entry.explanation or None, lang=lang, seen=seen, reviewed=True,
    )  # fmt: skip
    if outcome.submission is not None:
        _judged(settings, entry, "stored", person.id, "", outcome.submission)
        audit.record("approve", person, waiting=entry.id, submission=f"S{outcome.submission}")
    return outcome


def send_back(settings: Settings, waiting_id: str, reason: str) -> None:
    """Refuse what waits, with a reason for who handed it in; who handed it in may take it back."""
    entry = _opened(settings, waiting_id)
    person = rights.acting()
    if entry.who != person.id:
        person = rights.require("approve")
        rights.require_scope(
            catalogue.load().dataset(entry.dataset),
            {(code, period) for code in entry.area_codes for period in entry.periods},
        )
    _judged(settings, entry, "sent_back", person.id, reason, 0)
    audit.record("send_back", person, waiting=entry.id)


def _within(entry: Waiting) -> bool:
    person = rights.acting()
    dataset_fits = not person.datasets or entry.dataset in person.datasets
    return dataset_fits and all(rights.covers(person, code) for code in entry.area_codes)


def _opened(settings: Settings, waiting_id: str) -> Waiting:
    if not _ID.fullmatch(waiting_id):
        raise UnknownName("error.unknown_waiting", name=waiting_id)
    try:
        entry = _read(settings, _name(waiting_id))
    except FileNotFoundError as error:
        raise UnknownName("error.unknown_waiting", name=waiting_id) from error
    if entry.state != "waiting":
        raise UnknownName("error.judged_already", name=waiting_id)
    return entry


def _judged(
    settings: Settings, entry: Waiting, state: State, by: str, reason: str, submission: int
) -> None:
    at = dt.datetime.now(SHANGHAI).isoformat(timespec="seconds")
    _write(
        settings,
        replace(
            entry, state=state, judged_by=by, judged_at=at, reason=reason, submission=submission
        ),
    )


def _name(waiting_id: str) -> str:
    return f"{_FOLDER}/{waiting_id}.json"


def _names(settings: Settings) -> list[str]:
    listed_ = storage.of(settings).listed(_FOLDER)
    return [each.name for each in listed_ if _ID.fullmatch(PurePosixPath(each.name).stem)]


def _write(settings: Settings, entry: Waiting) -> None:
    with storage.of(settings).changing(_name(entry.id)) as document:
        document.update(asdict(entry))


def _read(settings: Settings, name: str) -> Waiting:
    try:
        values: dict[str, Any] = json.loads(storage.of(settings).read(name))
    except ValueError as error:
        raise StoreUnavailable("access.damaged", file=name) from error
    for name in ("periods", "area_codes"):
        listed_: Sequence[str] = values[name]
        values = values | {name: tuple(listed_)}
    return Waiting(**values)
