"""What figures mean and where targets come from: definitions, clauses, sources, remarks."""

from __future__ import annotations

from app import catalogue, formats, notice
from app.briefing import phrases
from app.briefing.content.about import About
from app.briefing.parts import Block, Number, Paragraph, Trace


def definition(about: About) -> list[Block]:
    """What the datasets hold, the clause each answers, and what each indicator is."""
    lang, known = about.lang, catalogue.load()
    named = {known.dataset_of[name].id for name in about.names}
    datasets = [dataset for name, dataset in known.datasets.items() if name in named]
    blocks: list[Block] = []
    for dataset in datasets:
        clause = about.text(
            "clause", notice=notice.load().number, clause=about.clause(dataset.clause),
            text=dataset.clause_text(lang),
        )  # fmt: skip
        blocks += [Paragraph((clause,)), Paragraph((dataset.definition(lang),))]
        for indicator in about.indicators:
            if known.dataset_of[indicator.id] is dataset:
                said = about.text(
                    "definition", indicator=indicator.label(lang), text=indicator.definition(lang)
                )
                caveat = indicator.caveat(lang) if indicator.caveat else ""
                blocks.append(Paragraph((about.text("space").join(filter(None, [said, caveat])),)))
    return blocks


def sources(about: About) -> list[Block]:
    """Where the targets come from, and how changes, ranks and coverage are worked out."""
    blocks: list[Block] = []
    for indicator in about.indicators:
        aim = indicator.target
        if aim is None:
            continue
        shown = formats.target(aim.value, indicator.unit, about.lang)
        trace = Trace(
            indicator.id, about.scope.level, about.scope.code, about.period, about.source.vintage,
            "target", aim.value,
        )  # fmt: skip
        blocks.append(
            Paragraph(
                phrases.told(
                    "source", about.lang, indicator=indicator.label(about.lang),
                    target=Number(shown, trace), when=formats.target_year(aim.year, about.lang),
                    source=aim.source(about.lang),
                )
            )
        )  # fmt: skip
    without = [i.label(about.lang) for i in about.indicators if i.target is None]
    if without:
        names = about.text("list").join(without)
        blocks.append(Paragraph((about.text("no_source", indicators=names),)))
    blocks.append(Paragraph((about.text("method", vintage=about.vintage),)))
    return blocks
