"""The bar of choices that every page shares, in the session and in the URL (Streamlit)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from app import areas, catalogue, periods, scopes
from app.audience import INSIDE, PUBLIC, Audience
from app.catalogue import Dataset
from app.i18n import LANGUAGES, t
from app.scopes import Choices

FOR = "for"  # in the URL: for whom the figures are, where that is the public
SHARED_KEYS = ("period", "scope", "county", "indicator", "lang", "as_of", FOR, "present")
# of single pages
OWN_KEYS = (
    "clause", "part", "order", "first", "state", "city", "entry", "find", "shown",
    "mode", "level", "classes", "since", "until", "several", "second", "base",
    "goal", "deadline", "way", "cost_within", "cost_added",
    "areas", "indicators", "show", "x", "y", "within",
    "kind", "dataset", "sections", "briefing_id",
)  # fmt: skip
# of these, what is said of one indicator and goes with it
OF_INDICATOR = ("goal", "deadline", "way", "cost_within", "cost_added")
SEPARATOR = ","  # of several values under one key
URL_KEYS = SHARED_KEYS + OWN_KEYS
LATEST = ""  # no past vintage chosen
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?", re.ASCII)
# px; all in one row on a screen, two in a row on a phone
WIDTHS = {"period": 150, "scope": 176, "county": 163, "indicator": 179}


def language() -> str:
    """The language of the session: the URL's, then the last chosen, then Chinese."""
    _take_from_url()
    lang = st.session_state.get("lang")
    return lang if lang in LANGUAGES else LANGUAGES[0]


def as_of() -> str:
    """The past vintage or day that the pages show, as the URL names it; empty for the latest."""
    return str(st.session_state.get("as_of", LATEST))


def show_as_of(name: str) -> None:
    """Show every page as of a vintage such as `12` or a day such as `2026-07-31`, or the latest."""
    st.session_state["as_of"] = name


def show_period(name: str) -> None:
    """Show every page for a quarter."""
    st.session_state["period"] = name


def audience() -> Audience:
    """For whom the figures of the pages are, as the URL says."""
    return PUBLIC if st.session_state.get(FOR) == PUBLIC else INSIDE


def show_for(chosen: Audience) -> None:
    """Show every page with the figures for people inside, or with those for everybody."""
    st.session_state[FOR] = PUBLIC if chosen == PUBLIC else ""
    st.session_state["as_of"] = LATEST  # of the public view there is no other


def plain_bar(lang: str, own: Sequence[str] = ()) -> None:
    """The bar of a page that is about no figures: the language alone.

    `own` are those of OWN_KEYS that the page keeps in the URL.
    """
    with st.container(horizontal=True, horizontal_alignment="right", key="bar"):
        language_switch(lang)
    wanted = {} if lang == LANGUAGES[0] else {"lang": lang}
    wanted |= {FOR: PUBLIC} if audience() == PUBLIC else {}
    _replace_in_url(wanted | _own(own))


def bar(
    available: list[str],
    dataset: Dataset | None,
    *,
    offered: Sequence[str] | None = None,
    of_indicator: bool = True,
    of_county: bool = True,
    own: Sequence[str] = (),
    awaited: Sequence[str] = (),
) -> Choices:
    """Draw the bar and return what is chosen; `available` are the quarters with data, in order.

    `awaited` are later quarters that can be chosen too; the last with data is the default.

    `offered` are the indicators to choose from, those of the dataset unless told otherwise. Without
    `of_indicator` the page shows all indicators, and none is offered; without `of_county` it is
    about cities. `own` are those of OWN_KEYS that the page keeps in the URL.
    """
    lang = language()
    indicators = list(offered or indicator_options(dataset))
    usual = available[-1] if available else awaited[-1]
    _make_valid([*available, *awaited], usual, dataset, indicators)
    state, known = st.session_state, catalogue.load()
    with st.container(horizontal=True, vertical_alignment="bottom", key="bar"):
        quarters = [*available, *awaited][::-1]
        _select("period", lang, quarters, lambda period: periods.label(period, lang))
        _select("scope", lang, scopes.every(), lambda code: scopes.scope_option(code, lang))
        inside = [scopes.ALL, *scopes.members(state["scope"])]
        if of_county:
            _select("county", lang, inside, lambda code: scopes.county_label(code, lang))
        if of_indicator:
            _select("indicator", lang, indicators, lambda name: known.indicator(name).short(lang))
        language_switch(lang)
        st.button(
            t("bar.back", lang), on_click=_back_to_pilot, icon=":material/undo:",
            disabled=state["scope"] == areas.PILOT and state["county"] == scopes.ALL,
            help=t("bar.back_help", lang),
        )  # fmt: skip
    _write_to_url(usual, indicators, of_indicator, own)
    return Choices(
        state["period"],
        state["scope"],
        (of_county and state["county"]) or None,
        state["indicator"],
        lang,
    )


def _select(name: str, lang: str, options: list[str], label: Callable[[str], str]) -> None:
    # The browser knows an option by its label only: a box for each language keeps the choice
    key = f"{name}_{lang}"
    _prepare(key, name)
    st.selectbox(
        t(f"bar.{name}", lang), options, key=key, width=WIDTHS[name], format_func=label,
        on_change=_chosen, args=(key, name),
    )  # fmt: skip


def language_switch(lang: str) -> None:
    """The switch between Chinese and English."""
    st.session_state["lang"] = lang
    _prepare("language", "lang")
    st.segmented_control(
        t("bar.language", lang), LANGUAGES, key="language", required=True,
        format_func=lambda each: t("bar.language_name", each), label_visibility="collapsed",
        on_change=_chosen, args=("language", "lang"),
    )  # fmt: skip


def _prepare(key: str, name: str) -> None:
    """Show in a control what is chosen; Streamlit forgets a control on the way to another page."""
    if st.session_state.get(key) != st.session_state[name]:
        st.session_state[key] = st.session_state[name]


def _chosen(key: str, name: str) -> None:
    if name == "indicator":
        _forget_indicator()
    st.session_state[name] = st.session_state[key]


def _forget_indicator() -> None:
    """Forget what was said of the indicator that was chosen."""
    for name in OF_INDICATOR:
        st.session_state.pop(name, None)


def kept(name: str, options: Sequence[str], default: str, lang: str = "") -> dict[str, Any]:
    """Arguments of a control whose choice is kept in the URL under one of OWN_KEYS.

    A list whose labels differ with the language needs `lang`, as those of the bar do.
    """
    state, key = st.session_state, f"own_{name}_{lang}" if lang else f"own_{name}"
    if state.get(name) not in options:
        state.pop(name, None)
    state[key] = state.get(name, default)
    return {"options": options, "key": key, "on_change": _chosen, "args": (key, name)}


def kept_list(name: str, options: Sequence[str], default: Sequence[str], lang: str) -> Any:
    """The same for a control of several choices, in the order in which they were made.

    What is not among the options is left out. A reader may take all away: the default is for a page
    that is opened without any.
    """
    state, key = st.session_state, f"own_{name}_{lang}"
    given = state[name].split(SEPARATOR) if name in state else default
    state[key] = list(dict.fromkeys(each for each in given if each in options))
    return {"options": options, "key": key, "on_change": _listed, "args": (key, name)}


def _listed(key: str, name: str) -> None:
    st.session_state[name] = SEPARATOR.join(st.session_state[key])


def kept_number(name: str, most: Decimal, default: Decimal | None = None) -> dict[str, Any]:
    """The same for a number above 0 that is typed in, with at most two decimals, or for none."""
    state, key = st.session_state, f"own_{name}"
    given = typed(name, most)
    if given is None or given == default:
        state.pop(name, None)
        given = default
    state[key] = None if given is None else float(given)
    return {
        "min_value": 0.0, "max_value": float(most), "format": "%g", "key": key,
        "on_change": _typed, "args": (key, name),
    }  # fmt: skip


def typed(name: str, most: Decimal) -> Decimal | None:
    """The number that a reader has given under one of OWN_KEYS; None for none and for no number."""
    text = str(st.session_state.get(name, ""))
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return number if 0 < number <= most else None


def _typed(key: str, name: str) -> None:
    value = st.session_state[key]
    st.session_state[name] = "" if value is None else f"{round(value, 2):.10g}"


def choose_county(code: str) -> None:
    """Select a county everywhere on the page; the one already selected is let go."""
    st.session_state["county"] = scopes.ALL if st.session_state.get("county") == code else code


def indicator_options(dataset: Dataset | None) -> list[str]:
    """The indicators of a dataset, or the leading ones of all that counties report."""
    if dataset is not None:
        return [indicator.id for indicator in dataset.indicators]
    known = catalogue.load().datasets.values()
    return [name for each in known if each.level == "county" for name in each.headline]


def _first(options: list[str]) -> str:
    """The indicator that a page opens with: of those offered the first of the catalogue."""
    return next((name for name in catalogue.load().indicators if name in options), options[0])


def every_indicator(level: areas.Level = "county") -> list[str]:
    """All indicators of the datasets that areas of a level report."""
    known = catalogue.load().datasets.values()
    return [i.id for each in known if each.level == level for i in each.indicators]


def _take_from_url() -> None:
    """Take over what the URL says when a reader opened a link or went back.

    What is not in it is at its default, unless the menu led to another page with a bare URL.
    """
    state = st.session_state
    given = {key: st.query_params[key] for key in URL_KEYS if key in st.query_params}
    turned = state.get("place") != _place()
    if (given or not turned) and given != state.get("written", {}):
        for key in URL_KEYS:
            state.pop(key, None)
        state["indicator_of_page"] = {}
        state.update(given)
    state["written"], state["place"] = given, _place()


def _place() -> str:
    """The path of the page in the browser's address."""
    return urlsplit(st.context.url or "").path


def _make_valid(
    quarters: Sequence[str], usual: str, dataset: Dataset | None, options: list[str]
) -> None:
    """Put a valid choice wherever there is none: a link may be old, a page has other indicators."""
    state = st.session_state
    if state.get("lang") not in LANGUAGES:
        state["lang"] = LANGUAGES[0]
    if state.get("period") not in quarters:
        state["period"] = usual
    if state.get("scope") not in scopes.every():
        state["scope"] = areas.PILOT
    if state.get("county") not in (scopes.ALL, *scopes.members(state["scope"])):
        state["county"] = scopes.ALL
    state.setdefault("as_of", LATEST)
    remembered = state.setdefault("indicator_of_page", {})
    page = dataset.id if dataset else ""
    if state.get("indicator") not in options:
        if "indicator" in state:
            _forget_indicator()
        before = remembered.get(page)
        state["indicator"] = before if before in options else _first(options)
    remembered[page] = state["indicator"]


def _write_to_url(
    usual: str, indicators: list[str], of_indicator: bool, own: Sequence[str]
) -> None:
    defaults = {
        "period": usual,
        "scope": areas.PILOT,
        "county": scopes.ALL,
        "indicator": _first(indicators),
        "lang": LANGUAGES[0],
        "as_of": LATEST,
        FOR: "",
        "present": "",
    }
    chosen = {key: str(st.session_state.get(key, "")) for key in SHARED_KEYS}
    wanted = {key: value for key, value in chosen.items() if value != defaults[key]}
    if not of_indicator:
        wanted.pop("indicator", None)
    _replace_in_url(wanted | _own(own))


def _own(keys: Sequence[str]) -> dict[str, str]:
    """What a page keeps in the URL of its own; an empty choice is none."""
    return {key: str(st.session_state[key]) for key in keys if st.session_state.get(key)}


def _replace_in_url(wanted: dict[str, str]) -> None:
    """Write the choices to the URL; what a page keeps there of its own stays.

    All at once, since each step would be one to go back through.
    """
    given = st.query_params.to_dict()
    if wanted != {key: given[key] for key in URL_KEYS if key in given}:
        others = {key: text for key, text in given.items() if key not in URL_KEYS}
        st.query_params.from_dict(others | wanted)
    st.session_state["written"] = wanted


def link(**own: str) -> dict[str, str]:
    """The query of a link to another page that keeps what is chosen; `own` is added to it.

    The indicator is left out unless given, since each page has its own.
    """
    usual = {
        "scope": areas.PILOT, "county": scopes.ALL, "lang": LANGUAGES[0], "as_of": LATEST,
        FOR: "", "present": "",
    }  # fmt: skip
    chosen = {key: st.session_state.get(key) for key in SHARED_KEYS if key != "indicator"}
    kept = {k: str(v) for k, v in chosen.items() if v is not None and v != usual.get(k)}
    return kept | own


def pinned(own: Sequence[str], *, of_data: bool, of_indicator: bool) -> dict[str, str]:
    """The query that opens what is seen whatever the defaults come to be: all that is chosen.

    `own` are those of OWN_KEYS that the page keeps; without `of_data` it shows none of the others.
    """
    shared = SHARED_KEYS if of_data else ("lang", FOR)
    kept = [key for key in shared if key != "indicator" or of_indicator]
    return _own([*kept, *own])


def _back_to_pilot() -> None:
    st.session_state["scope"] = areas.PILOT
    st.session_state["county"] = scopes.ALL
