"""What is doubtful among the figures stored for a quarter; docs/decisions/0023 has the method."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import queries
from app import areas, catalogue, peers, scopes
from app.catalogue import Catalogue
from app.kept import kept
from app.serving import Serving

if TYPE_CHECKING:
    import pyarrow as pa

# a rule broken; a zero that can hardly be; a row copied; an indicator far from its own history or
# from its peers; one measure that stands still
Kind = Literal["rule", "zero", "row", "own", "peers", "run"]
KINDS: tuple[Kind, ...] = get_args(Kind)  # the worst first
AT_ONCE = 4_000  # areas times datasets that a question is put of: more take more than 50 ms


@dataclass(frozen=True)
class Finding:
    """One doubt about an area's figures of a quarter.

    It is about an indicator, a measure (as its cells are named), or with neither a whole row.
    `against` is the median or the amount it is held against, `z` the distance in robust standard
    deviations, `count` the quarters or peers behind it or the figures that repeat, and
    `peers_middle` the peers' median of a zero. `vintage` and `explanation` are of the submission
    that stored it last. What is not known is None.
    """

    kind: Kind
    dataset: str
    area_code: str
    period: str
    sample: bool
    measure: str | None = None
    indicator: str | None = None
    value: float | None = None
    against: float | None = None
    z: float | None = None
    count: int | None = None
    peers_middle: float | None = None
    rule: str | None = None
    severity: Literal["error", "warning"] = "warning"
    vintage: int | None = None
    explanation: str | None = None

    @property
    def rank(self) -> tuple[Any, ...]:
        """Its place among others, the worst first."""
        same = ("own", "peers")  # of one scale
        kind = "own" if self.kind in same else self.kind
        far = abs(self.z) if self.z is not None else self.count or 0
        place = (KINDS.index(kind), self.severity != "error", -far)
        return (*place, self.dataset, self.area_code, self.measure or "", self.indicator or "")


def of(source: Serving, stamp: str, period: str) -> Sequence[Finding]:
    """All findings of a quarter, the worst first; shared by all sessions: change nothing."""
    return _of(stamp, period, source)


def inside(source: Serving, stamp: str, period: str, scope: str) -> list[Finding]:
    """The findings about those who report in a scope, the worst first."""
    known = catalogue.load().datasets
    wanted = {level: set(scopes.members(scope, level)) for level in get_args(areas.Level)}
    return [
        finding
        for finding in of(source, stamp, period)
        if finding.area_code in wanted[known[finding.dataset].level]
    ]


def of_dataset(source: Serving, stamp: str, period: str, dataset_id: str) -> Sequence[Finding]:
    """Those of one dataset; worked out anew only where something of its group was stored."""
    (group,) = (each for each in _groups(catalogue.load()) if dataset_id in each)
    return [f for f in _of_group(source, stamp, period, group) if f.dataset == dataset_id]


@kept(64)
def _of(stamp: str, period: str, _source: Serving) -> Sequence[Finding]:
    found = [
        finding
        for group in _groups(catalogue.load())
        for finding in _of_group(_source, stamp, period, group)
    ]
    return sorted(found, key=lambda finding: finding.rank)


def _of_group(
    source: Serving, stamp: str, period: str, group: tuple[str, ...]
) -> Sequence[Finding]:
    states = tuple(source.state(dataset_id, period) or stamp for dataset_id in group)
    return _of_states(catalogue.load(), group, states, period, source)


@kept(1024)
def _of_states(
    known: Catalogue, group: tuple[str, ...], states: tuple[str, ...], period: str,
    _source: Serving,
) -> Sequence[Finding]:  # fmt: skip
    return sorted(_found(_source, period, known, group), key=lambda finding: finding.rank)


@kept(4)
def _groups(known: Catalogue) -> Sequence[tuple[str, ...]]:
    """The datasets that are looked at at once: of one level, and few where its areas are many."""
    groups: list[list[str]] = []
    for level in get_args(areas.Level):
        most = max(1, AT_ONCE // max(1, len(scopes.members(areas.PROVINCE, level))))
        names = [each.id for each in known.datasets.values() if each.level == level]
        groups += [names[start : start + most] for start in range(0, len(names), most)]
    return [tuple(group) for group in groups]


def _found(
    source: Serving, period: str, known: Catalogue, group: Sequence[str]
) -> Iterator[Finding]:
    limits, level = known.quality, known.dataset(group[0]).level
    cursor = source.cursor()
    cursor.register("peer", _peers(level, source))

    def ask(name: str, **values: Any) -> list[dict[str, Any]]:
        asked = {"datasets": list(group), "period": period, **values}
        return queries.rows(f"quality/{name}", cursor, **asked)

    rules = {f"{d}.{rule.id}": rule for d in group for rule in known.dataset(d).rules}
    if rules:
        broken = ask(
            "broken_rule", rules=list(rules), measures=[rule.measure for rule in rules.values()]
        )
        for row in broken:
            severity = rules[f"{row['dataset_id']}.{row['rule']}"].severity
            yield _finding("rule", period, row, rule=row["rule"], severity=severity)
    zeros = ask("doubtful_zero", **limits.doubtful_zero.model_dump()) if level == "county" else []
    found: tuple[tuple[Kind, list[dict[str, Any]]], ...] = (
        ("zero", zeros),
        ("row", ask("repeated_row", **limits.repeated_row.model_dump())),
        ("run", ask("repeated_run", **limits.repeated_run.model_dump())),
    )
    for kind, rows in found:
        yield from (_finding(kind, period, row) for row in _numeric(rows, known))
    for row in ask("outlier", level=level, **limits.outlier.model_dump()):
        yield _finding(row["held_against"], period, row)


@kept(4)
def _peers(level: areas.Level, _source: Serving) -> pa.Table:
    """Each county with each of those most alike it; other levels have no peers."""
    alike = peers.of_all(_source) if level == "county" else {}
    own_codes = [code for code, others in alike.items() for _ in others]
    peer_codes = [other for others in alike.values() for other in others]
    return queries.run(
        "quality/peer", _source.cursor(), own_codes=own_codes, peer_codes=peer_codes
    ).to_arrow_table()


def _numeric(rows: Iterable[dict[str, Any]], known: Catalogue) -> Iterator[dict[str, Any]]:
    """Rows of amounts, and of whole rows: of a date or a choice nothing repeats in vain."""
    for row in rows:
        measure = row["measure_id"]
        if measure is None or known.dataset(row["dataset_id"]).measure(measure).numeric:
            yield row


def _finding(kind: Kind, period: str, row: Mapping[str, Any], **more: Any) -> Finding:
    return Finding(
        kind, row["dataset_id"], row["area_code"], period, bool(row["sample"]),
        row["measure_id"], row["indicator_id"], _number(row["value"]), _number(row["against"]),
        _number(row["z"]), row["count"], _number(row.get("peers_middle")),
        vintage=row["vintage"], explanation=(row["explanation"] or "").strip() or None, **more,
    )  # fmt: skip


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def counts(found: Iterable[Finding]) -> dict[Kind, int]:
    """How many findings there are of each kind, all kinds in their order."""
    tally = dict.fromkeys(KINDS, 0)
    for finding in found:
        tally[finding.kind] += 1
    return tally
