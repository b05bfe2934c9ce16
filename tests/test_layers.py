"""The house stands as drawn: dashboard → pages → app → queries, text and SQL in their places."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from app import errors, i18n, settings

ROOT = settings.ROOT
LAYERS = ("queries", "app", "pages", "dashboard")  # each may import those before it, and itself
SOURCES = sorted(
    [ROOT / "dashboard.py", *(p for layer in LAYERS[:3] for p in (ROOT / layer).rglob("*.py"))]
)
NAMES = [path.relative_to(ROOT).as_posix() for path in SOURCES]
CHINESE = re.compile("[\u3400-\u9fff]")
# Chinese that is no text of the interface: invented counties' names in the sample, region codes
# that the contract of the command line fixes, the numbers of the notice's clauses, and the title of
# the help in both languages; typefaces by their names.
CHINESE_ALLOWED = {
    "app/areas.py",
    "app/catalogue/clause.py",
    "app/__main__.py",
    "app/briefing/faces.py",
} | {name for name in NAMES if name.startswith("app/samples/")}
# Chinese counts in 万 and 亿, English in millions and billions.
SCALES = {"ten_thousand", "hundred_million", "million", "billion"}
SQL = re.compile(
    r"^\s*(select\s.+\sfrom|with\s+\w+\s+as|insert\s+into|delete\s+from|update\s+\w+\s+set"
    r"|create\s+(or\s+replace\s+)?(table|view|macro|temp)|attach|from\s+\w+\s+(where|join))\b",
    re.IGNORECASE | re.DOTALL,
)
# ATTACH and transactions are the lake's; macros are compiled from the catalogue's closed grammar.
# A catalogue that moves is copied table by table, whatever tables it has; the bases and what is
# laid over them are databases whose names can't be values.
SQL_ALLOWED = {
    "app/lake.py",
    "app/engine.py",
    "app/postgres.py",
    "app/moving/catalogue.py",
    "app/moving/compared.py",
    "app/formula.py",
    "app/serving/model.py",
    "app/serving/bases.py",
    "app/serving/laid.py",
}


@cache
def tree(name: str) -> ast.Module:
    """The syntax tree of a source file."""
    return ast.parse((ROOT / name).read_text("utf-8"))


def imported(name: str) -> Iterator[str]:
    """The top-level packages a file imports, wherever in it."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def module(name: str) -> str:
    """The module that a source file is."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    """What lies within a node but what is for the checker of types alone."""
    yield node
    for inner in ast.iter_child_nodes(node):
        if not (isinstance(inner, ast.If) and ast.unparse(inner.test) == "TYPE_CHECKING"):
            yield from at_run_time(inner)


def modules_imported(name: str, known: frozenset[str]) -> set[str]:
    """Which of the known modules a file imports, also within its functions."""
    found: set[str] = set()
    for node in at_run_time(tree(name)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in known else str(node.module))
    return found & known


def literals(name: str) -> Iterator[tuple[int, str]]:
    """The text literals of a file that are not docstrings, with their lines."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in documented:
                yield node.lineno, node.value


@pytest.mark.parametrize("name", NAMES)
def test_no_layer_imports_one_above_it(name: str) -> None:
    layer = LAYERS.index(name.removesuffix(".py").partition("/")[0])
    above = set(LAYERS[layer + 1 :]) | {"tests", "benchmarks"}
    assert not above & set(imported(name))


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = frozenset(map(module, NAMES))
    order = TopologicalSorter({module(name): modules_imported(name, known) for name in NAMES})
    circle: list[str] = []
    try:
        order.prepare()
    except CycleError as error:
        circle = error.args[1]
    assert circle == []


@pytest.mark.parametrize("name", [n for n in NAMES if n not in SQL_ALLOWED])
def test_sql_is_in_files_not_in_strings(name: str) -> None:
    assert [(line, text) for line, text in literals(name) if SQL.search(text)] == []


@pytest.mark.parametrize("name", [n for n in NAMES if n not in CHINESE_ALLOWED])
def test_text_is_in_the_catalogue_and_the_translations(name: str) -> None:
    assert [(line, text) for line, text in literals(name) if CHINESE.search(text)] == []


def test_the_command_line_holds_chinese_in_its_help_alone() -> None:
    found = [text for _, text in literals("app/__main__.py") if CHINESE.search(text)]
    assert len(found) == 1


def test_the_catalogue_reader_holds_the_numbers_of_the_clauses_alone() -> None:
    found = {text for _, text in literals("app/catalogue/clause.py") if CHINESE.search(text)}
    assert set("".join(found)) == set("一二三四五六七八九十")


def test_no_page_lies_at_the_top_level() -> None:
    # Streamlit would serve it by URL without running dashboard.py
    assert list((ROOT / "pages").glob("*.py")) == []


def test_data_holds_no_code() -> None:
    assert list((ROOT / "data").rglob("*.py")) == []


def test_what_the_intake_needs_is_no_page() -> None:
    script = (
        "import sys, app.intake.submit, app.intake.ledger, app.reads;"
        " print('streamlit' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


# ------------------------------------------------------------------ translations

ERRORS = {
    name for name, each in vars(errors).items()
    if isinstance(each, type) and issubclass(each, errors.DashboardError)
} - {"CatalogueInvalid", "GeographyInvalid"}  # fmt: skip


def fields(text: str) -> set[str]:
    """The names a text wants filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts() -> None:
    scales = {f"format.{scale}" for scale in SCALES}
    assert i18n.texts("zh").keys() - scales == i18n.texts("en").keys() - scales


def test_a_text_wants_the_same_values_in_both_languages() -> None:
    chinese, english = i18n.texts("zh"), i18n.texts("en")
    both = chinese.keys() & english.keys()
    assert [key for key in sorted(both) if fields(chinese[key]) != fields(english[key])] == []


def test_no_key_is_given_in_two_files() -> None:
    for lang in i18n.LANGUAGES:
        count = sum(
            len(re.findall(r"^(?:  )*\w+:[ \t]+\S", path.read_text("utf-8"), re.MULTILINE))
            for path in i18n.TRANSLATIONS.glob(f"*.{lang}.yaml")
        )
        inline = sum(
            path.read_text("utf-8").count(": {")
            for path in i18n.TRANSLATIONS.glob(f"*.{lang}.yaml")
        )
        assert count - inline <= len(i18n.texts(lang))


def used_keys(name: str) -> Iterator[tuple[int, str]]:
    """The constant keys that a file asks t() for, or gives to an error."""
    for node in ast.walk(tree(name)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and (node.func.id == "t" or node.func.id in ERRORS)
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.lineno, str(node.args[0].value)


@pytest.mark.parametrize("name", NAMES)
def test_every_text_that_is_asked_for_exists(name: str) -> None:
    known = i18n.texts("zh")
    assert [(line, key) for line, key in used_keys(name) if key not in known] == []


def test_a_folder_of_pages_has_a_page() -> None:
    for folder in (path for path in (ROOT / "pages").iterdir() if path.is_dir()):
        if folder.name != "__pycache__":
            assert list(folder.glob("*.py")), folder


def test_the_layers_are_all_there() -> None:
    assert {Path(name).parts[0].removesuffix(".py") for name in NAMES} == set(LAYERS)


# ------------------------------------------------------------------ pages


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("app/")])
def test_a_table_as_high_as_its_rows_says_how_high_a_row_is(name: str) -> None:
    # Streamlit's own height of a row follows the size of the letters
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.dataframe":
            given = {word.arg: word.value for word in node.keywords}
            counted = not isinstance(given.get("height", ast.Constant(0)), ast.Constant)
            assert not counted or "row_height" in given, node.lineno
