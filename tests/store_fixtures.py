"""Stores in a Postgres and an object store, which start when the first test asks for them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_servers import BUCKET, KEY, NUMBERS, PASSWORD, SECRET, Postgres, free_port, make_bucket

from app import settings
from app.settings import Settings


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running Postgres."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    folder.chmod(0o755)
    server = Postgres(folder)
    try:
        server.begin()
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop("immediate")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def object_store() -> Iterator[str]:
    """The address of a running object store with one bucket."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        make_bucket(address, BUCKET)
        yield address
    finally:
        server.kill()
        server.wait(30)


@pytest.fixture
def elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: Postgres, object_store: str
) -> Settings:
    """The settings of a store in a new database and under a new prefix, with a secrets file."""
    for name in [n for n in os.environ if n.startswith(("DASHBOARD_", "PG", "AWS_"))]:
        monkeypatch.delenv(name)
    secrets = tmp_path / "secrets"
    secrets.write_text(
        f"# store\nPGPASSWORD={PASSWORD}\nAWS_ACCESS_KEY_ID={KEY}\nAWS_SECRET_ACCESS_KEY={SECRET}\n"
        f"AWS_ENDPOINT_URL={object_store}\n"
    )
    secrets.chmod(0o600)
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "own"))
    monkeypatch.setenv("DASHBOARD_CATALOG", postgres.database())
    monkeypatch.setenv("DASHBOARD_FILES", f"s3://{BUCKET}/{secrets.parent.name}-{next(NUMBERS)}")
    monkeypatch.setenv("DASHBOARD_SECRETS", str(secrets))
    return settings.load()
