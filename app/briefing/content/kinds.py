"""The kinds of briefings and the sections they are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import get_args

import queries
from app import catalogue, formats, periods, scopes
from app.briefing import phrases
from app.briefing.content import about as subject
from app.briefing.content import compared, drawn, explained, lacking, opening
from app.briefing.content.about import About
from app.briefing.parts import (
    Block,
    Briefing,
    Heading,
    Kind,
    Paragraph,
    Request,
    Table,
    replaced,
    text,
)
from app.errors import UnknownName
from app.serving import Serving

Section = Callable[[About], list[Block] | None]  # None where it does not apply to the place

# in the order in which the composer offers them
SECTIONS: dict[str, Section] = {
    "definition": explained.definition,
    "standing": opening.standing,
    "core": opening.core,
    "trend": drawn.trend,
    "todo": lacking.todo,
    "regions": compared.regions,
    "counties": compared.counties,
    "ranking": compared.ranking,
    "ranks": compared.ranks,
    "map": drawn.map_of,
    "moves": compared.moves,
    "targets": lacking.targets,
    "gaps": lacking.gaps,
    "reporting": lacking.reporting,
    "sources": explained.sources,
}
# told of each county where several are picked; the others are of the whole group
OF_PLACE = ("standing", "core", "trend", "todo")
_USUAL: dict[str, tuple[str, ...]] = {
    "county": ("standing", "core", "trend", "todo"),
    "area": ("standing", "core", "counties", "ranking", "map", "moves", "targets", "reporting",
             "sources"),
    "bulletin": ("standing", "regions", "ranking", "moves", "targets", "reporting", "sources"),
    "topic": ("definition", "standing", "regions", "ranks", "counties", "trend", "gaps",
              "reporting", "sources"),
    "composed": tuple(SECTIONS),
}  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)


def sections_of(kind: Kind) -> tuple[str, ...]:
    """The sections of a kind, in their usual order."""
    return _USUAL[kind]


def section_label(name: str, lang: str) -> str:
    """The heading of a section, by which the composer offers it."""
    return phrases.text(f"section.{name}", lang)


def build(request: Request, source: Serving, stamp: str) -> Briefing:
    """The briefing that was asked for, from one vintage; source and stamp are of `view.current`.

    Raises UnknownName, BadPeriod or BadRequest, all DashboardErrors, for what can't be written.
    """
    about = subject.of(request, source, stamp)
    names = request.sections or _USUAL[request.kind]
    for name in names:
        if name not in SECTIONS:
            known = ", ".join(SECTIONS)
            raise UnknownName("error.unknown_section", name=name, names=known)
    blocks: list[Block] = []
    for name in names:
        blocks += _section(about, name, told=bool(request.sections))
    if source.outside:
        blocks = [_explained(block, about) for block in blocks]
    briefing = Briefing(
        request, _title(about), _subtitle(about), source.vintage, periods.today().isoformat(),
        False, tuple(blocks), source.hidden_below,
    )  # fmt: skip
    return _marked(briefing, about)


def _section(about: About, name: str, *, told: bool) -> list[Block]:
    """A section under its heading; one that was picked and does not apply says so."""
    lang = about.lang
    heading = Heading(section_label(name, lang))
    several = name in OF_PLACE and len(about.subjects) > 1
    found: list[Block] = []
    for place in about.subjects if name in OF_PLACE else (about.place,):
        one = about.only(place) if place != about.place else about
        blocks = SECTIONS[name](one if name in OF_PLACE else _grouped(about))
        if blocks and several:
            found.append(Heading(place.name(lang), 2))
        if blocks is None:
            if told:
                place_name = place.name(lang)
                line = about.text("left_out", section=heading.text, place=place_name)
                found.append(Paragraph((line,)))
            continue
        found += blocks
    if not found:
        if not told:
            return []
        found = [Paragraph((about.text("nothing", section=heading.text),))]
    return [heading, *found]


def _explained(block: Block, about: About) -> Block:
    """A table with figures that are withheld, with a note that says why."""
    if not isinstance(block, Table):
        return block
    mark = formats.mark("suppressed", about.lang)
    if not any(mark in text(cell) for row in block.rows for cell in row):
        return block
    notes = filter(None, [block.note, about.text("withheld_note", mark=mark)])
    return replace(block, note=about.text("space").join(notes))


def _grouped(about: About) -> About:
    """What sections on a group are about: the group a picked county is compared in."""
    if about.request.kind == "composed" and about.request.counties:
        return about.only(about.scope)
    return about


def _title(about: About) -> str:
    request = about.request
    dataset = about.dataset.label(about.lang) if about.dataset else ""
    name = about.place.name(about.lang)
    if about.place.level != "county":
        name = scopes.scope_name(about.place.code, about.lang)
    name = name[:1].upper() + name[1:]
    return about.text(f"title.{request.kind}", place=name, period=about.when, dataset=dataset)


def _subtitle(about: About) -> str:
    place = about.place.name(about.lang)
    return about.text("subtitle", period=about.when, place=place, vintage=about.vintage)


def _marked(briefing: Briefing, about: About) -> Briefing:
    """The same with a first paragraph that says which of its data are sample, if any are."""
    of = catalogue.load().dataset_of
    sample = {
        (row["dataset"], row["period"]): row["sample"]
        for row in queries.rows("periods", about.source.cursor())
    }
    used: dict[tuple[str, str], None] = {}  # datasets and quarters, in the order of the text
    for number in briefing.numbers():
        trace = number.trace
        if trace.quantity == "target" or not trace.indicator:
            continue
        dataset = of[trace.indicator].id if trace.indicator in of else trace.indicator
        used[dataset, trace.period] = None
    for chart in briefing.charts():  # a map has no numbers of its own
        used[of[chart.choices.indicator].id, chart.choices.period] = None
    marked = [key for key in used if sample.get(key)]
    if not marked:
        return briefing
    if len(marked) == len(used):
        said = about.text("sample.all")
    else:
        names = about.text("list").join(_sampled(about, marked))
        said = about.text("sample.some", datasets=names)
    first: Sequence[Block] = [Paragraph((said,))]
    return replace(replaced(briefing, [*first, *briefing.blocks]), sample=True)


def _sampled(about: About, marked: Sequence[tuple[str, str]]) -> list[str]:
    """The datasets with sample data; of some only earlier quarters, as a trend shows them."""
    now = {name for name, period in marked if period == about.period}
    names = []
    for name in dict.fromkeys(name for name, _ in marked):
        label = catalogue.load().dataset(name).label(about.lang)
        names.append(label if name in now else about.text("sample.earlier", dataset=label))
    return names
