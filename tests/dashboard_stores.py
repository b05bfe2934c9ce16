"""Where the stores of the page tests are, and what the sample workbooks say to pandas."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import forms
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app import areas, settings
from app.samples import workbooks
from app.settings import ROOT, Settings

LATEST, BEFORE, YEAR_BEFORE = "2024Q4", "2024Q3", "2023Q4"
ONLY_BEDS = "2025Q1"  # a quarter for which nothing but care beds was reported
SHARES = {"440222": 50, "440224": 60, "440229": 70}  # real care beds of 100, by county


@contextmanager
def store_at(folder: Path, **others: str) -> Iterator[Settings]:
    """The settings of a store in a folder, which the process uses meanwhile; others by name."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("DASHBOARD_")]:
            patch.delenv(name)
        patch.setenv("DASHBOARD_STORE", str(folder))
        for name, value in others.items():
            patch.setenv(name, value)
        yield settings.load()


def reported(dataset_id: str, period: str = LATEST) -> pd.DataFrame:
    """The numbers of the sample workbooks as pandas reads them: counties down, measures across."""
    parts = [
        pd.read_excel(path, header=2, dtype={0: str}, engine="openpyxl").set_index("行政区划代码")
        for path in sorted(workbooks.files())
        if path.name.startswith(f"{period}_{dataset_id}")
    ]
    table = pd.concat(parts)
    table = table[~table.index.duplicated(keep="last")]
    named = {
        f"{m.label('zh')}\n（{forms.KNOWN.unit(m.unit).label('zh')}）": m.id
        for m in forms.KNOWN.dataset(dataset_id).measures
    }
    table = table.rename(columns=named)
    measures = [name for name in named.values() if name in table]
    table[measures] = table[measures].apply(pd.to_numeric, errors="coerce")
    table["region"] = [areas.load()[code].region for code in table.index]
    return table


def opened(page: str, **query: str) -> AppTest:
    """A page, by its file, as a link with these choices opens it."""
    at = AppTest.from_file(ROOT / "dashboard.py", default_timeout=60)
    for key, value in query.items():
        at.query_params[key] = value
    at.switch_page(page).run()
    assert not at.exception, at.exception
    return at
