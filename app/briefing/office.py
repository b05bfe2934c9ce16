"""PDF of Word files by LibreOffice: one at a time, in a profile and folder that go away."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
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
_TURN = threading.Lock()  # an office takes all of a core and much memory


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
    with _TURN, tempfile.TemporaryDirectory(prefix="office-") as name:
        folder = Path(name)
        (folder / "briefing.docx").write_bytes(document)
        (folder / "fonts.conf").write_text(faces.fontconfig(), "utf-8")
        command = [
            program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
            "--norestore", "--convert-to", _FILTER, "--outdir", str(folder),
            str(folder / "briefing.docx"),
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
