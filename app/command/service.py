"""Making an installation ready and serving it."""

from __future__ import annotations

from typing import Annotated

import typer

from app import settings
from app.command.options import lang
from app.command.printing import say
from app.errors import ServeRefused
from app.i18n import t


def setup(
    no_sample: Annotated[bool, typer.Option("--no-sample", help="Start with no data.")] = False,
) -> None:
    """Build boundaries and static files; load the sample workbooks into an empty store."""
    from app import setup as setting_up

    setting_up.setup(settings.load(), with_sample=not no_sample, say=say, lang=lang())
    say(t("setup.done", lang()))


def serve(
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8501,
    address: Annotated[
        str, typer.Option("--address", "--host", help="The address to listen on.")
    ] = "127.0.0.1",
) -> None:
    """Serve the dashboard."""
    from app import assets, geography, lake, panels, storage
    from app.server.serve import serve as serving

    config = settings.load()
    if not (assets.is_built() and geography.is_built(config)):
        raise ServeRefused("serve.not_set_up")
    # what can't be reached is said in one line before anything starts
    lake.stamp(config)
    storage.of(config).listed("waiting")
    serving(port, address, warm=panels.warm, ahead=panels.ahead)
