"""A Postgres and an object store of the tests' own.

Postgres listens on a socket alone and asks for passwords; the object store is one on loopback.
"""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from obstore.store import S3Store

PASSWORD, KEY, SECRET = "kan-ban-Passwort-1", "AKIDASHBOARD", "geheimer-Schluessel-2"
BUCKET = "minzheng"
_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
NUMBERS = count(1)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@dataclass
class Postgres:
    """Debian's Postgres in a folder of its own, run by a user who is not root."""

    folder: Path
    databases: Iterator[int] = field(default_factory=lambda: NUMBERS)

    @property
    def user(self) -> str | None:
        """Who runs it: Debian's own user where the tests run as root."""
        return "postgres" if os.geteuid() == 0 else None

    def run(self, program: str, *args: str) -> None:
        """Run one of the programs of Postgres; its output is shown where it fails."""
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [_PROGRAMS[-1] / program, *args], user=self.user, cwd=self.folder, check=False,
                stdout=output, stderr=output, timeout=60, env={"PATH": os.environ["PATH"]},
            )  # fmt: skip
            output.seek(0)
            assert done.returncode == 0, output.read().decode()

    def begin(self) -> None:
        """Make the folder of the data and start the server."""
        if self.user:
            owner = pwd.getpwnam(self.user)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        word = self.folder / "password"
        word.write_text(PASSWORD)
        word.chmod(0o644)
        self.run(
            "initdb", "-D", "data", "-U", "owner", "--auth=scram-sha-256", "--pwfile=password",
            "--no-sync", "-E", "UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
        self.start()
        self.sql("postgres", f"create role kanban login password '{PASSWORD}'")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c max_connections=200"
        self.run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; `immediate` is as if it were killed."""
        self.run("pg_ctl", "-D", "data", "-w", "-m", mode, "stop")

    def sql(self, database: str, *statements: str) -> str:
        """Run statements as the superuser; returns what the last one prints."""
        done = subprocess.run(
            ["psql", "-qtAX", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "owner",
             *(part for each in statements for part in ("-c", each)), database],
            env=os.environ | {"PGPASSWORD": PASSWORD}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def database(self) -> str:
        """A new, empty database of the role `kanban`; returns its setting DASHBOARD_CATALOG."""
        name = f"lake{next(self.databases)}"
        self.sql("postgres", f"create database {name} owner kanban")
        return f"postgres:host={self.folder} dbname={name} user=kanban"


def make_bucket(address: str, name: str) -> None:
    """Make a bucket, as an administrator would."""
    import boto3  # comes with the object store

    boto3.client(
        "s3", endpoint_url=address, aws_access_key_id=KEY, aws_secret_access_key=SECRET,
        region_name="us-east-1",
    ).create_bucket(Bucket=name)  # fmt: skip


def objects(address: str, prefix: str) -> S3Store:
    """The objects under a prefix, to look at them past the dashboard."""
    return S3Store(
        BUCKET, prefix=prefix, endpoint=address, access_key_id=KEY, secret_access_key=SECRET,
        region="us-east-1", client_options={"allow_http": True},
        virtual_hosted_style_request=False,
    )  # fmt: skip
