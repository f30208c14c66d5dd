"""`docs/permissions.md` says who may do what, and every word of it holds.

After a change of permissions made on purpose run `make permissions`, and read the difference.
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

import pytest

from forum.core.access import route_table
from tests.house.permissions import ABSENT, DOOR, YES, Cell, as_markdown, table
from tests.support.forums import Prepared
from tests.support.shares import whole

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
OPENED_BY = {"moderators": ("moderator", "admin"), "admins": ("admin",)}
_LINE = re.compile(r"\| [A-Z]+ \| `[^`]+` \|")
"""The beginning of a line of the table, which names its route."""
_found: dict[str, dict[Cell, str]] = {}


@pytest.fixture
def found(app, prepared: Prepared, database: str) -> dict[Cell, str]:
    """The table, tried out once on each database."""
    if database not in _found:
        _found[database] = table(prepared, database)
    return _found[database]


def _line(line: str) -> str:
    found = _LINE.match(line)
    return found[0] if found else ""


def _lines_of(page: str) -> set[str]:
    return {_line(line) for line in page.splitlines()} - {""}


def test_the_page_says_what_everybody_is_answered(
    app, found: dict[Cell, str], database: str
) -> None:
    text = as_markdown(app, found)
    if os.environ.get("UPDATE") and whole(database):
        PAGE.write_text(text)

    untried = set() if whole(database) else _lines_of(PAGE.read_text()) - _lines_of(text)
    said = [line for line in PAGE.read_text().splitlines() if _line(line) not in untried]

    lines = difflib.unified_diff(said, text.splitlines(), "said", "found", lineterm="", n=0)
    difference = "\n".join(lines)
    assert not difference, f"if on purpose, run `make permissions`:\n{difference}"


def test_what_a_route_declares_is_what_happens(app, found: dict[Cell, str]) -> None:
    levels = {rule: level for _methods, rule, level in route_table(app)}

    for cell, word in found.items():
        level = levels[cell.rule]
        outside = cell.role in ("stranger", "deactivated")
        if level != "public" and outside:
            assert word == DOOR, cell
        elif level in OPENED_BY and cell.role not in OPENED_BY[level]:
            assert word == ABSENT, cell
        elif not outside:
            assert word != DOOR, cell


def test_administrators_may_do_what_moderators_may(found: dict[Cell, str]) -> None:
    for cell, word in found.items():
        if cell.role == "moderator" and word == YES:
            assert found[Cell(cell.method, cell.rule, "admin")] == YES, cell
