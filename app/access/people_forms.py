"""Adding a person to the list and changing one, on the page of administrators (Streamlit)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from app import areas, catalogue, finder, scopes
from app.access import accounts, passwords, roster
from app.access.people import ROLES
from app.access.roster import WAYS, Account
from app.compare import chosen
from app.errors import DashboardError
from app.i18n import t
from app.settings import Settings

_TOLD, _ADDED = "people_told", "people_added"


def told(lang: str) -> None:
    """What was just done; a password that was made is shown this once."""
    done = st.session_state.pop(_TOLD, None)
    if done is None:
        return
    key, values, password = done
    st.success(t(key, lang, **values), icon=":material/check_circle:")
    if password:
        st.info(t("people.password_once", lang), icon=":material/key:")
        st.code(password, language=None, width=420)


def add(store: Settings, lang: str) -> None:
    """A form for another person; where people type a password one is made for them."""
    way = WAYS[store.access.mode]
    count = st.session_state.setdefault(_ADDED, 0)  # empty fields for the next
    with st.form(f"people_add_{count}", border=False):
        with st.container(horizontal=True):
            identity = st.text_input(
                t("people.id", lang), key=f"add_id_{count}", max_chars=200, width=260,
                help=t(f"people.id_{way}", lang),
            )  # fmt: skip
            name = st.text_input(
                t("people.name", lang), key=f"add_name_{count}", max_chars=200, width=260,
                help=t("people.name_help", lang),
            )  # fmt: skip
        given = _rights(None, lang, f"add_{count}")
        sent = st.form_submit_button(
            t("people.add_now", lang), type="primary", icon=":material/person_add:"
        )
    if sent:
        password = passwords.made() if way == "password" else None
        added = _done(
            lang, "access.added", identity, password,
            lambda: accounts.add(
                store, identity, way=way, password=password, name=name or None, handed=True, **given
            ),
        )  # fmt: skip
        if added:
            st.session_state[_ADDED] = count + 1
            st.rerun()


def change(store: Settings, account: Account, lang: str) -> None:
    """A form with what an account may do, and buttons for what ends its sessions."""
    # new fields as soon as the account is another, also where someone else changed it
    stamp = hash((account.id, account.name, account.role, account.scopes, account.datasets))
    with st.container(border=True):
        st.subheader(account.name, anchor=False)
        with st.form(f"people_change_{stamp}", border=False):
            name = st.text_input(
                t("people.name", lang), value=account.name, key=f"name_{stamp}", max_chars=200,
                width=260,
            )  # fmt: skip
            given = _rights(account, lang, str(stamp))
            sent = st.form_submit_button(t("people.save", lang), type="primary")
        if sent and _done(
            lang, "access.changed", account.id, None,
            lambda: accounts.change(store, account.id, name=name, **given),
        ):  # fmt: skip
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            _buttons(store, account, lang)


def _buttons(store: Settings, account: Account, lang: str) -> None:
    word = "enable" if account.disabled else "disable"
    icon = ":material/lock_open:" if account.disabled else ":material/block:"
    if st.button(t(f"people.{word}", lang), key=f"people_{word}", icon=icon) and _done(
        lang, f"access.{word}d", account.id, None,
        lambda: accounts.set_disabled(store, account.id, not account.disabled),
    ):  # fmt: skip
        st.rerun()
    if account.way == "password":
        asked = st.button(
            t("people.new_password", lang), key="people_password", icon=":material/key:"
        )
        password = passwords.made()
        if asked and _done(
            lang, "access.password_set", account.id, password,
            lambda: accounts.set_password(store, account.id, password, handed=True),
        ):  # fmt: skip
            st.rerun()
    with st.popover(t("people.remove", lang), icon=":material/person_remove:"):
        st.markdown(t("people.remove_note", lang, name=account.id))
        if st.button(t("people.remove_now", lang), key="people_remove", type="primary") and _done(
            lang, "access.removed", account.id, None,
            lambda: accounts.remove(store, account.id),
        ):  # fmt: skip
            st.rerun()


def _rights(account: Account | None, lang: str, key: str) -> dict[str, Any]:
    """The fields of role, scopes and datasets, and what is in them."""
    known = catalogue.load().datasets
    role = st.selectbox(
        t("people.role", lang), ROLES, index=ROLES.index(account.role if account else "viewer"),
        key=f"role_{lang}_{key}", width=420,
        format_func=lambda each: t(f"people.role_{each}", lang),
    )  # fmt: skip
    places = st.multiselect(
        t("people.scopes", lang), _options(account), list(account.scopes if account else ()),
        key=f"scopes_{lang}_{key}", format_func=lambda code: option(code, lang),
        placeholder=t("people.scopes_hint", lang),
    )  # fmt: skip
    datasets = st.multiselect(
        t("people.datasets", lang), list(known),
        [name for name in (account.datasets if account else ()) if name in known],
        key=f"datasets_{lang}_{key}", format_func=lambda name: known[name].label(lang),
        placeholder=t("people.all_datasets", lang),
    )  # fmt: skip
    return {"role": role, "scopes": places, "datasets": datasets}


def _options(account: Account | None) -> list[str]:
    every = [areas.PROVINCE, *areas.REGIONS, *areas.cities(), *areas.load()]
    return list(dict.fromkeys([*every, *(account.scopes if account else ())]))


@cache
def option(code: str, lang: str) -> str:
    """A scope as it is picked: in words, and with its pinyin and code, so that each finds it."""
    if code not in (areas.PROVINCE, *areas.REGIONS):
        return chosen.label(code, lang)
    name = scopes.scope_name(code, lang)
    name = name[:1].upper() + name[1:]
    return f"{name} {code}" if lang == "en" else f"{name} {''.join(finder.spelt(name))} {code}"


def _done(
    lang: str, key: str, identity: str, password: str | None, act: Callable[[], object]
) -> bool:
    """Whether something was done, which the next run tells; what is in the way is told at once."""
    try:
        act()
    except DashboardError as error:
        st.error(error.text(lang), icon=":material/error:")
        return False
    st.session_state[_TOLD] = key, {"name": roster.plain_id(identity)}, password
    return True
