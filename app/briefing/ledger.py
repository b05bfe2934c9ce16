"""The ledger of briefings: each one that was made, word for word, as a file that never changes.

They are files and no rows of the lake: docs/decisions/0020 says why. A file is a JSON object with
its head on the first line, so that a list of many is quick, and the briefing after it; the head has
the SHA-256 of the briefing, by which a file that was cut or altered is noticed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import PurePosixPath

from pydantic import ValidationError

from app import failures, storage
from app.audience import INSIDE, Audience
from app.briefing import parts
from app.briefing.parts import Briefing
from app.errors import UnknownName
from app.periods import SHANGHAI
from app.settings import Settings
from app.storage import Storage

_FOLDER = "briefings"
_AT_ONCE = 16
_ID = re.compile(r"B[0-9]{8}-[0-9a-f]{6,64}")
_DIGITS = 6  # of the hash in an id; more where another briefing has these
_BEFORE, _BETWEEN, _AFTER = b'{"head": ', b',\n"briefing": ', b"}\n"


@dataclass(frozen=True)
class Head:
    """What the list tells of a briefing; `damaged` where its file can't be read, and only its id.

    `at` is when it was made, `numbers` how many it has, `audience` for whom it is; those from
    before there was a choice are for people inside.
    """

    id: str
    at: str = ""
    by: str = ""
    title: str = ""
    kind: str = ""
    area_code: str = ""
    period: str = ""
    lang: str = ""
    vintage: int = 0
    numbers: int = 0
    sha256: str = ""
    damaged: bool = False
    audience: Audience = INSIDE


@dataclass(frozen=True)
class Recorded:
    """A briefing of the ledger; `by` is empty where nobody was named."""

    id: str
    at: dt.datetime
    by: str
    briefing: Briefing


def record(settings: Settings, briefing: Briefing, by: str = "") -> str:
    """Enter a briefing and return its id; the same one again on a day keeps its first entry.

    Raises StoreUnavailable where the folder can't be written.
    """
    content = parts.written(briefing)
    digest = hashlib.sha256(content).hexdigest()
    day = briefing.made.replace("-", "")
    files = storage.of(settings)
    try:
        for digits in range(_DIGITS, len(digest) + 1):
            name = f"B{day}-{digest[:digits]}"
            there = _sha256(files, name)
            if there == digest:
                return name
            if not there:  # nothing, or a damaged file, which this mends
                break
        head = Head(
            name, dt.datetime.now(SHANGHAI).isoformat(timespec="seconds"), by, briefing.title,
            briefing.request.kind, briefing.request.area_code, briefing.request.period,
            briefing.request.lang, briefing.vintage, len(briefing.numbers()), digest,
            audience=briefing.request.audience,
        )  # fmt: skip
        first = json.dumps(asdict(head), ensure_ascii=False).encode()
        files.put(_name(name), _BEFORE + first + _BETWEEN + content + _AFTER)
    except OSError as error:
        raise failures.named(settings, error) from error
    return name


def listed(settings: Settings) -> list[Head]:
    """All briefings, the last made first; one whose file is damaged is named."""
    files = storage.of(settings)
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # a bucket takes a while for each
        heads = list(pool.map(partial(_head, files), _ids(files)))
    return sorted(heads, key=lambda head: (head.at or head.id[1:9], head.id), reverse=True)


def opened(settings: Settings, briefing_id: str) -> Recorded:
    """One briefing. Raises UnknownName for an id that is not there or whose file is damaged."""
    if not _ID.fullmatch(briefing_id):
        raise UnknownName("error.unknown_briefing", name=briefing_id)
    try:
        file = storage.of(settings).read(_name(briefing_id))
    except FileNotFoundError as error:
        raise UnknownName("error.unknown_briefing", name=briefing_id) from error
    except OSError as error:
        raise failures.named(settings, error) from error
    try:
        told, content = _parted(file)
        briefing = parts.read(content)
        at = dt.datetime.fromisoformat(told.at)
    except (ValueError, ValidationError) as error:
        raise UnknownName("error.damaged_briefing", name=briefing_id) from error
    return Recorded(briefing_id, at, told.by, briefing)


def _name(briefing_id: str) -> str:
    return f"{_FOLDER}/{briefing_id}.json"


def _ids(files: Storage) -> list[str]:
    stems = (PurePosixPath(each.name).stem for each in files.listed(_FOLDER))
    return [stem for stem in stems if _ID.fullmatch(stem)]


def _head(files: Storage, briefing_id: str) -> Head:
    try:
        return _read_head(files.first_line(_name(briefing_id)))
    except (OSError, ValueError):
        return Head(briefing_id, damaged=True)


def _read_head(line: bytes) -> Head:
    """The head on the first line of a file; raises ValueError."""
    if not line.startswith(_BEFORE) or not line.endswith(b",\n"):
        raise ValueError("no head of a briefing")
    try:
        return Head(**json.loads(line[len(_BEFORE) : -len(b",\n")]))
    except TypeError as error:
        raise ValueError("not the head of a briefing") from error


def _parted(file: bytes) -> tuple[Head, bytes]:
    """Head and briefing of a file; raises ValueError where it is not as it was written."""
    line, _, rest = file.partition(b"\n")
    head = _read_head(line + b"\n")
    start = len(_BETWEEN) - len(b",\n")
    content = rest[start : -len(_AFTER)]
    if rest[:start] + rest[-len(_AFTER) :] != _BETWEEN[len(b",\n") :] + _AFTER:
        raise ValueError("a briefing that was cut")
    if hashlib.sha256(content).hexdigest() != head.sha256:
        raise ValueError("a briefing that was altered")
    return head, content


def _sha256(files: Storage, briefing_id: str) -> str:
    """The hash of the briefing in a file; empty where there is none or it is damaged."""
    try:
        return _parted(files.read(_name(briefing_id)))[0].sha256
    except (FileNotFoundError, ValueError):
        return ""
