"""The command line as tests call it: in this process, or in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pandas  # noqa: F401  # main() keeps it from being imported later, and pages need it
import pytest

from app import settings
from app.__main__ import main
from app.settings import Settings

Done = subprocess.CompletedProcess[str]


def environment(store: Settings, **extra: str) -> dict[str, str]:
    """The environment of a process that uses a store."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DASHBOARD_")}
    if store.catalog_file is not None:
        return kept | {"DASHBOARD_STORE": str(store.catalog_file.parent)} | extra
    names = {"STORE": store.folder, "CATALOG": store.catalog, "FILES": store.files}
    if store.secrets is not None:
        names["SECRETS"] = store.secrets
    return kept | {f"DASHBOARD_{name}": str(value) for name, value in names.items()} | extra


def command(store: Settings, *args: str | Path, typed: str = "", **extra: str) -> Done:
    """What the command line prints and exits with, run in this process as main() runs it."""
    words = ["app", *map(str, args)]
    printed, said = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, chdir(settings.ROOT):
        for name in [name for name in os.environ if name.startswith("DASHBOARD_")]:
            patch.delenv(name)
        for name, value in environment(store, **extra).items():
            patch.setenv(name, value)
        for name, stream in (("stdin", io.StringIO(typed)), ("stdout", printed), ("stderr", said)):
            patch.setattr(sys, name, stream)
        patch.setattr(sys, "argv", words)
        status = 0
        try:
            main()
        except SystemExit as end:
            assert isinstance(end.code, int), end.code
            status = end.code
    for stream in (printed, said):
        stream.seek(0)
    return subprocess.CompletedProcess(words, status, printed.read(), said.read())


def command_of_its_own(store: Settings, *args: str | Path, **extra: str) -> Done:
    """The same in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "app", *map(str, args)],
        cwd=settings.ROOT, env=environment(store, **extra), capture_output=True, text=True,
        encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
