"""One worker for all who want pictures: they wait their turn, and none waits for ever."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from functools import cache
from typing import IO, Any

import orjson

from app import processes
from app.errors import NoBrowser, PictureFailed, PictureTooSlow
from app.pictures.worker import LENGTH
from app.settings import ROOT

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
    "microsoft-edge",
)  # fmt: skip
WINDOWS = (
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
LIMIT = 30.0  # seconds for one picture, the start of a browser among them
TURN = 120.0  # seconds to wait for one's turn
IDLE = 300.0  # seconds without a picture after which the worker is ended


@cache
def browser() -> str | None:
    """The browser to draw with: the one that BROWSER_PATH names, or one of the usual."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        return named if os.path.exists(named) else None
    found = (shutil.which(name) for name in BROWSERS)
    places = (place for place in WINDOWS if os.path.exists(place))
    return next((place for place in (*found, *places) if place), None)


class Worker:
    """The process that draws, started when it is needed and ended when it is not or when it hangs.

    One picture at a time, in the order of asking.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self.command = command
        self.asking = 0  # pictures that are being drawn or wait for it
        self._counting = threading.Lock()
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: str | None = None
        self._used = 0.0
        self._timer: threading.Timer | None = None

    def draw(self, job: dict[str, Any], limit: float | None = None) -> bytes:
        """A picture. Raises NoBrowser, PictureTooSlow after the limit, PictureFailed."""
        self._count(1)
        try:
            answer = self._in_turn(job, limit or LIMIT)
        finally:
            self._count(-1)
        if answer[:1] != b"\x01":
            raise PictureFailed("error.picture_failed", reason=answer[1:].decode(errors="replace"))
        return answer[1:]

    def _count(self, more: int) -> None:
        with self._counting:
            self.asking += more

    def _in_turn(self, job: dict[str, Any], limit: float) -> bytes:
        if not self._turn.acquire(timeout=TURN):
            raise PictureTooSlow("error.picture_turn", seconds=round(TURN))
        try:
            message = orjson.dumps(job, option=orjson.OPT_SERIALIZE_NUMPY, default=list)
            answer = self._asked(message, limit)
            self._rest()
        finally:
            self._turn.release()
        return answer

    def close(self) -> None:
        """End the process, its browser with it, and remove its folder."""
        with self._turn:
            self._end()

    def _asked(self, message: bytes, limit: float) -> bytes:
        for _ in range(2):
            process = self._started()
            late = threading.Event()

            def stop(
                process: subprocess.Popen[bytes] = process, late: threading.Event = late
            ) -> None:
                late.set()
                processes.end(process)

            watch = threading.Timer(limit, stop)
            watch.start()
            try:
                answer = _exchanged(process, message)
            finally:
                watch.cancel()
            if late.is_set():
                self._end()
                raise PictureTooSlow("error.picture_too_slow", seconds=round(limit))
            if answer and not answer.startswith(b"\x00ChannelClosedError"):
                return answer
            self._end()  # it or its browser has died: once more with another
        raise PictureFailed("error.picture_died")

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        place = browser()
        if place is None:
            raise NoBrowser("error.no_browser")
        self._folder = tempfile.mkdtemp(prefix="pictures-")
        command = self.command or (sys.executable, "-m", "app.pictures.worker", place)
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, start_new_session=True,
            env=os.environ | {"TMPDIR": self._folder, "TEMP": self._folder, "TMP": self._folder},
        )  # fmt: skip
        return self._process

    def _rest(self) -> None:
        """End it when nothing has been asked for a while."""
        self._used = time.monotonic()
        if self._timer is None:
            self._wait(IDLE)

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        with self._turn:
            left = self._used + IDLE - time.monotonic()
            if left > 0 and self._process is not None:
                self._wait(left)
                return
            self._timer = None
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            processes.end(process)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _exchanged(process: subprocess.Popen[bytes], message: bytes) -> bytes:
    """Send a message and read the answer; empty where the process has ended."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(LENGTH.pack(len(message)) + message)
        process.stdin.flush()
        return _answer(process.stdout)
    except (BrokenPipeError, OSError, ValueError):
        return b""


def _answer(source: IO[bytes]) -> bytes:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return b""
    (length,) = LENGTH.unpack(head)
    found = source.read(length)
    return found if len(found) == length else b""


WORKER = Worker()
atexit.register(WORKER.close)
