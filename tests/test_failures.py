"""What goes wrong leaves the store whole: kills, stopped threads, locks, full disks, no rights."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import multiprocessing
import multiprocessing.context
import multiprocessing.forkserver
import os
import random
import sys
import time

import pytest
from forms import KNOWN, RENHUA, SHIXING, read_file, row, table
from whole_store import Told

from app import areas
from app.errors import UnknownName
from app.intake import ledger, submit
from app.intake.submit import Outcome
from app.intake.upload import Upload
from app.settings import Settings

COUNTIES = list(areas.load())[:40]  # enough cells for files of their own beside the catalogue


def other(upload: Upload, number: int) -> Upload:
    """The same upload with other figures, as of another file."""
    content = f"{upload.sha256} {number}".encode()
    cells = [
        dataclasses.replace(cell, value=100.0 + number % 20)
        if cell.measure_id == "beds_care"
        else cell
        for cell in upload.cells
    ]
    return dataclasses.replace(
        upload, cells=cells, content=content, sha256=hashlib.sha256(content).hexdigest()
    )


def store_away(store: Settings, upload: Upload) -> Outcome:
    """Submit an upload with an explanation, whatever warnings it has."""
    return submit.submit(
        store, upload, KNOWN, by="填报人", note="二季度", explanation="如实", lang="zh"
    )


def work_on(store: Settings, small: Upload, large: Upload, number: int) -> None:
    """Submit, withdraw and revert without end, until killed."""
    while True:
        if number % 4 == 0:
            store_away(store, other(large, number))
        elif number % 4 == 1:
            store_away(store, other(small, number))
        elif number % 4 == 2:
            ledger.revert(store, ledger.history(store)[0]["vintage"], by="复核人", note="撤销")
        else:
            with contextlib.suppress(UnknownName):  # nothing is stored of this one
                county = COUNTIES[number % len(COUNTIES)]
                ledger.withdraw(store, "care_beds", "2023Q2", county, None, by="复核人", note="误")
        number += 1


@pytest.fixture(scope="module")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> tuple[Upload, Upload]:
    """Two counties, and forty."""
    folder = tmp_path_factory.mktemp("uploads")
    small = table(folder / "small.csv", [row(area, "2023Q2") for area in (SHIXING, RENHUA)])
    large = table(folder / "large.csv", [row(area, "2023Q2") for area in COUNTIES])
    return read_file(small), read_file(large)


@pytest.fixture(scope="module")
def forked() -> multiprocessing.context.ForkServerContext:
    """Processes that begin at once: all that is needed is imported before they are forked."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    paths = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    multiprocessing.forkserver.ensure_running()
    if paths is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = paths
    return context


def wait_for_commit(store: Settings) -> None:
    """Until the catalogue is being written."""
    assert store.catalog_file is not None
    journal = store.catalog_file.with_name(store.catalog_file.name + "-journal")
    give_up = time.monotonic() + 10
    while not journal.exists() and time.monotonic() < give_up:
        pass


@pytest.mark.parametrize("kills", [2, pytest.param(400, marks=pytest.mark.soak)])
def test_a_process_killed_at_any_moment_leaves_the_store_whole(
    store: Settings,
    uploads: tuple[Upload, Upload],
    forked: multiprocessing.context.ForkServerContext,
    kills: int,
) -> None:
    small, large = uploads
    store_away(store, large)
    told, moments = Told(store), random.Random(20230630)
    for number in range(4 * kills):
        # a busy machine may be so slow that none of the first gets as far as a commit
        if number >= kills and told.last > 1:
            break
        longer = 1 + number / kills  # each time, until one does
        process = forked.Process(target=work_on, args=(store, small, large, number))
        process.start()
        if number % 5:  # the moments that matter most are few, and would seldom be met by chance
            wait_for_commit(store)
            time.sleep(moments.random() * 0.1 * longer)
        else:
            time.sleep(moments.random() * longer)
        assert process.is_alive()
        process.kill()
        process.join()
        print(number, told.agrees())
    before = told.agrees()
    assert before > 1
    assert store_away(store, other(small, 10**6)).submission == before + 1
    assert told.agrees() == before + 1
