"""The entry: page settings, the menu, the shared bar of choices, and the page itself."""

import streamlit as st

from app import (
    assets,
    catalogue,
    choices,
    finder,
    menu,
    page_pictures,
    past,
    present,
    publication,
    view,
)
from app.access import gate
from app.board import reports
from app.monitor import measures

with measures.run() as run:
    lang = choices.language()
    st.set_page_config(page_title=menu.name(lang), page_icon=menu.ICON, layout="wide")
    st.html(menu.style(lang))
    person = gate.required(lang)
    present.style(lang, publication.mark(person, lang))
    page = st.navigation(menu.sections(lang, person, choices.audience()))
    run.page = page.url_path or "overview"
    offered = menu.is_offered(page.url_path, person, choices.audience())
    if offered:
        gate.seen(person, page.url_path)
    own = menu.OWN.get(page.url_path, ())
    if page.url_path in menu.WITHOUT_DATA or not offered:
        publication.band(person, lang)
        choices.plain_bar(lang, own)
        finder.show(lang, choices.pinned(own, of_data=False, of_indicator=False))
        page.run()
    elif not assets.is_built():
        menu.notice(lang, "serve.not_set_up")
    else:
        source, stamp = past.opened(lang)
        publication.band(person, lang)  # not before its data: what is still there is for others
        past.band(source, lang)
        available = view.available_periods(source, stamp)
        awaited = reports.awaited(available) if page.url_path in menu.AWAITING else []
        if available or awaited:
            if source.outside:
                publication.late_quarter(available, lang)
            dataset = catalogue.load().datasets.get(page.url_path)
            of_county = dataset is None or dataset.level != "city"
            of_indicator = page.url_path not in menu.WHOLE
            chosen = choices.bar(
                available, dataset, offered=menu.offered(page.url_path), of_indicator=of_indicator,
                of_county=of_county, own=own, awaited=awaited,
            )  # fmt: skip
            finder.show(lang, choices.pinned(own, of_data=True, of_indicator=of_indicator))
            st.session_state["view"] = view.View(source, stamp, chosen, dataset)
            page_pictures.begin()
            page.run()
            if page.url_path not in menu.BRIEFING:
                page_pictures.offer(lang)
        else:
            finder.show(lang, choices.pinned(own, of_data=False, of_indicator=False))
            menu.notice(lang, "menu.none_public" if source.outside else "menu.empty")
