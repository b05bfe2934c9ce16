"""The closed grammar of indicator formulas and rules, and its translation to SQL expressions.

A formula is arithmetic over measures of one dataset: names, numbers, `+ - * /`, `max`, `min`,
`ceil`, and

- `quarter(m)`: the quarter's own amount of a cumulative flow,
- `minimum(m)`: the provincial minimum of a standard in that year,
- `target(i)`: the target value of an indicator, in its own unit,
- `chosen(m, choice)`: 1 where that was chosen and 0 where something else was,
- `given(m)`: 1 where a choice, date or text is given,
- `past(m)`: 1 where a date lies in or before the quarter, 0 where it is later or not given.

A rule adds one comparison. Every name is checked, so that nothing but known columns reaches SQL.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache

_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.LtE: "<=",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.Gt: ">",
    ast.Eq: "=",
}
_WORKED: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARED: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.LtE: operator.le,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.Gt: operator.gt,
    ast.Eq: operator.eq,
}
QUALIFIERS = ("quarter", "minimum", "given", "past")


class FormulaInvalid(ValueError):
    """A formula outside the grammar, or one that names what does not exist."""


@dataclass(frozen=True, order=True)
class Reference:
    """One use of a measure: the measure, the function it is in, and of `chosen` the choice."""

    measure: str
    qualifier: str = ""
    choice: str = ""


def references(text: str) -> set[Reference]:
    """The measures a formula uses; raise FormulaInvalid for anything outside the grammar."""
    return set(_uses(text))


@cache
def _uses(text: str) -> frozenset[Reference]:
    return frozenset(_references(_parse(text)))


def leading(text: str) -> str:
    """The measure a formula names first; it stands for the formula where one must."""
    return next(_references(_parse(text))).measure


def summands(text: str) -> list[str] | None:
    """The measures that a formula adds up, if that is all it does; None for any other formula."""

    def walk(node: ast.expr) -> list[str] | None:
        match node:
            case ast.Name(id=name):
                return [name]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                first, second = walk(left), walk(right)
                return None if first is None or second is None else first + second
        return None

    return walk(_parse(text))


def is_comparison(text: str) -> bool:
    """Whether a formula is a comparison, as a rule must be and an indicator's side must not."""
    return isinstance(_parse(text), ast.Compare)


def is_sum(text: str) -> bool:
    """Whether a formula adds up measures, or the quarter's own amounts of flows, and no more."""
    return all(
        isinstance(node, ast.Add | ast.Name | ast.Load)
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add))
        or (isinstance(node, ast.Call) and _name(node.func) == "quarter")
        for node in ast.walk(_parse(text))
    )


def targets(text: str) -> set[str]:
    """The indicators whose target value a formula uses."""
    return {
        _name(node.args[0])
        for node in ast.walk(_parse(text))
        if isinstance(node, ast.Call) and _name(node.func) == "target"
    }


def multiplied_with(text: str, measures: Collection[str]) -> set[str]:
    """The measures that a formula multiplies with any of `measures`, which are not among them."""
    found: set[str] = set()
    for node in ast.walk(_parse(text)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            factors = {ref.measure for ref in _references(node)}
            if not factors.isdisjoint(measures):
                found |= factors.difference(measures)
    return found


def to_sql(text: str, column: Callable[[Reference], str], target: Callable[[str], float]) -> str:
    """Translate a formula to a SQL expression that is null wherever a measure it needs is missing.

    `column` gives the quoted column of a reference, `target` the value of a target.
    """

    def walk(node: ast.expr) -> str:
        match node:
            case ast.Constant(value=int() | float() as value):
                return _double(value)
            case ast.Name(id=name):
                return column(Reference(name))
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return f"({walk(left)} / nullif({walk(right)}, 0))"
            case ast.BinOp(left=left, op=op, right=right):
                return f"({walk(left)} {_OPERATORS[type(op)]} {walk(right)})"
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return f"({walk(left)} {_COMPARISONS[type(op)]} {walk(right)})"
            case ast.Call(func=ast.Name(id="ceil"), args=[inner]):
                return f"ceil({walk(inner)})"
            case ast.Call(func=ast.Name(id="max" | "min" as name), args=[left, right]):
                # greatest() and least() of DuckDB skip nulls; a missing part must stay missing
                first, second = walk(left), walk(right)
                function = "greatest" if name == "max" else "least"
                return f"({function}({first}, {second}) + 0 * ({first} + {second}))"
            case ast.Call(func=ast.Name(id="target"), args=[ast.Name(id=name)]):
                return _double(target(name))
            case ast.Call(
                func=ast.Name(id="chosen"), args=[ast.Name(id=name), ast.Name(id=choice)]
            ):
                return column(Reference(name, "chosen", choice))
            case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=measure)]):
                return column(Reference(measure, name))
        raise FormulaInvalid(text)  # pragma: no cover - _parse lets nothing else through

    return walk(_parse(text))


def renamed(text: str, name: Callable[[Reference], str]) -> str | None:
    """A formula with its measures named otherwise, in words or as the cells of a sheet.

    None where it calls a function that a sheet or a reader would not know.
    """
    tree = _parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) not in (*QUALIFIERS, "chosen"):
            return None

    class Renaming(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            return ast.Name(name(Reference(node.id)))

        def visit_Call(self, node: ast.Call) -> ast.Name:
            measure, *choice = map(_name, node.args)
            return ast.Name(name(Reference(measure, _name(node.func), *choice)))

    return ast.unparse(Renaming().visit(tree)).replace(" == ", " = ")


def holds(text: str, value: Callable[[Reference], float]) -> bool:
    """Whether a rule holds for numbers; raise FormulaInvalid for one that needs a target."""
    left, op, right = _sides(text)
    return _COMPARED[type(op)](_worked_out(left, value), _worked_out(right, value))


@cache
def _sides(text: str) -> tuple[ast.expr, ast.cmpop, ast.expr]:
    match _parse(text):
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return left, op, right
    raise FormulaInvalid(f"no comparison: {text}")


def weight(text: str, ref: Reference) -> float | None:
    """By how much a formula grows with one use of a measure; None where that is not a constant."""
    try:
        return _weight(_parse(text), ref)
    except FormulaInvalid:
        return None


def _weight(node: ast.expr, ref: Reference) -> float:
    own = set(_references(node))
    match node:
        case _ if ref not in own:
            return 0.0
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _weight(left, ref) + _weight(right, ref)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _weight(left, ref) - _weight(right, ref)
        case ast.BinOp(left=ast.Constant(value=int() | float() as by), op=ast.Mult(), right=inner):
            return by * _weight(inner, ref)
        case ast.BinOp(left=inner, op=ast.Mult(), right=ast.Constant(value=int() | float() as by)):
            return by * _weight(inner, ref)
        case ast.Name() | ast.Call(func=ast.Name(id="quarter")):
            return 1.0
    raise FormulaInvalid(f"not linear: {ast.unparse(node)}")


def _worked_out(node: ast.expr, value: Callable[[Reference], float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.BinOp(left=left, op=op, right=right):
            return _WORKED[type(op)](_worked_out(left, value), _worked_out(right, value))
        case ast.Call(func=ast.Name(id="max" | "min" as name), args=[left, right]):
            sides = (_worked_out(left, value), _worked_out(right, value))
            return max(sides) if name == "max" else min(sides)
        case ast.Call(func=ast.Name(id="ceil"), args=[inner]):
            return math.ceil(_worked_out(inner, value))
        case ast.Name() | ast.Call(func=ast.Name(id="quarter" | "minimum")):
            return value(next(_references(node)))
    raise FormulaInvalid(f"not worked out here: {ast.unparse(node)}")


def _double(value: float) -> str:
    # 0.1 alone is a decimal in DuckDB, and decimals and large integers overflow; 0.1e0 is a double
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"


def _parse(text: str) -> ast.expr:
    try:
        tree = ast.parse(text, mode="eval").body
        _check(tree, text, top=True)
    except FormulaInvalid:
        raise
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise FormulaInvalid(f"not a formula: {text}") from error
    return tree


def _is_number(value: float) -> bool:
    try:
        return not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:
        return False


def _check(node: ast.expr, text: str, *, top: bool = False) -> None:
    match node:
        case ast.Constant(value=int() | float() as value) if _is_number(value):
            return
        case ast.Name():
            return
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            _check(left, text)
            _check(right, text)
            return
        case ast.Compare(left=left, ops=[op], comparators=[right]) if (
            top and type(op) in _COMPARISONS
        ):
            _check(left, text)
            _check(right, text)
            return
        case ast.Call(func=ast.Name(id="ceil"), args=[inner], keywords=[]):
            _check(inner, text)
            return
        case ast.Call(func=ast.Name(id="max" | "min"), args=[left, right], keywords=[]):
            _check(left, text)
            _check(right, text)
            return
        case ast.Call(
            func=ast.Name(id="quarter" | "minimum" | "target" | "given" | "past"),
            args=[ast.Name()],
            keywords=[],
        ):
            return
        case ast.Call(func=ast.Name(id="chosen"), args=[ast.Name(), ast.Name()], keywords=[]):
            return
    raise FormulaInvalid(f"not allowed in a formula: {ast.unparse(node)} in {text}")


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _references(node: ast.AST) -> Iterator[Reference]:
    match node:
        case ast.Call(func=ast.Name(id="target")):
            return
        case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=measure)]) if name in QUALIFIERS:
            yield Reference(measure, name)
        case ast.Call(func=ast.Name(id="chosen"), args=[ast.Name(id=measure), ast.Name(id=choice)]):
            yield Reference(measure, "chosen", choice)
        case ast.Call(args=args):
            for argument in args:
                yield from _references(argument)
        case ast.Name(id=name):
            yield Reference(name)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _references(child)
