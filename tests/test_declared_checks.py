"""Checks are declared in the catalogue; a mistake is refused by file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from test_catalogue import edit, refusal

from app import catalogue, settings
from app.catalogue import Catalogue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real catalogue that a test may break."""
    return Path(shutil.copytree(settings.CATALOGUE, tmp_path / "catalogue"))


@pytest.fixture
def real() -> Catalogue:
    return catalogue.load()


# each: old text, new text, where to begin looking, words of the message and how far below the old
# text they point
BROKEN_CHECKS = {
    "an unknown key": ("  gives_way: true", "  weight: true", None, "weight", 0),
    "an unknown severity": ("severity: error", "severity: hint", None, "'error' or 'warning'", 0),
    "no English message": ("    en: 'The ind", "    fr: 'The ind", "above_100:", "en", -2),
    "a limit too many": ("    share: 0.5", "    share: 0.5\n    most: 1", None, "areas, share", -4),
    "a limit too few": ("    share: 0.5\n", "", None, "areas, share", -4),
    "a limit below zero": ("share: 0.5", "share: -1", None, "greater than or equal to 0", 0),
    "a check without a query": ("above_100:", "above_101:", None, "no queries/checks/above_101", 0),
    "messages that take different values": (
        "{numerator} of", "{value} of", None, "different values", -2,
    ),
    "a message that is no pattern": ("{numerator} of", "{numerator of", None, "field name", -2),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN_CHECKS)
def test_a_broken_check_is_refused_with_file_and_line(folder: Path, case: str) -> None:
    old, new, at, words, below = BROKEN_CHECKS[case]
    line = edit(folder, "checks.yaml", old, new, at=at)
    message = refusal(folder)
    assert words in message
    assert message.startswith(f"checks.yaml, line {line + below}: ")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("unusual_changes: {factor: 8}", "there is no check unusual_changes"),
        ("unusual_change: {factors: 8}", "unusual_change has no limit factors"),
        ("unusual_change: {factor: -8}", "greater than or equal to 0"),
        ("unusual_change: on", "valid dictionary"),
    ],
)
def test_a_dataset_changes_only_limits_that_exist(folder: Path, change: str, words: str) -> None:
    path = folder / "care_beds.yaml"
    text = path.read_text("utf-8")
    path.write_text(f"{text}\nchecks:\n  {change}\n", "utf-8")
    message = refusal(folder)
    assert words in message
    assert message.startswith(f"care_beds.yaml, line {len(text.splitlines()) + 3}: ")


def test_a_dataset_changes_a_limit_for_itself_alone(folder: Path) -> None:
    path = folder / "care_beds.yaml"
    changes = "checks: {unusual_change: {factor: 8}, copied_quarter: off}"
    path.write_text(f"{path.read_text('utf-8')}\n{changes}\n", "utf-8")
    known = catalogue.load(folder)
    here = known.checks_of(known.dataset("care_beds"))
    elsewhere = known.checks_of(known.dataset("child_welfare"))
    assert here["unusual_change"].limits == elsewhere["unusual_change"].limits | {"factor": 8}
    assert "copied_quarter" not in here
    assert list(elsewhere) == list(known.checks)


def test_the_errors_among_the_checks_are_those_of_the_plan(real: Catalogue) -> None:
    assert {c for c, check in real.checks.items() if check.severity == "error"} == {"falling_flow"}
    assert {c for c, check in real.checks.items() if check.gives_way} == {
        "unit_slip", "unusual_level", "above_100", "unusual_change",
    }  # fmt: skip
