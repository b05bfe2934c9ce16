"""What answers at an address that is no page's: the way to the overview, in the reader's language.

Streamlit would open its own first page there, and say in English what is missing.
"""

from __future__ import annotations

from html import escape

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app import palette
from app.i18n import LANGUAGES, t
from app.menu import HOME


class Addresses:
    """The addresses of the pages below the path that the app is served under."""

    def __init__(self, pages: frozenset[str], base: str, lang: str) -> None:
        self._pages, self._base = pages, base
        self._langs = sorted(LANGUAGES, key=lambda each: each != lang)  # the store's own first

    def elsewhere(self, path: str, query: str, headers: Headers) -> Response | None:
        """The answer for an address that is no page's; None for a page's."""
        name = path.removeprefix(self._base).strip("/")
        if name == HOME:  # its page is at the root
            return RedirectResponse(f"{self._base}/" + (f"?{query}" if query else ""), 307)
        if not name or name in self._pages:
            return None
        langs = self._langs
        if headers.get("accept-language", "").startswith("en"):
            langs = sorted(langs, key=lambda each: each != "en")
        return HTMLResponse(self._not_there(langs), 404)

    def _not_there(self, langs: list[str]) -> str:
        told = "\n".join(
            f'<p lang="{lang}">{escape(t("serve.no_page", lang))} '
            f'<a href="{self._base}/?lang={lang}">{escape(t("serve.to_overview", lang))}</a></p>'
            for lang in langs
        )
        return (
            f'<!doctype html>\n<html lang="{langs[0]}">\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width">\n'
            f"<title>{escape(t('menu.name', langs[0]))}</title>\n"
            f'<body style="font: 16px/1.6 {escape(palette.FONT)}; color: {palette.INK};'
            f' margin: 4rem auto; max-width: 36rem; padding: 0 1rem">\n{told}\n</body>\n</html>\n'
        )
