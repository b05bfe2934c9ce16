"""What a reader compares: up to eight counties and cities, indicators, and the view (Streamlit)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import streamlit as st

from app import areas, catalogue, choices, levels, palette, scopes
from app.areas import Level
from app.view import View

MOST = 8  # areas: as many as there are series
USUAL = 4  # areas at first
VIEWS = ("table", "trend", "scatter", "spread")


@dataclass(frozen=True)
class Chosen:
    """The areas by their codes, in order, and what is shown of them."""

    areas: tuple[str, ...]
    show: str

    @property
    def level(self) -> Level:
        """Cities are compared with cities where nothing else is chosen, else counties."""
        whole = [code for code in self.areas if code not in areas.load()]
        every = all(code in levels.units("city") for code in self.areas)
        return "city" if whole and every else "county"

    @property
    def series(self) -> dict[str, palette.Series]:
        """How each area looks, the same in every view."""
        return dict(zip(self.areas, palette.SERIES, strict=False))


def group_of(code: str, level: Level = "county") -> str:
    """An area as level/code; a city that is a county is one unless cities are asked for."""
    return f"{level}/{code}" if code in levels.units(level) else f"city/{code}"


@cache
def options() -> list[str]:
    """The codes of all counties, then of the cities that are no county."""
    return [*areas.load(), *(code for code in levels.units("city") if code not in areas.load())]


@cache
def label(code: str, lang: str) -> str:
    """The name of an area with its pinyin and code, so that each of these finds it."""
    pinyin = levels.unit(code).pinyin.lower()
    name = scopes.county_label(code, lang)
    return f"{name} {code}" if lang == "en" else f"{name} {pinyin} {code}"


def usual(view: View) -> list[str]:
    """The areas of a page opened without any: the county of the bar and a few of its scope.

    Those of its own city come first.
    """
    county = view.choices.county
    others = [code for code in scopes.members(view.choices.scope) if code != county]
    if county is None:
        return others[:USUAL]
    city = areas.load()[county].city_code
    others.sort(key=lambda code: areas.load()[code].city_code != city)
    return [county, *others][:USUAL]


def controls(view: View) -> Chosen:
    """The controls of the areas and of the view, kept in the URL."""
    lang = view.lang
    picked = st.multiselect(
        view.text("compare.areas"), format_func=lambda code: label(code, lang),
        placeholder=view.text("compare.areas_hint"),
        **choices.kept_list("areas", options(), usual(view), lang),
    )  # fmt: skip
    if len(picked) > MOST:
        st.warning(view.text("compare.too_many", count=len(picked), most=MOST))
    show = st.segmented_control(
        view.text("compare.show"), required=True, label_visibility="collapsed",
        format_func=lambda each: view.text(f"compare.view_{each}"),
        **choices.kept("show", VIEWS, VIEWS[0], lang),
    )  # fmt: skip
    return Chosen(tuple(picked[:MOST]), str(show))


def indicators(view: View) -> list[str]:
    """The control of the table's indicators: that of the bar and the leading ones beside it."""
    known = catalogue.load()
    leading = known.dataset_of[view.indicator.id].headline
    return list(
        st.multiselect(
            view.text("compare.indicators"),
            format_func=lambda name: known.indicator(name).label(view.lang),
            placeholder=view.text("compare.indicators_hint"),
            **choices.kept_list(
                "indicators", choices.every_indicator(), [view.indicator.id, *leading], view.lang
            ),
        )
    )


def axes(view: View) -> tuple[str, str]:
    """The controls of the scatter: which indicator goes across, which goes up."""
    known, every = catalogue.load(), choices.every_indicator()
    leading = known.dataset_of[view.indicator.id].headline
    rates = [i for i in (*leading, *every) if known.indicator(i).denominator is not None]
    other = next(i for i in rates if i != view.indicator.id)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        y, x = (
            st.selectbox(
                view.text(f"compare.{name}"), width=300,
                format_func=lambda each: known.indicator(each).label(view.lang),
                **choices.kept(name, every, default, view.lang),
            )
            for name, default in (("y", view.indicator.id), ("x", other))
        )  # fmt: skip
    return str(x), str(y)
