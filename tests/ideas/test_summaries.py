"""An idea in two sentences of the other language: for its readers, in lists and in the search."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.core.limits import SUMMARY
from forum.search.follower import catch_up as index
from tests.ideas import written
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import undo_of

SHORT = "Счета приходят поздно. Нужен один ящик для всех."
BETTER = "Счета приходят очень поздно. Нужен один ящик для всех."


def reader_of(app: Flask, sign_in, locale: str) -> Browser:
    """Somebody who reads in a language."""
    return sign_in(make.person(app, locale=locale))


def write(browser: Browser, idea: int, text: str, lang: str = "ru", seen: int = 0) -> int:
    sent = {"text": text, "revision": str(seen)}
    return browser.post(f"/ideas/{idea}/summary/{lang}", sent).status_code


def test_readers_of_that_language_see_it_and_whose_it_is(app, sign_in) -> None:
    writer = make.person(app, name="Boris Maier")
    idea = make.idea(app)

    assert write(sign_in(writer), idea, SHORT) == 303

    russian = reader_of(app, sign_in, "ru")
    page = russian.page(f"/ideas/{idea}")
    assert SHORT in page.text
    assert "Boris Maier" in page.one("p", class_="in-short").text
    assert page.one("p", class_="in-short")["lang"] == "ru"
    english = reader_of(app, sign_in, "en")
    assert SHORT not in english.page(f"/ideas/{idea}").text


def test_in_lists_it_stands_where_the_title_alone_is_foreign(app, sign_in) -> None:
    idea = make.idea(app, problem="Invoices arrive late and nobody knows why.")
    written.summary(app, idea, make.person(app), SHORT)

    row = reader_of(app, sign_in, "ru").page("/ideas").one("p", class_="idea-summary")
    assert (row.text, row["lang"]) == (SHORT, "ru")
    row = reader_of(app, sign_in, "en").page("/ideas").one("p", class_="idea-summary")
    assert row["lang"] == "en"
    assert "Invoices arrive late" in row.text


def test_it_is_found_in_both_languages(app, sign_in) -> None:
    idea = make.idea(app, problem="Invoices arrive late and nobody knows why.")
    written.summary(app, idea, make.person(app), SHORT)
    index(app)

    hits = sign_in().json("/search?q=ящики")["hits"]

    assert [(hit["kind"], hit["id"]) for hit in hits] == [("idea", str(idea))]
    assert "<mark>ящик</mark>" in hits[0]["snippet"]


def test_others_write_it_anew_and_every_wording_stays(app, sign_in) -> None:
    idea = make.idea(app)
    written.summary(app, idea, make.person(app, name="Boris Maier"), SHORT)
    other = sign_in(make.person(app, name="Clara Huber"))

    assert write(other, idea, BETTER, seen=1) == 303

    page = other.page(f"/ideas/{idea}/summary/ru")
    assert "Boris Maier" in page.text
    assert "Clara Huber" in page.text
    assert [each.text for each in page.all("ins")] == ["очень "]
    assert page.one("textarea", name="text").text.strip() == BETTER


def test_nobody_overwrites_what_they_have_not_seen(app, sign_in) -> None:
    idea = make.idea(app)
    written.summary(app, idea, make.person(app), SHORT)

    answer = sign_in().post(
        f"/ideas/{idea}/summary/ru", {"text": BETTER + " Срочно.", "revision": "0"}
    )

    assert answer.status_code == 409
    assert "Срочно." in answer.text


def test_the_notice_takes_ones_own_wording_back(app, sign_in) -> None:
    idea = make.idea(app)
    written.summary(app, idea, make.person(app), SHORT)
    browser, russian = sign_in(), reader_of(app, sign_in, "ru")
    write(browser, idea, BETTER, seen=1)

    browser.post(undo_of(browser.page(f"/ideas/{idea}"), f"/ideas/{idea}/summary/ru"))
    assert SHORT in russian.page(f"/ideas/{idea}").text

    only = make.idea(app)
    write(browser, only, SHORT)
    browser.post(undo_of(browser.page(f"/ideas/{only}"), f"/ideas/{only}/summary/ru"))
    assert not russian.page(f"/ideas/{only}").all("p", class_="in-short")


def test_its_writer_the_author_and_moderators_remove_it_and_bring_it_back(app, sign_in) -> None:
    author, writer = make.person(app), make.person(app)
    idea = make.idea(app, author)
    written.summary(app, idea, writer, SHORT)
    russian = reader_of(app, sign_in, "ru")

    assert sign_in().post(f"/ideas/{idea}/summary/ru/remove").status_code == 403
    for person in (author, writer, make.moderator(app)):
        browser = sign_in(person)
        browser.post(f"/ideas/{idea}/summary/ru/remove")
        assert SHORT not in russian.page(f"/ideas/{idea}").text
        browser.post(f"/ideas/{idea}/summary/ru/restore")
        assert SHORT in russian.page(f"/ideas/{idea}").text


@pytest.mark.parametrize(
    ("text", "lang", "status"),
    [
        ("", "ru", 422),
        ("Not Russian at all, I fear.", "ru", 422),
        ("я" * (SUMMARY.value + 1), "ru", 422),
        ("The same language", "en", 404),
        ("En español", "es", 404),
    ],
)
def test_what_is_no_summary_is_refused(app, sign_in, text, lang, status) -> None:
    idea = make.idea(app)

    assert write(sign_in(), idea, text, lang) == status


def test_a_draft_has_none(app, sign_in) -> None:
    author = make.person(app)
    draft = make.idea(app, author, draft=True)

    assert write(sign_in(author), draft, SHORT) == 403
    assert write(sign_in(), draft, SHORT) == 404


def test_the_same_words_change_nothing(app, sign_in) -> None:
    idea, browser = make.idea(app), sign_in()
    write(browser, idea, SHORT)
    write(sign_in(), idea, SHORT, seen=1)

    assert "Version 2" not in browser.page(f"/ideas/{idea}/summary/ru").text
