"""An administrator sees the parts of a hit's score, which add up to it; nobody else does."""

from __future__ import annotations

import pytest

from forum.search.follower import catch_up
from tests.search.glossary.entries import same
from tests.support import make
from tests.support.pages import parsed

QUERIES = [
    "invoice",
    "invoices late supplier",
    "late OR purchase",
    '"late invoices"',
    "inv*",
    "invoice -supplier",
    "invoice invoice nothing late",
    "счета-фактуры",
    "stock",
]


@pytest.fixture
def stock(app):
    """A few texts and an entry of the glossary."""
    same(app, "stock", "товарно-материальные ценности")
    make.idea(app, title="Late invoices", problem="Our invoices come late. An invoice waits.")
    make.idea(app, title="Suppliers", problem="A supplier sends invoices and счета-фактуры.")
    make.idea(app, title="Ценности", problem="Товарно-материальных ценностей нет.", tags=["stock"])
    make.idea(app, title="Склад", problem="Товарно-материальные ценности: где они?")
    catch_up(app)
    return app


@pytest.mark.parametrize("query", QUERIES)
def test_the_parts_of_a_score_add_up_to_it(stock, sign_in, query):
    browser = sign_in(role="admin")

    answer = browser.get("/search", query_string={"q": query, "why": "1"})
    scores = [hit["score"] for hit in browser.json("/search", query_string={"q": query})["hits"]]

    page = parsed(answer.text)
    tables = [scores_in(page, hit) for hit in page.all("article", data_hit=True)]
    assert scores
    for score, (*parts, total) in zip(scores, tables, strict=True):
        assert total == pytest.approx(score, abs=1e-4)
        assert sum(parts) == pytest.approx(score, abs=1e-3)


def scores_in(page, hit) -> list[float]:
    """The scores of the rows of a hit's table, the last of them their sum."""
    rows = [row for row in page.all("tr") if hit in row.inside]
    cells = [[cell for cell in page.all("td") if row in cell.inside] for row in rows]
    return [float(row[-1].text) for row in cells if row]


def test_a_word_is_told_with_its_figures(stock, sign_in):
    page = sign_in(role="admin").page("/search?q=invoices&why=1")

    first = page.all("article", data_hit=True)[0]
    words = first.text

    assert "Why this hit" in words
    assert "in any form" in words
    assert "as it was typed" in words


def test_other_words_of_the_glossary_are_named_so(stock, sign_in):
    page = sign_in(role="admin").page("/search?q=stock&why=1")

    assert "another word for it" in page.all("article", data_hit=True)[-1].text


def test_a_typed_word_is_no_other_word_though_a_longer_side_has_it(app, sign_in):
    same(app, "order", "purchase order")
    make.idea(app, title="Orders", problem="Nothing else.")
    catch_up(app)

    page = sign_in(role="admin").page("/search?q=order&why=1")

    assert "in any form" in page.text
    assert "another word for it" not in page.text


@pytest.mark.parametrize("role", ["employee", "moderator"])
def test_only_administrators_are_told(stock, sign_in, role):
    page = sign_in(role=role).get("/search?q=invoices&why=1")

    assert "Why this hit" not in page.text
    assert "why=1" not in page.text


def test_it_is_worked_out_only_when_asked_for(stock, sign_in):
    page = sign_in(role="admin").get("/search?q=invoices")

    assert "Why this hit" not in page.text
    assert 'href="/search?q=invoices&amp;why=1"' in page.text
