"""Words that somebody may not see, asked for on every surface of the search by eight kinds of
people: none is ever seen, and nothing that is told differs from a forum that never had them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.words import transliterate_layout
from forum.search.saved import feed
from forum.search.saved.models import SavedSearch
from tests.search.canaries import (
    ELSEWHERE,
    EVERYTHING,
    FINANCE,
    READERS,
    START,
    WORDS,
    Forum,
    Recipe,
)
from tests.search.saved.watching import news_of
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
Answers = dict[str, Any]
_CYRILLIC, _LATIN = "абвгдезиклмнопрстуф", "abvgdeziklmnoprstuf"
_OTHER_ALPHABET = str.maketrans(_CYRILLIC + _LATIN, _LATIN + _CYRILLIC)
NOWHERE = {True: "quzhwyxil", False: "щуцкейрюх"}
"""A word that is in no forum, by whether it is to be Latin."""
AT_ONCE = 8
"""Canaries asked for in one query, where a query can ask for several."""

BROAD = (
    "invoice",
    "invoices late supplier",
    "late invoice счета",
    "счет",
    "счета поставщиков теряются",
    "поставщик",
    "printer",
    "inv*",
    "сче*",
    "*",
    '"late invoice"',
    '"счета поставщиков"',
    '"invoice of suppliers"',
    "invoice -late",
    "счета -пути",
    "late OR printer",
    "(late OR счета) -(supplier seen)",
    "title:invoice late",
    "title:inv*",
    "where does the late invoice of a supplier go when nobody sees it",
    "inovice",
    "suplier invoice",
    "щгкщ invoice",
    "byvoice",
    "cxtnf",
    "scheta",
    "schet* invoice",
    "kind:comment invoice",
    "kind:standard",
    "kind:person",
    "kind:person author",
    "kind:department invoice",
    "kind:service",
    "stage:open invoice sort:new",
    "stage:in-force",
    "invoice sort:votes",
    "счета sort:active",
    "votes:0 sort:new",
    "comments:>1",
    "comments:0..9 invoice",
    "updated:today",
    "after:2026-03 before:2027",
    "stuck:>0d",
    "unanswered:me",
    "unanswered:finance",
    "affected:finance,systems",
    "affected:warehouse",
    "dept:finance -affected:systems",
    "отдел:systems",
    "author:author",
    "author:author invoice -tag:paper",
    "author:me",
    "автор:clara",
    "tag:paper",
    "tag:papie",
    "tag:охрана",
    "-tag:paper invoice",
    "has:standard",
    "standard:1",
    "standard:PS-002",
    "standard:PS-003 invoice",
    "lang:ru",
    "lang:en -kind:comment sort:active",
)
"""Questions of every kind, in both languages, that what is hidden would have an answer to."""
NARROWED = (
    "kind=idea&kind=comment",
    "stage=open",
    "department=finance",
    "department=warehouse",
    "affected=systems&tag=paper",
    "tag=papier",
    "year=2026&lang=ru",
    "sort=new&limit=2",
    "sort=active&limit=3",
)
TYPED = ("inv", "сче", "far", "au", "fin", "war", "ps", "invoice la", "supplier", "поставщ")
UNFINISHED = (
    *("tag:", "tag:pa", "метка:ох", "author:", "author:au", "автор:cl", "dept:", "dept:wa"),
    *("affected:f", "затронут:", "standard:", "standard:PS", "unanswered:", "kind:s", "stage:"),
)
WRITTEN = (
    ("late invoice", "the supplier never sees the invoice"),
    ("счета поставщиков", "теряются в пути"),
    ("", "a printer that blinks late"),
)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still unless it is moved."""
    with time_machine.travel(START, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def build(app: Flask, prepared: Any, clock: time_machine.Traveller) -> Callable[..., Forum]:
    """`build(having)`: the forum with canaries, where there was an empty one."""

    def built(having: frozenset[str] = EVERYTHING) -> Forum:
        prepared.reset()
        clock.move_to(START)
        return Recipe(app, clock, having).build()

    return built


def hidden_from(reader: str) -> list[str]:
    """The canaries that a reader may not see."""
    return [word for why in sorted(READERS[reader]) for word in WORDS[why].values()]


def search(browser: Browser, query: str, more: str = "") -> Answers:
    """An answer without what differs between forums that are the same to a reader."""
    return plain(browser.json(f"/search?{urlencode({'q': query})}&{more}"))


def plain(answer: Answers) -> Answers:
    """An answer without ids and times."""
    answer.pop("took_ms", None)
    answer["next"] = bool(answer.get("next"))
    for hit in answer.get("hits", []) + answer.get("items", []):
        hit.pop("id", None)
        hit["url"] = re.sub(r"(?<=[/-])\d+", "N", hit["url"])
    return answer


# What nobody may see is asked for by name.


def alone(word: str) -> list[str]:
    """A canary as people type it: rightly, wrongly, on the other keyboard, in the other letters."""
    return [
        word,
        word[:4] + word[5:],
        transliterate_layout(word),
        word.translate(_OTHER_ALPHABET),
    ]


def together(words: list[str]) -> list[str]:
    """Queries for any of several canaries."""
    values = ",".join(words)
    filters = ("tag", "author", "dept", "affected", "unanswered", "standard")
    return [
        " OR ".join(f"{word[:6]}*" for word in words),
        " OR ".join(f'"{word}"' for word in words),
        " OR ".join(f"title:{word}" for word in words),
        " OR ".join(f"title:{word[:5]}*" for word in words),
        *(f"{name}:{values}" for name in filters),
        f"({' OR '.join(words)}) kind:idea,comment,standard,person,department,service",
        f"sort:new ({' OR '.join(f'tag:{word} OR author:{word}' for word in words)})",
    ]


def beside(words: list[str]) -> list[str]:
    """Queries in which canaries must change nothing beside a word that many things have."""
    return [
        f"invoice {' '.join(words)}",
        f"invoice {' '.join(f'-{word}' for word in words)}",
        f"invoice OR {' OR '.join(words)}",
        f"invoice -tag:{','.join(words)} -author:{','.join(words)}",
    ]


def assert_nothing_is_found(browser: Browser, words: list[str]) -> None:
    """No answer to a question for canaries says anything at all."""
    chunks = [words[at : at + AT_ONCE] for at in range(0, len(words), AT_ONCE)]
    several = [query for chunk in chunks for query in together(chunk)]
    for query in [*(query for word in words for query in alone(word)), *several]:
        answer = search(browser, query)
        found = (answer["total"], answer["hits"], answer["suggestion"], answer["relaxed"])
        assert found == (0, [], None, None), query
        counted = [value["count"] for values in answer["facets"].values() for value in values]
        assert not any(counted), query


def assert_nothing_is_changed(browser: Browser, words: list[str]) -> None:
    """A canary beside other words is worth as much as a word that is nowhere."""
    for at in range(0, len(words), AT_ONCE):
        chunk = words[at : at + AT_ONCE]
        nowhere = [_instead(word, number) for number, word in enumerate(chunk)]
        for query, other in zip(beside(chunk), beside(nowhere), strict=True):
            answer, expected = search(browser, query), search(browser, other)
            assert answer.pop("query") != expected.pop("query")
            assert answer == expected, query
            assert answer["total"] == search(browser, "invoice")["total"], query


def _instead(word: str, number: int) -> str:
    """A word of no forum, like a canary in its alphabet."""
    return NOWHERE[word.isascii()] + ("s" if word.isascii() else "ж") * number


def assert_nothing_is_proposed(browser: Browser, words: list[str]) -> None:
    """Neither titles nor filters are completed to a canary."""
    for word in words:
        for typed in (word[:4], *(f"{name}:{word[:4]}" for name in ("tag", "author", "affected"))):
            answer = browser.json(f"/search/suggest?filters=1&q={quote(typed)}")
            assert answer == {"items": []}, typed


def pages(browser: Browser, forum: Forum, reader: str, words: list[str]) -> Iterator[str]:
    """Every page of the search, without the words that were asked for and are said again."""
    for at in range(0, len(words), AT_ONCE):
        asked = " OR ".join(words[at : at + AT_ONCE])
        for address in (f"/search?why=1&q={quote(asked)}", f"/search?tag={quote(words[at])}"):
            text = browser.client.get(address).text
            for word in words[at : at + AT_ONCE]:
                text = re.sub(f"{word}|{quote(word)}", "", text)
            yield text
    for query in ("invoice", "счета", "kind:person", "tag:papie", "affected:warehouse"):
        yield browser.client.get(f"/search?why=1&q={quote(query)}").text
    yield from (browser.client.get(address).text for address in own_pages(browser, forum, reader))
    for written in WRITTEN:
        yield str(similar(browser, *written))
    yield str(similar(browser, " ".join(words), "late invoice"))
    yield from (str(browser.json(f"/search/suggest?filters=1&q={quote(t)}")) for t in UNFINISHED)


def own_pages(browser: Browser, forum: Forum, reader: str) -> list[str]:
    """The pages of what a reader keeps and of what is like something, and their feeds."""
    addresses = ["/search", "/search/saved", "/search/starts", "/settings/searches"]
    addresses += [f"/search/saved/{number}" for number in forum.saved[reader]]
    addresses += [feed_of(browser.app, number) for number in forum.saved[reader]]
    if reader != "leaver":
        addresses += [f"/search/related/idea/{idea}" for idea in forum.ideas]
        addresses.append(f"/search/related/standard/{forum.number}")
    return addresses


def feed_of(app: Flask, saved_id: int) -> str:
    """The secret address of a saved search's feed."""
    with app.app_context():
        saved = db.session.get_one(SavedSearch, saved_id)
        return feed.path_of(db.session.get_one(Person, saved.person_id), saved)


def similar(browser: Browser, title: str, body: str) -> Answers:
    """What is like a text that is being written."""
    query = urlencode({"title": title, "body": body})
    return plain(browser.json(f"/search/similar?{query}"))


def test_no_canary_is_seen_by_any_of_eight_kinds_of_people(
    app: Flask, build: Callable[..., Forum], sign_in: SignIn
) -> None:
    forum = build()

    for reader in READERS:
        browser, words = sign_in(forum.people[reader]), hidden_from(reader)
        assert_nothing_is_found(browser, words)
        assert_nothing_is_changed(browser, words)
        assert_nothing_is_proposed(browser, words)
        said = [*pages(browser, forum, reader, words), str(news_of(app, forum.people[reader]))]
        for word in words:
            shown = [text for text in said if word in text.casefold()]
            assert not shown, (reader, word, shown[0][:3000])


def test_those_who_may_see_a_canary_find_it(
    app: Flask, build: Callable[..., Forum], sign_in: SignIn
) -> None:
    forum = build()
    browser, consultant = (sign_in(forum.people[who]) for who in ("board", "consultant"))

    for word in (*WORDS[ELSEWHERE].values(), *WORDS[FINANCE].values()):
        assert search(browser, word)["total"] > 0, word
    for word in WORDS[FINANCE].values():
        assert search(consultant, word)["total"] > 0, word
        assert search(browser, f"{word[:6]}*")["total"] > 0, word
    near = [search(browser, typed)["suggestion"] for typed in alone(WORDS[ELSEWHERE]["comment"])]
    assert near[1:] == [WORDS[ELSEWHERE]["comment"]] * 3


# What is told is what a forum without the hidden things would tell.


def everything_told(browser: Browser, forum: Forum, reader: str) -> Answers:
    """The answers to all questions that are broad, by what was asked."""
    told: Answers = {query: search(browser, query) for query in BROAD}
    for more in NARROWED:
        told[f"invoice {more}"] = search(browser, "invoice", more)
        told[f"счета {more}"] = search(browser, "счета", more)
    for typed in (*TYPED, *UNFINISHED):
        address = f"/search/suggest?filters=1&q={quote(typed)}"
        told[address] = plain(browser.json(address))
    for written in WRITTEN:
        told[f"like {written}"] = similar(browser, *written)
    for query in ("tag:papie", "dept:wareh invoice", "author:vits", "счета"):
        told[f"page of {query}"] = shown(browser, f"/search?q={quote(query)}")
    for number, address in enumerate(own_pages(browser, forum, reader)):
        told[f"page {number} of their own"] = shown(browser, address)
    told["news"] = news_of(browser.app, forum.people[reader])
    return told


def shown(browser: Browser, address: str) -> list[str]:
    """The words of a page, without what is new in each session."""
    text = browser.client.get(address).text
    text = re.sub(r'content="[^"]*"|name="csrf_token" value="[^"]*"|/feeds/[^/]+/', "", text)
    return re.sub(r"\d+", "N", text).splitlines()


@pytest.mark.parametrize(
    "readers",
    [
        ("stranger", "colleague", "representative", "moderator", "admin", "board"),
        ("consultant",),
        ("leaver",),
    ],
    ids=["staff", "consultant", "leaver"],
)
def test_what_is_told_is_what_a_forum_without_the_hidden_would_tell(
    app: Flask, build: Callable[..., Forum], sign_in: SignIn, readers: tuple[str, ...]
) -> None:
    forum = build()
    full = {who: everything_told(sign_in(forum.people[who]), forum, who) for who in readers}

    bare_forum = build(EVERYTHING - READERS[readers[0]])

    for who in readers:
        bare = everything_told(sign_in(bare_forum.people[who]), bare_forum, who)
        assert full[who].keys() == bare.keys()
        for asked, answer in full[who].items():
            assert answer == bare[asked], (who, asked)


def test_the_questions_are_of_things_that_the_consultant_finds_and_does_not(
    app: Flask, build: Callable[..., Forum], sign_in: SignIn
) -> None:
    forum = build()
    consultant, board = (sign_in(forum.people[who]) for who in ("consultant", "board"))

    answers = [(search(consultant, query), search(board, query)) for query in BROAD]

    assert len(answers) >= 40
    assert sum(own["total"] > 0 for own, _all in answers) >= 40
    assert sum(own["total"] < everything["total"] for own, everything in answers) >= 30
