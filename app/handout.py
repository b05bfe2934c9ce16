"""The button that hands a file out; who takes it is judged and written down (Streamlit)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import streamlit as st

from app import choices
from app.access import audit, rights, visitor
from app.access.rights import Action
from app.audience import PUBLIC
from app.i18n import t

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def button(
    label: str, data: bytes | Callable[[], bytes], file_name: str, mime: str | None = None,
    needs: Action = "export", **look: Any,
) -> None:  # fmt: skip
    """A download button whose click is refused to those who may not, and entered in the audit.

    `data` is made when it is clicked where it is a function; `look` are options of Streamlit's. A
    file for publication is so named, since one for people inside may lie beside it. What was
    offered to someone who sees inside data is for those who still do.
    """
    if choices.audience() == PUBLIC:
        named = PurePath(file_name)
        told = t("audience.file", choices.language(), name=named.stem)
        file_name = told + named.suffix
    who = visitor.later()  # the file is made outside the page, which knows nobody
    inside = rights.may(rights.acting(), "see")

    def taken() -> bytes:
        person = rights.require("export", who() or rights.NOBODY)
        rights.require(needs, person)
        if inside:
            rights.require("see", person)
        with rights.acting_as(person):
            content = data() if callable(data) else data
        audit.record("download", person, file=file_name, size=len(content))
        return content

    st.download_button(label, taken, file_name, mime, **look)


def csv(label: str, data: bytes | Callable[[], bytes], name: str, **look: Any) -> None:
    """The button for a table as CSV; `name` is that of the file without its ending."""
    button(
        label, data, f"{name}.csv", "text/csv", on_click="ignore", icon=":material/download:",
        **look,
    )  # fmt: skip


def table(name: str, lang: str, plain: Callable[[], bytes], workbook: Callable[[], bytes]) -> None:
    """The buttons for a table as CSV and as a workbook, each made when it is clicked."""
    with st.container(horizontal=True):
        csv(t("page.csv", lang), plain, name)
        button(
            t("page.xlsx", lang), workbook, f"{name}.xlsx", WORKBOOK, on_click="ignore",
            icon=":material/table_view:",
        )  # fmt: skip
