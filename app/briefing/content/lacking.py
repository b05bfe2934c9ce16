"""What is lacking: targets not reached, reports outstanding, what a county has to do."""

from __future__ import annotations

from collections.abc import Sequence

from app import catalogue, levels, palette, periods
from app.briefing import phrases, table_cells, wording
from app.briefing.content.about import About
from app.briefing.facts import DUE, OPEN, Fact, of_row
from app.briefing.parts import (
    Block,
    Heading,
    Number,
    Paragraph,
    Piece,
    Quantity,
    Table,
    Told,
    Trace,
)
from app.catalogue import Dataset, Indicator
from app.profile import todo as profile_todo
from app.profile.standing import Report, Row

# named in each part of what a county has to do, which must fit on its page
MOST = {"due": 3, "not_due": 2, "worse": 2}
FURTHEST = 10  # counties furthest from a target
NAMED = 12  # counties named one by one; more are counted
SHORT = (*DUE, OPEN)


def todo(about: About) -> list[Block] | None:
    """What a county has to do; None for a group of areas."""
    if about.place.level != "county":
        return None
    found = profile_todo.of(about.standing())
    asked = set(about.names) if about.request.indicators else None
    due, ahead, worse = (
        [row for row in rows if asked is None or row.indicator.id in asked]
        for rows in (found.targets, found.ahead, found.worse)
    )
    said = [
        _short(about, due, "due") if due else phrases.told("todo.none_due", about.lang),
        *([_short(about, ahead, "not_due")] if ahead else []),
        *([_worse(about, worse)] if worse else []),
        _outstanding(about, found.outstanding),
    ]
    return [Paragraph(phrases.paragraph(said, about.lang))]


def _short(about: About, rows: Sequence[Row], key: str) -> Told:
    """The targets a county is short of, the furthest first where they can be compared."""
    # in percentage points first: beds and points can't be compared
    ordered = sorted(
        rows, key=lambda r: (r.indicator.unit != "percent", -abs(r.told["gap"]), r.indicator.id)
    )
    parts: list[Told] = []
    for row in ordered[: MOST[key]]:
        fact = of_row(
            row.told, row.indicator, ("county", about.place.code), about.period,
            about.source.vintage, about.lang,
        )  # fmt: skip
        aim = row.indicator.target
        assert aim is not None
        said: dict[str, Piece] = {
            "indicator": wording.name(row.indicator, about.lang, short=True),
            "value": wording.value(fact),
        }
        if aim.value == 0:
            parts.append(phrases.told("todo.zero", about.lang, **said))
        else:
            side = "lower" if row.indicator.direction == "lower" else "higher"
            parts.append(
                phrases.told(
                    f"todo.{side}", about.lang, **said, gap=wording.gap(fact),
                    target=wording.target(fact),
                )
            )  # fmt: skip
    return phrases.told(
        f"todo.{key}", about.lang, count=_counted(about, len(rows), key),
        list=phrases.joined(parts, about.text("semicolon")), more=_more(about, len(rows), key),
    )  # fmt: skip


def _more(about: About, whole: int, of: str) -> Told:
    more = whole - MOST[of]
    if more <= 0:
        return ()
    return phrases.told("todo.more", about.lang, count=_counted(about, more, f"more_{of}"))


def _counted(about: About, amount: int, of: str) -> Number:
    """How many of the county's indicators or reports something holds of."""
    trace = Trace(
        "", "county", about.place.code, about.period, about.source.vintage, "count", float(amount),
        of=of,
    )  # fmt: skip
    return Number(str(amount), trace)


def _outstanding(about: About, reports: Sequence[Report]) -> Told:
    shown = [r for r in reports if not about.request.indicators or r.dataset in _asked(about)]
    if not shown:
        return phrases.told("todo.all_reported", about.lang)
    parts: list[Told] = []
    for report in shown:
        label = report.dataset.label(about.lang)
        if report.period is None:
            parts.append(phrases.told("todo.never", about.lang, dataset=label))
        else:
            last = periods.label(report.period, about.lang)
            parts.append(phrases.told("todo.last", about.lang, dataset=label, period=last))
    return phrases.told(
        "todo.outstanding", about.lang, count=_counted(about, len(shown), "outstanding"),
        list=phrases.joined(parts, about.text("list")),
    )  # fmt: skip


def _asked(about: About) -> list[Dataset]:
    return [catalogue.load().dataset_of[name] for name in about.names]


def _worse(about: About, rows: Sequence[Row]) -> Told:
    parts: list[Told] = [
        phrases.told(
            "todo.trend", about.lang, sign=row.trend.sign(about.lang),
            indicator=wording.name(row.indicator, about.lang, short=True),
        )
        for row in rows[: MOST["worse"]]
    ]  # fmt: skip
    return phrases.told(
        "todo.worse", about.lang, count=_counted(about, len(rows), "worse"),
        list=phrases.joined(parts, about.text("list")), more=_more(about, len(rows), "worse"),
    )  # fmt: skip


def targets(about: About) -> list[Block] | None:
    """By indicator, who has not reached a target that is due, or how far from it they are."""
    if about.place.level == "county":
        return None
    blocks: list[Block] = []
    for indicator in about.indicators:
        facts = [f for f in about.by_county[indicator.id] if f.known]
        if indicator.target is None or not facts:
            continue
        due = _off(facts, DUE)
        ahead = _off(facts, (OPEN,))
        blocks.append(Paragraph(_off_target(about, indicator, facts, due, ahead)))
    return blocks


def _off(facts: Sequence[Fact], statuses: Sequence[str]) -> list[Fact]:
    """Those short of a target, the furthest first."""
    off = [fact for fact in facts if fact.target_status in statuses]
    return sorted(off, key=lambda fact: (-abs(fact.gap or 0.0), fact.code))


def _off_target(
    about: About, indicator: Indicator, facts: Sequence[Fact], due: Sequence[Fact],
    ahead: Sequence[Fact],
) -> Told:  # fmt: skip
    lang, some = about.lang, facts[0]
    group = about.facts(about.scope)[indicator.id]
    off = due or ahead
    values: dict[str, Piece] = {
        "indicator": wording.name(indicator, lang), "target": wording.target(group),
        "observed": wording.count(group, len(facts), "observed", within=about.within),
        "observed_areas": wording.areas_of(len(facts), some.reporters, lang),
        "areas": wording.areas_of(len(off), some.reporters, lang),
    }  # fmt: skip
    if not off:
        return phrases.sentence(phrases.told("short_of.none", lang, **values), lang=lang)
    of = "missed" if due else "not_due"
    number = wording.count(group, len(off), of, within=about.within)
    parts = [_named(about, fact) for fact in off[:NAMED]]
    more: Told = ()
    if len(off) > NAMED:
        left = len(off) - NAMED
        rest = wording.count(group, left, f"more_{of}", within=about.within)
        word = wording.areas_of(left, some.reporters, lang)
        more = phrases.told("short_of.more", lang, count=rest, areas=word)
    return phrases.sentence(
        phrases.told(
            f"short_of.{of}", lang, **values, count=number, more=more,
            list=phrases.joined(parts, about.text("list")),
        ),
        lang=lang,
    )  # fmt: skip


def _named(about: About, fact: Fact) -> Told:
    name = levels.units(fact.reporters)[fact.code].label(about.lang)
    aim = fact.indicator.target
    assert aim is not None
    number = wording.value(fact) if aim.value == 0 else wording.gap(fact)
    key = "short_of.one_zero" if aim.value == 0 else "short_of.one"
    return phrases.told(key, about.lang, name=name, amount=number)


def gaps(about: About) -> list[Block] | None:
    """Of each indicator with a target, the counties furthest from it in a table."""
    if about.place.level == "county":
        return None
    blocks: list[Block] = []
    for indicator in about.indicators:
        off = _off([f for f in about.by_county[indicator.id] if f.known], SHORT)
        if indicator.target is None or not off:
            continue
        shown = off[:FURTHEST]
        units = levels.units(off[0].reporters)
        rows = tuple(
            (
                (units[f.code].label(about.lang),), table_cells.cell(f), table_cells.gap_cell(f),
                (_verdict(f),),
            )
            for f in shown
        )  # fmt: skip
        head = (
            about.text(f"head.{off[0].reporters}"), table_cells.head(indicator, about.lang),
            about.text("head.gap"), about.text("head.verdict"),
        )  # fmt: skip
        group = about.facts(about.scope)[indicator.id]
        number = wording.count(group, len(off), "short", within=about.within)
        blocks += [
            Heading(indicator.label(about.lang), 2),
            Paragraph(
                phrases.told(
                    "gaps", about.lang, count=number, target=wording.target(group),
                    areas=wording.areas_of(len(off), off[0].reporters, about.lang),
                )
            ),
            Table(
                about.text("caption.gaps", indicator=indicator.label(about.lang),
                           period=about.when),
                head, rows, (0.34, 0.22, 0.24, 0.2),
            ),
        ]  # fmt: skip
    return blocks


def _verdict(fact: Fact) -> str:
    sign = palette.STATUSES[fact.target_status].sign
    return f"{sign} {phrases.text(f'verdict.{fact.target_status}', fact.lang)}"


def reporting(about: About) -> list[Block]:
    """By dataset how many of how many have reported, and who has not."""
    known = catalogue.load()
    rows: list[tuple[Told, ...]] = []
    nobody: list[str] = []
    for name, found in about.reporting().items():
        dataset = known.dataset(name)
        absent = [row["area_code"] for row in found if not row["reported"]]
        if len(absent) == len(found):
            nobody.append(dataset.label(about.lang))
            continue
        rows.append(
            (
                (dataset.label(about.lang),),
                (_reported(about, dataset, len(found) - len(absent), "areas_reporting"),),
                (_reported(about, dataset, len(found), "areas_expected"),),
                (_absent(about, dataset, absent),),
            )
        )
    blocks: list[Block] = []
    if nobody:
        names = str(phrases.listed([(each,) for each in nobody], about.lang)[0])
        blocks.append(Paragraph(phrases.told("nobody", about.lang, datasets=names)))
    if rows:
        head = tuple(about.text(f"head.{n}") for n in ("dataset", "reported", "expected", "absent"))
        caption = about.text("caption.reporting", period=about.when)
        blocks.append(Table(caption, head, tuple(rows), (0.3, 0.1, 0.1, 0.5)))
    return blocks


def _reported(about: About, dataset: Dataset, amount: int, quantity: Quantity) -> Number:
    trace = Trace(
        dataset.id, about.scope.level, about.scope.code, about.period, about.source.vintage,
        quantity, float(amount),
    )  # fmt: skip
    return Number(str(amount), trace)


def _absent(about: About, dataset: Dataset, codes: Sequence[str]) -> str:
    if not codes:
        return about.text("all_reported")
    units = levels.units(dataset.level)
    return str(
        phrases.joined([(units[code].label(about.lang),) for code in codes], about.text("list"))[0]
    )
