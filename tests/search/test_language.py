"""How a query is read: any string is one, and what it is not understood as is words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.search import language
from forum.search.language import All, Beginning, Either, Filter, Node, Not, Row, Titled, parse
from forum.search.language.operators import OPERATORS
from forum.search.language.parser import is_prose

PIECES = st.sampled_from(
    [
        *("invoice", "late", "-paper", "OR", "ИЛИ", "|", "(", ")", "-(", '"', '"by post"', "inv*"),
        *("stage:open", "статус:открыта,принята", "-tag:it", "kind:idea", "type:standard", "a|b"),
        *('отдел:"Отдел закупок"', "votes:>20", "title:late", 'title:"late invoice"', "foo:bar"),
        *("author:me", "sort:new", "sort:", ":", ",", "-", "—", "http://x.y/z", "10:30", "«а б»"),
    ]
)
QUERIES = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map(" ".join))


def told(node: Node) -> str:
    """A part as one would say it."""
    return SAID.get(type(node), lambda one: one.word.surface)(node)


SAID: dict[type, Callable[[Any], str]] = {
    Row: lambda row: '"' + " ".join(word.surface for word in row.words) + '"',
    Beginning: lambda beginning: beginning.prefix + "*",
    Titled: lambda titled: f"title {told(titled.operand)}",
    Filter: lambda one: f"{'not ' * one.negated}{one.name}={'/'.join(one.values)}",
    Not: lambda turned: f"not {told(turned.part)}",
    All: lambda every: "(" + " and ".join(map(told, every.parts)) + ")",
    Either: lambda either: "(" + " or ".join(map(told, either.parts)) + ")",
}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("late invoice", ["late", "invoice"]),
        ("late OR slow invoice", ["(late or slow)", "invoice"]),
        ("late ИЛИ slow", ["(late or slow)"]),
        ("late|slow|old", ["(late or slow or old)"]),
        ('«late invoice» -paper -"by post box"', ['"late invoice"', "not paper", 'not "post box"']),
        ("(late invoice)", ["late", "invoice"]),
        ("(late OR (slow invoice)) -paper", ["(late or (slow and invoice))", "not paper"]),
        ("-(late invoice)", ["not (late and invoice)"]),
        ("-(-late)", ["late"]),
        ("stage:open,review", ["stage=open/review"]),
        ("СТАТУС:открыта|принята", ["stage=открыта/принята"]),
        ("-tag:it", ["not tag=it"]),
        ("-(tag:it)", ["not tag=it"]),
        ('отдел:"Отдел закупок",it', ["department=Отдел закупок/it"]),
        ("type:idea OR type:standard", ["kind=idea/standard"]),
        ("late OR -paper slow", ["(late or not paper)", "slow"]),
        ("type:idea OR tag:it", ["(kind=idea or tag=it)"]),
        ('title:"late invoice" title:inv*', ['title "late invoice"', "title inv*"]),
        ("title:late,slow", ["(title late or title slow)"]),
        ("late (", ["late"]),
        (") late ))", ["late"]),
        ("OR late OR", ["late"]),
        ('late "invoice', ["late", "invoice"]),
        (
            "http://example.org 10:30 stage: open",
            ["http", "example", "org", "10", "30", "stage", "open"],
        ),
        ('- -- () | " :', []),
        ("((((late))))", ["late"]),
    ],
)
def test_a_query_is_read_as_it_is_meant(text, parts):
    query = parse(text)

    assert [told(part) for part in query.parts] == parts


def test_a_word_before_a_colon_that_is_no_filter_is_remembered_and_searched_for():
    query = parse("stagge:open re:invent c:\\temp")

    assert query.unknown == ("stagge", "re")
    assert [told(part) for part in query.parts][:3] == ["stagge", "open", "re"]
    assert not parse("https://example.org").unknown


def test_every_operator_is_read_by_each_of_its_words_and_no_two_share_one():
    words = [word for operator in OPERATORS for word in operator.words]

    assert len(words) == len(set(words))
    for operator in (each for each in OPERATORS if not each.module):
        for word in operator.words:
            query = parse(f"{word.upper()}:x")
            assert not query.unknown, word
            assert "x" not in [told(part) for part in query.parts], word


def test_parentheses_nest_as_deep_as_is_read_and_not_deeper():
    nested = "(a OR -(" * 250 + "b" + "))" * 250

    assert told(parse("(a OR -(" * 3 + "b" + "))" * 3).parts[0]).count("or") == 3
    assert told(parse(nested).parts[0]).count("not") == language.MOST_DEPTH // 2


def test_a_long_query_is_cut_and_says_so():
    query = parse(" ".join(f"word{n} tag:t{n}" for n in range(150)))

    assert query.cut
    assert len(query.operands) + len(query.filters[0].values) == language.MOST_TERMS
    assert not parse("late invoice").cut


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("late stage:open invoice", "open", "late invoice"),
        ("late stage:open,review invoice", "open", "late stage:review invoice"),
        ("-stage:open,review", "open", "-stage:review"),
        ("type:idea OR type:standard late", "idea", "type:standard late"),
        ("tag:a late tag:b", "b", "tag:a late"),
        ('отдел:"Отдел закупок",it', "it", 'отдел:"Отдел закупок"'),
        ('отдел:"Отдел закупок"', "Отдел закупок", ""),
    ],
)
def test_taking_one_value_away_leaves_the_rest_of_the_text(text, value, rest):
    query = parse(text)

    assert query.less(query.filters[0], value) == rest


@given(QUERIES)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read_and_its_own_text_is_read_the_same(text):
    query = parse(text)

    assert parse(query.text).parts == query.parts
    assert len(list(query.operands)) <= language.MOST_TERMS


@given(QUERIES)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_taking_a_filter_away_changes_nothing_else(text):
    query = parse(text)

    for dropped in query.filters:
        rest = parse(query.less(dropped))
        assert rest.filters == [one for one in query.filters if one != dropped]
        if not is_prose(rest.text):
            assert words_of(rest) == words_of(query)
    assert not parse(query.bare).filters


def words_of(query: language.Query) -> list[str]:
    return [told(part) for part in query.parts if not isinstance(part, Filter)]
