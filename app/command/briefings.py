"""The ledger of briefings: which were made, what has changed in them, and making one again."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from app import settings
from app.command.options import Json, Output
from app.command.options import lang as language
from app.command.printing import say, show_json, show_rows, tell
from app.i18n import t

BriefingId = Annotated[str, typer.Argument(metavar="BRIEFING", help="Its id in the ledger.")]


def briefings(as_json: Json = False) -> None:
    """The briefings that were made, newest first."""
    from app.briefing import ledger

    rows = [dataclasses.asdict(head) for head in ledger.listed(settings.load())]
    shown = (
        "id",
        "at",
        "by",
        "kind",
        "area_code",
        "period",
        "audience",
        "vintage",
        "numbers",
        "title",
    )
    if as_json:
        show_json(rows)
    else:
        show_rows(rows, False, False, shown)


def changed(briefing: BriefingId, as_json: Json = False) -> None:
    """Which numbers of a briefing have changed since it was made, and by which submissions."""
    from app import view
    from app.briefing import changed as changes
    from app.briefing import ledger, traced

    spoken = language()
    recorded = ledger.opened(settings.load(), briefing)
    source, stamp = view.current(audience=recorded.briefing.request.audience)
    found = changes.since(recorded, source, stamp)
    if as_json:
        show_json([_plain(each) for each in found])
        return
    count = len(recorded.briefing.numbers())
    if not found:
        tell(t("briefings.same", spoken, count=count))
        return
    tell(t("briefings.differ", spoken, count=count, changed=len(found)))
    for each in found:
        trace = each.old.trace
        by = " ".join(f"{s.id} {s.note}".strip() for s in each.by)
        now = each.new.shown if each.new else t(f"briefings.{each.reason}", spoken)
        tell(
            "  ".join(
                (
                    traced.indicator(trace, spoken), traced.area(trace, spoken),
                    trace.period, traced.what(trace, spoken),
                    f"{each.old.shown} → {now}",
                    by or t(f"briefings.{each.reason}", spoken),
                )
            )
        )  # fmt: skip


def rebrief(
    briefing: BriefingId,
    output: Output,
    updated: Annotated[
        bool, typer.Option("--updated", help="With the latest numbers, changes marked.")
    ] = False,
) -> None:
    """Make a briefing of the ledger again, word for word or brought up to date."""
    from app.briefing import ledger, make

    recorded = ledger.opened(settings.load(), briefing)
    suffix = output.suffix.lower()
    made = make.updated(recorded, suffix) if updated else make.again(recorded, suffix)
    output.write_bytes(made.content)
    for line in made.lacking:
        say(line)
    say(t("command.written", language(), file=output))


def _plain(each: object) -> dict[str, object]:
    from app.briefing.changed import ChangedNumber

    assert isinstance(each, ChangedNumber)
    trace = dataclasses.asdict(each.old.trace)
    return {
        **{name: trace[name] for name in trace if name not in ("value", "vintage")},
        "then": each.old.trace.value,
        "now": each.new.trace.value if each.new else None,
        "then_shown": each.old.shown,
        "now_shown": each.new.shown if each.new else None,
        "difference": each.difference,
        "reason": each.reason,
        "submissions": [dataclasses.asdict(s) for s in each.by],
    }
