"""The server's log: a line of JSON for each event, in which nobody is named and nothing is quoted.

What an error quotes, such as a cell, a file or a person, is left out; its kind, the words around
and the lines of the code stay.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
import sys
import traceback
from collections.abc import Iterable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from pythonjsonlogger.json import JsonFormatter

from app.access.people import LOCAL
from app.periods import SHANGHAI
from app.settings import ROOT, Settings, make_closed

_Raised: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)
LARGEST = 2_000_000  # bytes of one file
KEPT = 5  # files before the present one
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|“[^”\n]*”|‘[^’\n]*’")
_FOREIGN = ("streamlit", "uvicorn", "websockets")  # they bring handlers of their own
_UNCAUGHT = "Uncaught app execution"  # Streamlit's line for what app/monitor/problems.py tells


class Line(JsonFormatter):
    """A record as one line of JSON: at, level, source, message, and the trace of an error."""

    def __init__(self) -> None:
        super().__init__(
            ("asctime", "levelname", "name", "message"),
            rename_fields={
                "asctime": "at", "levelname": "level", "name": "source", "exc_info": "trace",
            },
            json_ensure_ascii=False,
        )  # fmt: skip

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """The time in Guangdong."""
        at = dt.datetime.fromtimestamp(record.created, SHANGHAI)
        return at.isoformat(timespec="milliseconds")

    def formatException(self, ei: _Raised) -> Any:
        """The error and those behind it, the first cause first, each with its place in the code."""
        return list(_told(ei[1])) if ei[1] is not None else []

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """The record without what its message quotes."""
        return log_data | {"message": masked(log_data["message"])}


def masked(text: str) -> str:
    """A text without what stands in quotation marks in it."""
    return _QUOTED.sub("'…'", text)


def configure(store: Settings, port: int) -> None:
    """Send all that is logged to standard error and to a file in the store's folder.

    The file is the server's own, by its port, and is turned over when it is full. Where it can't be
    written, standard error has all.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    unwritten = None
    try:
        make_closed(store.folder)
        handlers.append(_file(store.folder / "log" / f"serve-{port}.jsonl"))
    except OSError as error:
        unwritten = error.strerror
    for handler in handlers:
        handler.setFormatter(Line())
    logging.basicConfig(handlers=handlers, level=logging.INFO, force=True)
    logging.getLogger("streamlit.error_util").addFilter(_is_not_uncaught)
    take_over()
    if unwritten:
        logging.warning("the log has no file of its own: %s", unwritten)
    if store.access.mode != LOCAL and store.is_open_to_others:
        logging.warning("other users of this machine can read the store's folder: chmod o= it")


def take_over() -> None:
    """Let the libraries' records come to our log, where they have set up handlers of their own."""
    for name, logger in logging.root.manager.loggerDict.items():
        if isinstance(logger, logging.Logger) and name.partition(".")[0] in _FOREIGN:
            logger.handlers.clear()
            logger.propagate = True
            logger.setLevel(logging.WARNING)


def _file(path: Path) -> RotatingFileHandler:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return RotatingFileHandler(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")


def _is_not_uncaught(record: logging.LogRecord) -> bool:
    return record.getMessage() != _UNCAUGHT


def _told(error: BaseException) -> Iterable[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"{_place(frame.filename)}:{frame.lineno} {frame.name}"
    yield f"{type(error).__name__}: {masked(str(error))}".rstrip(": ")


def _place(file: str) -> str:
    """A file without the folders above the project or the library, which may bear a name."""
    path = Path(file)
    if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
        return path.relative_to(ROOT).as_posix()
    parts = path.parts
    if "site-packages" in parts:
        return "/".join(parts[parts.index("site-packages") + 1 :])
    return os.path.basename(file)
