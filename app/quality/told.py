"""Findings in sentences."""

from __future__ import annotations

from app import catalogue, formats, levels, periods
from app.catalogue import Indicator, Measure
from app.i18n import t
from app.quality.findings import Finding


def subject(finding: Finding, lang: str) -> str:
    """What a finding is about: the indicator, the measure, or the whole row."""
    return _subject(finding, lang) or t("quality.whole_row", lang)


def sentence(finding: Finding, lang: str) -> str:
    """What is doubtful, and what it is held against."""
    named, shown = _subject(finding, lang), value(finding, lang)
    if finding.kind == "rule":
        dataset = catalogue.load().dataset(finding.dataset)
        rule = next(rule for rule in dataset.rules if rule.id == finding.rule)
        key = "told_rule" if shown else "told_rule_bare"
        return t(f"quality.{key}", lang, message=rule.message(lang), subject=named, value=shown)
    return t(
        f"quality.told_{_key(finding)}", lang, subject=named, value=shown,
        against=_amount(finding.against, finding, lang), z=far(finding.z),
        count=finding.count or 0, peers=_amount(finding.peers_middle, finding, lang),
        before=periods.label(periods.shift(finding.period, -1), lang),
    )  # fmt: skip


def _key(finding: Finding) -> str:
    if finding.z is not None:
        return f"{finding.kind}_{'above' if finding.z > 0 else 'below'}"
    found = about(finding)
    flow = isinstance(found, Measure) and found.kind == "flow"
    return f"{finding.kind}_flow" if flow else finding.kind


def title(finding: Finding, lang: str) -> str:
    """What a figure of it says: of a broken rule, whose sentence tells what to do, which figure."""
    if finding.kind != "rule":
        return sentence(finding, lang)
    return t(
        "quality.title", lang, area=area(finding, lang), subject=_subject(finding, lang),
        value=value(finding, lang), kind=t("quality.kind_rule", lang),
    )  # fmt: skip


def value(finding: Finding, lang: str) -> str:
    """The figure with its unit; the mark of what is missing where there is none."""
    return _amount(finding.value, finding, lang)


def against(finding: Finding, lang: str) -> str:
    """What it is held against, with its unit; empty where that is no number."""
    return "" if finding.against is None else _amount(finding.against, finding, lang)


def far(z: float | None) -> str:
    """The distance in standard deviations, with its sign."""
    if z is None:
        return ""
    text = formats.number(z, 1)
    return f"+{text}" if z > 0 else text


def area(finding: Finding, lang: str) -> str:
    """The name of the area that reported."""
    return levels.unit(finding.area_code).label(lang)


def about(finding: Finding) -> Indicator | Measure | None:
    """The indicator or the measure; None for a whole row."""
    known = catalogue.load()
    if finding.indicator is not None:
        return known.indicator(finding.indicator)
    if finding.measure is not None:
        return known.dataset(finding.dataset).measure(finding.measure)
    return None


def _subject(finding: Finding, lang: str) -> str:
    found = about(finding)
    return found.label(lang) if found is not None else ""


def _amount(amount: float | None, finding: Finding, lang: str) -> str:
    found = about(finding)
    if found is None or (isinstance(found, Measure) and not found.numeric):
        return ""
    # a median of counts may lie between two of them
    decimals = found.decimals if isinstance(found, Indicator) else None
    if amount is not None and decimals is None and not float(amount).is_integer():
        decimals = 1
    return formats.value(amount, found.unit, lang, decimals=decimals)
