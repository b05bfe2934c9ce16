"""The page without its controls, 16:9 or as wide as A4, for clean pictures of it (Streamlit)."""

from __future__ import annotations

import streamlit as st

from app.i18n import t

KEY = "present"  # in the URL
LAYOUTS = ("16x9", "a4")
_HIDDEN = (
    "[data-testid=stSidebar], [data-testid=stHeader], [data-testid=stExpandSidebarButton],"
    " .st-key-who, .st-key-bar, .st-key-finder, .st-key-page_tools, .st-key-past_band button,"
    " .st-key-public_band,"
    " [data-testid=stMain] :is([data-testid=stButton], [data-testid=stDownloadButton],"
    " [data-testid=stPageLink], [data-testid=stSelectbox], [data-testid=stMultiSelect],"
    " [data-testid=stButtonGroup], [data-testid=stTextInput], [data-testid=stToggle],"
    " [data-testid=stCheckbox], [data-testid=stNumberInput], [data-testid=stExpander],"
    " [data-testid=stElementToolbar], .modebar-container)"
)
_SIZES = {
    "16x9": "max-width: 1600px; min-height: min(900px, 56.25vw);",
    "a4": "max-width: 190mm; min-height: 277mm;",
}
# on a sheet figures stand below each other: half of it is too narrow for their text
_WHOLE_WIDTH = (
    ' [data-testid=stHorizontalBlock]:has(> [data-testid=stColumn] [class*="st-key-figure"])'
    " {flex-wrap: wrap}"
    ' [data-testid=stColumn]:has([class*="st-key-figure"]) {min-width: 100%; break-inside: avoid}'
)
_BACK = ".st-key-present_back"


def chosen() -> str:
    """The layout that the URL names; empty for the usual one."""
    layout = str(st.session_state.get(KEY, ""))
    return layout if layout in LAYOUTS else ""


def style(lang: str, mark: str) -> None:
    """Hide what is no content, and show the small way back, which is not printed.

    `mark` says for whom the page is, which the line that is hidden says otherwise.
    """
    layout = chosen()
    if not layout:
        return
    page = "@page {size: A4; margin: 10mm}" if layout == "a4" else "@page {size: 338mm 190mm}"
    st.html(
        f"<style>{_HIDDEN} {{display: none !important}}"
        f" [data-testid=stMainBlockContainer] {{{_SIZES[layout]} padding: 1rem 1.5rem;"
        f" margin: 0 auto}}"
        f" [data-testid=stMainBlockContainer]::before {{content: '{mark}'; font-size: .8rem}}"
        f"{_WHOLE_WIDTH if layout == 'a4' else ''}"
        f" {_BACK} {{position: fixed; top: 4px; right: 8px; z-index: 1000; width: auto}}"
        f" [data-testid=stMain] {_BACK} [data-testid=stButton] {{display: block !important}}"
        f" @media print {{{_BACK} {{display: none !important}}}} {page}</style>"
    )
    with st.container(key="present_back"):
        st.button(
            t("present.back", lang), on_click=_choose, args=("",), key="present_end",
            icon=":material/close_fullscreen:", type="tertiary", shortcut="Esc",
        )  # fmt: skip


def offer(lang: str) -> None:
    """Buttons for the layouts."""
    for layout in LAYOUTS:
        st.button(
            t(f"present.{layout}", lang), on_click=_choose, args=(layout,), type="tertiary",
            icon=":material/slideshow:" if layout == "16x9" else ":material/description:",
            key=f"present_{layout}",
        )  # fmt: skip


def _choose(layout: str) -> None:
    st.session_state[KEY] = layout
