"""Keeps what lives long out of the garbage collector's sight.

Streamlit collects all generations after every run of a page, and walking what all sessions share,
such as kept figures, takes longer than most runs. What is frozen is not walked again. Cycles that
became garbage while frozen are found by a thorough round now and then, which walks everything.
"""

from __future__ import annotations

import asyncio
import gc

PAUSE = 3.0  # seconds between two rounds
THOROUGH = 200  # every so many rounds, some ten minutes


def tidy(*, thorough: bool) -> None:
    """Collect, then freeze what is left; `thorough`: also look through what is frozen already."""
    if thorough:
        gc.unfreeze()
    gc.collect()
    gc.freeze()


async def keep_tidy() -> None:
    """Tidy again and again, until cancelled."""
    number = 0
    while True:
        await asyncio.sleep(PAUSE)
        number += 1
        await asyncio.to_thread(tidy, thorough=number % THOROUGH == 0)
