"""Passwords and keys of the store, from a file that only the server's user may read.

The file named by DASHBOARD_SECRETS has a line `NAME=value` for each, with the names that libpq and
the tools of object stores use; what it does not name is taken from the environment. None of it is
ever logged, shown in an error or handed on to another program.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from app.errors import StoreUnavailable
from app.settings import Settings

NAMES = (
    "PGPASSWORD", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
    "AWS_ENDPOINT_URL", "AWS_REGION",
)  # fmt: skip
_REGION = "us-east-1"  # what object stores of one's own expect where none is said


@dataclass(frozen=True)
class Keys:
    """How to prove to Postgres and to an object store who is asking; empty where nothing is set.

    `endpoint` is the address of an object store, with http:// or https://; empty for Amazon's own.
    """

    password: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    endpoint: str = ""
    region: str = _REGION

    @property
    def encrypted(self) -> bool:
        """Whether the object store is asked over TLS."""
        return not self.endpoint.startswith("http://")


def load(settings: Settings) -> Keys:
    """Read the keys; raises StoreUnavailable for a file that is absent, open to others or wrong."""
    told = {name: os.environ.get(name, "") for name in NAMES} | _of_file(settings)
    endpoint = told["AWS_ENDPOINT_URL"].rstrip("/")
    if endpoint and not endpoint.startswith(("http://", "https://")):
        raise StoreUnavailable("error.bad_endpoint")
    return Keys(
        told["PGPASSWORD"], told["AWS_ACCESS_KEY_ID"], told["AWS_SECRET_ACCESS_KEY"],
        told["AWS_SESSION_TOKEN"], endpoint,
        told["AWS_REGION"] or os.environ.get("AWS_DEFAULT_REGION") or _REGION,
    )  # fmt: skip


def _of_file(settings: Settings) -> dict[str, str]:
    path = settings.secrets
    if path is None:
        return {}
    try:
        open_to_others = os.name == "posix" and path.stat().st_mode & 0o077
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreUnavailable("error.secrets_unread", file=path) from error
    if open_to_others:
        raise StoreUnavailable("error.secrets_open", file=path)
    told = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or name.strip() not in NAMES:
            raise StoreUnavailable(
                "error.secrets_line", file=path, line=number, names=", ".join(NAMES)
            )
        told[name.strip()] = value.strip()
    return told
