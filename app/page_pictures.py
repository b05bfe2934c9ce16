"""The figures of a page as pictures: each as PNG or SVG, or all in a zip (Streamlit).

The page tells its figures as it draws them; nothing is made before somebody asks.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import plotly.graph_objects as go
import streamlit as st

from app import handout, lettering, pictures, present
from app.errors import DashboardError
from app.i18n import t
from app.intake import kept_files

_STATE, _ZIP = "page_figures", "page_zip"


@dataclass(frozen=True)
class PageFigure:
    """A figure of the page: the name of its file, and how it is had."""

    name: str
    drawn: Callable[[], go.Figure]


def begin() -> None:
    """Forget the figures of the page before."""
    st.session_state[_STATE] = {}


def tell(place: str, name: str, drawn: Callable[[], go.Figure]) -> None:
    """A figure at a place of the page."""
    st.session_state.setdefault(_STATE, {})[place] = PageFigure(name, drawn)


def offer(lang: str) -> None:
    """One line below the page: its pictures, and the page without its controls."""
    found = list(st.session_state.get(_STATE, {}).values())
    with st.container(horizontal=True, key="page_tools"):
        if found and st.button(
            t("page_pictures.open", lang, count=len(found)), icon=":material/image:",
            key="page_pictures",
        ):  # fmt: skip
            st.session_state.pop(_ZIP, None)
            _dialog(lang)(found, lang)
        present.offer(lang)


def _dialog(lang: str) -> Callable[[Sequence[PageFigure], str], None]:
    return st.dialog(t("page_pictures.title", lang))(_listed)


def _listed(found: Sequence[PageFigure], lang: str) -> None:
    if not pictures.browser_found():
        st.warning(t("error.no_browser", lang), icon=":material/image_not_supported:")
        return
    st.caption(t("page_pictures.about", lang))
    for place, figure in enumerate(found):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                lettering.caption_of(figure.drawn()).title.replace("*", ""), width="stretch"
            )
            for kind, work in (("png", pictures.png), ("svg", pictures.svg)):
                handout.button(
                    kind.upper(), partial(_made, work, figure),
                    kept_files.clean_name(f"{figure.name}.{kind}"), on_click="ignore",
                    key=f"page_picture_{place}_{kind}",
                )  # fmt: skip
    if st.button(t("page_pictures.all", lang), icon=":material/folder_zip:", key="page_zip_make"):
        told = st.progress(0.0, text=t("page_pictures.drawing", lang))

        def progress(done: float) -> None:
            told.progress(done, text=t("page_pictures.drawing", lang))

        content, failed = archive(found, lang, progress)
        told.empty()
        st.session_state[_ZIP] = content, failed
    if _ZIP in st.session_state:
        content, failed = st.session_state[_ZIP]
        for line in failed:
            st.warning(line, icon=":material/error:")
        handout.button(
            t("page_pictures.download", lang), content, t("page_pictures.file", lang),
            "application/zip", on_click="ignore", icon=":material/download:", type="primary",
            key="page_zip_download",
        )  # fmt: skip


def _made(work: Callable[[go.Figure], bytes], figure: PageFigure) -> bytes:
    return work(figure.drawn())


def archive(
    found: Sequence[PageFigure], lang: str, tell_done: Callable[[float], None]
) -> tuple[bytes, list[str]]:
    """All figures as PNG and SVG with a list of what they say, and why any of them is not there."""
    out = io.BytesIO()
    failed: list[str] = []
    rows: list[tuple[str, ...]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for place, figure in enumerate(found, start=1):
            drawn = figure.drawn()
            caption = lettering.caption_of(drawn)
            stem = f"{place:02d} {figure.name}"
            try:
                for kind, work in (("png", pictures.png), ("svg", pictures.svg)):
                    name = kept_files.clean_name(f"{stem}.{kind}")
                    file.writestr(name, work(drawn))
                sample = t("figure.sample_note", lang) if caption.sample else ""
                rows.append(
                    (
                        kept_files.clean_name(f"{stem}.png"), caption.title, caption.subtitle,
                        caption.footer, sample, figure.name,
                    )
                )  # fmt: skip
            except DashboardError as error:
                failed.append(
                    t("page_pictures.failed", lang, name=caption.title, reason=error.text(lang))
                )
            tell_done(place / len(found))
        listed = io.StringIO(newline="")
        writer = csv.writer(listed)
        writer.writerow(
            [t(f"page_pictures.head.{n}", lang) for n in
             ("file", "title", "subtitle", "footer", "sample", "alt")]
        )  # fmt: skip
        writer.writerows(rows)
        file.writestr(t("page_pictures.list", lang), listed.getvalue().encode("utf-8-sig"))
        if failed:
            file.writestr(t("batch.failed_file", lang), "\r\n".join(failed))
    return out.getvalue(), failed
