"""Whether the rules of a dataset trip on the rows that break them, and on no others."""

from __future__ import annotations

from pathlib import Path

from forms import KNOWN, RENHUA, SHIXING, Value, checked, row, table

from app import areas
from app.catalogue import Rule
from app.intake.check import Assessment
from app.settings import Settings

# For each rule, what breaks it in a good row of 始兴县 in 2023Q2, and what just does not.
Breaks = dict[str, tuple[dict[str, Value], dict[str, Value]]]


def rules_of(*dataset_ids: str) -> dict[str, tuple[str, Rule]]:
    """The rules of some datasets by dataset and rule."""
    return {
        f"{dataset_id}.{rule.id}": (dataset_id, rule)
        for dataset_id in dataset_ids
        for rule in KNOWN.dataset(dataset_id).rules
    }


def found(assessment: Assessment) -> list[tuple[str, str, str | None, str | None]]:
    """Severity, rule, area and period of every finding."""
    return [
        (severity, f.rule, f.area_code, f.period)
        for severity, findings in (
            ("error", assessment.errors),
            ("warning", assessment.warnings),
        )
        for f in findings
    ]


def trips(tmp_path: Path, store: Settings, key: str, breaks: Breaks) -> None:
    """Assert that a rule finds the row that breaks it, at its cell, and nothing in the others."""
    dataset_id, rule = rules_of(key.split(".")[0])[key]
    broken, kept = breaks[key]
    broken_row = row(SHIXING, "2023Q2", dataset_id, **broken)
    rows = [dict.fromkeys(broken_row) | row(RENHUA, "2023Q2", dataset_id), broken_row]
    assessment = checked(store, table(tmp_path / "a.csv", rows))
    assert (rule.severity, rule.id, SHIXING, "2023Q2") in found(assessment)
    assert {area for _, _, area, _ in found(assessment)} == {SHIXING}
    finding = next(f for f in assessment.errors + assessment.warnings if f.rule == rule.id)
    assert (finding.row, finding.column) == (3, rule.measure)
    assert finding.message == rule.message.zh
    rows[1] = row(SHIXING, "2023Q2", dataset_id, **kept)
    assert rule.id not in {
        r for _, r, _, _ in found(checked(store, table(tmp_path / "a.csv", rows)))
    }


def speaking_without_figures(tmp_path: Path, store: Settings, breaks: Breaks) -> set[str]:
    """The rules that find something though the figure they point at is missing from the row."""
    spoke = set()
    for dataset_id in {key.split(".")[0] for key in breaks}:
        rules = rules_of(dataset_id)
        lines = {}
        # each rule has a county of its own
        cases = [key for key in rules if key in breaks]
        for area_code, key in zip(areas.load(), cases, strict=False):
            line = row(area_code, "2023Q2", dataset_id, **breaks[key][0])
            lines[area_code, rules[key][1].id] = line | {rules[key][1].measure: None}
        columns = dict.fromkeys(name for line in lines.values() for name in line)
        path = table(tmp_path / f"{dataset_id}.csv", [columns | line for line in lines.values()])
        said = {(str(area), rule) for _, rule, area, _ in found(checked(store, path, dataset_id))}
        spoke |= {f"{dataset_id}.{rule}" for _, rule in said & lines.keys()}
    return spoke
