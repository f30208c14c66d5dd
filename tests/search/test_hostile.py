"""Any string is a query: an answer or a sentence, soon, and never an error of ours."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.search import language
from forum.search.follower import catch_up
from tests.hostile import strings
from tests.support import make

QUERIES = [
    "*",
    "a*",
    "**",
    '"',
    '""',
    '"""',
    "-",
    "--",
    "- -",
    "OR",
    "OR OR",
    "kind:",
    "kind:nothing",
    ":",
    "(" * 500 + ")" * 500,
    "a" * 1000,
    "\x00",
    "\ud800",
    "%00",
    "' OR 1=1 --",
    "a AND b NOT c ^2 ~3 [a TO b] {x}",
    "1" * 400,
    "а" * 999,
    "-- -x -y",
    "\u202eabc",
    "(a+)+$",
    " ".join(f"word{n}" for n in range(120)),
    "кто что где как",
]


@pytest.fixture
def reader(app, sign_in):
    """Somebody in a forum with a few texts."""
    for number in range(5):
        make.idea(app, title=f"Printer {number} согласование", problem="Paper jams. Бумага мнётся.")
    catch_up(app)
    return sign_in()


def answers_soon(reader, query: str) -> None:
    """Every search surface answers, and keeps nobody busy."""
    began = time.process_time()
    safe = query.encode("utf-8", "surrogatepass")
    for address, name in (("/search", "q"), ("/search/suggest", "q"), ("/search/similar", "body")):
        response = reader.get(address, query_string={name: safe})
        assert response.status_code in (200, 422), (address, query)
    assert time.process_time() - began < 3, query


@pytest.mark.share(3)
@pytest.mark.parametrize("query", QUERIES)
def test_odd_queries_get_an_answer(reader, query):
    answers_soon(reader, query)


@pytest.mark.share(3)
@pytest.mark.parametrize("name", ["blns", "sqli", "xss"])
def test_hostile_collections_get_an_answer(reader, data, name):
    found = strings.every(data, name)

    for query in random.Random(name).sample(found, min(40, len(found))):
        answers_soon(reader, query[:1500])


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_parser_takes_any_text_and_bounds_it(text):
    query = language.parse(text)

    assert len(query.operands) + len(query.without) <= language.MOST_TERMS


@given(st.text(max_size=60), st.sampled_from(["", '"', "-", "*", " OR ", "kind:idea "]))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_text_is_answered(reader, text, extra):
    query = (extra + text).encode("utf-8", "surrogatepass")

    assert reader.get("/search", query_string={"q": query}).status_code == 200


@pytest.mark.share(3)
@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMl0", "WzEsImEiXQ", "Wy01LCJhIl0", "9" * 300])
def test_a_made_up_cursor_is_harmless(reader, cursor):
    answer = reader.json("/search", query_string={"q": "printer", "cursor": cursor})

    assert answer["total"] == 5
