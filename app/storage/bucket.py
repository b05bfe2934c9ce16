"""Files in a bucket of an object store that speaks S3.

A bucket has no lock and no appending: what must not be overwritten is written on condition that it
is not there, what is changed on condition that it is as it was read, and each line of a journal is
an object of its own under the next number. docs/decisions/0024 says why.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from obstore import exceptions
from obstore.store import S3Store

from app.credentials import Keys
from app.errors import StoreBusy, StoreUnavailable
from app.storage.contract import Stored

if TYPE_CHECKING:
    from obstore import PutMode
    from obstore.store import RetryConfig, S3Config

_LINE = 8_192  # bytes that are read at first of a file of which one line is wanted
_AT_ONCE = 16  # objects that are read at the same time
_TRIES = 1_000  # lines that others may add before ours
_OVERTAKEN = (exceptions.AlreadyExistsError, exceptions.PreconditionError)
_RETRIES: RetryConfig = {"max_retries": 4, "retry_timeout": dt.timedelta(seconds=20)}


class Bucket:
    """A bucket, or what is under a prefix of it: app.storage.contract says what a method does."""

    def __init__(self, url: str, keys: Keys) -> None:
        bucket, _, prefix = url.removeprefix("s3://").strip("/").partition("/")
        self.shown, self._name = url, bucket
        config: S3Config = {
            "region": keys.region, "access_key_id": keys.key, "secret_access_key": keys.secret,
            "virtual_hosted_style_request": not keys.endpoint,
        }  # fmt: skip
        if keys.token:
            config["session_token"] = keys.token
        if keys.endpoint:
            config["endpoint"] = keys.endpoint
        self._store = S3Store(
            bucket, prefix=prefix or None, config=config, retry_config=_RETRIES,
            client_options={
                "allow_http": not keys.encrypted, "connect_timeout": "5s", "timeout": "60s",
            },
        )  # fmt: skip
        self._last: dict[str, tuple[int, str]] = {}  # number and text of a journal's last line

    def read(self, name: str) -> bytes:
        with self._named_failures():
            return bytes(self._store.get(name).bytes())

    def first_line(self, name: str) -> bytes:
        size = self.size(name)
        if size is None:
            raise FileNotFoundError(name)
        if size == 0:
            return b""
        with self._named_failures():
            start = bytes(self._store.get_range(name, start=0, end=min(size, _LINE)))
        line, found, _ = start.partition(b"\n")
        return line + found if found else self.read(name).partition(b"\n")[0] + b"\n"

    def size(self, name: str) -> int | None:
        try:
            with self._named_failures():
                return self._store.head(name)["size"]
        except FileNotFoundError:
            return None

    def put(self, name: str, content: bytes, *, private: bool = False) -> None:
        with self._named_failures():
            self._store.put(name, content)

    def put_new(self, name: str, content: bytes, *, private: bool = False) -> bool:
        try:
            with self._named_failures():
                # in one piece: an upload in parts can't be made on a condition
                self._store.put(name, content, mode="create", use_multipart=False)
        except exceptions.AlreadyExistsError:
            return False
        return True

    def keep(self, name: str, content: bytes) -> None:
        self.put(name, content)

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError), self._named_failures():
            self._store.delete(name)

    def listed(self, under: str) -> list[Stored]:
        with self._named_failures():
            found = [
                Stored(each["path"], each["size"], each["last_modified"])
                for part in self._store.list(under or None)
                for each in part
            ]
        return sorted(found, key=lambda each: each.name)

    def sweep(self, under: str, age: dt.timedelta) -> None:
        before = dt.datetime.now(dt.UTC) - age
        for each in self.listed(under):
            if each.modified < before:
                self.remove(each.name)

    @contextmanager
    def at_hand(self, name: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="at-hand-") as folder:
            path = Path(folder, PurePosixPath(name).name)
            path.write_bytes(self.read(name))
            yield path

    @contextmanager
    def changing(self, name: str) -> Iterator[dict[str, Any]]:
        seen: str | None = None
        held: dict[str, Any] = {}
        try:
            with self._named_failures():
                found = self._store.get(name)
                seen, held = found.meta["e_tag"], json.loads(bytes(found.bytes()))
        except FileNotFoundError:
            pass  # the first to write it
        except ValueError as error:
            raise StoreUnavailable("access.damaged", file=name) from error
        yield held
        content = json.dumps(held, ensure_ascii=False, indent=1).encode()
        mode: PutMode = "create" if seen is None else {"e_tag": seen}
        try:
            with self._named_failures():
                self._store.put(name, content, mode=mode, use_multipart=False)
        except _OVERTAKEN as error:
            raise StoreBusy("access.busy", file=name) from error

    def add_line(self, journal: str, make: Callable[[str], str]) -> None:
        number, last = self._last.get(journal) or self._found_last(journal)
        for following in range(number + 1, number + 1 + _TRIES):
            line = make(last)
            if self.put_new(_line(journal, following), line.encode()):
                self._last[journal] = following, line
                return
            last = self.read(_line(journal, following)).decode()  # another process was quicker
        raise StoreBusy("access.busy", file=journal)

    def journals(self, under: str) -> list[str]:
        found = {_journal(each.name) for each in self.listed(under)}
        return sorted(found)

    def lines(self, journal: str) -> list[str]:
        moved = self._moved(journal)
        names = [each.name for each in self.listed(journal)]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return moved + [
                content.decode("utf-8", "replace") for content in pool.map(self.read, names)
            ]

    def _moved(self, journal: str) -> list[str]:
        """The lines that came with the store from a folder; new ones follow as objects."""
        try:
            return self.read(f"{journal}.jsonl").decode("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return []

    def _found_last(self, journal: str) -> tuple[int, str]:
        names = [each.name for each in self.listed(journal)]
        if not names:
            return 0, next(reversed(self._moved(journal)), "")
        return int(PurePosixPath(names[-1]).stem), self.read(names[-1]).decode()

    @contextmanager
    def _named_failures(self) -> Iterator[None]:
        """A failure of the object store as an error that says what to mend, without its keys.

        What is not there, or has been written meanwhile, stays as it is: callers tell them apart.
        """
        try:
            yield
        except _OVERTAKEN:
            raise
        except (exceptions.BaseError, OSError) as error:
            if isinstance(error, FileNotFoundError) and "NoSuchBucket" not in str(error):
                raise FileNotFoundError(self.shown) from error
            raise named(self._name, error) from error


def named(bucket: str, error: Exception) -> StoreUnavailable:
    """What an object store says went wrong as an error that says what to mend."""
    said = str(error)
    if "NoSuchBucket" in said:
        return StoreUnavailable("error.no_bucket", bucket=bucket)
    if any(sign in said for sign in _REFUSED):
        return StoreUnavailable("error.bucket_refused", bucket=bucket)
    return StoreUnavailable("error.bucket_unreachable", bucket=bucket)


_REFUSED = (
    "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403 Forbidden", "HTTP code 403",
    "401 Unauthorized", "HTTP code 401", "ExpiredToken", "InvalidToken",
)  # fmt: skip


def _line(journal: str, number: int) -> str:
    return f"{journal}/{number:08d}.json"


def _journal(name: str) -> str:
    path = PurePosixPath(name)
    return str(path.with_suffix("")) if path.suffix == ".jsonl" else str(path.parent)
