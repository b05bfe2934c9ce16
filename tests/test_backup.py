"""A backup holds the whole store, also while it is written, and comes back as it was."""

from __future__ import annotations

import json
import threading
import zipfile
from pathlib import Path

import dashboard_stores as stores
import pytest
from command_calls import command
from forms import form, good, stored

from app import backup, lake, settings
from app.access import accounts, audit, roster
from app.errors import BackupRefused
from app.intake import ledger
from app.settings import Settings

LECHANG = "440281"


def filled(store: Settings, folder: Path) -> None:
    for beds in (120, 121):
        path = form(folder / f"{beds}.xlsx", "2024Q2", {LECHANG: good(beds_care=beds)})
        stored(store, path, explain="更正")
    accounts.add(store, "li", role="viewer", scopes=["440000"], password="a long password 1")


def test_what_is_restored_is_what_was_backed_up_with_its_history_files_and_people(
    store: Settings, tmp_path: Path
) -> None:
    filled(store, tmp_path)
    target = tmp_path / "备份.zip"
    done = command(store, "backup", target)
    assert done.returncode == 0, done.stderr
    before = ledger.history(store)
    done = command(store, "restore", target, "--to", tmp_path / "恢复")
    assert done.returncode == 0, done.stderr
    with stores.store_at(tmp_path / "恢复") as restored:
        assert ledger.history(restored) == before
        assert ledger.changes(restored, 2) == ledger.changes(store, 2)
        file = ledger.file_of(restored, 1)
        assert file is not None and file.read_bytes() == (tmp_path / "120.xlsx").read_bytes()
        assert roster.every(restored)["li"] == roster.every(store)["li"]
        assert (restored.folder / "accounts.json").stat().st_mode & 0o077 == 0
        assert audit.broken(restored) == []
        # and it can be written again
        path = form(tmp_path / "c.xlsx", "2024Q3", {LECHANG: good()})
        assert stored(restored, path, explain="三季度") == 3
    with zipfile.ZipFile(target) as archive:
        assert not [n for n in archive.namelist() if "secret" in n or "sessions" in n]


def test_a_backup_made_while_others_submit_is_one_whole_vintage(
    store: Settings, tmp_path: Path
) -> None:
    filled(store, tmp_path)
    going = threading.Event()

    def write() -> None:
        for number in range(4):
            path = form(
                tmp_path / f"w{number}.xlsx", "2024Q2", {LECHANG: good(beds_care=130 + number)}
            )
            stored(store, path, explain="更正")
            going.set()

    writer = threading.Thread(target=write)
    writer.start()
    going.wait(60)
    backup.make(store, tmp_path / "b.zip")
    writer.join(120)
    backup.restore(tmp_path / "b.zip", tmp_path / "r")
    with stores.store_at(tmp_path / "r") as restored:
        last = lake.read(restored, lake.last_vintage)
        assert last is not None and 3 <= last <= 6
        vintages = [row["vintage"] for row in ledger.history(restored)]
        assert vintages == list(range(last, 0, -1))
        for vintage in vintages:
            assert ledger.changes(restored, vintage)  # every data file it names is there


@pytest.mark.parametrize("spoil", ["cut", "altered", "no zip", "outside"])
def test_a_backup_that_is_damaged_is_refused_and_leaves_nothing(
    store: Settings, tmp_path: Path, spoil: str
) -> None:
    filled(store, tmp_path)
    target = tmp_path / "b.zip"
    backup.make(store, target)
    whole = target.read_bytes()
    if spoil == "cut":
        target.write_bytes(whole[: len(whole) // 2])
    elif spoil == "no zip":
        target.write_bytes(b"PK no zip")
    else:
        with zipfile.ZipFile(target) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        if spoil == "altered":
            parts["accounts.json"] = parts["accounts.json"].replace(b"viewer", b"administrator")
        else:
            told = json.loads(parts["backup.json"])
            told["sha256"]["../evil"] = "0"
            parts |= {"../evil": b"x", "backup.json": json.dumps(told).encode()}
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
    with pytest.raises(BackupRefused):
        backup.restore(target, tmp_path / "r")
    assert not (tmp_path / "r").exists() and not (tmp_path / "evil").exists()
    assert not list(tmp_path.glob(".restoring-*"))


def test_a_folder_in_use_and_a_store_that_is_not_there_are_refused(
    store: Settings, tmp_path: Path
) -> None:
    with pytest.raises(BackupRefused, match="没有数据"):
        backup.make(store, tmp_path / "b.zip")
    filled(store, tmp_path)
    backup.make(store, tmp_path / "b.zip")
    with pytest.raises(BackupRefused, match="已有东西"):
        backup.restore(tmp_path / "b.zip", store.folder)
    assert len(ledger.history(store)) == 2
    assert settings.load().folder == store.folder
