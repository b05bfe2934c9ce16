"""Streamlit's app with what stands before it: headers, the door, the compressed bundle."""

from __future__ import annotations

import asyncio
import importlib
import logging
import pkgutil
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit import config as streamlit_config
from streamlit import file_util, proto
from streamlit.runtime.pages_manager import PagesManager

from app import menu, settings
from app.access import provider, sessions
from app.access.door import HEADER, Door
from app.access.people import LOCAL
from app.access.visitor import VISITOR
from app.errors import DashboardError
from app.monitor import log, problems
from app.monitor.watch import Watch
from app.server import heap
from app.server.addresses import Addresses
from app.server.bundle import Bundle, BundleFirst
from app.server.headers import SafeHeaders, content_policy
from app.server.static_files import StaticFiles
from app.settings import Settings

DASHBOARD = settings.ROOT / "dashboard.py"
LOG = logging.getLogger("dashboard.server")
Steps = Callable[[], Iterator[None]]


def _warm_start(warm: Callable[[], None] | None) -> None:
    """Import what the first run would import, and do what it would do for all after it."""
    for name in ("pandas", "plotly.graph_objects", "plotly.io", "pyarrow", "duckdb"):
        importlib.import_module(name)
    for module in pkgutil.iter_modules(proto.__path__, "streamlit.proto."):
        importlib.import_module(module.name)
    # Until a first run has called st.navigation, Streamlit takes the folder pages/ for its old kind
    # of menu and tells whoever opens a deep link that there is no such page.
    PagesManager.uses_pages_directory = False
    if warm is not None:
        warm()
    log.take_over()  # from what was imported by now
    heap.tidy(thorough=False)


def work_ahead(steps: Steps, over: threading.Event) -> None:
    """Go step by step through what readers are likely to ask for, until the server ends."""
    try:
        for _ in steps():
            if over.is_set():
                return
    except DashboardError as error:  # whoever asks for it is told
        LOG.warning("%s", error)


def build_app(
    script: Path = DASHBOARD, warm: Callable[[], None] | None = None, ahead: Steps | None = None
) -> st.App:
    """The ASGI app of the dashboard whose entry file is `script`.

    `warm` runs once in a thread before the first request is answered, when Streamlit's caches
    already work, and the steps of `ahead` after that. Static files come from the folder `static`
    beside the script.
    """
    # Makes the configuration beside the script count from any working directory, as it does
    # under `streamlit run`.
    streamlit_config._main_script_path = str(script)
    streamlit_config.get_config_options(force_reparse=True)
    store = settings.load()
    if store.access.mode != LOCAL:
        # Streamlit's own cookies stay good over a restart, and its pages hear who the visitor is.
        streamlit_config.set_option("server.cookieSecret", sessions.secret(store))
        streamlit_config.set_option("server.trustedUserHeaders", {HEADER: VISITOR})
    base = streamlit_config.get_option("server.baseUrlPath").strip("/")
    base = f"/{base}" if base else ""
    bundle = Bundle(Path(file_util.get_static_dir()), base, store.lang)

    ours = Addresses(menu.addresses(), base, store.lang)
    addresses = ours if script == DASHBOARD else None  # another script has pages of its own
    static = StaticFiles(script.parent / "static")

    @asynccontextmanager
    async def lifespan(_: st.App) -> AsyncIterator[None]:
        # Compression runs beside the imports: it holds no lock of the interpreter.
        for name, compress in (("static", static.compress), ("bundle", bundle.compress_all)):
            threading.Thread(target=compress, name=name, daemon=True).start()
        await asyncio.to_thread(_warm_start, warm)
        tidying, over = asyncio.create_task(heap.keep_tidy()), threading.Event()
        steps = ahead or (lambda: iter(()))
        working = asyncio.create_task(asyncio.to_thread(work_ahead, steps, over))
        yield
        over.set()
        await working
        tidying.cancel()

    return st.App(
        script,
        secrets=_secrets(store),
        lifespan=lifespan,
        on_script_error=problems.told,
        routes=[Route(f"{base}/app/static/{{path:path}}", static.answer)],
        middleware=[
            Middleware(Watch, base=base),
            Middleware(SafeHeaders, policy=content_policy(bundle.inline_scripts)),
            Middleware(Door, base=base),
            Middleware(BundleFirst, bundle=bundle, addresses=addresses),
        ],
    )


def _secrets(store: Settings) -> dict[str, Any] | None:
    """What st.login needs; nothing where nobody signs in that way."""
    if store.access.mode != "oidc":
        return None
    return {"auth": provider.configuration(store)}
