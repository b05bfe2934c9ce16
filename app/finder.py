"""Finding a county, city, indicator or page from anywhere, and a link to what is seen (Streamlit).

The list of what can be found is fetched once by the browser and searched there.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import streamlit as st

from app import areas, assets, catalogue, menu
from app.i18n import t
from app.settings import ROOT, STATIC

KINDS = ("county", "city", "indicator", "dataset", "page")

_COMPONENT = st.components.v2.component(
    "finder",
    css=(ROOT / "app" / "finder.css").read_text("utf-8"),
    js=(
        "export default (finder) =>\n"
        f"import(new URL('app/static/{assets.script('finder')}', document.baseURI))"
        ".then((script) => script.default(finder));"
    ),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Entry:
    """What can be found: its kind, id, name, what tells it from others, other ways to write it."""

    kind: str
    id: str
    name: str
    note: str
    keys: tuple[str, ...] = ()


def show(lang: str, link: dict[str, str]) -> None:
    """Show the field and the button for a link, and go to what was picked.

    `link` is the query that opens what is seen, with all that is chosen. Before setup has built the
    scripts there is none.
    """
    if not assets.is_built():
        return
    with st.container(key="finder_place"):
        result = _mounted(lang, link)
    picked = result.get("picked")
    if picked:
        kind, _, name = picked.partition("/")
        menu.open_found(kind, name)


def _mounted(lang: str, link: dict[str, str]) -> Any:
    return _COMPONENT(
        key="finder",
        data={
            **listed(lang),
            "link": link,
            "texts": {
                name: t(f"finder.{name}", lang)
                for name in ("prompt", "label", "none", "copy", "copied", "by_hand")
            }
            | {kind: t(f"finder.kind_{kind}", lang) for kind in KINDS},
        },
        height="content",
        on_picked_change=lambda: None,
        on_returned_change=lambda: None,  # it was only to be run
    )


def listed(lang: str) -> dict[str, Any]:
    """Where the browser fetches the list; the list itself where static/ can't be written."""
    try:
        return {"index": f"app/static/{index(lang)}"}
    except OSError:
        return {"entries": written(lang)}


@cache
def index(lang: str) -> str:
    """The name of the file in static/ that lists all that can be found; written if it is not there.

    Spelling out Chinese takes a moment: the name holds what goes in, so that this is done once.
    Raises OSError where the file can't be written.
    """
    source = orjson.dumps([asdict(each) for each in entries(lang)]) + Path(__file__).read_bytes()
    name = f"finder-{lang}-{hashlib.sha256(source).hexdigest()[:12]}.json"
    path = STATIC / name
    if not path.exists():
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(orjson.dumps(written(lang)))
        unfinished.replace(path)
        for old in STATIC.glob(f"finder-{lang}-*.json"):
            if old != path:
                old.unlink(missing_ok=True)
    return name


@cache
def written(lang: str) -> list[dict[str, Any]]:
    """All that can be found, with every way to write it."""
    return [
        {"kind": e.kind, "id": e.id, "name": e.name, "note": e.note, "keys": keys_of(e)}
        for e in entries(lang)
    ]


def entries(lang: str) -> list[Entry]:
    """All that can be found, in the order in which equally good finds are shown."""
    known = catalogue.load()
    counties = [
        Entry(
            "county", a.code, a.label(lang), a.city_en if lang == "en" else a.city,
            (a.name, a.name_en, a.pinyin, a.code),
        )
        for a in areas.load().values()
    ]  # fmt: skip
    cities = [
        Entry(
            "city", code, a.city_en if lang == "en" else a.city,
            a.region_en if lang == "en" else a.region, (a.city, a.city_en, code),
        )
        for code, a in areas.cities().items()
        if code not in areas.load()
    ]  # fmt: skip
    indicators = [
        Entry(
            "indicator", i.id, i.label(lang), known.dataset_of[i.id].label(lang),
            (i.label("zh"), i.label("en"), i.short("zh"), i.short("en"), i.id),
        )
        for i in known.indicators.values()
    ]  # fmt: skip
    datasets = [
        Entry("dataset", d.id, d.label(lang), "", (d.label("zh"), d.label("en"), d.id))
        for d in known.datasets.values()
    ]
    pages = [
        Entry("page", name, t(f"menu.{name}", lang), "", (t(f"menu.{name}", "zh"), name))
        for name in menu.names()
    ]
    return [*counties, *cities, *indicators, *datasets, *pages]


def keys_of(entry: Entry) -> list[str]:
    """How an entry may be written: its names, and Chinese spelt in pinyin whole and by initials."""
    keys: dict[str, None] = {}
    for text in (entry.name, *entry.keys):
        keys[plain(text)] = None
        if not text.isascii():
            syllables = spelt(text)
            keys[plain("".join(syllables))] = None
            keys[plain("".join(syllable[0] for syllable in syllables))] = None
    return list(keys)


def spelt(text: str) -> list[str]:
    """The syllables of a Chinese text in pinyin."""
    from pypinyin import lazy_pinyin  # a quarter of a second, where the list is made anew alone

    return lazy_pinyin(text)


def plain(text: str) -> str:
    """A text as it is compared: small letters, without spaces and marks between syllables."""
    return "".join(c for c in text.lower() if c.isalnum())
