"""Views of the ledger of briefings: the list, what has changed since, one again (Streamlit)."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from app import choices, formats, handout, menu, settings
from app import view as views
from app.audience import PUBLIC, Audience
from app.briefing import changed, ledger, make, office, parts, traced
from app.briefing.changed import ChangedNumber
from app.briefing.ledger import Recorded
from app.briefing.page import ICONS, MIME
from app.errors import DashboardError
from app.kept import kept
from app.serving import Serving
from app.view import View

ROW = 35  # px
WHAT = 150  # px of what a number is, so that a phone shows the number too
SEEN = 8  # briefings that are seen at once
COUNTED = 20  # of the newest in the list it is worked out how many numbers have changed
HEADS = ("id", "at", "title", "by", "vintage", "numbers", "changed", "audience")


def chosen(view: View) -> Recorded | None:
    """The list with a field to search it, and the briefing whose row is chosen or in the link.

    Who looks at figures for publication is shown the briefings for publication alone.
    """
    config = settings.load()
    outside = choices.audience() == PUBLIC
    heads = [h for h in ledger.listed(config) if not outside or h.audience == PUBLIC]
    if not heads:
        key = "briefings.empty_public" if outside else "briefings.empty"
        st.info(view.text(key), icon=":material/inbox:")
        st.page_link(
            menu.brief("briefing"), label=view.text("menu.briefing"),
            query_params=choices.link(), icon=":material/edit_document:",
        )  # fmt: skip
        return None
    wanted = st.text_input(
        view.text("briefings.find"), key="briefings_find", icon=":material/search:", width=420
    )
    words = (wanted or "").lower()
    shown = [h for h in heads if words in f"{h.id} {h.title} {h.by}".lower()]
    if not shown:
        st.info(view.text("briefings.none_found"), icon=":material/search_off:")
        return None
    rows = [
        (
            head.id, head.at[:16].replace("T", " "),
            view.text("briefings.damaged") if head.damaged else head.title, head.by,
            head.vintage or None, head.numbers or None,
            None if head.damaged or place >= COUNTED else _count(view, head.id, head.audience),
            view.text(f"audience.{head.audience}"),
        )
        for place, head in enumerate(shown)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=[view.text(f"briefings.{name}") for name in HEADS])
    st.caption(view.text("briefings.choose"))
    picked = st.dataframe(
        table, hide_index=True, key="briefings_table", row_height=ROW,
        height=(min(SEEN, len(rows)) + 1) * ROW + 3, on_select="rerun",
        selection_mode="single-row",
        column_config={view.text("briefings.title"): st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    places = picked["selection"]["rows"]
    if places and places[0] < len(shown):
        st.session_state["briefing_id"] = shown[places[0]].id
    wanted_id = st.session_state.get("briefing_id")
    if not wanted_id:
        return None
    try:
        found = ledger.opened(config, str(wanted_id))
    except DashboardError as error:
        st.warning(error.text(view.lang), icon=":material/error:")
        return None
    if outside and found.briefing.request.audience != PUBLIC:
        st.info(view.text("briefings.is_inside", id=found.id), icon=":material/lock:")
        return None
    return found


def _count(view: View, briefing_id: str, audience: Audience) -> int | None:
    """How many numbers of a briefing have changed since; None where its file can't be read."""
    try:
        return len(_since(view, briefing_id, audience))
    except DashboardError:
        return None


def _since(view: View, briefing_id: str, audience: Audience) -> list[ChangedNumber]:
    """What has changed in a briefing, by the figures for those for whom it is."""
    source, stamp = view.source, view.stamp
    if (audience == PUBLIC) != source.outside:
        source, stamp = views.current(audience=audience)
    return _changes(stamp, briefing_id, source)


@kept(256)
def _changes(stamp: str, briefing_id: str, _source: Serving) -> list[ChangedNumber]:
    return changed.since(ledger.opened(settings.load(), briefing_id), _source, stamp)


def changes(view: View, recorded: Recorded) -> None:
    """Which numbers have changed since, from what to what, and by which submission."""
    lang, briefing = view.lang, recorded.briefing
    st.subheader(briefing.title, anchor=False)
    st.caption(
        view.text(
            "briefings.made_of", id=recorded.id, at=f"{recorded.at:%Y-%m-%d %H:%M}",
            vintage=briefing.vintage, now=view.source.vintage, mark=traced.mark(briefing),
        )
    )  # fmt: skip
    found = _since(view, recorded.id, briefing.request.audience)
    count = len(briefing.numbers())
    if not found:
        st.success(view.text("briefings.same", count=count), icon=":material/task_alt:")
        return
    st.warning(
        view.text("briefings.differ", count=count, changed=len(found)),
        icon=":material/published_with_changes:",
    )
    heads = ("what", "then", "now", "where", "difference", "why", "period", "note")
    rows = [_row(each, lang, view) for each in found]
    st.dataframe(
        pd.DataFrame(rows, columns=[view.text(f"briefings.{name}") for name in heads]),
        hide_index=True, key="briefings_changes", height=min(420, (len(rows) + 1) * ROW + 3),
        row_height=ROW,
        column_config={
            view.text("briefings.what"): st.column_config.TextColumn(width=WHAT),
            view.text("briefings.then"): st.column_config.TextColumn(width=95),
            view.text("briefings.now"): st.column_config.TextColumn(width=95),
        },
    )  # fmt: skip


def _row(each: ChangedNumber, lang: str, view: View) -> tuple[str, ...]:
    trace = each.old.trace
    what = f"{traced.indicator(trace, lang)} · {traced.what(trace, lang)}".lstrip(" ·")
    difference = ""
    if each.difference is not None:
        decimals = changed.decimals(each.old.trace)
        difference = formats.part(each.difference, "units", lang, decimals, with_unit=False)
    why = " ".join(s.id for s in each.by) or view.text(f"briefings.{each.reason}")
    notes = view.text("figure.separator").join(
        " ".join(filter(None, (s.note, s.explanation))) for s in each.by
    )
    return (
        what, each.old.shown,
        each.new.shown if each.new else view.text(f"briefings.{each.reason}"),
        traced.area(trace, lang), difference, why, traced.period(trace, lang), notes,
    )  # fmt: skip


def downloads(view: View, recorded: Recorded) -> None:
    """The same again word for word, brought up to date with changes marked, and its record."""
    st.caption(view.text("briefings.again_about"))
    writer = office.found()
    for key, work in (("again", make.again), ("updated", make.updated)):
        st.markdown(f"**{view.text(f'briefings.{key}')}**")
        with st.container(horizontal=True):
            for suffix in make.SUFFIXES:
                handout.button(
                    view.text(f"composer.file.{suffix[1:]}"),
                    partial(_bytes, work, recorded, suffix),
                    make.file_name(recorded.briefing, suffix), MIME[suffix], on_click="ignore",
                    icon=ICONS[suffix], key=f"briefings_{key}{suffix}",
                    disabled=suffix == ".pdf" and not writer,
                )  # fmt: skip
    handout.button(
        view.text("briefings.record"), partial(parts.written, recorded.briefing),
        f"{recorded.id}.json", "application/json", on_click="ignore",
        icon=":material/data_object:", key="briefings_record",
    )  # fmt: skip


def _bytes(work: make.Again, recorded: Recorded, suffix: str) -> bytes:
    return work(recorded, suffix).content
