"""Where a place stands: the opening paragraphs, and the table of its core indicators."""

from __future__ import annotations

from itertools import groupby

from app import catalogue, notice
from app.briefing import phrases, sentences, table_cells, wording
from app.briefing.content.about import PEERS, About, Place, peer_count
from app.briefing.facts import Fact, Rank, moved
from app.briefing.parts import Block, Paragraph, Table, Told
from app.catalogue import Indicator
from app.profile.standing import Row, Standing

CORE = ("care_beds", "child_welfare", "disability_allowances", "social_work_stations")


def leading(about: About) -> list[Indicator]:
    """The indicators, those of the core datasets first; all in the order asked for."""
    if about.request.indicators or about.dataset:
        return list(about.indicators)
    of = catalogue.load().dataset_of
    return sorted(about.indicators, key=lambda i: _core(of[i.id].id))


def _core(dataset_id: str) -> int:
    return CORE.index(dataset_id) if dataset_id in CORE else len(CORE)


def standing(about: About) -> list[Block]:
    """What the leading indicators say: of a county in short, of a group by the notice's clauses."""
    if about.place.level == "county":
        return [_county(about)]
    facts = about.facts(about.place)
    if about.dataset is not None:
        return [Paragraph(_told(about, [facts[name] for name in about.names]))]
    known = catalogue.load()
    blocks: list[Block] = []
    by_clause = sorted(facts.values(), key=lambda f: _clause(f.indicator))
    for _, group in groupby(by_clause, key=lambda f: _clause(f.indicator)):
        own = list(group)
        clause = known.dataset_of[own[0].indicator.id].clause
        title = notice.load().clause(clause).title(about.lang)
        start = about.text("of_clause", clause=about.clause(clause), title=title)
        blocks.append(Paragraph(phrases.merged([start, *_told(about, own)])))
    return blocks


def _clause(indicator: Indicator) -> int:
    return notice.CLAUSES.index(catalogue.load().dataset_of[indicator.id].clause)


def _told(about: About, facts: list[Fact]) -> Told:
    """A sentence for each figure, the first with the place; the quarter where the span changes."""
    said: list[Told] = []
    spans = ""
    for fact in facts:
        span = wording.when(fact)
        where = about.place.name(about.lang, fact.reporters) if not said else ""
        said.append(sentences.whole(fact, where, dated=span != spans))
        spans = span
    return phrases.paragraph(said, about.lang)


def _county(about: About) -> Paragraph:
    """The first indicator with all that is to be said, the next ones in short."""
    facts = about.facts(about.place)
    ordered = [facts[indicator.id] for indicator in leading(about)]
    if not (about.request.indicators or about.dataset):
        of = catalogue.load().dataset_of
        ordered = [f for f in ordered if of[f.indicator.id].id in CORE] or ordered[: len(CORE)]
    first, *others = ordered
    found = about.standing()
    said = [sentences.whole(first, about.place.name(about.lang), ranks=_ranks(about, found, first))]
    spans = wording.when(first)
    for fact in others:
        span = wording.when(fact)
        clauses = [
            sentences.statement(fact, dated=span != spans, short=True),
            # the table has the others
            sentences.change(fact, "previous") if moved(fact, "previous") else (),
            sentences.against_target(fact),
        ]
        said.append(phrases.sentence(*clauses, lang=about.lang))
        spans = span
    return Paragraph(phrases.paragraph(said, about.lang))


def _ranks(about: About, found: Standing, fact: Fact) -> list[Told]:
    """The places of a county among those most alike it and in its scope."""
    row = _row(found, fact)
    among = about.text("among.peers", count=peer_count(found))
    ranks = [(rank_of(row, about, PEERS), among), (rank_of(row, about), _scope(about))]
    return [sentences.ranked(fact, rank, name) for rank, name in ranks if rank is not None]


def _scope(about: About) -> str:
    return about.text(f"among.{about.scope.level}")


def _row(found: Standing, fact: Fact) -> Row | None:
    return next((row for row in found.rows if row.indicator is fact.indicator), None)


def rank_of(row: Row | None, about: About, among: str = "") -> Rank | None:
    """A place of a row of the profile among its peers, or else in the scope."""
    suffix = "_peers" if among == PEERS else ""
    if row is None or row.told[f"rank{suffix}"] is None:
        return None
    group = Place(PEERS, about.place.code) if among == PEERS else about.scope
    return Rank(
        group.group, int(row.told[f"rank{suffix}"]), int(row.told[f"ranked{suffix}"]),
        row.told[f"same{suffix}"] > 1,
    )  # fmt: skip


def core(about: About) -> list[Block]:
    """The table of the core indicators: value, changes, target, and place or coverage."""
    facts = about.facts(about.place)
    county = about.place.level == "county"
    found = about.standing() if county else None
    rows: list[tuple[Told, ...]] = []
    for indicator in about.indicators:
        fact = facts[indicator.id]
        last = (
            table_cells.rank_cell(fact, rank_of(_row(found, fact), about))
            if found is not None
            else coverage_cell(fact)
        )
        rows.append(
            (
                (table_cells.head(indicator, about.lang),), table_cells.cell(fact),
                table_cells.change_cell(fact, "previous"), table_cells.change_cell(fact, "year"),
                table_cells.target_cell(fact), last,
            )
        )  # fmt: skip
    heads = ["indicator", "value", "on_quarter", "on_year", "target"]
    last_head = f"rank_{about.scope.level}" if county else "coverage"
    head = tuple(about.text(f"head.{name}") for name in (*heads, last_head))
    return [
        Table(
            about.text("caption.core", place=about.place.name(about.lang), period=about.when),
            head, tuple(rows), (0.34, 0.13, 0.12, 0.12, 0.16, 0.13), about.text("table_note"),
        )
    ]  # fmt: skip


def coverage_cell(fact: Fact) -> Told:
    """How many areas of how many in a group have a value."""
    reporting = fact.number(str(fact.valued), "areas_valued", float(fact.valued))
    expected = fact.number(str(fact.expected), "areas_expected", float(fact.expected))
    return phrases.told("coverage_cell", fact.lang, reporting=reporting, expected=expected)
