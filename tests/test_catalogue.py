"""The catalogue holds what the plan of indicators says; a mistake is refused by file and line."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import pytest

from app import catalogue, formula, settings, standards
from app.catalogue import Catalogue
from app.errors import CatalogueInvalid, UnknownName

MEASURES = {
    "care_beds": [
        "institutions",
        "beds_total",
        "beds_care",
        "public_beds_total",
        "public_beds_care",
        "care_beds_added_ytd",
        "care_beds_added_plan",
        "residents",
        "residents_disabled",
        "population_60plus",
    ],
    "child_welfare": [
        "orphans_institution",
        "orphans_scattered",
        "unattended_children",
        "standard_institution",
        "standard_scattered",
        "paid_amount_ytd",
        "paid_children",
        "applications_cross_province_ytd",
    ],
    "disability_allowances": [
        "certified_disabled",
        "hardship_eligible",
        "hardship_recipients",
        "severe_eligible",
        "severe_recipients",
        "hardship_standard",
        "severe_standard",
        "paid_amount_ytd",
        "paid_by_one_card",
    ],
    "social_work_stations": [
        "townships",
        "stations",
        "stations_standardised",
        "villages",
        "service_points",
        "social_workers",
        "social_workers_certified",
        "cases_served_ytd",
        "people_served_ytd",
    ],
}
# indicator: unit, direction, target value and year
INDICATORS = {
    "care_beds": {
        "care_bed_share": ("percent", "higher", 55, 2025),
        "public_care_bed_share": ("percent", "higher", None, None),
        "care_bed_plan_fulfilment": ("percent", "higher", 100, "each"),
        "beds_per_1000_elderly": ("beds_per_1000", "higher", None, None),
        "bed_occupancy": ("percent", "none", None, None),
        "care_beds_to_convert": ("beds", "lower", 0, 2025),
        "care_beds_to_build": ("beds", "lower", 0, 2025),
    },
    "child_welfare": {
        "child_paid_share": ("percent", "higher", 100, 2025),
        "child_amount_per_month": ("yuan_per_person_month", "none", None, None),
        "institution_standard_ratio": ("percent", "higher", 100, "each"),
        "scattered_standard_ratio": ("percent", "higher", 100, "each"),
        "institution_care_share": ("percent", "none", None, None),
        "children_supported": ("persons", "none", None, None),
        "cross_province_applications": ("cases", "none", None, None),
    },
    "disability_allowances": {
        "hardship_coverage": ("percent", "higher", 100, 2025),
        "severe_coverage": ("percent", "higher", 100, 2025),
        "hardship_standard_ratio": ("percent", "higher", 100, "each"),
        "severe_standard_ratio": ("percent", "higher", 100, "each"),
        "one_card_share": ("percent", "higher", None, None),
        "allowance_per_payment_month": ("yuan_per_payment_month", "none", None, None),
    },
    "social_work_stations": {
        "station_coverage": ("percent", "higher", 100, 2022),
        "station_standardised_share": ("percent", "higher", None, None),
        "point_coverage": ("percent", "higher", 100, 2022),
        "certified_worker_share": ("percent", "higher", None, None),
        "workers_per_station": ("persons_per_unit", "none", None, None),
        "served_per_worker": ("persons_per_worker", "none", None, None),
    },
}
ERRORS = {
    "beds_care <= beds_total",
    "public_beds_total <= beds_total",
    "public_beds_care <= public_beds_total",
    "public_beds_care <= beds_care",
    "beds_care - public_beds_care <= beds_total - public_beds_total",
    "paid_children <= orphans_institution + orphans_scattered + unattended_children",
    "hardship_recipients <= hardship_eligible",
    "severe_recipients <= severe_eligible",
    "paid_by_one_card <= hardship_recipients + severe_recipients",
    "stations_standardised <= stations",
    "social_workers_certified <= social_workers",
}
WARNINGS = {
    "residents <= beds_total",
    "care_beds_added_ytd <= beds_care",
    "standard_institution >= minimum(standard_institution)",
    "standard_scattered >= minimum(standard_scattered)",
    "hardship_standard >= minimum(hardship_standard)",
    "severe_standard >= minimum(severe_standard)",
    "stations <= townships",
    "service_points <= villages",
}


@pytest.fixture(scope="module")
def real() -> Catalogue:
    return catalogue.load()


def test_the_core_datasets_hold_the_planned_measures_in_their_order(real: Catalogue) -> None:
    for dataset_id, wanted in MEASURES.items():
        assert [m.id for m in real.dataset(dataset_id).measures] == wanted


def test_the_core_datasets_hold_the_planned_indicators_with_unit_direction_and_target(
    real: Catalogue,
) -> None:
    for dataset_id, wanted in INDICATORS.items():
        found = {
            i.id: (
                i.unit,
                i.direction,
                i.target.value if i.target else None,
                i.target.year if i.target else None,
            )
            for i in real.dataset(dataset_id).indicators
        }
        assert found == wanted


def test_datasets_stand_in_the_order_of_the_notice(real: Catalogue) -> None:
    # the tasks run through all clauses and come last
    *of_a_clause, last = real.datasets.values()
    clauses = ["一二三四五六七八九十".index(d.clause) for d in of_a_clause]
    assert clauses == sorted(clauses)
    assert last.id == "work_tasks" and len(last.clauses) == 10
    core = [d for d in real.datasets if d in MEASURES]
    assert core == ["care_beds", "child_welfare", "disability_allowances", "social_work_stations"]
    assert [real.dataset(d).clause for d in core] == ["六", "六", "六", "八"]


def test_every_planned_comparison_is_a_rule_of_its_severity(real: Catalogue) -> None:
    rules = [r for d in MEASURES for r in real.dataset(d).rules]
    assert {r.holds for r in rules if r.severity == "error"} == ERRORS
    assert {r.holds for r in rules if r.severity == "warning"} == WARNINGS


def test_only_reference_measures_are_optional_and_only_the_annual_plan_is_constant(
    real: Catalogue,
) -> None:
    measures = [m for d in MEASURES for m in real.dataset(d).measures]
    optional = {m.id: m.reference for m in measures if not m.required}
    names = ("population_60plus", "townships", "villages")
    assert optional == {name: name for name in names}
    assert [m.id for m in measures if m.constant_within_year] == ["care_beds_added_plan"]


def test_cumulative_flows_say_so_in_their_id_and_their_label(real: Catalogue) -> None:
    for dataset in real.datasets.values():
        for measure in dataset.measures:
            flow = measure.kind == "flow"
            assert measure.id.endswith("_ytd") == flow
            assert measure.label.zh.startswith("本年累计") == flow
            assert measure.label.en.endswith("year to date") == flow
            assert ("1月1日" in measure.definition.zh) == flow


def test_every_standard_has_a_provincial_minimum(real: Catalogue) -> None:
    found = [m for d in real.datasets.values() for m in d.measures if m.kind == "standard"]
    assert {
        "standard_institution",
        "standard_scattered",
        "hardship_standard",
        "severe_standard",
    } < {m.id for m in found}
    for measure in found:
        years = {minimum.year for minimum in standards.of(measure)}
        assert {2023, 2024} <= years, measure.id


def test_texts_are_in_their_own_language(real: Catalogue) -> None:
    han = re.compile(r"[一-鿿]")
    for dataset in real.datasets.values():
        texts = [dataset.label, dataset.clause_text, dataset.definition]
        for measure in dataset.measures:
            texts += [measure.label, measure.name, measure.definition]
        for view in dataset.views:
            if isinstance(view, catalogue.RemainingView):
                texts += [view.left, view.nothing, view.column]
                texts += [view.note] if view.note else []
        for rule in dataset.rules:
            texts.append(rule.message)
        for indicator in dataset.indicators:
            texts += [indicator.label, indicator.short, indicator.definition]
            texts += [indicator.caveat] if indicator.caveat else []
            texts += [indicator.target.source] if indicator.target else []
        if dataset.id == "care_beds":
            texts += [text for c in real.checks.values() for text in (c.label, c.message)]
        for text in texts:
            assert han.search(text.zh)
            assert not han.search(text.en), text.en


def test_no_text_holds_a_web_address() -> None:
    for path in settings.CATALOGUE.glob("*.yaml"):
        assert "://" not in path.read_text("utf-8")


def test_short_labels_fit_tight_places(real: Catalogue) -> None:
    for indicator in real.indicators.values():
        assert len(indicator.short.zh) <= 8
        assert len(indicator.short.en) <= 26


def test_every_measure_belongs_to_an_indicator_a_rule_or_the_context_of_one(
    real: Catalogue,
) -> None:
    context = {"institutions", "residents_disabled", "certified_disabled", "cases_served_ytd"}
    context |= {"lead_office"}  # of a task
    for dataset in real.datasets.values():
        sides = [i.numerator for i in dataset.indicators]
        sides += [i.denominator for i in dataset.indicators if i.denominator]
        if dataset.id not in MEASURES:
            sides += [rule.holds for rule in dataset.rules]
        used = {ref.measure for side in sides for ref in formula.references(side)}
        assert {m.id for m in dataset.measures} - used <= context


def test_an_unknown_name_is_refused_with_the_names_that_exist(real: Catalogue) -> None:
    with pytest.raises(UnknownName, match="care_beds, child_welfare"):
        real.dataset("carebeds")
    with pytest.raises(UnknownName, match="care_bed_share, "):
        real.indicator("care_beds")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real catalogue that a test may break."""
    return Path(shutil.copytree(settings.CATALOGUE, tmp_path / "catalogue"))


def edit(folder: Path, name: str, old: str, new: str, *, at: str | None = None) -> int:
    """Replace the first `old` after `at`; return the line on which it began."""
    path = folder / name
    text = path.read_text("utf-8")
    start = text.index(old, text.index(at) if at else 0)
    path.write_text(text[:start] + new + text[start + len(old) :], "utf-8")
    return text.count("\n", 0, start) + 1


def refusal(folder: Path) -> str:
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue.load(folder)
    return str(caught.value)


def test_a_copy_of_the_real_catalogue_loads(folder: Path) -> None:
    assert dataclasses.asdict(catalogue.load(folder)) == dataclasses.asdict(catalogue.load())


# each: old text, new text, where to begin looking, and words of the message
BROKEN = {
    "an unknown key of a measure": ("unit: beds", "units: beds", None, "unit"),
    "an unknown key of an indicator": (
        "direction: none", "polarity: none", "id: bed_occupancy", "direction",
    ),
    "an unknown unit of a measure": ("unit: beds", "unit: bed", None, "unknown unit bed"),
    "an unknown unit of an indicator": (
        "unit: percent", "unit: per cent", "indicators:", "unknown unit per cent",
    ),
    "a wrong unit": ("unit: percent", "unit: beds", "id: bed_occupancy", "factor 100"),
    "a wrong factor": ("    factor: 100\n", "", "id: care_bed_share", "factor 100"),
    "a percentage without a denominator": (
        "    denominator: beds_total\n", "", "id: care_bed_share", "needs a denominator",
    ),
    "an absent measure in a formula": (
        "numerator: beds_care", "numerator: beds_nursing", None, "no measure beds_nursing",
    ),
    "an absent measure in a rule": (
        "holds: residents <= beds_total", "holds: guests <= beds_total", None, "no measure guests",
    ),
    "a rule that points at an absent measure": (
        "measure: residents", "measure: guests", None, "no measure guests",
    ),
    "a formula that is none": (
        "numerator: residents", "numerator: residents +", None, "not a formula",
    ),
    "a formula outside the grammar": (
        "numerator: residents", "numerator: residents ** 2", None, "not allowed",
    ),
    "a comparison in an indicator": (
        "numerator: residents", "numerator: residents < beds_total", None, "no comparison here",
    ),
    "a rule without a comparison": (
        "holds: residents <= beds_total", "holds: residents", None, "a rule is one comparison",
    ),
    "quarter of a stock": (
        "numerator: residents", "numerator: quarter(residents)", None, "residents is a stock",
    ),
    "minimum of a stock": (
        "numerator: residents", "numerator: minimum(residents)", None, "residents is a stock",
    ),
    "the target of an indicator that has none": (
        "max(0, ceil((target(care_bed_share)", "max(0, ceil((target(bed_occupancy)", None,
        "bed_occupancy has no target",
    ),
    "an absent headline": (
        "- bed_occupancy", "- occupancy", "headline:", "no indicator occupancy",
    ),
    "a headline given twice": (
        "- bed_occupancy", "- care_bed_share", "headline:", "care_bed_share is there twice",
    ),
    "a number that is none": ("value: 55", "value: .nan", None, "finite number"),
    "a quarter that is none": ("quarter: 4", "quarter: 5", None, "less than or equal to 4"),
    "a number where a text is wanted": (
        "zh: 床位入住率", "zh: 1", None, "valid string",
    ),
    "an empty text": ("en: Occupancy", "en: ' '", None, "at least 1 character"),
    "an unknown clause": ("clause: 六", "clause: 十一", None, "'十'"),
    "an unknown kind": ("kind: flow", "kind: count", None, "'flow'"),
    "a count that may exceed 100": (
        "usual: {low: 0.1, high: 300}", "may_exceed_100: true", None, "only a percentage may",
    ),
    "bounds the wrong way round": (
        "usual: {low: 0.1, high: 300}", "usual: {low: 300, high: 0.1}", None, "low must be below",
    ),
    "a formula of nothing but numbers": (
        "numerator: residents", "numerator: 5 + 1", None, "names no measure",
    ),
}  # fmt: skip


# each: a view in place of those of the disability allowances, the key that is wrong, and words
VIEWS = {
    "an unknown kind": ("kind: pie", "kind", "'pie'"),
    "no kind": ("measures: [hardship_standard]", "measures", "discriminator 'kind'"),
    "an unknown key": ("kind: trend\n    colour: red", "colour", "views.0.colour: "),
    "a key that is absent": ("kind: pair", "kind", "views.0.indicators: Field required"),
    "an unknown measure": (
        "kind: funnel\n    measures: [hardship_eligible, hardship_paid]", "measures",
        "no measure hardship_paid in disability_allowances",
    ),
    "an unknown indicator": (
        "kind: gaps\n    indicators: [hardship_gap]", "indicators", "no indicator hardship_gap",
    ),
    "an indicator of another dataset": (
        "kind: gaps\n    indicators: [care_beds_to_build]", "indicators",
        "no indicator care_beds_to_build in disability_allowances",
    ),
    "two indicators of different units": (
        "kind: pair\n    indicators: [hardship_coverage, allowance_per_payment_month]",
        "indicators",
        "one unit is wanted, not percent and yuan_per_payment_month",
    ),
    "one indicator twice": (
        "kind: pair\n    indicators: [hardship_coverage, hardship_coverage]", "indicators",
        "hardship_coverage is there twice",
    ),
    "three indicators of a pair": (
        "kind: pair\n    indicators: [hardship_coverage, severe_coverage, one_card_share]",
        "indicators", "at most 2 items",
    ),
    "stages of different units": (
        "kind: funnel\n    measures: [hardship_recipients, paid_by_one_card]", "measures",
        "one unit is wanted, not persons and payments",
    ),
    "stages of different kinds": (
        "kind: funnel\n    measures: [hardship_recipients, paid_amount_ytd]", "measures",
        "one kind is wanted, not stock and flow",
    ),
    "a standard as a part": (
        "kind: parts\n    measures: [hardship_standard, severe_standard]\n    unit: yuan",
        "measures",
        "hardship_standard is a standard, which no view parts shows",
    ),
    "a count among standards": (
        "kind: standards\n    measures: [hardship_eligible]", "measures",
        "hardship_eligible is a stock, which no view standards shows",
    ),
    "an unknown unit of parts": (
        "kind: parts\n    measures: [hardship_eligible, severe_eligible]\n    unit: heads", "unit",
        "unknown unit heads",
    ),
    "another unit of parts": (
        "kind: parts\n    measures: [hardship_eligible, severe_eligible]\n    unit: beds", "unit",
        "hardship_eligible is in persons, not beds",
    ),
    "what is left of no percentage": (
        "kind: remaining\n    indicator: allowance_per_payment_month\n"
        "    left: {zh: '{count}{total}', en: '{count}{total}'}\n"
        "    nothing: {zh: 无, en: none}\n    column: {zh: 数, en: number}",
        "indicator", "allowance_per_payment_month is no percentage",
    ),
    "a heading without its number": (
        "kind: remaining\n    indicator: one_card_share\n"
        "    left: {zh: '{count}{total}', en: '{count}'}\n"
        "    nothing: {zh: 无, en: none}\n    column: {zh: 数, en: number}",
        "left", "left takes {count} and {total}",
    ),
    "a note with a number": (
        "kind: remaining\n    indicator: one_card_share\n"
        "    left: {zh: '{count}{total}', en: '{count}{total}'}\n"
        "    nothing: {zh: 无, en: none}\n    column: {zh: 数, en: number}\n"
        "    note: {zh: '{count}', en: note}",
        "note", "note takes no value",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", VIEWS)
def test_a_broken_view_is_refused_with_file_and_line(folder: Path, case: str) -> None:
    view, key, words = VIEWS[case]
    path = folder / "disability_allowances.yaml"
    text = path.read_text("utf-8")
    text = text[: text.index("\nviews:")] + f"\nviews:\n  - {view}\n"
    path.write_text(text, "utf-8")
    lines = text.splitlines()
    wrong = max(n for n, line in enumerate(lines, 1) if line.strip("- ").startswith(f"{key}:"))
    message = refusal(folder)
    assert words in message
    assert message.startswith(f"disability_allowances.yaml, line {wrong}: "), message


def test_a_dataset_that_names_no_view_has_its_trend(folder: Path) -> None:
    path = folder / "care_beds.yaml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("\nviews:")] + "\n", "utf-8")
    assert [view.kind for view in catalogue.load(folder).dataset("care_beds").views] == ["trend"]


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_entry_is_refused_with_file_and_line(folder: Path, case: str) -> None:
    old, new, at, words = BROKEN[case]
    line = edit(folder, "care_beds.yaml", old, new, at=at)
    message = refusal(folder)
    assert words in message
    found = re.match(r"care_beds\.yaml, line (\d+): ", message)
    assert found is not None, message
    # what is absent, or wrong of the entry as a whole, is reported where the entry begins
    text = (folder / "care_beds.yaml").read_text("utf-8").splitlines()
    begins = max((n for n in range(1, line + 1) if text[n - 1].startswith("  - id:")), default=line)
    assert int(found[1]) in {line, begins}


def test_an_unknown_key_points_at_the_key_itself(folder: Path) -> None:
    line = edit(folder, "care_beds.yaml", "    kind: flow", "    kind: flow\n    colour: red")
    assert refusal(folder).startswith(f"care_beds.yaml, line {line + 1}: measures.5.colour:")


def test_a_missing_translation_points_at_the_text(folder: Path) -> None:
    line = edit(folder, "care_beds.yaml", "{zh: 床位入住率, en: Occupancy}", "{zh: 床位入住率}")
    assert refusal(folder).startswith(f"care_beds.yaml, line {line}: indicators.6.short.en:")


def test_a_key_given_twice_points_at_the_second(folder: Path) -> None:
    line = edit(folder, "care_beds.yaml", "unit: beds", "unit: beds\n    unit: beds")
    assert refusal(folder) == f"care_beds.yaml, line {line + 1}: the key unit is given twice"


def test_a_target_without_its_source_is_refused(folder: Path) -> None:
    text = (folder / "care_beds.yaml").read_text("utf-8")
    start = text.index("      source:", text.index("value: 55"))
    end = text.index("  - id:", start)
    (folder / "care_beds.yaml").write_text(text[:start] + text[end:], "utf-8")
    line = text[: text.rindex("    target:", 0, start)].count("\n") + 1
    assert refusal(folder).startswith(f"care_beds.yaml, line {line}: indicators.0.target.source:")


def test_an_indicator_id_used_in_two_datasets_is_refused(folder: Path) -> None:
    line = edit(folder, "child_welfare.yaml", "- id: children_supported", "- id: bed_occupancy")
    message = refusal(folder)
    assert message == f"child_welfare.yaml, line {line}: bed_occupancy exists already"


def test_a_measure_id_used_twice_in_a_dataset_is_refused(folder: Path) -> None:
    line = edit(folder, "care_beds.yaml", "- id: residents\n", "- id: institutions\n")
    assert refusal(folder) == f"care_beds.yaml, line {line}: institutions is there twice"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("zh: 入住老年人数, en: Residents", "zh: 养老机构数, en: Residents"),
        ("zh: 入住老年人数, en: Residents", "zh: 入住老年人数, en: Beds"),
    ],
)
def test_a_label_used_twice_in_a_dataset_is_refused(folder: Path, old: str, new: str) -> None:
    line = edit(folder, "care_beds.yaml", old, new)
    message = refusal(folder)
    assert message.startswith(f"care_beds.yaml, line {line}: ")
    assert message.endswith(" is there twice")


def test_a_dataset_id_that_is_not_the_name_of_its_file_is_refused(folder: Path) -> None:
    line = edit(folder, "care_beds.yaml", "id: care_beds", "id: nursing_beds")
    message = refusal(folder)
    assert message == f"care_beds.yaml, line {line}: the id must be the file's name, care_beds"


def test_a_broken_unit_is_refused(folder: Path) -> None:
    line = edit(folder, "units.yaml", "decimals: 1", "decimal: 1")
    assert refusal(folder).startswith(f"units.yaml, line {line}: percent.")


@pytest.mark.parametrize(
    "text", ["id: [", "- a\n- b\n", "just words", "? [a, b]\n: c\n", "id: \x07\n"]
)
def test_a_file_that_is_no_mapping_is_refused(folder: Path, text: str) -> None:
    (folder / "care_beds.yaml").write_text(text, "utf-8")
    assert refusal(folder).startswith("care_beds.yaml")


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "care_beds.yaml").write_bytes("label: 护理型床位".encode("gb18030"))
    assert refusal(folder).startswith("care_beds.yaml")


def test_a_folder_without_units_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "units.yaml: no such file"


def test_counts_of_children_and_of_disabled_or_ill_persons_are_protected() -> None:
    protected = {
        dataset.id: {m.id for m in dataset.measures if m.protected}
        for dataset in catalogue.load().datasets.values()
        if any(m.protected for m in dataset.measures)
    }
    assert protected == {
        "care_beds": {"residents_disabled"},
        "child_welfare": {
            "orphans_institution", "orphans_scattered", "unattended_children", "paid_children",
            "applications_cross_province_ytd",
        },
        "disability_allowances": {
            "certified_disabled", "hardship_eligible", "hardship_recipients", "severe_eligible",
            "severe_recipients", "paid_by_one_card",
        },
        "mental_rehab": {"registered", "participants"},
        "tekun_care": {"tekun_disabled", "tekun_disabled_institution"},
    }  # fmt: skip


@pytest.mark.parametrize("measure", ["standard_institution", "paid_amount_ytd"])
def test_only_a_reported_count_is_protected(folder: Path, measure: str) -> None:
    kind = "standard" if measure.startswith("standard") else "flow"
    edit(
        folder, "child_welfare.yaml", f"kind: {kind}", f"kind: {kind}\n    protected: true",
        at=f"id: {measure}",
    )  # fmt: skip
    assert "only a reported count is protected" in refusal(folder)


def test_what_cities_report_is_not_protected(folder: Path) -> None:
    edit(
        folder, "work_tasks.yaml", "kind: flow", "kind: flow\n    protected: true",
        at="id: study_ytd",
    )  # fmt: skip
    assert "only what a county reports" in refusal(folder)
