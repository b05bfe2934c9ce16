"""What reading a file gives: its cells, and what was found or interpreted on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import ClassVar

from app.catalogue import Dataset
from app.i18n import t
from app.intake.tables import Cell


@dataclass(frozen=True)
class Finding:
    """One thing wrong or doubtful in a file; `row` is the number a person sees in it.

    `position` is the column counted from 0. An unknown area has `candidates`, codes of areas with
    the likeliest first, and `place`, the key under which Picks is to name the right one.
    """

    rule: str
    message: str
    sheet: str = ""
    row: int | None = None
    column: str | None = None
    value: Cell = None
    area_code: str | None = None
    period: str | None = None
    position: int | None = None
    candidates: tuple[str, ...] = ()
    place: str = ""


@dataclass(slots=True)  # half a million in a large file; frozen ones take seven times as long
class ReadCell:
    """One reported cell and where it stands; not to be changed once read."""

    area_code: str
    period: str
    measure_id: str
    value: float | None
    status: str
    sheet: str
    row: int
    column: str
    raw: Cell
    position: int | None = None


@dataclass(frozen=True)
class BlankRow:
    """A row of an area without any figure: not reported this time."""

    area_code: str
    period: str
    sheet: str
    row: int


@dataclass(frozen=True)
class Picks:
    """What an analyst has told us about a file.

    `areas` maps a place as the file writes it, in the form of `places.written`, to an area code.
    `period` is the period of a file that names none; a row that names another is an error.
    """

    areas: Mapping[str, str] = field(default_factory=dict)
    period: str | None = None


@dataclass
class Upload:
    """A file as read: its cells, what is wrong or doubtful with it, and what was interpreted.

    `warnings` need an explanation to pass. `picked` are the picks that were used, `texts` what the
    cells of texts say, by the number that stands for each.
    """

    file_name: str
    sha256: str
    content: bytes
    dataset: Dataset
    sample: bool = False
    rows: int = 0
    cells: list[ReadCell] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    blank_rows: list[BlankRow] = field(default_factory=list)
    picked: dict[str, str] = field(default_factory=dict)
    texts: dict[float, str] = field(default_factory=dict)

    @property
    def periods(self) -> list[str]:
        """The periods of the file, in order."""
        return sorted({cell.period for cell in self.cells})


class Gathered:
    """Findings in the order in which they were made, thousands of a kind as one.

    Those of one rule and column with one message become one that counts them when there are more
    than `same`; those of one rule and column do when more than `most` would be left.
    """

    _EACH: ClassVar[frozenset[str]] = frozenset({"blank_row"})  # one for each county, all the same
    _ROWS_NAMED: ClassVar[int] = 5

    def __init__(self, most: int, same: int) -> None:
        self._most, self._same = most, same
        self._columns: dict[tuple[str, ...], _Column] = {}
        self._number = 0

    def __bool__(self) -> bool:
        return bool(self._columns)

    def add(self, finding: Finding) -> None:
        """Take in one finding."""
        key = finding.rule, finding.sheet, finding.column or ""
        column = self._columns.setdefault(key, _Column())
        column.count(finding, self._ROWS_NAMED)
        group = column.messages.get(finding.message)
        if group is None and len(column.messages) <= self._most:
            group = column.messages[finding.message] = _Group()
        if group is not None:
            group.count(finding, self._ROWS_NAMED)
            if len(group.findings) <= self._limit(finding.rule):
                group.findings.append((self._number, finding))
        self._number += 1

    def _limit(self, rule: str) -> int:
        return self._most if rule in self._EACH else self._same

    def listed(self, lang: str) -> list[Finding]:
        """All findings, thousands of a kind as one."""
        found: list[tuple[int, Finding]] = []
        for (rule, *_), column in self._columns.items():
            kept: list[tuple[int, Finding]] = []
            for group in column.messages.values():
                if group.number > self._limit(rule):
                    number, finding = group.findings[0]
                    kept.append((number, group.told(finding, lang)))
                else:
                    kept += group.findings
            if len(kept) > self._most:
                number, finding = next(iter(column.messages.values())).findings[0]
                kept = [(number, column.told(finding, lang))]
            found += kept
        return [finding for _, finding in sorted(found, key=itemgetter(0))]


@dataclass
class _Group:
    number: int = 0
    rows: list[str] = field(default_factory=list)
    findings: list[tuple[int, Finding]] = field(default_factory=list)

    def count(self, finding: Finding, named: int) -> None:
        self.number += 1
        if finding.row is not None and len(self.rows) < named:
            self.rows.append(str(finding.row))

    def told(self, finding: Finding, lang: str) -> Finding:
        rows = t("check.and", lang).join(self.rows)
        message = t("check.many", lang, message=finding.message, count=self.number, rows=rows)
        return replace(finding, message=message)


@dataclass
class _Column(_Group):
    messages: dict[str, _Group] = field(default_factory=dict)
