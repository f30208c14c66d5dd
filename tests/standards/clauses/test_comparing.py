"""Versions side by side: what came, went, moved and changed, and that nothing else is claimed."""

from __future__ import annotations

import os
import time
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from forum.core.richtext import plain_text, render
from forum.standards.clauses.comparing import Fate, Row, compare
from forum.standards.document import Document, lay_out

FULL = bool(os.environ.get("FORUM_TEST_FULL"))
TEXTS = st.lists(st.text(alphabet="abc дом.\n", min_size=0, max_size=40).map(str.strip), max_size=6)
ORDER = st.permutations(range(1, 7))


def document(*clauses: tuple[int, str, str]) -> Document:
    """A text of clauses given as (key, heading, words)."""
    html = render("\n\n".join(f"## {title}\n\n{text}" for _key, title, text in clauses))
    return lay_out(html).keyed([key for key, _title, _text in clauses])


OLD = document((1, "Purpose", "Why."), (2, "Steps", "Pay on Fridays."), (3, "Limits", "None."))


def told(rows: list[Row]) -> list[tuple[str, str, bool]]:
    return [(row.clause.title, str(row.fate), row.moved) for row in rows]


def test_what_came_went_and_changed_is_told_of_each_clause() -> None:
    new = document((1, "Purpose", "Why."), (4, "Scope", "All."), (2, "Steps", "Pay on Mondays."))

    rows = compare(OLD, new)

    assert told(rows) == [
        ("Purpose", Fate.SAME, False),
        ("Scope", Fate.ADDED, False),
        ("Steps", Fate.CHANGED, False),
        ("Limits", Fate.REMOVED, False),
    ]
    assert ("delete", "Fridays") in rows[2].paragraphs[1]
    assert ("insert", "Mondays") in rows[2].paragraphs[1]


def test_moved_text_is_shown_as_moved_and_not_as_new() -> None:
    rows = compare(
        OLD, document((3, "Limits", "None."), (1, "Purpose", "Why."), (2, "Work", "Pay now."))
    )

    assert told(rows) == [
        ("Limits", Fate.SAME, True),
        ("Purpose", Fate.SAME, False),
        ("Work", Fate.CHANGED, False),
    ]


def side(rows: list[Row], gone: str) -> dict[int, str]:
    """One side of a comparison, put together from what the rows say, without what is `gone`."""
    found = {}
    for row in rows:
        if (row.old if gone == "insert" else row.new) is not None:
            found[row.clause.key] = "".join(text for op, text in row.changes if op != gone)
    return found


def words(of: Document) -> dict[int, str]:
    return {c.key: f"{c.title}\n{plain_text(str(c.html))}" for c in of.clauses}


@settings(max_examples=1_000 if FULL else 300, deadline=None)
@given(TEXTS, TEXTS, ORDER, ORDER)
def test_each_side_can_be_put_together_from_the_comparison(
    old: list[str], new: list[str], old_keys: list[int], new_keys: list[int]
) -> None:
    before = document(*((k, f"Clause {k}", t) for k, t in zip(old_keys, old, strict=False)))
    after = document(*((k, f"Clause {k}", t) for k, t in zip(new_keys, new, strict=False)))

    rows = compare(before, after)

    assert side(rows, "insert") == words(before)
    assert side(rows, "delete") == words(after)
    assert [row.new.key for row in rows if row.new] == [c.key for c in after.clauses]


def test_two_versions_of_two_hundred_clauses_cost_little() -> None:
    line = "The warehouse counts what came before noon; finance pays it on Friday. "
    old = document(*((n, f"Clause {n}", line + str(n)) for n in range(1, 201)))
    turned = tuple(
        replace(clause, html=clause.html.replace("noon", "eleven")) for clause in old.clauses[::-1]
    )
    new = Document(old.opening, turned)

    began = time.process_time()
    rows = compare(old, new)
    took = time.process_time() - began

    assert sum(row.fate == Fate.CHANGED for row in rows) == 200
    assert took < 3, "a third of a second, by a wide margin"
