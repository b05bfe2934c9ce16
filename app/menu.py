"""The menu, and what a reader sees before there is anything to show (Streamlit)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from app import areas, catalogue, choices, palette, scopes, settings
from app import notice as notices
from app.access import rights
from app.access.people import LOCAL, Person
from app.access.rights import Action
from app.audience import INSIDE, Audience
from app.catalogue import Dataset
from app.i18n import t
from app.settings import ROOT

PAGES = ROOT / "pages"
HOME = "overview"  # at the root
# pages/submit, by their addresses
REPORTING = ("upload", "review", "board", "quality", "history")
REFERENCE = ("notice", "dictionary")  # pages/reference
ADMINISTERING = ("people", "audit", "running")  # pages/admin
# what one must be allowed to do for a page to be there; the others are there for all
NEEDS: dict[str, Action] = {
    "upload": "submit", "review": "submit", "board": "see",
    "quality": "see", "history": "see",
    "briefing": "brief", "briefings": "brief", "people": "administer", "audit": "administer",
    "running": "administer",
}  # fmt: skip
BRIEFING = ("briefing", "briefings")  # pages/brief: making one, those made
WITHOUT_DATA = (
    "upload",
    "review",
    "history",
    "dictionary",
    *ADMINISTERING,
)  # pages that need neither data nor choices
# pages/explore after the overview, by their addresses
EXPLORING = ("rug", "county", "compare", "ranking", "map", "change", "planner")
WHOLE = (
    "notice",
    "board",
    "quality",
    "rug",
    "county",
    *BRIEFING,
)  # pages that show all indicators, so that none is chosen
AWAITING = ("board",)  # pages that show quarters of which nothing has come yet
# pages that offer every indicator of counties, not the leading ones alone
OF_EVERY = ("compare", "ranking", "change")
OWN = {
    "briefing": ("kind", "dataset", "sections", "indicators", "areas"),
    "briefings": ("briefing_id",),
    "change": ("base",),
    "dictionary": ("entry", "part", "find"),
    "map": ("mode", "level", "classes", "since", "until", "several", "second"),
    "notice": ("clause",),
    "county": ("shown",),
    "rug": ("part", "order", "first"),
    "compare": ("areas", "indicators", "show", "x", "y"),
    "ranking": ("within",),
    "work_tasks": ("clause", "state", "city"),
    "planner": ("goal", "deadline", "way", "cost_within", "cost_added"),
}  # what single pages keep in the URL
# The toolbar of a table comes up by hovering; where nothing hovers it would lie on the text above.
# The hint below a field of a form is in English alone.
_STYLE = """<style>
@media (hover: none) {[data-testid=stElementToolbar] {display: none}}
[data-testid=InputInstructions] {display: none}
"""
# While the server is away a click would be lost without a word: none is taken until it is back.
_AWAY = """
:is(:root[data-away] .stApp, .stApp:not([data-test-connection-state=CONNECTED]))
  :is([data-testid=stMain], [data-testid=stSidebar]) {pointer-events: none; opacity: .6}
:is(:root[data-away] .stApp, .stApp:not([data-test-connection-state=CONNECTED]))::after {
  content: '%s'; position: fixed; top: 8px; left: 50%%; transform: translateX(-50%%);
  z-index: 1000002; padding: 6px 16px; border-radius: 4px; background: %s; color: %s;
}
.stApp.stApp[data-test-connection-state=DISCONNECTED_FOREVER]::after {content: '%s'}
"""
# Chinese faces draw the quotation marks of English as wide as a character.
_IN_ENGLISH = "body {font-variant-east-asian: proportional-width}\n"
ICON = str(ROOT / "app" / "icon.svg")  # an icon by name would be fetched from the internet


def name(lang: str) -> str:
    """The product's name."""
    return t("menu.name", lang)


def style(lang: str) -> str:
    """What every page looks like beyond the theme, as HTML."""
    away = _AWAY % (
        t("menu.reconnecting", lang), palette.INK, palette.PAPER, t("menu.disconnected", lang)
    )  # fmt: skip
    return f"{_STYLE}{away}{_IN_ENGLISH if lang == 'en' else ''}</style>"


def sections(lang: str, person: Person, audience: Audience = INSIDE) -> dict[str, list[Any]]:
    """The pages that someone may open, by section; a topic page for every dataset with a file.

    At the address of one that is not offered there is nothing but a word that says so; among
    figures for the public none is that has others.
    """

    def offered_to(pages: Sequence[str]) -> list[str]:
        return [name for name in pages if is_offered(name, person, audience)]

    topics = [
        st.Page(topic(d.id), title=d.label(lang), url_path=d.id)
        for d in catalogue.load().datasets.values()
        if topic(d.id).exists()
    ]
    overview = st.Page(
        explore("overview"), title=t("menu.overview", lang), default=True,
        url_path=HOME,
    )  # fmt: skip
    exploring = [
        st.Page(explore(name), title=t(f"menu.{name}", lang), url_path=name)
        for name in names()
        if name in EXPLORING
    ]
    by_section = {
        "": [overview, *exploring],
        t("menu.topics", lang): topics,
        t("menu.writing", lang): [
            st.Page(brief(name), title=t(f"menu.{name}", lang), url_path=name)
            for name in offered_to(BRIEFING)
        ],
        t("menu.reporting", lang): [reporting(name, lang) for name in offered_to(REPORTING)],
        t("menu.reference", lang): [
            st.Page(reference(name), title=t(f"menu.{name}", lang), url_path=name)
            for name in REFERENCE
        ],
        t("menu.administering", lang): [
            st.Page(PAGES / "admin" / f"{name}.py", title=t(f"menu.{name}", lang), url_path=name)
            for name in offered_to(ADMINISTERING)
        ],
    }
    by_section[""] += [
        st.Page(_closed(name), title=name, url_path=name, visibility="hidden")
        for name in NEEDS
        if not is_offered(name, person, audience)
    ]
    return {heading: pages for heading, pages in by_section.items() if pages}


def _closed(name: str) -> Path | Callable[[], None]:
    """What is at the address of a page that is not offered."""
    if name == "people" and settings.load().access.mode == LOCAL:
        return PAGES / "admin" / "people.py"  # says that there are none
    return _say_not_offered


def _say_not_offered() -> None:
    lang = choices.language()
    key = "menu.not_offered" if choices.audience() == INSIDE else "menu.not_public"
    st.warning(t(key, lang), icon=":material/lock:")
    st.page_link(explore("overview"), label=t("menu.overview", lang), icon=":material/home:")


def is_offered(page: str, person: Person, audience: Audience = INSIDE) -> bool:
    """Whether a page is there for someone, among figures for people inside or for the public.

    Without sign-in there are no people to keep.
    """
    if page == "people" and settings.load().access.mode == LOCAL:
        return False
    if page not in NEEDS:
        return True
    return rights.may(person, NEEDS[page]) and (audience == INSIDE or page in BRIEFING)


def offered(page: str) -> list[str] | None:
    """The indicators that a page offers; None: those of its dataset, or the leading ones of all."""
    if page == "planner":
        return catalogue.load().plannable
    if page == "map":
        return choices.every_indicator() + choices.every_indicator("city")
    return choices.every_indicator() if page in OF_EVERY else None


def reporting(name: str, lang: str) -> Any:
    """One of the pages about reports."""
    return st.Page(PAGES / "submit" / f"{name}.py", title=t(f"menu.{name}", lang), url_path=name)


def explore(name: str) -> Path:
    """The file of one of the pages that look across all datasets."""
    return PAGES / "explore" / f"{name}.py"


def topic(dataset_id: str) -> Path:
    """The file of a topic's page."""
    return PAGES / "topics" / f"{dataset_id}.py"


def reference(name: str) -> Path:
    """The file of one of the reference pages."""
    return PAGES / "reference" / f"{name}.py"


def brief(name: str) -> Path:
    """The file of one of the pages about briefings."""
    return PAGES / "brief" / f"{name}.py"


def names() -> list[str]:
    """The addresses of the pages that are not a dataset's, in the order of the menu."""
    exploring = [name for name in EXPLORING if explore(name).exists()]
    briefing = [name for name in BRIEFING if brief(name).exists()]
    return [HOME, *exploring, *briefing, *REPORTING, *REFERENCE]


def addresses() -> frozenset[str]:
    """The addresses of all pages there can be, whoever may open them, but for the overview's."""
    topics = [name for name in catalogue.load().datasets if topic(name).exists()]
    return frozenset([*names(), *ADMINISTERING, *topics]) - {HOME}


def open_found(kind: str, name: str) -> None:
    """Go to what was found: a county, city, indicator, dataset or page, by its kind and id."""
    match kind:
        case "county":
            inside = name in scopes.members(st.session_state.get("scope", areas.PILOT))
            wider = {} if inside else {"scope": areas.PROVINCE}
            st.switch_page(explore("county"), query_params=choices.link(county=name, **wider))
        case "city":
            query = choices.link(scope=name)
            query.pop("county", None)
            st.switch_page(explore("overview"), query_params=query)
        case "indicator":
            open_indicator(name)
        case "dataset":
            st.switch_page(topic(name), query_params=choices.link())
        case "page" if not is_offered(name, rights.acting(), choices.audience()):
            own = is_offered(name, rights.acting())
            key = "menu.not_public" if own else "menu.not_offered"
            st.toast(t(key, choices.language()), icon=":material/lock:")
        case "page":
            st.switch_page(_file(name), query_params=choices.link())


def _file(name: str) -> Path:
    if name in REPORTING:
        return PAGES / "submit" / f"{name}.py"
    if name in BRIEFING:
        return brief(name)
    return reference(name) if name in REFERENCE else explore(name)


def clause_url(clause_id: str) -> str:
    """The address of a clause on the page of the notice, for a link within text."""
    return "notice?" + urlencode(choices.link(clause=clause_id))


def to_clause(clause_id: str, lang: str) -> None:
    """A link to a clause on the page of the notice."""
    st.page_link(
        reference("notice"), label=t("clause.link", lang, clause=notices.number(clause_id, lang)),
        query_params=choices.link(clause=clause_id), icon=":material/gavel:",
    )  # fmt: skip


def entry_url(entry_id: str) -> str:
    """The address of an entry of the dictionary, for a link within text."""
    return "dictionary?" + urlencode(choices.link(entry=entry_id))


def to_entry(entry_id: str, label: str) -> None:
    """A link to an entry of the dictionary."""
    st.page_link(
        reference("dictionary"), label=label, query_params=choices.link(entry=entry_id),
        icon=":material/menu_book:",
    )  # fmt: skip


def to_topic(dataset: Dataset, lang: str, indicator_id: str | None = None, **own: str) -> None:
    """A link to the page of a dataset, with one of its indicators chosen if one is given.

    `own` are choices to make there. There is none where the dataset has no page.
    """
    if topic(dataset.id).exists():
        key = "dictionary.topic" if indicator_id else "clause.topic"
        chosen = {"indicator": indicator_id} if indicator_id else {}
        st.page_link(
            topic(dataset.id), label=t(key, lang, dataset=dataset.label(lang)),
            query_params=choices.link(**chosen, **own), icon=":material/monitoring:",
        )  # fmt: skip


def to_change(indicator_id: str, lang: str) -> None:
    """A link to what made an indicator change, where that can be asked of it."""
    if indicator_id in choices.every_indicator():
        st.page_link(
            explore("change"), label=t("menu.change", lang),
            query_params=choices.link(indicator=indicator_id),
            icon=":material/waterfall_chart:",
        )  # fmt: skip


def to_county(lang: str) -> None:
    """A link to the profile of the chosen county."""
    st.page_link(
        explore("county"), label=t("menu.county", lang), query_params=choices.link(),
        icon=":material/assignment_ind:",
    )  # fmt: skip


def to_all_indicators(lang: str) -> None:
    """A link to the table of all indicators."""
    st.page_link(
        explore("rug"), label=t("rug.link", lang), query_params=choices.link(),
        icon=":material/grid_on:",
    )  # fmt: skip


def open_indicator(indicator_id: str, **own: str) -> None:
    """Go to the page of an indicator's dataset with the indicator chosen; stay where it has none.

    `own` are choices to change on the way, such as the county.
    """
    dataset = catalogue.load().dataset_of[indicator_id]
    if topic(dataset.id).exists():
        st.switch_page(topic(dataset.id), query_params=choices.link(indicator=indicator_id, **own))


def notice(lang: str, key: str) -> None:
    """Say why there is nothing to show yet and what to do about it."""
    choices.language_switch(lang)
    st.title(name(lang), anchor=False)
    st.info(t(key, lang), icon=":material/inbox:")
