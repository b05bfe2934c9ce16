"""Many briefings into one zip, in the background: how far it is, what failed, how to end it."""

from __future__ import annotations

import tempfile
import threading
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from app import areas, scopes
from app.access import rights
from app.briefing import make
from app.briefing.make import Failed, Made
from app.briefing.parts import Request
from app.i18n import t

# what a zip is made of is compressed already
_STORED = zipfile.ZIP_STORED


class Archive:
    """A zip that briefings are put into one by one, each under a name of its own.

    What failed is listed in a text file, written when the archive is closed.
    """

    def __init__(self, path: Path, lang: str) -> None:
        self._zip = zipfile.ZipFile(path, "w", _STORED)
        self._lang = lang
        self._names: set[str] = set()
        self.failures: list[Failed] = []

    def put(self, outcome: Made | Failed) -> None:
        """Take in a briefing, or note that it failed."""
        if isinstance(outcome, Failed):
            self.failures.append(outcome)
            return
        name = outcome.name
        if name in self._names:  # two areas of one name
            name = f"{outcome.briefing.request.area_code} {name}"
        self._names.add(name)
        self._zip.writestr(name, outcome.content)

    def close(self) -> None:
        """Finish the file."""
        if self.failures:
            lines = failures_told(self.failures, self._lang)
            self._zip.writestr(t("batch.failed_file", self._lang), "\r\n".join(lines))
        self._zip.close()


class Batch:
    """A batch at work in a thread of its own; its zip is on disk and goes away with it."""

    def __init__(
        self, requests: Sequence[Request], suffix: str, as_of: str, by: str, lang: str
    ) -> None:
        self.total, self.done = len(requests), 0
        self.suffix, self.lang = suffix, lang
        self.failures: list[Failed] = []
        self.cancelled = self.finished = False
        self._folder = tempfile.TemporaryDirectory(prefix="briefings-")
        self.path = Path(self._folder.name) / "briefings.zip"
        self._person = rights.require("brief")
        self._thread = threading.Thread(
            target=self._run, args=(requests, suffix, as_of, by), name="batch", daemon=True
        )
        self._thread.start()

    def cancel(self) -> None:
        """End after those that have begun; what is made by then stays in the zip."""
        self.cancelled = True

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it has finished, at most so long."""
        self._thread.join(seconds)

    @property
    def made(self) -> int:
        """How many briefings are in the zip."""
        return self.done - len(self.failures)

    def _run(self, requests: Sequence[Request], suffix: str, as_of: str, by: str) -> None:
        with rights.acting_as(self._person):
            self._fill(requests, suffix, as_of, by)

    def _fill(self, requests: Sequence[Request], suffix: str, as_of: str, by: str) -> None:
        archive = Archive(self.path, self.lang)
        outcomes = make.several(requests, suffix, as_of, by)
        try:
            for outcome in outcomes:
                archive.put(outcome)
                self.failures = list(archive.failures)
                self.done += 1
                if self.cancelled:
                    break
        finally:
            outcomes.close()
            archive.close()
            self.finished = True


def counties(codes: Iterable[str], asked: Request) -> list[Request]:
    """The same county briefing for several counties, in the order of their codes."""
    wanted = set(codes)
    return [
        Request(
            "county", asked.period, code, asked.lang, indicators=asked.indicators,
            sections=asked.sections, fills=asked.fills, audience=asked.audience,
        )
        for code in areas.load()
        if code in wanted
    ]  # fmt: skip


def failures_told(failures: Iterable[Failed], lang: str) -> list[str]:
    """What failed and why, a line each."""
    return [
        t("batch.failed_line", lang, name=_name(each.request.area_code, lang),
          code=each.request.area_code, reason=each.reason)
        for each in failures
    ]  # fmt: skip


def _name(code: str, lang: str) -> str:
    if code in areas.load():
        return areas.load()[code].label(lang)
    return scopes.scope_name(code, lang) if code in scopes.every() else code
