"""Which figures elsewhere bear the mark of a doubt, and what it says: the one place for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app import catalogue, formula
from app.catalogue import Dataset
from app.i18n import t
from app.kept import kept
from app.quality import findings, told
from app.quality.findings import Finding
from app.serving import Serving

SIGN = "⚑"
Marks = Mapping[tuple[str, str], Sequence[str]]


def of(source: Serving, stamp: str, period: str, lang: str) -> Marks:
    """The sentences on figures of a quarter, by area and indicator; absent where all is well."""
    marks: dict[tuple[str, str], Sequence[str]] = {}
    for dataset in catalogue.load().datasets.values():
        marks.update(of_dataset(source, stamp, period, dataset, lang))
    return marks


def of_dataset(source: Serving, stamp: str, period: str, dataset: Dataset, lang: str) -> Marks:
    """Those on the figures of one dataset.

    A doubt about a measure is one about every indicator made of it, one about a whole row about
    all indicators of the dataset. Shared by all sessions: change nothing. People outside are told
    of none: a sentence may say more than the figures they see.
    """
    if source.outside:
        return {}
    return _of_dataset(stamp, period, dataset.id, lang, source)


def of_area(
    source: Serving, stamp: str, period: str, area_code: str, lang: str
) -> dict[str, Sequence[str]]:
    """The sentences on the figures of one area, by indicator."""
    found = of(source, stamp, period, lang)
    return {name: lines for (code, name), lines in found.items() if code == area_code}


def by_area(
    source: Serving, stamp: str, period: str, area_codes: Iterable[str], dataset: Dataset, lang: str
) -> dict[str, list[str]]:
    """The sentences on a dataset's indicators, by area in the order given, where there is one."""
    found = of_dataset(source, stamp, period, dataset, lang)
    lines = {
        code: [line for i in dataset.indicators for line in found.get((code, i.id), ())]
        for code in area_codes
    }
    return {code: list(dict.fromkeys(told)) for code, told in lines.items() if told}


@kept(1024)
def _of_dataset(stamp: str, period: str, dataset_id: str, lang: str, _source: Serving) -> Marks:
    made_of = _made_of(catalogue.load().dataset(dataset_id))
    marks: dict[tuple[str, str], list[str]] = {}
    for finding in findings.of_dataset(_source, stamp, period, dataset_id):
        for indicator_id in _indicators(finding, made_of):
            marks.setdefault((finding.area_code, indicator_id), []).append(_line(finding, lang))
    return marks


def _made_of(dataset: Dataset) -> dict[str, set[str]]:
    """The measures of each indicator of a dataset."""
    return {
        i.id: {
            ref.measure
            for side in (i.numerator, i.denominator) if side
            for ref in formula.references(side)
        }
        for i in dataset.indicators
    }  # fmt: skip


def _indicators(finding: Finding, made_of: Mapping[str, set[str]]) -> list[str]:
    if finding.indicator is not None:
        return [finding.indicator]
    if finding.measure is None:
        return list(made_of)
    measure = finding.measure.rpartition(".")[2]
    return [name for name, measures in made_of.items() if measure in measures]


def _line(finding: Finding, lang: str) -> str:
    line = told.sentence(finding, lang)
    if finding.explanation is None:
        return line
    return t(
        "quality.with_explanation", lang, told=line, text=" ".join(finding.explanation.split())
    )
