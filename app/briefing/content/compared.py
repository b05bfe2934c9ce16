"""Regions and counties compared: tables, ranks, and who has moved most in a year."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from app import areas, catalogue, formats, levels, reads, scopes
from app.briefing import phrases, table_cells, wording
from app.briefing.content import drawn
from app.briefing.content.about import About, Place, members
from app.briefing.content.opening import CORE, coverage_cell
from app.briefing.facts import Fact, of_row
from app.briefing.parts import Block, Heading, Number, Paragraph, Table, Told
from app.catalogue import Indicator

ENDS = 5  # first and last counties of a ranking
ACROSS = 5  # indicators side by side on a page
NAMED = 3  # counties that share a place named together; more are counted


def regions(about: About) -> list[Block] | None:
    """The regions beside each other; None where the place lies within one."""
    places = _regions(about.place)
    if not places:
        return None
    columns = [about.facts(place) for place in [*places, about.place]]
    rows = [
        (
            (table_cells.head(indicator, about.lang),),
            *(_judged(column[indicator.id]) for column in columns),
            table_cells.change_cell(columns[-1][indicator.id], "previous"),
            coverage_cell(columns[-1][indicator.id]),
        )
        for indicator in about.indicators
    ]
    names = [scopes.group_name(place.group, about.lang) for place in [*places, about.place]]
    head = [about.text("head.indicator"), *names, about.text("head.on_quarter")]
    width = round(0.42 / len(names), 3)
    blocks: list[Block] = [
        Table(
            about.text("caption.regions", period=about.when),
            (*head, about.text("head.coverage")), tuple(rows),
            (0.32, *(width for _ in names), 0.13, 0.13), about.text("table_note"),
        )
    ]  # fmt: skip
    told = [s for i in about.indicators if (s := _apart(about, i, places, columns))]
    return [Paragraph(phrases.paragraph(told, about.lang)), *blocks] if told else blocks


def _regions(place: Place) -> list[Place]:
    if place.level == "province":
        return [Place("region", region) for region in areas.REGIONS]
    if place.level == "pilot":
        found = [Place("pilot_region", f"pilot_{region}") for region in areas.REGIONS]
        return [each for each in found if members(each)]
    return []


def _judged(fact: Fact) -> Told:
    """A figure and the sign of its verdict."""
    return table_cells.with_sign(table_cells.cell(fact), fact)


def _apart(
    about: About, indicator: Indicator, places: Sequence[Place], columns: Sequence[dict[str, Fact]]
) -> Told:
    """Which region has most and which least; nothing where they can't be told apart."""
    facts = [column[indicator.id] for column in columns[: len(places)]]
    known = [(fact, place) for fact, place in zip(facts, places, strict=True) if fact.known]
    # a sum is larger where there are more counties: that says nothing
    if len(known) < 2 or indicator.denominator is None:
        return ()
    ordered = sorted(known, key=lambda each: each[0].value or 0.0)
    shown = [wording.value(fact).shown for fact, _ in ordered]
    if len(set(shown)) == 1:
        return ()
    names = [
        _together(about, [p for (f, p), s in zip(ordered, shown, strict=True) if s == end])
        for end in (shown[0], shown[-1])
    ]
    return phrases.sentence(
        phrases.told(
            "apart", about.lang, indicator=wording.name(indicator, about.lang),
            high_name=names[1], high=wording.value(ordered[-1][0]), low_name=names[0],
            low=wording.value(ordered[0][0]),
        ),
        lang=about.lang,
    )  # fmt: skip


def _together(about: About, places: Sequence[Place]) -> str:
    names = [(scopes.group_name(place.group, about.lang),) for place in places]
    return str(phrases.listed(names, about.lang)[0])


def counties(about: About) -> list[Block]:
    """The counties of the scope down, the indicators across, the whole scope first."""
    own = about.facts(about.scope)
    of = catalogue.load().dataset_of
    wanted = [i for i in about.indicators if of[i.id].level == "county"] or list(about.indicators)
    reporters = of[wanted[0].id].level
    codes = about.shown(reporters)
    if len(codes) < 2:
        return []
    cells = {name: {f.code: f for f in facts} for name, facts in about.by_county.items()}
    names = levels.units(reporters)
    blocks: list[Block] = []
    tables = -(-len(wanted) // ACROSS)
    for part in range(tables):  # about as many in each
        across = wanted[part * len(wanted) // tables : (part + 1) * len(wanted) // tables]
        rows: list[tuple[Told, ...]] = [
            (
                (scopes.group_name(about.scope.group, about.lang),),
                *(_judged(own[i.id]) for i in across),
            )
        ]
        rows += [
            ((names[code].label(about.lang),), *(_judged(cells[i.id][code]) for i in across))
            for code in codes
        ]
        heads = [table_cells.head(indicator, about.lang) for indicator in across]
        width = round(0.8 / len(across), 3)
        blocks.append(
            Table(
                about.text("caption.counties", place=_told_of(about, reporters), period=about.when),
                (about.text(f"head.{reporters}"), *heads),
                tuple(rows), (0.2, *(width for _ in across)), about.text("sign_note"),
            )
        )  # fmt: skip
    return blocks


def _told_of(about: About, reporters: areas.Level) -> str:
    """Of whom a table tells: all of the scope, or those that were picked."""
    if about.within:
        return _name(about)
    count = len(about.shown(reporters))
    name = about.text(
        "group.picked", count=count, areas=wording.areas_of(count, reporters, about.lang)
    )
    return name[:1].upper() + name[1:]


def _name(about: About) -> str:
    name = scopes.group_name(about.scope.group, about.lang)
    return name[:1].upper() + name[1:]


def ranking(about: About) -> list[Block]:
    """Of each indicator with a direction the first and the last counties, and a chart of all."""
    return _ranked(about, _ends, about.indicators)


def ranks(about: About) -> list[Block]:
    """All counties in the order of their ranks, on those picked or the first with a direction."""
    wanted = [i for i in about.indicators if i.direction != "none"]
    if not about.request.indicators:
        wanted = wanted[:1]
    return _ranked(about, lambda _, facts: (facts, ()), wanted)


def _ranked(
    about: About, chosen: Callable[[About, list[Fact]], tuple[list[Fact], Told]],
    indicators: Sequence[Indicator],
) -> list[Block]:  # fmt: skip
    blocks: list[Block] = []
    for indicator in indicators:
        facts = [f for f in about.by_county[indicator.id] if f.known]
        if indicator.direction == "none" or len(facts) < 2:
            continue
        facts.sort(key=lambda f: (about.ranks[f.indicator.id, f.code].place, f.code))
        some, more = chosen(about, facts)
        blocks.append(Heading(indicator.label(about.lang), 2))
        blocks.append(_ranking_table(about, some, ends=len(some) < len(facts)))
        if more:
            blocks.append(Paragraph(more))
        if _pictured(about, indicator):
            blocks.append(drawn.ranking_of(about, indicator))
    return blocks


def _pictured(about: About, indicator: Indicator) -> bool:
    """Whether a ranking has a chart, which takes a page: of the core datasets, or what was picked.

    There are charts of counties alone.
    """
    dataset = catalogue.load().dataset_of[indicator.id]
    if dataset.level != "county":
        return False
    return dataset.id in CORE or about.dataset is not None or bool(about.request.indicators)


def _ends(about: About, facts: list[Fact]) -> tuple[list[Fact], Told]:
    """The first and the last, and how many between them share a place with one of these."""
    if len(facts) <= 2 * ENDS:
        return facts, ()
    first, last = facts[:ENDS], facts[-ENDS:]
    group = about.facts(about.scope)[facts[0].indicator.id]
    said: list[Told] = []
    places = dict.fromkeys(_place(about, end) for end in (first[-1], last[0]))
    for place in places:
        end = next(f for f in (first[-1], last[0]) if _place(about, f) == place)
        more = sum(_place(about, f) == place for f in facts[ENDS:-ENDS])
        if more:
            rank = about.ranks[end.indicator.id, end.code]
            number = wording.count(group, more, f"more_at_{place}", within=rank.within)
            said.append(
                phrases.told(
                    "more_tied", about.lang, rank=wording.place(end, rank), count=number,
                    areas=wording.areas_of(more, end.reporters, about.lang),
                )
            )  # fmt: skip
    return first + last, phrases.paragraph(said, about.lang)


def _place(about: About, fact: Fact) -> int:
    return about.ranks[fact.indicator.id, fact.code].place


def _ranking_table(about: About, facts: Sequence[Fact], *, ends: bool) -> Table:
    lang = about.lang
    reporters = facts[0].reporters
    units = levels.units(reporters)
    rows = []
    for fact in facts:
        area = units[fact.code]
        above = area.city if lang == "zh" else area.city_en
        if reporters == "city":
            above = area.region if lang == "zh" else area.region_en
        rows.append(
            (
                (area.label(lang),), (above,), _bare_rank(fact, about), _judged(fact),
                table_cells.change_cell(fact, "previous"), table_cells.change_cell(fact, "year"),
            )
        )  # fmt: skip
    indicator = facts[0].indicator
    second = "city" if reporters == "county" else "region"
    heads = [f"head.{name}" for name in (reporters, second, "rank")]
    head = [*map(about.text, heads), table_cells.head(indicator, lang)]
    head += [about.text("head.on_quarter"), about.text("head.on_year")]
    caption = "caption.ends" if ends else "caption.ranks"
    return Table(
        about.text(caption, place=_name(about), indicator=wording.name(indicator, lang),
                   period=about.when),
        tuple(head), tuple(rows), (0.22, 0.15, 0.13, 0.2, 0.15, 0.15), about.text("table_note"),
    )  # fmt: skip


def _bare_rank(fact: Fact, about: About) -> Told:
    rank = about.ranks[fact.indicator.id, fact.code]
    shown = about.text("tied_place" if rank.tied else "place", rank=rank.place)
    return (fact.number(shown, "rank", float(rank.place), within=rank.within),)


def moves(about: About) -> list[Block] | None:
    """Who has moved most for the better and for the worse in a year, by indicator."""
    if about.place.level == "county":
        return None
    rows: list[tuple[Told, ...]] = []
    without: list[Told] = []
    of = catalogue.load().dataset_of
    for indicator in about.indicators:
        if indicator.direction == "none" or of[indicator.id].level != "county":
            continue
        frame = reads.county_progress(
            about.source, indicator.id, about.period, about.counties, about.lang
        )
        moved = frame[frame["gain"].notna()]
        if moved.empty:
            without.append((wording.name(indicator, about.lang),))
            continue
        rows.append(
            (
                (table_cells.head(indicator, about.lang),),
                _most(about, indicator, moved, "better"), _most(about, indicator, moved, "worse"),
                _moved(about, indicator, moved),
            )
        )  # fmt: skip
    blocks: list[Block] = []
    if without:
        names = phrases.listed(without, about.lang)
        blocks.append(Paragraph(phrases.told("no_moves", about.lang, indicators=names)))
    if not rows:
        return blocks
    head = tuple(about.text(f"head.{n}") for n in ("indicator", "better", "worse", "moved"))
    return [
        *blocks,
        Table(
            about.text("caption.moves", place=_told_of(about, "county"), period=about.when), head,
            tuple(rows),
            (0.26, 0.29, 0.29, 0.16), about.text("moves_note"),
        ),
    ]  # fmt: skip


def _most(about: About, indicator: Indicator, moved: pd.DataFrame, side: str) -> Told:
    """Those who gained or lost most, by how much; more than a few are counted."""
    lang = about.lang
    own = moved[moved["gain"] > 0] if side == "better" else moved[moved["gain"] < 0]
    if own.empty:
        return (about.text(f"none_{side}"),)
    most = own[own["gain"].abs() == own["gain"].abs().max()]
    parts: list[Told] = []
    for row in most.to_dict("records"):
        fact = of_row(
            row, indicator, ("county", str(row["area_code"])), about.period,
            about.source.vintage, lang,
        )  # fmt: skip
        shown = formats.change(row["change_year"], indicator.unit, lang, indicator.decimals)
        number = fact.number(shown, "change_year", float(row["change_year"]))
        parts.append(phrases.told("moved_by", lang, name=str(row["area_name"]), change=number))
    if len(parts) <= NAMED:
        return phrases.joined(parts, about.text("list"))
    fact = about.facts(about.scope)[indicator.id]
    count = wording.count(fact, len(parts), f"{side}_most", within=about.within)
    change = next(piece for piece in parts[0] if isinstance(piece, Number))
    return phrases.told(
        "moved_by_many", lang, count=count,
        areas=wording.areas_of(len(parts), "county", lang), change=change,
    )  # fmt: skip


def _moved(about: About, indicator: Indicator, moved: pd.DataFrame) -> Told:
    """How many gained and how many lost of those with a value in both years."""
    fact = about.facts(about.scope)[indicator.id]
    counts = {
        "better": int((moved["gain"] > 0).sum()),
        "worse": int((moved["gain"] < 0).sum()),
        "compared": len(moved),
    }
    numbers = {
        name: wording.count(fact, amount, name, within=about.within)
        for name, amount in counts.items()
    }
    return phrases.told("moved_cell", about.lang, **numbers)
