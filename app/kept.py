"""Results kept for all sessions and for the command line, so that each is worked out once."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Hashable, MutableMapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from cachetools import LRUCache, cached

P = ParamSpec("P")
R = TypeVar("R")
_CACHES: list[MutableMapping[Any, Any]] = []


def kept(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the `most` last asked for results of a function.

    Those who ask for the same at once wait for one to work it out. A parameter whose name begins
    with an underscore follows from the others, and tells no results apart; one that says what it is
    `kept_by` does so by that alone, and is not held on to. What is kept is shared: change nothing
    in it.
    """

    def keeping(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        names = list(signature.parameters)
        telling = [place for place, name in enumerate(names) if not name.startswith("_")]

        def key(*args: Any) -> Hashable:
            return tuple(getattr(args[place], "kept_by", args[place]) for place in telling)

        cache: LRUCache[Hashable, R] = LRUCache(most)
        _CACHES.append(cache)
        keep: Callable[..., R] = cached(cache, key=key, condition=threading.Condition())(function)

        @wraps(function)
        def asked(*args: P.args, **kwargs: P.kwargs) -> R:
            if kwargs or len(args) < len(names):
                bound = signature.bind(*args, **kwargs)
                bound.apply_defaults()
                return keep(*(bound.arguments[name] for name in names))
            return keep(*args)

        return asked

    return keeping


def forget() -> None:
    """Forget all that is kept."""
    for cache in _CACHES:
        cache.clear()
