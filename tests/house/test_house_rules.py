"""Rules about the code itself, which no single test would notice being broken."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from forum.core import config

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "forum").rglob("*.py"))
VIEWS = [path for path in MODULES if path.stem == "views" or path.stem.endswith("_views")]
ENDINGS = (".pdf", ".json", ".csv", ".atom", ".ics")
NAMES_NOT_OURS = ("Manager", "Helper", "Util", "Abstract", "Mixin", "Impl")
PLACES = re.compile(r"(?<![\w.])/(work|home|root|Users)/")


def name(path: Path) -> str:
    """A file as it is called in the repository."""
    return str(path.relative_to(ROOT))


def imported(path: Path) -> Iterator[str]:
    """Every module a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", VIEWS, ids=name)
def test_views_ask_queries_and_never_the_database(path: Path) -> None:
    assert [found for found in imported(path) if found.split(".")[0] == "sqlalchemy"] == []


def commits(path: Path) -> list[int]:
    """Lines that commit; the index's own commit, on a `writer`, is another matter."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "writer")
    ]


def test_only_the_transaction_commits() -> None:
    found = {name(path): lines for path in MODULES if (lines := commits(path))}

    assert set(found) == {"forum/core/db.py"}, found


def test_no_address_ends_like_a_file_but_for_the_agreed_endings(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        last = re.sub(r"<[^>]+>", "x", rule.rule).rpartition("/")[2]
        if "." in last and rule.endpoint != "static" and last != "site.css":
            assert last.endswith(ENDINGS), rule.rule


def test_no_address_but_the_first_ends_with_a_slash(app: Flask) -> None:
    assert [r.rule for r in app.url_map.iter_rules() if r.rule.endswith("/")] == ["/"]


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()

    assert config.as_markdown() in page, "run python -m forum.core.config, and paste the table"


def test_classes_are_named_for_what_they_are() -> None:
    found = [
        f"{name(path)}: {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and any(word in node.name for word in NAMES_NOT_OURS)
    ]

    assert found == []


def test_every_module_and_public_function_says_what_it_promises() -> None:
    silent = [
        f"{name(path)}:{getattr(node, 'lineno', 1)}"
        for path in MODULES
        for node in described(ast.parse(path.read_text()))
        if not ast.get_docstring(node)
    ]

    assert silent == []


Described = ast.Module | ast.FunctionDef | ast.ClassDef


def described(tree: ast.Module) -> Iterator[Described]:
    """What owes a docstring: a module with content, and what is public at its top level."""
    if tree.body:
        yield tree
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def test_files_stay_short_enough_to_be_read_in_one_go() -> None:
    files = [*MODULES, *(ROOT / "tests").rglob("*.py")]
    long = {name(path): count for path in files if (count := path.read_text().count("\n")) > 400}

    assert long == {}


def test_nothing_names_a_place_on_the_machine_it_was_written_on() -> None:
    texts = [*MODULES, *(ROOT / "templates").rglob("*.html"), *(ROOT / "docs").rglob("*.md")]

    assert [name(path) for path in texts if PLACES.search(path.read_text())] == []
