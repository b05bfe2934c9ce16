"""PDF of Word files by LibreOffice: few at a time, each in a profile of its own."""

from __future__ import annotations

import atexit
import os
import queue
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from app import processes
from app.briefing import faces
from app.errors import NoOffice

LIMIT = 120.0  # seconds for one document
_NAMES = ("soffice", "libreoffice")
_WINDOWS = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_FILTER = (
    'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"}}'
)
AT_ONCE = 2  # an office takes all of a core and much memory
# one each: a profile takes half a second to make, and serves one office at a time
_PROFILES: queue.Queue[Path | None] = queue.Queue()
for _ in range(AT_ONCE):
    _PROFILES.put(None)


@cache
def _office() -> str | None:
    places = [*(shutil.which(name) for name in _NAMES), *filter(os.path.exists, _WINDOWS)]
    return next((place for place in places if place), None)


def found() -> bool:
    """Whether there is an office to make a PDF with."""
    return _office() is not None


def pdf(document: bytes) -> bytes:
    """A Word file as PDF. Raises NoOffice where there is no LibreOffice or it fails."""
    program = _office()
    if program is None:
        raise NoOffice("error.no_office")
    profile = _PROFILES.get() or Path(tempfile.mkdtemp(prefix="office-profile-"))
    sound = None  # a profile with which it failed may be what was wrong
    try:
        made = _converted(program, profile, document)
        sound = profile
    finally:
        if sound is None:
            shutil.rmtree(profile, ignore_errors=True)
        _PROFILES.put(sound)
    return made


def _converted(program: str, profile: Path, document: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="office-") as name:
        folder = Path(name)
        (folder / "briefing.docx").write_bytes(document)
        (folder / "fonts.conf").write_text(faces.fontconfig(), "utf-8")
        command = [
            program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
            "--convert-to", _FILTER, "--outdir", str(folder), str(folder / "briefing.docx"),
        ]  # fmt: skip
        process = subprocess.Popen(
            command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
            env=os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")},
        )  # fmt: skip
        try:
            said, _ = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired as error:
            processes.end(process)  # what was started begins another of its own
            raise NoOffice("error.office_slow", seconds=round(LIMIT)) from error
        made = folder / "briefing.pdf"
        if not made.exists():
            reason = said.strip().splitlines()
            why = reason[-1] if reason else process.returncode
            raise NoOffice("error.office_failed", reason=why)
        return made.read_bytes()


@atexit.register
def close() -> None:
    """Remove the profiles that are not in use."""
    for _ in range(_PROFILES.qsize()):
        profile = _PROFILES.get()
        if profile is not None:
            shutil.rmtree(profile, ignore_errors=True)
        _PROFILES.put(None)
