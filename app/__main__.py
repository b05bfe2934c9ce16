"""The command line: `python -m app COMMAND`. It calls the same functions as the pages."""

from __future__ import annotations

import sys

import typer

from app.command import (
    audit,
    backups,
    briefing,
    briefings,
    dictionary,
    figures,
    growth,
    intake,
    moving,
    pictures,
    quality,
    service,
    submissions,
    user,
)
from app.command.options import lang
from app.command.printing import say
from app.errors import DashboardError
from app.i18n import t

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="广东民政有效衔接指标看板 / Guangdong civil affairs indicator dashboard",
)
for command in (
    service.setup,
    service.serve,
    intake.template,
    intake.check,
    intake.submit,
    submissions.history,
    submissions.diff,
    submissions.revert,
    submissions.withdraw,
    submissions.file,
    figures.indicator,
    figures.status,
    quality.quality,
    figures.query,
    dictionary.dictionary,
    pictures.figure,
    briefing.briefing,
    briefings.briefings,
    briefings.changed,
    briefings.rebrief,
    audit.audit,
    backups.backup,
    backups.restore,
    backups.upgrade,
    moving.move_store,
    growth.compact,
):
    app.command()(command)
app.add_typer(user.users, name="user", help="The people who may sign in.")

_NEED_PANDAS = {"setup", "serve", "figure", "briefing", "changed", "rebrief"}


def main() -> None:
    """Run the command line; an error of ours is one plain line and exit status 1."""
    if not _NEED_PANDAS & set(sys.argv[1:2]) and "--public" not in sys.argv:
        # DuckDB imports pandas as soon as a value is bound, half a second these commands can spare
        sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        app()
    except DashboardError as error:
        say(error.text(lang()))
        sys.exit(1)
    except OSError as error:  # a path that can't be read or written
        name = error.filename or ""
        say(t("error.file", lang(), file=name, reason=error.strerror or error))
        sys.exit(1)


if __name__ == "__main__":
    main()
