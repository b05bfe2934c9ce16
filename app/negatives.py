"""Tables of numbers below zero: a true minus in each, and still sorted as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from app import formats
from app.charts.shared import signed

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

MOST = 500  # rows: a style is written anew, cell by cell, whenever its page runs


class Form(NamedTuple):
    """The decimals of a column of numbers, and whether those above zero bear a +."""

    decimals: int
    plus: bool = False

    @property
    def of_browser(self) -> str:
        """How the browser writes the numbers, with a hyphen where they are below zero."""
        if self.plus:
            return f"%+.{self.decimals}f"
        return f"%.{self.decimals}f" if self.decimals else "localized"


def shown(
    table: pd.DataFrame, forms: Mapping[str, Form], lang: str
) -> tuple[pd.DataFrame | Styler, dict[str, str | None]]:
    """A table as a page shows it, with the format of each column of numbers.

    Where signs matter the numbers are written here and have no format, but in a table too long for
    that.
    """
    by_browser: dict[str, str | None] = {name: form.of_browser for name, form in forms.items()}
    signs = any(form.plus or (pd.to_numeric(table[name]) < 0).any() for name, form in forms.items())
    if len(table) > MOST or not signs:
        return table, by_browser
    style = table.reset_index(drop=True).style.format(precision=0, na_rep="")
    for name, form in forms.items():
        write = signed if form.plus else formats.number
        style = style.format(
            partial(write, decimals=form.decimals),
            subset=[name],
            na_rep=formats.mark("missing", lang),
        )
    return style, dict.fromkeys(forms)
