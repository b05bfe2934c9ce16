"""Makes DuckDB ready for a store: the extensions it needs, and the keys that open what it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files

import duckdb

import queries
from app import credentials, postgres
from app.errors import StoreUnavailable
from app.settings import Settings

_SCANNERS = {"sqlite": "sqlite_scanner", "postgres": "postgres_scanner"}
_FILES_SECRET = "lake_files"


def make_ready(db: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Load what the catalogue and the files need, and hand over the passwords for them."""
    kind = kind_of(settings)
    if "://" in settings.files and not settings.bucket:
        raise StoreUnavailable("error.bad_files")
    names = ["ducklake", _SCANNERS[kind]]
    keys = credentials.load(settings)
    if settings.bucket:
        names.append("httpfs")
    load(db, names)
    if kind == "postgres":
        db.execute(postgres.secret(keys.password))
    if settings.bucket:
        db.execute(_key_of_bucket(settings.bucket, keys))


def kind_of(settings: Settings) -> str:
    """What kind of catalogue it is; raises StoreUnavailable for a setting that will not do."""
    kind = settings.catalog.partition(":")[0]
    if kind not in _SCANNERS:
        raise StoreUnavailable("error.bad_catalog", catalog=kind)
    if kind == "postgres":
        postgres.check(settings.catalog)
    return kind


def _key_of_bucket(name: str, keys: credentials.Keys) -> str:
    """The statement that gives DuckDB the key of a bucket."""
    given = {
        "key_id": keys.key, "secret": keys.secret, "session_token": keys.token,
        "region": keys.region, "endpoint": keys.endpoint.partition("://")[2],
        "url_style": "path" if keys.endpoint else "", "scope": f"s3://{name}",
    }  # fmt: skip
    parts = [f"{key} {postgres.quoted(value)}" for key, value in given.items() if value]
    options = ", ".join(["type s3", *parts, f"use_ssl {str(keys.encrypted).lower()}"])
    return f"create or replace secret {_FILES_SECRET}_{_plain(name)} ({options})"


def _plain(name: str) -> str:
    return re.sub(r"\W", "_", name)


def load(db: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    """Load extensions that came with the packages; StoreUnavailable for one that did not."""
    # each takes a tenth of a second for its signature, so both at once
    loaded = {name for (name,) in queries.run("lake/loaded_extensions", db).fetchall()}
    if loaded.issuperset(names):
        return
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: db.cursor().execute(f"load '{_extension(name)}'"), names))


@cache
def _extension(name: str) -> str:
    package = f"duckdb_extension_{name}"
    try:
        folder = files(package) / "extensions" / f"v{duckdb.__version__}"
    except ModuleNotFoundError as error:
        raise StoreUnavailable("error.no_extension", package=package.replace("_", "-")) from error
    path = folder / f"{name}.duckdb_extension"
    if not path.is_file():
        raise StoreUnavailable("error.no_extension", package=package.replace("_", "-"))
    return str(path)
