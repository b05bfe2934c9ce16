"""How many examples a property is tried with: few in `make test`, many in `make soak`."""

from __future__ import annotations

import os

_TIMES = int(os.environ.get("EXAMPLES", "1"))


def tries(few: int) -> int:
    """So many in `make test`; EXAMPLES times as many where it is set."""
    return few * _TIMES
