"""The people who may sign in: adding, listing, removing, passwords, disabling."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from app import settings
from app.command.options import Json, lang
from app.command.printing import fail, say, show_json, show_rows
from app.i18n import t

users = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
Name = Annotated[str, typer.Argument(metavar="NAME", help="What the person signs in as.")]
_COLUMNS = ("id", "name", "role", "scopes", "datasets", "way", "disabled")


@users.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option("--role", help="What the person may do.")],
    scope: Annotated[list[str], typer.Option("--scope", help="An area, city, region or 440000.")],
    dataset: Annotated[
        list[str] | None, typer.Option("--dataset", help="One of them only.")
    ] = None,
    shown: Annotated[str | None, typer.Option("--name", help="The name that is shown.")] = None,
    oidc: Annotated[bool, typer.Option("--oidc", help="Signs in with the provider.")] = False,
    gateway: Annotated[bool, typer.Option("--gateway", help="Is named by the gateway.")] = False,
) -> None:
    """Add a person; the password is asked for twice, or read from standard input."""
    from app.access import accounts
    from app.access.roster import Way

    if oidc and gateway:
        fail(t("access.one_way", lang()))
    way: Way = "oidc" if oidc else "gateway" if gateway else "password"
    password = _password() if way == "password" else None
    added = accounts.add(
        settings.load(), name, role=role, scopes=scope, datasets=dataset or (), way=way,
        password=password, name=shown,
    )  # fmt: skip
    say(t("access.added", lang(), name=added.id))


@users.command()
def change(
    name: Name,
    role: Annotated[str | None, typer.Option("--role", help="What the person may do.")] = None,
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help="In place of all those of before.")
    ] = None,
    dataset: Annotated[
        list[str] | None, typer.Option("--dataset", help="In place of all those of before.")
    ] = None,
    every: Annotated[bool, typer.Option("--every-dataset", help="All datasets.")] = False,
    shown: Annotated[str | None, typer.Option("--name", help="The name that is shown.")] = None,
) -> None:
    """Change a person's role, scope, datasets or name; what is not given stays."""
    from app.access import accounts

    accounts.change(
        settings.load(), name, role=role, scopes=scope or None,
        datasets=() if every else dataset or None, name=shown,
    )  # fmt: skip
    say(t("access.changed", lang(), name=name))


@users.command("list")
def listed(as_json: Json = False) -> None:
    """The people who may sign in, without anything secret."""
    from app.access import roster

    rows = [
        {
            name: list(value) if isinstance(value := getattr(account, name), tuple) else value
            for name in _COLUMNS
        }
        for account in roster.every(settings.load()).values()
    ]
    if as_json:
        show_json(rows)
    else:
        show_rows(rows, False, False, _COLUMNS)


@users.command()
def remove(name: Name) -> None:
    """Take a person off the list; their sessions end."""
    from app.access import accounts

    accounts.remove(settings.load(), name)
    say(t("access.removed", lang(), name=name))


@users.command()
def password(name: Name) -> None:
    """Give a person another password; their sessions end."""
    from app.access import accounts

    accounts.set_password(settings.load(), name, _password())
    say(t("access.password_set", lang(), name=name))


@users.command()
def disable(name: Name) -> None:
    """Keep a person from signing in; their sessions end."""
    from app.access import accounts

    accounts.set_disabled(settings.load(), name, True)
    say(t("access.disabled", lang(), name=name))


@users.command()
def enable(name: Name) -> None:
    """Let a disabled person sign in again."""
    from app.access import accounts

    accounts.set_disabled(settings.load(), name, False)
    say(t("access.enabled", lang(), name=name))


def _password() -> str:
    """The password, from the terminal twice or from the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(t("access.type_password", lang()))
    if first != getpass.getpass(t("access.type_again", lang())):
        fail(t("access.differ", lang()))
    return first
