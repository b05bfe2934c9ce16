"""Views of the page that makes briefings: what it is to be, the files, the text (Streamlit)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from app import areas, catalogue, choices, figures, formats, handout, maps, pictures, plot, scopes
from app.audience import INSIDE
from app.briefing import content, make, office, traced
from app.briefing.batch import Batch, counties, failures_told
from app.briefing.parts import (
    Briefing,
    Chart,
    Fills,
    Heading,
    Kind,
    Paragraph,
    Request,
    Table,
    text,
)
from app.errors import DashboardError
from app.i18n import t
from app.kept import kept
from app.serving import Serving
from app.view import View

REGISTERED = ("number", "issuer", "signer", "copies")
ICONS = {
    ".docx": ":material/description:", ".pdf": ":material/picture_as_pdf:",
    ".pptx": ":material/slideshow:", ".xlsx": ":material/table_view:",
}  # fmt: skip
MIME = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": handout.WORKBOOK,
}
TABLE_ROWS = 12  # of a table that are seen at once
ROW = 35  # px


def asked(view: View) -> Request | None:
    """What the reader wants: the kind, what it is about, its parts; None while that is open."""
    lang = view.lang
    kind: Kind = st.segmented_control(
        view.text("composer.kind"), required=True, label_visibility="collapsed",
        format_func=lambda name: view.text(f"briefing_text.kind.{name}"),
        **choices.kept("kind", content.KINDS, "county"),
    )  # fmt: skip
    st.caption(view.text(f"composer.about.{kind}"))
    dataset = ""
    if kind == "topic":
        known = catalogue.load().datasets
        offered = [name for name, each in known.items() if each.level == "county"]
        dataset = st.selectbox(
            view.text("composer.dataset"), width=320,
            format_func=lambda name: known[name].label(lang),
            **choices.kept("dataset", offered, offered[0], lang),
        )  # fmt: skip
    area = _about(view, kind)
    sections, indicators, inside = _parts(view, kind, dataset)
    fills = _fills(view)
    if area is None:
        return None
    return Request(
        kind, view.choices.period, area, lang, dataset=dataset, indicators=indicators,
        counties=inside, sections=sections, fills=fills, audience=choices.audience(),
    )  # fmt: skip


def _about(view: View, kind: Kind) -> str | None:
    """The code of what it is about, from the bar of choices; says what to choose where it lacks."""
    chosen = view.choices
    if kind == "county":
        if chosen.county is None:
            st.info(view.text("composer.choose_county"), icon=":material/arrow_upward:")
        return chosen.county
    if kind == "area":
        if chosen.scope in (areas.PILOT, areas.PROVINCE):
            st.info(view.text("composer.choose_area"), icon=":material/arrow_upward:")
            return None
        return chosen.scope
    return areas.PILOT if kind == "bulletin" else chosen.scope


def _parts(
    view: View, kind: Kind, dataset: str
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The sections, indicators and counties that are picked, in the order of picking."""
    lang, known = view.lang, catalogue.load()
    offered = list(dict.fromkeys([*content.sections_of(kind), *content.SECTIONS]))
    inside = [i.id for i in known.dataset(dataset).indicators] if dataset else []
    indicators = inside or choices.every_indicator()
    with st.expander(
        view.text("composer.parts"), icon=":material/tune:", expanded=kind == "composed"
    ):
        sections = st.multiselect(
            view.text("composer.sections"), help=view.text("composer.order"),
            format_func=lambda name: content.section_label(name, lang),
            placeholder=view.text("composer.usual"),
            **choices.kept_list("sections", offered, [], lang),
        )  # fmt: skip
        picked = st.multiselect(
            view.text("composer.indicators"),
            format_func=lambda name: known.indicator(name).label(lang),
            placeholder=view.text("composer.usual"),
            **choices.kept_list("indicators", indicators, [], lang),
        )
        codes: list[str] = []
        if kind != "county":
            codes = st.multiselect(
                view.text("composer.counties"),
                format_func=lambda code: scopes.county_label(code, lang),
                placeholder=view.text("composer.all_counties"),
                **choices.kept_list("areas", scopes.members(view.choices.scope), [], lang),
            )
    return tuple(sections), tuple(picked), tuple(codes)


def _fills(view: View) -> Fills:
    """The blocks of an official document that are filled in; kept for the session alone."""
    with st.expander(view.text("composer.fills"), icon=":material/stylus:"):
        st.caption(view.text("composer.fills_help"))
        given = {
            name: st.text_input(
                view.text(f"composer.fill.{name}"), key=f"fill_{name}", max_chars=60,
                placeholder=view.text(f"composer.fill_example.{name}"),
            )
            for name in REGISTERED
        }  # fmt: skip
    return Fills(**{name: (value or "").strip() for name, value in given.items()})


@kept(64)
def _built(stamp: str, request: Request, _source: Serving) -> Briefing:
    return content.build(request, _source, stamp)


def downloads(view: View, request: Request) -> None:
    """The briefing as a file of each kind; made when asked for, and entered in the ledger."""
    try:
        briefing = _built(view.stamp, request, view.source)
    except DashboardError as error:
        st.warning(error.text(view.lang), icon=":material/error:")
        return
    writer, browser = office.found(), pictures.browser_found()
    with st.container(horizontal=True, key="briefing_files"):
        for suffix in make.SUFFIXES:
            handout.button(
                view.text(f"composer.file.{suffix[1:]}"),
                partial(_bytes, request, suffix, choices.as_of()),
                make.file_name(briefing, suffix), MIME[suffix], on_click="ignore",
                icon=ICONS[suffix], key=f"briefing{suffix}",
                disabled=suffix == ".pdf" and not writer,
                type="primary" if suffix == ".docx" else "secondary",
            )  # fmt: skip
    if not writer:
        st.caption(view.text("composer.no_office"))
    if not browser:
        st.caption(view.text("composer.no_browser"))
    st.caption(view.text("composer.entered"))


def _bytes(request: Request, suffix: str, as_of: str) -> bytes:
    return make.one(request, suffix, as_of).content


def preview(view: View, request: Request) -> None:
    """The briefing as it reads, and where each of its numbers comes from."""
    try:
        briefing = _built(view.stamp, request, view.source)
    except DashboardError:
        return  # said above
    with st.container(border=True, key="briefing_text"):
        st.subheader(briefing.title, anchor=False)
        st.caption(briefing.subtitle)
        for place, block in enumerate(briefing.blocks):
            _SHOWN[type(block)](view, block, place)
    _traces(view, briefing)


def _heading(_view: View, block: Heading, _place: int) -> None:
    st.markdown(f"{'#' * (block.level + 3)} {formats.plain(block.text)}")


def _paragraph(_view: View, block: Paragraph, _place: int) -> None:
    st.markdown(formats.plain(text(block.told)))


def _table(view: View, block: Table, place: int) -> None:
    st.caption(block.caption)
    shown = pd.DataFrame([[text(cell) for cell in row] for row in block.rows], columns=block.head)
    first, *others = block.head
    st.dataframe(
        shown, hide_index=True, key=f"briefing_table_{place}",
        height=(min(TABLE_ROWS, len(block.rows)) + 1) * ROW + 3, row_height=ROW,
        column_config={first: st.column_config.TextColumn(pinned=True)}
        | {name: st.column_config.TextColumn(alignment="right") for name in others},
    )  # fmt: skip
    if block.note:
        st.caption(block.note)


def _chart(view: View, block: Chart, place: int) -> None:
    figure = figures.drawn(block.kind, view.source, view.stamp, block.choices)
    config = maps.plotly_config(view.lang, block.caption)
    plot.show(_packed(view.stamp, block, config, figure), key=f"briefing_figure_{place}")
    st.caption(block.caption)


@kept(256)
def _packed(stamp: str, block: Chart, _config: dict[str, object], _figure: object) -> bytes:
    return plot.packed(_figure, _config, alt=block.alt)


_SHOWN: dict[type, Callable[..., None]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Table: _table,
    Chart: _chart,
}


def _traces(view: View, briefing: Briefing) -> None:
    """Where each number comes from."""
    numbers, lang = briefing.numbers(), view.lang
    with st.expander(
        view.text("composer.traces", count=len(numbers)), icon=":material/account_tree:"
    ):
        heads = ("shown", "indicator", "where", "when", "what", "exact")
        shown = pd.DataFrame(
            [
                (
                    number.shown, traced.indicator(number.trace, lang),
                    traced.area(number.trace, lang), traced.period(number.trace, lang),
                    traced.what(number.trace, lang), traced.value(number, lang),
                )
                for number in numbers
            ],
            columns=[view.text(f"official.{name}") for name in heads],
        )  # fmt: skip
        st.dataframe(shown, hide_index=True, key="briefing_traces", height=360)


def batch(view: View, request: Request | None) -> None:
    """The same briefing for every county of the scope, in one zip: start, progress, cancel."""
    lang = view.lang
    codes = scopes.members(view.choices.scope)
    st.subheader(view.text("composer.batch"), anchor=False)
    st.caption(
        view.text(
            "composer.batch_about", count=len(codes),
            scope=scopes.scope_label(view.choices.scope, lang),
        )
    )  # fmt: skip
    work = st.session_state.get(_batch_key())
    if isinstance(work, Batch):
        if work.finished:
            _finished(work, lang)
        else:
            _at_work(lang)
        return
    usual = Request(
        "county", view.choices.period, "", lang, fills=_kept_fills(), audience=choices.audience()
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        suffix = st.segmented_control(
            view.text("composer.batch_files"), make.SUFFIXES, default=".docx", required=True,
            key=f"batch_suffix_{lang}",
            format_func=lambda each: view.text(f"composer.file.{each[1:]}"),
        )  # fmt: skip
        st.button(
            view.text("composer.batch_start", count=len(codes)), icon=":material/play_arrow:",
            on_click=_start, args=(counties(codes, request or usual), suffix, lang),
        )  # fmt: skip


def _kept_fills() -> Fills:
    return Fills(**{n: str(st.session_state.get(f"fill_{n}") or "") for n in REGISTERED})


def _start(requests: list[Request], suffix: str, lang: str) -> None:
    st.session_state[_batch_key()] = Batch(requests, suffix, choices.as_of(), "", lang)


@st.fragment(run_every=1.0)
def _at_work(lang: str) -> None:
    """How far the batch is, and the way to end it."""
    work: Batch | None = st.session_state.get(_batch_key())
    if work is None or work.finished:
        st.rerun()
    told = t("composer.batch_progress", lang, done=work.done, total=work.total)
    st.progress(work.done / max(1, work.total), text=told)
    st.button(
        t("composer.batch_cancel", lang), on_click=work.cancel, icon=":material/stop:",
        disabled=work.cancelled, key="batch_cancel",
    )  # fmt: skip


def _finished(work: Batch, lang: str) -> None:
    """What the batch has made, what failed, and the way to another."""
    key = "composer.batch_cancelled" if work.cancelled else "composer.batch_done"
    st.success(t(key, lang, made=work.made, total=work.total), icon=":material/task_alt:")
    if work.failures:
        lines = "  \n".join(map(formats.plain, failures_told(work.failures, lang)))
        st.warning(t("composer.batch_failed", lang, count=len(work.failures)) + f"  \n{lines}")
    with st.container(horizontal=True):
        handout.button(
            t("composer.batch_zip", lang), work.path.read_bytes, t("composer.batch_name", lang),
            "application/zip", on_click="ignore", icon=":material/folder_zip:", type="primary",
            disabled=not work.made, key="batch_zip",
        )  # fmt: skip
        st.button(
            t("composer.batch_again", lang), on_click=_forget, icon=":material/restart_alt:",
            key="batch_again",
        )  # fmt: skip


def _forget() -> None:
    del st.session_state[_batch_key()]


def _batch_key() -> str:
    """Where a batch is kept: one for people inside is not there among figures for publication."""
    return "batch" if choices.audience() == INSIDE else "batch_public"
