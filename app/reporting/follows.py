"""What storing a file would change: figures, verdicts and ranks (Streamlit)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app import areas, catalogue, formats, palette, periods, scopes
from app.i18n import t
from app.intake.consequences import Crossing, Move, RankChange
from app.reporting.checked import Checked

GROUPS = ("province", "pilot", "region")  # the levels shown at once; cities and counties below
SHOWN = 300


def follows(found: Checked, lang: str) -> None:
    """The groups that move, the counties that cross a target, the ranks that change."""
    follows = found.consequences
    if follows is None:
        return
    for each in follows.retired:
        told = t("follows.retired", lang, period=periods.label(each.period, lang), areas=each.areas)
        st.warning(told, icon=":material/science_off:")
    if follows.left_out:
        st.caption(t("follows.left_out", lang, count=len(follows.left_out)))
    if not (follows.moves or follows.crossings or follows.ranks):
        st.markdown(t("follows.nothing", lang))
        return
    groups = [m for m in follows.moves if m.level in GROUPS]
    _table("groups", [_move(m, lang) for m in groups], lang)
    _table("crossings", [_crossing(c, lang) for c in _worst_first(follows.crossings)], lang)
    _table("ranks", [_rank(r, lang) for r in _most_moved(follows.ranks)], lang)
    others = [m for m in follows.moves if m.level not in GROUPS]
    if others:
        with st.expander(t("follows.others", lang, count=len(others))):
            _table("places", [_move(m, lang) for m in others], lang)


def _table(name: str, rows: Sequence[dict[str, str]], lang: str) -> None:
    if not rows:
        return
    st.markdown(f"**{t(f'follows.{name}', lang, count=len(rows))}**")
    frame = pd.DataFrame(rows[:SHOWN])
    first = str(frame.columns[0])
    st.dataframe(
        frame, hide_index=True, key=f"follows_{name}", row_height=35,
        height=min(330, 38 + 35 * len(frame)),
        column_config={first: st.column_config.TextColumn(width=170, pinned=True)},
    )  # fmt: skip
    if len(rows) > SHOWN:
        st.caption(t("reporting.shown_first", lang, shown=SHOWN, count=len(rows)))


def _record(lang: str, **cells: str) -> dict[str, str]:
    return {t(f"follows.column_{name}", lang): text for name, text in cells.items()}


def _group(level: str, code: str, lang: str) -> str:
    if level == "county":
        return scopes.county_label(code, lang)
    return scopes.scope_name(code, lang)


def _value(amount: float | None, indicator_id: str, lang: str, status: str = "observed") -> str:
    indicator = catalogue.load().indicator(indicator_id)
    return formats.value(amount, indicator.unit, lang, status, indicator.decimals)


def _named(value: str, sample: bool, lang: str) -> str:
    return t("follows.sample", lang, value=value) if sample else value


def _move(move: Move, lang: str) -> dict[str, str]:
    indicator = catalogue.load().indicator(move.indicator_id)
    difference = ""
    like = move.sample_before == move.sample  # sample is never a baseline
    if like and move.value is not None and move.value_before is not None:
        difference = formats.change(
            move.value - move.value_before, indicator.unit, lang, indicator.decimals
        )
    before = _value(move.value_before, move.indicator_id, lang, move.status_before)
    after = _value(move.value, move.indicator_id, lang, move.status)
    return _record(
        lang,
        group=_group(move.level, move.group_code, lang),
        indicator=indicator.label(lang),
        period=periods.label(move.period, lang),
        before=_named(before, move.sample_before and not move.sample, lang),
        after=after,
        difference=difference,
        coverage=t(
            "follows.coverage", lang, before=move.areas_valued_before, after=move.areas_valued,
            expected=move.areas_expected,
        ),
        previous=_value(move.value_previous, move.indicator_id, lang)
        if move.value_previous is not None else "",
    )  # fmt: skip


def _crossing(crossing: Crossing, lang: str) -> dict[str, str]:
    def verdict(status: str, value: float) -> str:
        shown = _value(value, crossing.indicator_id, lang)
        return f"{palette.STATUSES[status].sign} {shown}".strip()

    return _record(
        lang,
        group=_group(crossing.level, crossing.group_code, lang),
        indicator=catalogue.load().indicator(crossing.indicator_id).label(lang),
        period=periods.label(crossing.period, lang),
        before=verdict(crossing.target_status_before, crossing.value_before),
        after=verdict(crossing.target_status, crossing.value),
        base=t(f"follows.base_{crossing.base}", lang),
    )


def _rank(change: RankChange, lang: str) -> dict[str, str]:
    def place(rank: int, ranked: int) -> str:
        return t("follows.rank", lang, rank=rank, ranked=ranked)

    return _record(
        lang,
        group=_group("county", change.area_code, lang),
        indicator=catalogue.load().indicator(change.indicator_id).label(lang),
        period=periods.label(change.period, lang),
        among=scopes.scope_name(change.group_code, lang),
        before=place(change.rank_before, change.ranked_before),
        after=place(change.rank, change.ranked),
        base=t(f"follows.base_{change.base}", lang),
    )


def _worst_first(crossings: Sequence[Crossing]) -> list[Crossing]:
    order = {"missed": 0, "near": 1, "not_due": 2, "met": 3}
    counties = areas.load()
    return sorted(
        crossings, key=lambda c: (order.get(c.target_status, 4), c.group_code not in counties)
    )


def _most_moved(ranks: Sequence[RankChange]) -> list[RankChange]:
    return sorted(ranks, key=lambda r: -abs(r.rank - r.rank_before))
