"""The people who may sign in, on the page of administrators (Streamlit)."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from app import areas, catalogue, exports, finder, scopes, settings
from app.access import audit, people_forms, rights, roster
from app.access.people import LOCAL
from app.access.roster import WAYS, Account
from app.i18n import t

CHOSEN = "people_chosen"  # whose account is open below the list
_HEADS = ("id", "name", "role", "scopes", "datasets", "way", "state", "last")


def show(lang: str) -> None:
    """The list of people, a field to search it, one of them to change, and adding another."""
    rights.require("administer")
    st.title(t("menu.people", lang), anchor=False)
    store = settings.load()
    if store.access.mode == LOCAL:
        st.info(t("people.local", lang), icon=":material/info:")
        return
    people_forms.told(lang)
    listed = roster.every(store)
    words = st.text_input(
        t("people.find", lang), key="people_find", icon=":material/search:", width=420
    )
    found = [account for account in listed.values() if _matches(account, words or "", lang)]
    _table(found, lang)
    if st.session_state.get(CHOSEN) not in listed:  # removed meanwhile
        st.session_state[CHOSEN] = None
    chosen = st.selectbox(
        t("people.choose", lang), list(listed), key=CHOSEN, width=420,
        format_func=lambda name: _named(listed[name]), placeholder=t("people.choose_hint", lang),
    )  # fmt: skip
    if chosen in listed:
        people_forms.change(store, listed[chosen], lang)
    with st.expander(t("people.add", lang), icon=":material/person_add:"):
        people_forms.add(store, lang)


def _table(found: list[Account], lang: str) -> None:
    if not found:
        st.info(t("people.none", lang), icon=":material/inbox:")
        return
    last = audit.last_of_each(settings.load(), "sign_in")
    heads = [t(f"people.{name}", lang) for name in _HEADS]
    st.dataframe(
        pd.DataFrame([_row(each, last.get(each.id), lang) for each in found], columns=heads),
        hide_index=True, key="people_table",
        on_select=lambda: _select([each.id for each in found]), selection_mode="single-row",
        column_config={heads[3]: st.column_config.TextColumn(width="medium")},
    )  # fmt: skip


def _select(listed: list[str]) -> None:
    rows = st.session_state["people_table"]["selection"]["rows"]
    if rows:
        st.session_state[CHOSEN] = listed[rows[0]]


def _row(account: Account, last: str | None, lang: str) -> list[str]:
    return [
        exports.harmless(account.id),
        exports.harmless(account.name),
        t(f"access.role_{account.role}", lang),
        _words((scope_words(code, lang) for code in account.scopes), lang),
        datasets_words(account, lang),
        t(f"people.way_{account.way}", lang),
        _state(account, lang),
        last[:16].replace("T", " ") if last else "—",
    ]


def _state(account: Account, lang: str) -> str:
    if account.disabled:
        return t("people.disabled", lang)
    if account.way != WAYS.get(settings.load().access.mode):
        return t("people.other_way", lang)
    return t("people.enabled", lang)


def scope_words(code: str, lang: str) -> str:
    """A scope in words: the province, a region, a city, or a county with its city."""
    if code == areas.PROVINCE or code in areas.REGIONS:
        name = scopes.scope_name(code, lang)
        return name[:1].upper() + name[1:]
    return scopes.county_label(code, lang)


def datasets_words(account: Account, lang: str) -> str:
    """The datasets of an account in words."""
    known = catalogue.load().datasets
    names = (known[name].label(lang) if name in known else name for name in account.datasets)
    return _words(names, lang) or t("people.all_datasets", lang)


def _words(names: Iterable[str], lang: str) -> str:
    return t("finding.and", lang).join(names)


def _named(account: Account) -> str:
    return account.id if account.name == account.id else f"{account.name}（{account.id}）"


def _matches(account: Account, words: str, lang: str) -> bool:
    """Whether all words are in what the list shows of someone, in Chinese also by its pinyin."""
    named = finder.keys_of(finder.Entry("person", "", account.name, "", (account.id,)))
    shown = finder.plain(" ".join(_row(account, None, lang)))
    return all(any(finder.plain(w) in text for text in (*named, shown)) for w in words.split())
