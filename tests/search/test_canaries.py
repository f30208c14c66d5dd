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
    SECRETS,
    START,
    WORDS,
    Forum,
    Recipe,
)
from tests.search.questions import BROAD, NARROWED, TYPED, UNFINISHED, WRITTEN, plain
from tests.search.saved.watching import news_of
from tests.search.test_missed import listed
from tests.search.test_recent import offered, see
from tests.support import forums
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
Answers = dict[str, Any]
_CYRILLIC, _LATIN = "абвгдезиклмнопрстуф", "abvgdeziklmnoprstuf"
_OTHER_ALPHABET = str.maketrans(_CYRILLIC + _LATIN, _LATIN + _CYRILLIC)
NOWHERE = {True: "quzhwyxil", False: "щуцкейрюх"}
"""A word that is in no forum, by whether it is to be Latin."""
AT_ONCE = 15
"""Canaries asked for in one query, where a query can ask for several."""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still unless it is moved."""
    with time_machine.travel(START, tick=False) as coordinates:
        yield coordinates


@pytest.fixture(scope="module")
def kept(prepared: forums.Prepared) -> Forum:
    """The forum with every canary, built once and copied away."""
    prepared.reset()
    with time_machine.travel(START, tick=False) as coordinates:
        forum = Recipe(prepared.app, coordinates).build()
    prepared.keep("canaries")
    return forum


@pytest.fixture
def forum(
    app: Flask, prepared: forums.Prepared, kept: Forum, clock: time_machine.Traveller
) -> Forum:
    """The same for a test of its own."""
    prepared.bring_back("canaries")
    clock.move_to(kept.built_at)
    return kept


def hidden_from(reader: str) -> list[str]:
    """The canaries that a reader may not see."""
    return [word for why in sorted(READERS[reader]) for word in WORDS[why].values()]


def search(browser: Browser, query: str, more: str = "") -> Answers:
    """An answer without what differs between forums that are the same to a reader."""
    return plain(browser.json(f"/search?{urlencode({'q': query})}&{more}"))


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
    either = ",".join(words)
    return [
        f"invoice {words[0]}",
        f"late invoice {' '.join(words)}",
        f"invoice lang:en,ru {' '.join(f'-{word}' for word in words)}",
        f"invoice OR {' OR '.join(words)}",
        f"invoice -tag:{either} -author:{either}",
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


def _instead(word: str, number: int) -> str:
    """A word of no forum, like a canary in its alphabet."""
    return NOWHERE[word.isascii()] + ("s" if word.isascii() else "ж") * number


def assert_nothing_is_proposed(browser: Browser, words: list[str]) -> None:
    """Neither titles nor filters are completed to a canary."""
    for word in words:
        for typed in (word[:4], f"tag:{word[:4]}", f"author:{word[:4]}"):
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


def test_there_are_canaries_wherever_something_is_found() -> None:
    assert len(WORDS[SECRETS]) + len(WORDS[ELSEWHERE]) >= 20


@pytest.mark.parametrize("reader", READERS)
def test_no_canary_is_seen_by_any_of_eight_kinds_of_people(
    app: Flask, forum: Forum, sign_in: SignIn, reader: str
) -> None:
    browser, words = sign_in(forum.people[reader]), hidden_from(reader)

    assert_nothing_is_found(browser, words)
    assert_nothing_is_changed(browser, words)
    assert_nothing_is_proposed(browser, words)
    said = [*pages(browser, forum, reader, words), str(news_of(app, forum.people[reader]))]

    for word in words:
        shown = [text for text in said if word in text.casefold()]
        assert not shown, (word, shown[0][:3000])


def test_those_who_may_see_a_canary_find_it(forum: Forum, sign_in: SignIn) -> None:
    board, consultant = (sign_in(forum.people[who]) for who in ("board", "consultant"))
    far, own = WORDS[ELSEWHERE], WORDS[FINANCE]

    for word in (*far.values(), *own.values()):
        assert search(board, word)["total"] > 0, word
    for word in own.values():
        assert search(consultant, word)["total"] > 0, word
        assert search(consultant, f"title:{word[:6]}* OR {word[:6]}*")["total"] > 0, word
    near = [search(board, typed)["suggestion"] for typed in alone(far["comment"])]
    assert near[1:] == [far["comment"]] * 3
    for typed in (
        f"tag:{far['idea_tag'][:4]}",
        f"author:{far['person'][:4]}",
        far["standard_title"],
    ):
        assert board.json(f"/search/suggest?filters=1&q={quote(typed)}")["items"], typed


def test_searches_in_vain_tell_moderators_nothing_but_what_was_typed(
    forum: Forum, sign_in: SignIn
) -> None:
    hidden, found = WORDS[SECRETS]["hidden_title"], WORDS[ELSEWHERE]["comment"]
    for reader in ("colleague", "representative", "board", "consultant", "leaver"):
        browser = sign_in(forum.people[reader])
        see(browser, *(f"q={quote(word)}" for word in (hidden, found, NOWHERE[True])))

    missed = listed(sign_in(forum.people["moderator"]))

    assert sorted(missed) == sorted([hidden, NOWHERE[True]])


def test_a_search_that_is_offered_again_does_not_name_a_hidden_department(
    forum: Forum, sign_in: SignIn
) -> None:
    told = []
    for reader in ("consultant", "leaver"):
        browser = sign_in(forum.people[reader])
        see(browser, "q=invoice&department=warehouse")
        told += [str(offered(browser)), browser.get("/settings/searches").text]

    assert not [text for text in told if WORDS[ELSEWHERE]["department"] in text.casefold()]


# What is told is what a forum without the hidden things would tell.


def questions() -> list[str]:
    """Addresses whose answers are JSON, for questions that are broad."""
    asked = [f"/search?{urlencode({'q': query})}" for query in BROAD]
    asked += [f"/search?q={quote(q)}&{more}" for q in ("invoice", "счета") for more in NARROWED]
    asked += [f"/search/suggest?filters=1&q={quote(typed)}" for typed in (*TYPED, *UNFINISHED)]
    written = [urlencode({"title": title, "body": body}) for title, body in WRITTEN]
    return [*asked, *(f"/search/similar?{text}" for text in written)]


def answers(browser: Browser, forum: Forum, reader: str, share: slice) -> Answers:
    """What a reader is told, by what they asked."""
    told: Answers = {asked: plain(browser.json(asked)) for asked in questions()[share]}
    for query in ("tag:papie", "dept:wareh invoice", "author:vits", "счета"):
        told[f"page of {query}"] = lines(browser, f"/search?q={quote(query)}")
    for number, address in enumerate(own_pages(browser, forum, reader)):
        told[f"page {number} of their own"] = lines(browser, address)
    told["news"] = news_of(browser.app, forum.people[reader])
    return told


def lines(browser: Browser, address: str) -> list[str]:
    """The lines of a page, without ids and what is new in each session."""
    text = browser.client.get(address).text
    new = r'content="[^"]*"|name="csrf_token" value="[^"]*"|/feeds/[^/]+/|cursor=[^"&]*'
    text = re.sub(new, "", text)
    return re.sub(r"\d+", "N", text).splitlines()


STAFF = tuple(reader for reader, hidden in READERS.items() if hidden == {SECRETS})
SHARES = [
    {reader: slice(number, None, len(STAFF)) for number, reader in enumerate(STAFF)},
    {"consultant": slice(None)},
    {"leaver": slice(0, None, 3)},
]
"""Those who see the same share the questions among them; the consultant asks all of them."""


@pytest.mark.parametrize("shares", SHARES, ids=["staff", "consultant", "leaver"])
def test_what_is_told_is_what_a_forum_without_the_hidden_would_tell(
    prepared: forums.Prepared,
    forum: Forum,
    sign_in: SignIn,
    clock: time_machine.Traveller,
    shares: dict[str, slice],
) -> None:
    full = {
        who: answers(sign_in(forum.people[who]), forum, who, own) for who, own in shares.items()
    }

    prepared.reset()
    clock.move_to(START)
    unseen = READERS[next(iter(shares))]
    bare = Recipe(prepared.app, clock, EVERYTHING - unseen).build()

    for who, own in shares.items():
        without = answers(sign_in(bare.people[who]), bare, who, own)
        assert full[who].keys() == without.keys()
        for asked, answer in full[who].items():
            assert answer == without[asked], (who, asked)


def test_the_consultant_is_asked_about_what_they_see_and_what_they_do_not(
    forum: Forum, sign_in: SignIn
) -> None:
    consultant, board = (sign_in(forum.people[who]) for who in ("consultant", "board"))

    totals = [(search(consultant, q)["total"], search(board, q)["total"]) for q in BROAD]

    assert sum(own > 0 for own, _all in totals) >= 40
    assert sum(own < everything for own, everything in totals) >= 30
