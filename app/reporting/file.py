"""The file an analyst hands in: kept at once, found again after a lost connection (Streamlit)."""

from __future__ import annotations

import streamlit as st

from app import catalogue, formats, periods, settings
from app.errors import DashboardError
from app.i18n import t
from app.intake import drafts, ledger
from app.intake.drafts import Draft
from app.periods import SHANGHAI
from app.reporting.form import recent_quarters

# The uploader's own words are English and can't be set; these stand in their place
STYLE = """<style>
[data-testid=stFileUploaderDropzone] > span button p,
[data-testid=stFileUploaderDropzoneInstructions] span {{font-size: 0}}
[data-testid=stFileUploaderDropzone] > span button p::after
{{content: "{choose}"; font-size: 0.95rem}}
[data-testid=stFileUploaderDropzoneInstructions] span::after
{{content: "{limit}"; font-size: 0.85rem}}
</style>"""
AUTOMATIC = ""  # dataset or quarter as the file says


def at_hand(lang: str) -> Draft | None:
    """Take a file, or the one that the address names; None where there is none yet."""
    st.subheader(t("reporting.step_file", lang), anchor=False)
    choose, limit = t("reporting.choose_file", lang), t("reporting.file_limit", lang)
    st.html(STYLE.format(choose=choose, limit=limit))
    key = f"uploader_{st.session_state.get('uploads', 0)}"
    sent = st.file_uploader(
        t("reporting.file", lang), key=key, help=t("reporting.file_help", lang),
        on_change=_changed, args=(key,),
    )  # fmt: skip
    config = settings.load()
    if sent is not None:
        draft = _kept(sent.name, sent.getvalue(), lang)
        if draft is not None and st.query_params.get("file") != draft.sha256:
            st.query_params["file"] = draft.sha256
        return draft
    sha256 = st.query_params.get("file")
    if sha256:
        draft = drafts.find(config, sha256)
        if draft is None:
            _gone(sha256, lang)
        return draft
    st.caption(t("reporting.file_next", lang))
    _unfinished(lang)
    return None


def _changed(key: str) -> None:
    if st.session_state[key] is None:  # taken out of the uploader again
        st.query_params.pop("file", None)


def _kept(name: str, content: bytes, lang: str) -> Draft | None:
    try:
        return drafts.keep(settings.load(), name, content)
    except DashboardError as error:
        st.error(error.text(lang), icon=":material/error:")
        return None


def _gone(sha256: str, lang: str) -> None:
    """The address names a file that is no longer waiting: it has been stored, or dropped."""
    held = ledger.submission_of_file(settings.load(), sha256)
    if held:
        names = ", ".join(f"S{number}" for number in held)
        st.success(t("reporting.stored_already", lang, submission=names), icon=":material/check:")
    else:
        st.info(t("reporting.no_such_draft", lang), icon=":material/info:")
    st.button(t("reporting.another", lang), on_click=forget, icon=":material/add:")


def forget() -> None:
    """Begin anew, with an empty uploader."""
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
    st.session_state.pop("checked", None)
    st.query_params.pop("file", None)


def _unfinished(lang: str) -> None:
    """Files handed in but not yet stored, to go on with or to drop."""
    waiting = drafts.pending(settings.load())
    if not waiting:
        return
    st.markdown(f"**{t('reporting.unfinished', lang)}**")
    for draft in waiting[:8]:
        with st.container(horizontal=True, vertical_alignment="center"):
            when = f"{draft.kept_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
            st.markdown(f"{formats.plain(draft.file_name)}　{when}", width=420)
            st.button(
                t("reporting.go_on", lang), key=f"go_on_{draft.sha256}", on_click=_go_on,
                args=(draft.sha256,), icon=":material/arrow_forward:",
            )  # fmt: skip
            st.button(
                t("reporting.drop", lang), key=f"drop_{draft.sha256}", on_click=drafts.drop,
                args=(settings.load(), draft.sha256), icon=":material/delete:",
            )  # fmt: skip


def _go_on(sha256: str) -> None:
    st.query_params["file"] = sha256


def told(lang: str) -> tuple[str | None, str | None]:
    """Which dataset and quarter the file is of, where the analyst must say so."""
    known = catalogue.load()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dataset = st.selectbox(
            t("reporting.file_dataset", lang), [AUTOMATIC, *known.datasets], width=300,
            key="file_dataset",
            format_func=lambda name: (
                known.datasets[name].label(lang) if name else t("reporting.automatic", lang)
            ),
        )  # fmt: skip
        period = st.selectbox(
            t("reporting.file_period", lang), [AUTOMATIC, *recent_quarters()], width=200,
            key="file_period",
            format_func=lambda name: (
                periods.label(name, lang) if name else t("reporting.as_file_says", lang)
            ),
        )  # fmt: skip
    return dataset or None, period or None
