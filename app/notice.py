"""The notice the dashboard answers to, clause by clause, from data/notice.yaml."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from app import catalogue
from app.catalogue import Dataset, Filled, Text
from app.errors import CatalogueInvalid
from app.settings import ROOT

FILE = ROOT / "data" / "notice.yaml"
CLAUSES: tuple[str, ...] = get_args(catalogue.Clause)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Clause(_Strict):
    """A clause: its title as in the notice, and what it asks for in short words of our own."""

    id: catalogue.Clause
    title: Text
    text: Text


class Notice(_Strict):
    """The notice: number, title, who issued it and when, and its clauses in order."""

    number: Filled
    title: Text
    issuer: Text
    issued: dt.date
    clauses: list[Clause]

    def clause(self, clause_id: str) -> Clause:
        """One clause by its number."""
        return next(c for c in self.clauses if c.id == clause_id)


@cache
def load(path: Path = FILE) -> Notice:
    """Load and check the file; raise CatalogueInvalid where it is wrong or a clause is absent."""
    try:
        data = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        notice = Notice.model_validate(data)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise CatalogueInvalid(f"{path.name}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise CatalogueInvalid(f"{path.name}, {where}: {first['msg']}") from error
    found = tuple(clause.id for clause in notice.clauses)
    if found != CLAUSES:
        wanted, given = "".join(CLAUSES), "".join(found)
        raise CatalogueInvalid(f"{path.name}, clauses: {wanted} are wanted, not {given}")
    return notice


def number(clause_id: str, lang: str) -> str:
    """The number of a clause as the notice writes it, in English as a figure."""
    return clause_id if lang == "zh" else str(CLAUSES.index(clause_id) + 1)


def datasets(clause_id: str) -> list[Dataset]:
    """The datasets that answer a clause, in the catalogue's order."""
    return [d for d in catalogue.load().datasets.values() if clause_id in d.clauses]
