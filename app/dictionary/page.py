"""Views of the dictionary's page: search, list, one entry, downloads (Streamlit)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app import catalogue, formats, handout, menu, notice
from app.dictionary import document, entries, facts, search, workbook
from app.dictionary.entries import (
    Dictionary,
    Entry,
    IndicatorEntry,
    MeasureEntry,
)
from app.i18n import t
from app.lettering import column_width

ROW = 35  # px of a row of a table
TALLEST = 640  # px of a list
EVERYTHING = ""  # neither a clause nor a dataset chosen


def _dictionary(lang: str) -> Dictionary:
    return entries.load(catalogue.load(), lang)


def heading(lang: str) -> None:
    """The page's title."""
    st.title(t("dictionary.title", lang), anchor=False)


def choose(lang: str) -> None:
    """What to look for, and in which clause or dataset; a change leads back to the list."""
    parts = _parts()
    if st.session_state.get("part") not in parts:
        st.session_state.pop("part", None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            t("dictionary.search", lang), placeholder=t("dictionary.placeholder", lang),
            help=t("dictionary.search_help", lang), max_chars=search.LONGEST,
            icon=":material/search:", width=380, **_kept("find", lang),
        )  # fmt: skip
        st.selectbox(
            t("dictionary.part", lang), parts, width=300,
            format_func=lambda part: _part_name(part, lang), **_kept("part", lang),
        )  # fmt: skip


def _parts() -> list[str]:
    """Everything, then each clause that has datasets, with them below it, then the tasks of all."""
    parts = [EVERYTHING]
    for clause in notice.CLAUSES:
        datasets = [d.id for d in notice.datasets(clause) if not d.items]
        parts += [clause, *datasets] if datasets else []
    return parts + [d.id for d in catalogue.load().datasets.values() if d.items]


def _part_name(part: str, lang: str) -> str:
    if part in notice.CLAUSES:
        title = notice.load().clause(part).title(lang)
        return t("dictionary.part_clause", lang, clause=notice.number(part, lang), title=title)
    if part == EVERYTHING:
        return t("dictionary.everything", lang)
    return catalogue.load().dataset(part).label(lang)


def _kept(name: str, lang: str) -> dict[str, Any]:
    """Arguments of a control whose choice is kept in the URL and leads back to the list."""
    key = f"own_{name}_{lang}"
    st.session_state[key] = st.session_state.get(name, "")
    return {"key": key, "on_change": _narrowed, "args": (key, name)}


def _narrowed(key: str, name: str) -> None:
    st.session_state[name] = st.session_state[key]
    st.session_state.pop("entry", None)


def opened(lang: str) -> Entry | None:
    """The entry that a link or a click has opened; says so where there is none of that id."""
    name = str(st.session_state.get("entry", ""))
    if not name:
        return None
    known = _dictionary(lang)
    found = known.of(name)
    if len(found) == 1:
        return found[0]
    near = found or search.nearest(known, name)
    key = "several" if found else "unknown" if near else "unknown_alone"
    st.warning(t(f"dictionary.{key}", lang, text=formats.plain(name)), icon=":material/search_off:")
    _links(near, lang)
    return None


def downloads(lang: str) -> None:
    """What is here, and all of it as files, made when asked for."""
    known = _dictionary(lang)
    st.caption(
        t(
            "dictionary.about", lang, indicators=len(known.indicators),
            measures=len(known.measures),
        )
    )  # fmt: skip
    name = t("dictionary.file", lang)
    with st.container(horizontal=True):
        handout.button(
            t("dictionary.docx", lang), lambda: document.made(known), f"{name}.docx",
            on_click="ignore", icon=":material/description:",
            mime="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        )  # fmt: skip
        handout.button(
            t("dictionary.xlsx", lang), lambda: workbook.made(known), f"{name}.xlsx",
            on_click="ignore", icon=":material/table_view:",
            mime=handout.WORKBOOK,
        )  # fmt: skip


def _links(found: Sequence[Entry], lang: str) -> None:
    for entry in found:
        told = t("dictionary.entry", lang, label=entry.label, dataset=entry.dataset)
        menu.to_entry(entry.id, told)


def listing(lang: str) -> None:
    """The entries that match, indicators first; with none, the nearest ones and then all."""
    known = _dictionary(lang)
    text, part = str(st.session_state.get("find", "")), st.session_state.get("part", EVERYTHING)
    inside = [e for e in known.entries if part in (EVERYTHING, e.clause, e.dataset_id)]
    found = search.find(inside, text)
    if not found:
        _nothing(known, text, part, lang)
        found = inside
    indicators = [e for e in found if isinstance(e, IndicatorEntry)]
    measures = [e for e in found if isinstance(e, MeasureEntry)]
    if indicators:
        count = t("dictionary.found_indicators", lang, count=len(indicators))
        st.subheader(count, anchor=False)
        st.caption(t("dictionary.pick", lang))
        _table("indicators", indicators, [_indicator_row(e, lang) for e in indicators], lang)
    if measures:
        st.subheader(t("dictionary.found_measures", lang, count=len(measures)), anchor=False)
        _table("measures", measures, [_measure_row(e, lang) for e in measures], lang)


def _nothing(known: Dictionary, text: str, part: str, lang: str) -> None:
    typed = formats.plain(text)
    elsewhere = len(search.find(known.entries, text))
    if elsewhere:
        told = t(
            "dictionary.nothing_here", lang, text=typed, count=elsewhere,
            part=_part_name(part, lang),
        )  # fmt: skip
        st.info(told, icon=":material/search_off:")
        return
    near = search.nearest(known, text)
    key = "dictionary.nothing" if near else "dictionary.nothing_like"
    st.info(t(key, lang, text=typed), icon=":material/search_off:")
    _links(near, lang)


def _indicator_row(entry: IndicatorEntry, lang: str) -> dict[str, str | None]:
    told = entry.target.value if entry.target else None
    return {
        t("dictionary.label", lang): entry.label,
        t("dictionary.definition", lang): entry.definition,
        t("dictionary.unit", lang): entry.unit,
        t("dictionary.target", lang): told,
        t("dictionary.dataset", lang): entry.dataset,
        t("dictionary.clause_column", lang): notice.number(entry.clause, lang),
        t("dictionary.id", lang): entry.id,
    }


def _measure_row(entry: MeasureEntry, lang: str) -> dict[str, str | None]:
    return {
        t("dictionary.label", lang): entry.label,
        t("dictionary.definition", lang): entry.definition,
        t("dictionary.unit", lang): entry.unit,
        t("dictionary.kind", lang): entry.kind,
        t("dictionary.dataset", lang): entry.dataset,
        t("dictionary.clause_column", lang): notice.number(entry.clause, lang),
        t("dictionary.used_by", lang): facts.used_by(entry, lang),
        t("dictionary.id", lang): entry.id,
    }


def _table(
    name: str, found: Sequence[Entry], rows: Sequence[dict[str, str | None]], lang: str
) -> None:
    frame = pd.DataFrame(rows)
    label, definition, unit, *others = frame.columns
    key = f"dictionary_{name}_{lang}"

    def opens() -> None:
        if cells := st.session_state[key]["selection"]["cells"]:
            st.session_state["entry"] = found[cells[0][0]].id

    st.dataframe(
        frame, hide_index=True, key=key, row_height=ROW,
        height=min(TALLEST, ROW * (len(frame) + 1) + 3),
        on_select=opens, selection_mode="single-cell",
        placeholder=t("overview.no_target", lang),
        column_config={
            label: st.column_config.TextColumn(
                pinned=True, width=column_width(frame[label], 224, 300)
            ),
            definition: st.column_config.TextColumn(width=320),
            unit: st.column_config.TextColumn(width=90),
            others[0]: st.column_config.TextColumn(width=90),
            t("dictionary.dataset", lang): st.column_config.TextColumn(width=168),
            t("dictionary.clause_column", lang): st.column_config.TextColumn(width=56),
        },
    )  # fmt: skip


def detail(entry: Entry, lang: str) -> None:
    """One entry: what it means, where it leads to, what it is computed from."""
    st.button(
        t("dictionary.back", lang), on_click=_back, icon=":material/arrow_back:", type="tertiary"
    )
    kind = "indicator" if isinstance(entry, IndicatorEntry) else "measure"
    with st.container(gap="xsmall"):
        st.subheader(entry.label, anchor=False)
        other = [entry.label_en] if lang != "en" else []
        parts = [t(f"dictionary.kind_{kind}", lang), *other, f"`{entry.id}`"]
        st.caption(" · ".join(parts))
    dataset = catalogue.load().dataset(entry.dataset_id)
    with st.container(horizontal=True):
        menu.to_topic(dataset, lang, entry.id if kind == "indicator" else None)
        menu.to_clause(entry.clause, lang)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown("\n\n".join(_paragraphs(entry, lang)))
    with right:
        if isinstance(entry, IndicatorEntry):
            _measures(entry, lang)
        elif isinstance(entry, MeasureEntry):
            _used_by(entry, lang)
        _standards(entry, lang)


def _back() -> None:
    st.session_state.pop("entry", None)


def _paragraphs(entry: Entry, lang: str) -> list[str]:
    """What is told in running text: all but what the head and the other column say."""
    elsewhere = {"id", "label_en", "measures", "used_by", "standards"}
    told = [f for f in facts.facts(entry, lang) if f.key not in elsewhere]
    return [
        line if fact.key == "definition" else f"**{fact.heading}**　{line}"
        for fact in told
        for line in fact.lines
    ]


def _measures(entry: IndicatorEntry, lang: str) -> None:
    st.markdown(f"**{t('dictionary.measures', lang)}**")
    for each in entry.measures:
        with st.container(border=True, gap="xsmall"):
            menu.to_entry(each.id, each.label)
            st.caption(" · ".join((each.unit, each.kind)))
            st.markdown(each.definition)


def _used_by(entry: MeasureEntry, lang: str) -> None:
    st.markdown(f"**{t('dictionary.used_by', lang)}**")
    if not entry.used_by:
        st.markdown(t("dictionary.unused", lang))
    for each in entry.used_by:
        menu.to_entry(each.id, each.label)


def _standards(entry: Entry, lang: str) -> None:
    if not entry.standards:
        return
    st.markdown(f"**{t('dictionary.standards', lang)}**")
    lines = [f"- {facts.standard(each, lang)}" for each in entry.standards]
    st.markdown("\n".join(lines))
