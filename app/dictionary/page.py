"""Views of the page of the dictionary: search, the list of entries, one entry (Streamlit)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app import catalogue, choices, formats, menu, notice
from app.dictionary import document, entries, facts, search, workbook
from app.dictionary.entries import Dictionary, Entry, IndicatorEntry, MeasureEntry
from app.i18n import t

ALL = ""
ROW, MOST = 35, 560  # px of a row and of a list


def page(lang: str) -> None:
    """Draw the whole page: the entry that a link names, or the list with its search."""
    known = entries.load(catalogue.load(), lang)
    st.title(t("menu.dictionary", lang), anchor=False)
    counts = {"indicators": len(known.indicators), "measures": len(known.measures)}
    st.caption(t("dictionary.about", lang, **counts))
    asked = str(st.session_state.get("entry", ""))
    found = known.of(asked) if asked else ()
    if len(found) == 1:
        _entry(found[0], lang)
    elif found:
        st.info(t("dictionary.several", lang, text=formats.plain(asked)), icon=":material/rule:")
        _choices(found, lang)
    else:
        if asked:
            _unknown(known, asked, lang)
        _list(known, lang)
    _downloads(known, lang)


def _open(entry_id: str) -> None:
    st.session_state["entry"] = entry_id


def _choices(found: Sequence[Entry], lang: str) -> None:
    """Entries to choose from, a button each."""
    with st.container(horizontal=True):
        for each in found:
            st.button(
                t("dictionary.entry", lang, label=each.label, dataset=each.dataset),
                key=f"near_{each.id}", on_click=_open, args=(each.id,),
            )  # fmt: skip
        st.button(
            t("dictionary.back", lang), on_click=_open, args=("",), icon=":material/list:",
            key="all_entries",
        )  # fmt: skip


def _unknown(known: Dictionary, asked: str, lang: str) -> None:
    """That a link names no entry, and which ones it may mean."""
    near = search.nearest(known, asked)
    key = "dictionary.unknown" if near else "dictionary.unknown_alone"
    st.warning(t(key, lang, text=formats.plain(asked)), icon=":material/link_off:")
    if near:
        _choices(near, lang)


def _list(known: Dictionary, lang: str) -> None:
    """The entries that a search and a part of the notice leave."""
    parts = [ALL, *notice.CLAUSES, *catalogue.load().datasets]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            t("dictionary.search", lang), key="dictionary_search", width=420,
            placeholder=t("dictionary.placeholder", lang), icon=":material/search:",
            help=t("dictionary.search_help", lang), max_chars=search.LONGEST,
        )  # fmt: skip
        part = st.selectbox(
            t("dictionary.part", lang), width=320, format_func=lambda name: _part(name, lang),
            **choices.kept("part", parts, ALL, lang),
        )  # fmt: skip
    found = search.find(known.entries, text)
    shown = [e for e in found if part in (ALL, e.dataset_id) or part in _clauses(e)]
    if not shown:
        shown = _instead(known, text, part, len(found), lang)
    st.caption(t("dictionary.pick", lang))
    for kind, name in ((IndicatorEntry, "indicators"), (MeasureEntry, "measures")):
        listed = [e for e in shown if isinstance(e, kind)]
        if listed:
            st.markdown(f"**{t(f'dictionary.found_{name}', lang, count=len(listed))}**")
            _table(listed, name, lang)


def _instead(known: Dictionary, text: str, part: str, elsewhere: int, lang: str) -> list[Entry]:
    """What is listed where a search finds nothing, and why."""
    told = formats.plain(text)
    if elsewhere:
        st.info(
            t("dictionary.nothing_here", lang, text=told, part=_part(part, lang), count=elsewhere),
            icon=":material/filter_alt:",
        )
        return []
    near = search.nearest(known, text)
    key = "dictionary.nothing" if near else "dictionary.nothing_like"
    st.info(t(key, lang, text=told), icon=":material/search_off:")
    return near or list(known.entries)


def _clauses(entry: Entry) -> frozenset[str]:
    return catalogue.load().dataset(entry.dataset_id).clauses


def _part(name: str, lang: str) -> str:
    if name == ALL:
        return t("dictionary.everything", lang)
    if name in notice.CLAUSES:
        title = notice.load().clause(name).title(lang)
        return t("dictionary.part_clause", lang, clause=name, title=title)
    return catalogue.load().dataset(name).label(lang)


def _table(listed: Sequence[Entry], name: str, lang: str) -> None:
    table = pd.DataFrame(
        {
            t("dictionary.label", lang): [e.label for e in listed],
            t("dictionary.unit", lang): [e.unit for e in listed],
            t("dictionary.definition", lang): [e.definition for e in listed],
            t("dictionary.dataset", lang): [e.dataset for e in listed],
            t("dictionary.clause_column", lang): [e.clause for e in listed],
            t("dictionary.id", lang): [e.id for e in listed],
        }
    )
    label, unit, definition, *_ = table.columns
    # the key holds what is listed: a selection belongs to these rows alone
    picked = st.dataframe(
        table, hide_index=True, key=f"{name}_{lang}_{hash(tuple(e.id for e in listed))}",
        height=min(MOST, 3 + ROW * (len(table) + 1)), row_height=ROW, on_select="rerun",
        selection_mode="single-row",
        column_config={
            label: st.column_config.TextColumn(pinned=True, width=230),
            unit: st.column_config.TextColumn(width=96),
            definition: st.column_config.TextColumn(width=430),
        },
    )  # fmt: skip
    if rows := picked["selection"]["rows"]:
        _open(listed[rows[0]].id)
        st.rerun()


def _entry(entry: Entry, lang: str) -> None:
    """One entry: every fact under its heading, with the ways on."""
    st.button(t("dictionary.back", lang), on_click=_open, args=("",), icon=":material/list:")
    st.header(entry.label, anchor=False)
    kind = "indicator" if isinstance(entry, IndicatorEntry) else "measure"
    st.caption(f"{t(f'dictionary.kind_{kind}', lang)}　`{entry.id}`")
    for fact in facts.facts(entry, lang)[1:]:
        lines = [formats.plain(line) for line in fact.lines]
        if len(lines) == 1:
            st.markdown(f"**{fact.heading}**　{lines[0]}")
        else:
            st.markdown(f"**{fact.heading}**\n\n" + "\n".join(f"- {line}" for line in lines))
    dataset = catalogue.load().dataset(entry.dataset_id)
    others = entry.measures if isinstance(entry, IndicatorEntry) else getattr(entry, "used_by", ())
    with st.container(horizontal=True):
        for each in others:
            st.button(each.label, key=f"to_{each.id}", on_click=_open, args=(each.id,))
    with st.container(horizontal=True):
        if isinstance(entry, IndicatorEntry):
            menu.to_indicator(entry.id, lang)
        else:
            menu.to_topic(dataset, lang)
        menu.to_clause(entry.clause, lang)


def _downloads(known: Dictionary, lang: str) -> None:
    """The whole dictionary as one file, made when asked for."""
    name = t("dictionary.file", lang)
    with st.container(horizontal=True):
        st.download_button(
            t("dictionary.docx", lang), lambda: document.made(known), f"{name}.docx",
            on_click="ignore", icon=":material/description:", key="dictionary_docx",
            mime="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        )  # fmt: skip
        st.download_button(
            t("dictionary.xlsx", lang), lambda: workbook.made(known), f"{name}.xlsx",
            on_click="ignore", icon=":material/table_view:", key="dictionary_xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )  # fmt: skip
