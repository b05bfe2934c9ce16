"""The people who may use the dashboard: their roles and what these are for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app import areas

Role = Literal["public", "viewer", "analyst", "reviewer", "administrator"]
ROLES: tuple[Role, ...] = ("public", "viewer", "analyst", "reviewer", "administrator")
LOCAL = "local"


@dataclass(frozen=True)
class Person:
    """Someone who may use the dashboard, their role, and what the role is for.

    `scopes` are codes of areas, cities or regions, or that of the province; no `datasets` are all.
    """

    id: str
    name: str
    role: Role
    scopes: tuple[str, ...]
    datasets: tuple[str, ...]


def local() -> Person:
    """The user of the machine itself, who may do everything."""
    return Person(LOCAL, LOCAL, "administrator", (areas.PROVINCE,), ())
