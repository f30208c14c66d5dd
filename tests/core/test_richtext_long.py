"""Texts of ten times the usual length: standards."""

from __future__ import annotations

import time

import pytest

from forum.core.limits import STANDARD_TEXT, TEXT
from forum.core.richtext import compose
from forum.core.richtext.pieces import pieces

CLAUSE = "## Clause {0}\n\nСклад считает до полудня. Finance pays on Fridays.\n\n1. one\n2. two\n\n"
TABLE = "| Who | What |\n|---|---|\n" + "| IT | answers within a day |\n" * 1_000
CODE = "```\n" + "# not a heading\n\nline\n" * 1_500 + "```\n"


def clauses(number: int) -> str:
    return "".join(CLAUSE.format(n) for n in range(number))


def test_a_standard_of_two_hundred_clauses_has_all_its_headings() -> None:
    body = "".join(f"## Clause {n}\n\n{'Finance pays. ' * 60}\n\n" for n in range(200))
    assert len(body) > 8 * TEXT.value

    composed = compose(body, limit=STANDARD_TEXT)

    assert composed.html.count("<h4>Clause") == 200
    assert composed.source == body.strip() or composed.source == body
    assert composed.plain.count("Finance pays.") == 12_000


@pytest.mark.parametrize("solid", [TABLE, CODE], ids=["table", "code"])
def test_a_long_table_or_block_of_code_is_not_cut(solid: str) -> None:
    before, after = clauses(200), clauses(40)

    found = list(pieces(before + solid + "\n" + after, TEXT.value))

    assert "".join(found) == before + solid + "\n" + after
    assert sum(solid.strip() in piece for piece in found) == 1


def test_a_long_table_keeps_all_its_rows() -> None:
    html = compose(clauses(200) + TABLE, limit=STANDARD_TEXT).html

    assert html.count("<td>IT</td>") == 1_000


def test_what_lies_beyond_the_limit_is_kept_as_words() -> None:
    composed = compose("word " * 50_000, limit=STANDARD_TEXT)

    assert composed.plain.count("word") == 50_000


def test_a_usual_text_is_marked_up_as_before_whatever_the_limit() -> None:
    body = clauses(20)

    assert compose(body).html == compose(body, limit=STANDARD_TEXT).html


def test_other_texts_keep_their_own_bound() -> None:
    html = compose(clauses(600)).html

    assert 0 < html.count("<h4>") < 300


@pytest.mark.parametrize("evil", ["[", "<", "*a", "http://a.b ", "`", "| a ", "> ", "![", "&#"])
def test_ten_times_the_length_costs_no_more_than_ten_texts(evil: str) -> None:
    hostile = "\n\n".join([(evil * TEXT.value)[: TEXT.value - 2_000]] * 11)
    began = time.process_time()

    compose(hostile, limit=STANDARD_TEXT)

    assert time.process_time() - began < 10
