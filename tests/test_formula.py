"""The grammar of formulas lets arithmetic through, nothing else; its SQL means what it says."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt

import duckdb
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tries import tries

from app import catalogue, formula
from app.formula import FormulaInvalid, Reference

TARGETS = {"share": 55.0, "gap": 0.0, "care_bed_share": 55.0}


@pytest.fixture(scope="module")
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def quoted(ref: Reference) -> str:
    return f'"{ref.measure}.{ref.qualifier}"'


def in_duckdb(
    db: duckdb.DuckDBPyConnection, text: str, values: dict[Reference, float | None]
) -> float | bool | None:
    """The value of a formula in a row whose columns hold the values, as the model computes it."""
    columns = [f"cast(? as double) as {quoted(ref)}" for ref in values] or ["1 as one"]
    expression = formula.to_sql(text, quoted, TARGETS.__getitem__)
    row = db.execute(
        f"select {expression} from (select {', '.join(columns)})", list(values.values())
    ).fetchone()
    assert row is not None
    value: float | bool | None = row[0]
    return value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "beds +",
        "beds residents",
        "beds; drop table observation",
        "beds -- residents",
        "'beds'",
        '"beds"',
        "f'{beds}'",
        "b'1'",
        "beds.count",
        "beds['x']",
        "beds ** 2",
        "beds // 2",
        "beds % 2",
        "beds @ residents",
        "beds & residents",
        "beds << 2",
        "-beds",
        "+beds",
        "~beds",
        "not beds",
        "beds and residents",
        "beds or residents",
        "beds if residents else 0",
        "lambda: beds",
        "[beds]",
        "(beds, residents)",
        "{beds}",
        "{'a': beds}",
        "[beds for beds in residents]",
        "(beds := 1)",
        "beds = 1",
        "import os",
        "True",
        "None",
        "...",
        "1j",
        "1e999",
        "1" + "0" * 400,
        "beds != residents",
        "beds is residents",
        "beds in residents",
        "1 < beds < 3",
        "(beds < 1) + 1",
        "1 + (beds < residents)",
        "max(beds < 1, 2)",
        "max(beds)",
        "max(beds, residents, 1)",
        "max(*beds, 1)",
        "max(beds, residents, key=beds)",
        "ceil()",
        "ceil(beds, 1)",
        "floor(beds)",
        "sum(beds)",
        "open(beds)",
        "getattr(beds, residents)",
        "quarter(beds + 1)",
        "quarter(1)",
        "quarter('beds')",
        "quarter(quarter(beds))",
        "minimum()",
        "target(share, gap)",
        "target('share')",
        "max(1, 2)(beds)",
        "beds\n+ residents",
        "beds\0",
        "(" * 500 + "beds" + ")" * 500,
        "beds" + " + beds" * 5000,
    ],
)
def test_what_is_outside_the_grammar_is_refused(text: str) -> None:
    for read in (formula.references, formula.targets, formula.is_comparison):
        with pytest.raises(FormulaInvalid):
            read(text)
    with pytest.raises(FormulaInvalid):
        formula.to_sql(text, quoted, TARGETS.__getitem__)


TOKENS = (
    *("beds", "residents", "quarter", "minimum", "target", "max", "min", "ceil", "lambda", "if"),
    *("else", "not", "in", "1", "0.5", "'x'", "+", "-", "*", "/", "**", "%", "<=", "==", "=", ":"),
    *("(", ")", "[", "]", "{", "}", ",", ".", ";", "--", '"', "\n", "is", "for"),
)
ALLOWED = (
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Name, ast.Load, ast.Constant, ast.Call),
    *(ast.Compare, ast.LtE, ast.GtE, ast.Lt, ast.Gt, ast.Eq),
)


@given(st.lists(st.sampled_from(TOKENS), max_size=9).map(" ".join))
@settings(max_examples=tries(300), deadline=None)
def test_whatever_is_accepted_is_made_of_the_grammar_alone(text: str) -> None:
    try:
        used = formula.references(text)
    except FormulaInvalid:
        return
    tree = ast.parse(text, mode="eval").body
    assert all(isinstance(node, ALLOWED) for node in ast.walk(tree))
    assert sum(isinstance(node, ast.Compare) for node in ast.walk(tree)) <= 1
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert {ref.measure for ref in used} <= names


@given(st.text(max_size=30))
@settings(max_examples=tries(150), deadline=None)
def test_any_text_is_either_a_formula_or_refused_in_words(text: str) -> None:
    try:
        formula.references(text)
    except FormulaInvalid as error:
        assert str(error)


def test_the_names_a_formula_uses_are_told_with_their_qualifiers() -> None:
    text = "quarter(paid_ytd) / (3 * max(beds, minimum(standard))) - target(share) * beds"
    assert formula.references(text) == {
        Reference("paid_ytd", "quarter"),
        Reference("beds"),
        Reference("standard", "minimum"),
    }
    assert formula.targets(text) == {"share"}


def test_a_comparison_is_told_from_arithmetic() -> None:
    assert formula.is_comparison("beds <= residents + 1")
    assert not formula.is_comparison("beds + residents")


@dataclass(frozen=True)
class Term:
    """A formula as text, how tightly its outermost operation binds, and the value it must have."""

    text: str
    binding: int
    value: float | None


SUM, PRODUCT, ATOM = 0, 1, 2
Row = dict[Reference, float | None]
REFERENCES = {
    Reference("beds"): "beds",
    Reference("residents"): "residents",
    Reference("paid_ytd", "quarter"): "quarter(paid_ytd)",
    Reference("standard", "minimum"): "minimum(standard)",
}
# quarters of a whole number are exact, as are the sums and products of a few of them
AMOUNTS = st.integers(-4_000_000, 4_000_000).map(lambda n: n / 4)
ROWS = st.fixed_dictionaries({ref: st.none() | AMOUNTS for ref in REFERENCES})
NUMBERS = st.integers(0, 1000) | st.sampled_from([0.1, 0.45, 0.55, 1e-7, 2.5e6, 100.0])


def _both(
    operation: Callable[[float, float], float | None],
) -> Callable[[float | None, float | None], float | None]:
    def known(left: float | None, right: float | None) -> float | None:
        return None if left is None or right is None else operation(left, right)

    return known


OPERATIONS = {
    "+": (SUM, _both(lambda left, right: left + right)),
    "-": (SUM, _both(lambda left, right: left - right)),
    "*": (PRODUCT, _both(lambda left, right: left * right)),
    "/": (PRODUCT, _both(lambda left, right: left / right if right else None)),
}
FUNCTIONS = {"max": _both(max), "min": _both(min)}


def _operation(sign: str, left: Term, right: Term) -> Term:
    # parentheses only where they are needed, so that precedence is tested too
    binding, compute = OPERATIONS[sign]
    first = left.text if left.binding >= binding else f"({left.text})"
    second = right.text if right.binding > binding else f"({right.text})"
    return Term(f"{first} {sign} {second}", binding, compute(left.value, right.value))


def _function(name: str, left: Term, right: Term) -> Term:
    value = FUNCTIONS[name](left.value, right.value)
    return Term(f"{name}({left.text}, {right.text})", ATOM, value)


def _ceil(inner: Term) -> Term:
    value = None if inner.value is None else float(math.ceil(inner.value))
    return Term(f"ceil({inner.text})", ATOM, value)


def formulas(row: Row) -> st.SearchStrategy[Term]:
    """Formulas of the whole grammar with the value each must have in a row."""
    references = [Term(text, ATOM, row[ref]) for ref, text in REFERENCES.items()]
    targets = [Term(f"target({name})", ATOM, value) for name, value in TARGETS.items()]
    leaves = st.sampled_from(references + targets) | NUMBERS.map(
        lambda number: Term(repr(number), ATOM, float(number))
    )
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds(_operation, st.sampled_from(sorted(OPERATIONS)), inner, inner)
            | st.builds(_function, st.sampled_from(sorted(FUNCTIONS)), inner, inner)
            | st.builds(_ceil, inner)
        ),
        max_leaves=8,
    )


@given(st.data(), ROWS)
@settings(max_examples=tries(120), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_duckdb_computes_what_the_formula_says(
    db: duckdb.DuckDBPyConnection, data: st.DataObject, row: Row
) -> None:
    term = data.draw(formulas(row))
    found = in_duckdb(db, term.text, row)
    if term.value is None:
        assert found is None, term.text
    else:
        assert found == term.value, term.text


@given(st.data(), ROWS, st.sampled_from(["<=", ">=", "<", ">", "=="]))
@settings(max_examples=tries(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_duckdb_judges_a_rule_as_it_is_written(
    db: duckdb.DuckDBPyConnection, data: st.DataObject, row: Row, sign: str
) -> None:
    left, right = data.draw(formulas(row)), data.draw(formulas(row))
    found = in_duckdb(db, f"{left.text} {sign} {right.text}", row)
    if left.value is None or right.value is None:
        assert found is None  # what is not known breaks no rule
    else:
        compare = {"<=": le, ">=": ge, "<": lt, ">": gt, "==": eq}[sign]
        assert found == compare(left.value, right.value)


BEDS, RESIDENTS = Reference("beds"), Reference("residents")


@pytest.mark.parametrize(
    "text",
    [
        "max(0, beds)",
        "max(beds, 0)",
        "min(0, beds)",
        "max(residents, beds)",
        "0 * beds",
        "beds - beds",
        "ceil(beds)",
        "max(0, ceil((target(share) * residents - 100 * beds) / 100))",
    ],
)
def test_a_missing_measure_makes_the_figure_missing(
    db: duckdb.DuckDBPyConnection, text: str
) -> None:
    assert in_duckdb(db, text, {BEDS: None, RESIDENTS: 5.0}) is None


def test_a_division_by_zero_is_missing_and_not_an_error(db: duckdb.DuckDBPyConnection) -> None:
    assert in_duckdb(db, "residents / beds", {BEDS: 0.0, RESIDENTS: 5.0}) is None
    assert in_duckdb(db, "1 / 0", {}) is None
    assert in_duckdb(db, "max(0, residents / beds)", {BEDS: 0.0, RESIDENTS: 5.0}) is None


def test_whole_numbers_divide_into_fractions(db: duckdb.DuckDBPyConnection) -> None:
    assert in_duckdb(db, "1 / 4", {}) == 0.25


def test_large_numbers_do_not_overflow(db: duckdb.DuckDBPyConnection) -> None:
    text = "1000000000000 * 1000000000000 * 0.5"
    assert in_duckdb(db, text, {}) == 5e23


CONVERT = catalogue.load().indicator("care_beds_to_convert").numerator
BUILD = catalogue.load().indicator("care_beds_to_build").numerator


@pytest.mark.parametrize(
    ("total", "care", "convert", "build"),
    [
        (100, 50, 5, 12),  # 55 wanted, 5 short; 5 / 0.45 = 11.1
        (100, 55, 0, 0),  # on the target
        (100, 54, 1, 3),  # 1 / 0.45 = 2.2
        (101, 55, 1, 2),  # 55.55 wanted; 0.55 / 0.45 = 1.2
        (180, 90, 9, 20),  # 99 wanted; 9 / 0.45 = 20 exactly
        (20, 11, 0, 0),  # 0.55 × 20 is 11.000000000000002 in floating point
        (200, 60, 50, 112),  # 110 wanted; 50 / 0.45 = 111.1
        (100, 80, 0, 0),  # above the target
        (0, 0, 0, 0),  # no beds at all
    ],
)
def test_beds_to_the_target_are_whole_and_exact(
    db: duckdb.DuckDBPyConnection, total: int, care: int, convert: int, build: int
) -> None:
    row: Row = {Reference("beds_total"): float(total), Reference("beds_care"): float(care)}
    assert in_duckdb(db, CONVERT, row) == convert
    assert in_duckdb(db, BUILD, row) == build


@given(st.integers(0, 200_000), st.integers(0, 200_000))
@settings(max_examples=tries(100), deadline=None)
def test_beds_to_the_target_are_the_fewest_that_reach_it(
    db: duckdb.DuckDBPyConnection, total: int, care: int
) -> None:
    assume(care <= total)
    row: Row = {Reference("beds_total"): float(total), Reference("beds_care"): float(care)}
    convert, build = in_duckdb(db, CONVERT, row), in_duckdb(db, BUILD, row)
    assert convert is not None and build is not None
    # whole numbers throughout: 100 × care beds against 55 × beds
    assert 100 * (care + convert) >= 55 * total
    assert convert == 0 or 100 * (care + convert - 1) < 55 * total
    assert 100 * (care + build) >= 55 * (total + build)
    assert build == 0 or 100 * (care + build - 1) < 55 * (total + build - 1)


def test_only_the_columns_asked_for_reach_the_sql() -> None:
    sql = formula.to_sql("max(beds, 2) / quarter(paid_ytd)", quoted, TARGETS.__getitem__)
    assert set(re.findall(r'"([^"]*)"', sql)) == {"beds.", "paid_ytd.quarter"}
    words = set(re.findall(r"[a-z_]+", re.sub(r'"[^"]*"', "", sql)))
    assert words == {"greatest", "nullif", "e"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a <= b", "A1 <= B1"),
        ("a == b", "A1 = B1"),
        ("(a - b) * 2 >= a - (b + 1)", "(A1 - B1) * 2 >= A1 - (B1 + 1)"),
        ("a >= minimum(a)", "A1 >= least A1"),
        ("max(a, b) <= b", None),
        ("a <= target(share)", None),
    ],
)
def test_a_formula_can_name_its_measures_otherwise(text: str, shown: str | None) -> None:
    def cell(ref: Reference) -> str:
        return ("least " if ref.qualifier == "minimum" else "") + f"{ref.measure.upper()}1"

    assert formula.renamed(text, cell) == shown


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("beds_care", ["beds_care"]),
        ("a + b + c", ["a", "b", "c"]),
        ("a + (b + c)", ["a", "b", "c"]),
        ("a - b", None),
        ("a + 1", None),
        ("2 * a", None),
        ("min(1, a)", None),
        ("quarter(a) + b", None),
    ],
)
def test_a_sum_of_measures_is_told_from_any_other_formula(
    text: str, measures: list[str] | None
) -> None:
    assert formula.summands(text) == measures


@pytest.mark.parametrize(
    ("rule", "numbers", "kept"),
    [
        ("a <= b + c", {"a": 5, "b": 2, "c": 3}, True),
        ("a <= b + c", {"a": 6, "b": 2, "c": 3}, False),
        ("a - b <= 2 * c", {"a": 9, "b": 2, "c": 3}, False),
        ("min(1, a) <= max(b, ceil(c))", {"a": 7, "b": 0, "c": 0.5}, True),
    ],
)
def test_a_rule_is_judged_for_numbers(rule: str, numbers: dict[str, float], kept: bool) -> None:
    assert formula.holds(rule, lambda ref: numbers[ref.measure]) is kept


def test_a_rule_with_a_target_is_not_judged_for_numbers() -> None:
    with pytest.raises(FormulaInvalid):
        formula.holds("a <= target(x)", lambda _: 1)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("a + b", 1.0), ("b - a", -1.0), ("3 * (a + b)", 3.0), ("(a + a) * 2", 4.0), ("b / c", 0.0),
        ("a * b", None), ("a / b", None), ("min(1, a)", None),
    ],
)  # fmt: skip
def test_the_weight_of_a_measure_is_told_where_it_is_a_constant(
    text: str, weight: float | None
) -> None:
    assert formula.weight(text, Reference("a")) == weight


def test_a_cumulative_flow_and_its_quarter_weigh_apart() -> None:
    text = "3 * quarter(a) + a"
    assert formula.weight(text, Reference("a", "quarter")) == 3.0
    assert formula.weight(text, Reference("a")) == 1.0
