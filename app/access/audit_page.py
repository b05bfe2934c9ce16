"""The audit on the page (Streamlit)."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import catalogue, exports, handout, settings
from app.access import audit, rights
from app.access.audit import Entry
from app.i18n import t, texts

SHOWN = 500  # of the newest on the page; the file holds all that were found
_HEADS = ("at", "who", "role", "action", "what")


def show(lang: str) -> None:
    """A field to search, the entries found, and all of them as a file; administrators only."""
    rights.require("administer")
    st.title(t("menu.audit", lang), anchor=False)
    words = st.text_input(
        t("audit.find", lang), key="audit_find", icon=":material/search:", width=420
    )
    store = settings.load()
    found = [entry for entry in audit.listed(store) if _holds(entry, words or "", lang)]
    broken = audit.broken(store)
    if broken:
        st.error(t("audit.broken", lang, places=", ".join(broken[:5])), icon=":material/warning:")
    if not found:
        st.info(t("audit.none", lang), icon=":material/inbox:")
        return
    st.caption(t("audit.count", lang, count=len(found), shown=min(SHOWN, len(found))))
    heads = [t(f"audit.{name}", lang) for name in _HEADS]
    rows = [_row(entry, lang) for entry in found]
    st.dataframe(
        pd.DataFrame(rows[:SHOWN], columns=heads), hide_index=True, key="audit_table", height=520,
        column_config={heads[4]: st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    handout.csv(
        t("audit.download", lang), lambda: exports.plain_csv(heads, rows), t("menu.audit", lang),
        needs="administer", key="audit_csv",
    )  # fmt: skip


def _row(entry: Entry, lang: str) -> list[str]:
    what = "　".join(_fact(key, value, lang) for key, value in entry.what.items())
    role = t(f"access.role_{entry.role}", lang)
    return [entry.at[:19].replace("T", " "), entry.who or "—", role, _action(entry, lang), what]


def _holds(entry: Entry, words: str, lang: str) -> bool:
    """Whether an entry holds all of some words, as it is shown or as it is kept."""
    text = " ".join([*_row(entry, lang), entry.action, *map(str, entry.what.values())]).lower()
    return all(word in text for word in words.lower().split())


def _fact(key: str, value: object, lang: str) -> str:
    """One thing an entry was about, in the reader's words where there are any."""
    words = texts(lang)
    told = str(value)
    if key in ("dataset", "page"):
        dataset = catalogue.load().datasets.get(told)
        told = dataset.label(lang) if dataset else words.get(f"menu.{told}", told)
    return t("audit.fact", lang, name=words.get(f"audit.fact_{key}", key), value=told)


def _action(entry: Entry, lang: str) -> str:
    return t(f"audit.action_{entry.action}", lang)
