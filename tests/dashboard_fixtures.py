"""Stores that the tests of the pages share, filled once through the real intake.

`sampled` holds three quarters of the sample workbooks, `beds_alone` those of one dataset, `mixed`
real reports beside the sample.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import forms
import pytest
from dashboard_stores import BEFORE, LATEST, ONLY_BEDS, SHARES, YEAR_BEFORE, store_at
from filelock import FileLock

from app import setup
from app.intake import read, submit
from app.samples import workbooks


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the sample of three quarters and every dataset."""
    return _filled("sampled", forms.KNOWN.datasets, tmp_path_factory)


@pytest.fixture(scope="session")
def beds_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the sample of care beds alone: on less, a server starts sooner."""
    return _filled("beds_alone", ["care_beds"], tmp_path_factory)


def _filled(name: str, datasets: Iterable[str], places: pytest.TempPathFactory) -> Path:
    # one store for all the processes that run tests at once: filling it takes half a minute
    folder = places.getbasetemp() / name
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = places.getbasetemp().parent / name
    with FileLock(f"{folder}.lock"):
        if not (folder / "filled").exists():
            folder.mkdir(exist_ok=True)
            _fill(folder, datasets)
            (folder / "filled").touch()
    return folder


def _fill(folder: Path, datasets: Iterable[str]) -> None:
    with store_at(folder) as store:
        setup.setup(store, with_sample=False, say=lambda _: None, lang="zh")
        for book in workbooks.workbooks():
            if book.period in (LATEST, BEFORE, YEAR_BEFORE) and book.dataset_id in datasets:
                upload = read.read(book.path, forms.KNOWN, None, "zh")
                submit.submit(
                    store,
                    upload,
                    forms.KNOWN,
                    by="样例",
                    note="样例",
                    explanation="样例",
                    lang="zh",
                )


@pytest.fixture(scope="session")
def mixed(sampled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with real care beds of three counties in the last quarter and in one after it."""
    folder = tmp_path_factory.mktemp("mixed")
    shutil.copytree(sampled, folder, dirs_exist_ok=True)
    with store_at(folder) as store:
        for period in (LATEST, ONLY_BEDS):
            rows = {
                code: forms.good(
                    beds_total=100, beds_care=share, public_beds_total=60, public_beds_care=30
                )
                for code, share in SHARES.items()
            }
            path = forms.form(folder / f"{period}.xlsx", period, rows)
            assert forms.submitted(store, path, explain="实报").submission
    return folder


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that was set up without the sample."""
    folder = tmp_path_factory.mktemp("empty")
    with store_at(folder) as store:
        setup.setup(store, with_sample=False, say=lambda _: None, lang="zh")
    return folder
