"""The inbox as its reader sees it."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.admin.erasure import erase
from forum.core.db import db
from forum.departments import membership
from forum.discussion import actions as discussion
from forum.discussion.models import Comment
from forum.ideas.models import Idea
from forum.moderation import actions as moderation
from forum.notifications.models import Notification
from tests.notifications.inboxes import catch_up, unread
from tests.support import make
from tests.support.pages import Document


def author_with_comments(app: Flask, count: int) -> int:
    author = make.person(app)
    for number in range(count):
        make.comment(app, make.idea(app, author, title=f"Idea {number}"))
    catch_up(app)
    return author


def rows(page: Document) -> list[tuple[str, str]]:
    titles = page.all("button", class_="news-title")
    return [(b.text, item["data-unread"]) for b, item in zip(titles, marks(page), strict=True)]


def marks(page: Document) -> list:  # type: ignore[type-arg]
    return page.all("li", data_unread=True)


def test_an_empty_inbox_says_what_comes_here(sign_in) -> None:
    page = sign_in().page("/notifications")

    assert "Nothing yet" in page.text


def test_news_are_listed_newest_first_and_opening_one_marks_it_read(app, sign_in) -> None:
    browser = sign_in(author_with_comments(app, 2))

    page = browser.page("/notifications")
    opened = browser.post(page.all("button", class_="news-title")[0]["formaction"])
    after = browser.page("/notifications")

    assert rows(page) == [("Idea 1", "1"), ("Idea 0", "1")]
    assert opened.status_code == 303
    assert "#comment-" in opened.location
    assert rows(after) == [("Idea 1", "0"), ("Idea 0", "1")]
    assert after.one("a", class_="top-icon", href="/notifications")["data-unread"] == "1"


def test_opening_twice_counts_once(app, sign_in) -> None:
    author = author_with_comments(app, 2)
    browser = sign_in(author)
    address = browser.page("/notifications").all("button", class_="news-title")[0]["formaction"]

    browser.post(address)
    browser.post(address)

    assert unread(app, author) == 1


def test_looking_changes_nothing(app, sign_in) -> None:
    author = author_with_comments(app, 1)

    sign_in(author).page("/notifications")

    assert unread(app, author) == 1


def test_all_can_be_marked_read_but_not_what_came_since(app, sign_in) -> None:
    author = author_with_comments(app, 2)
    browser = sign_in(author)
    shown = browser.page("/notifications").one("input", name_="up_to")["value"]
    make.comment(app, make.idea(app, author))
    catch_up(app)

    browser.post("/notifications/read", {"up_to": shown})

    assert unread(app, author) == 1
    assert [mark for _title, mark in rows(browser.page("/notifications"))] == ["1", "0", "0"]


def test_only_the_unread_can_be_shown(app, sign_in) -> None:
    author = author_with_comments(app, 3)
    browser = sign_in(author)
    first = browser.page("/notifications").all("button", class_="news-title")[0]
    browser.post(first["formaction"])

    page = browser.page("/notifications?unread=1")

    assert rows(page) == [("Idea 1", "1"), ("Idea 0", "1")]


def test_long_inboxes_have_pages(app, sign_in) -> None:
    author = make.person(app)
    for _ in range(35):
        make.comment(app, make.idea(app, author))
    catch_up(app)
    browser = sign_in(author)

    first = browser.page("/notifications")
    second = browser.page(first.one("a", rel="next")["href"])

    assert (len(marks(first)), len(marks(second))) == (30, 5)
    ids = [
        b["formaction"] for page in (first, second) for b in page.all("button", class_="news-title")
    ]
    assert len(set(ids)) == 35


@pytest.mark.parametrize("after", ["x", "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwxXQ", "W10"])
def test_a_damaged_cursor_begins_at_the_start(app, sign_in, after) -> None:
    browser = sign_in(author_with_comments(app, 1))

    assert len(marks(browser.page(f"/notifications?after={after}"))) == 1


@pytest.mark.parametrize("up_to", ["", "x", "0001-01-01T00:00:00+14:00", "9" * 5000])
def test_an_odd_moment_is_never_an_error(app, sign_in, up_to) -> None:
    browser = sign_in(author_with_comments(app, 1))

    assert browser.post("/notifications/read", {"up_to": up_to}).status_code == 303


def test_nobody_opens_the_news_of_somebody_else(app, sign_in) -> None:
    author = author_with_comments(app, 1)
    address = sign_in(author).page("/notifications").one("button", class_="news-title")

    stranger = sign_in(make.admin(app))

    assert stranger.post(address["formaction"]).status_code == 404
    assert stranger.post("/notifications/99999999999999999999/open").status_code == 404
    assert unread(app, author) == 1


def test_a_hidden_idea_is_not_shown_even_before_the_reader_comes(app, sign_in) -> None:
    follower, author = make.person(app), make.person(app)
    idea = make.idea(app, author, title="Secret plans", problem=f"@[x](person:{follower})")
    catch_up(app)
    address = sign_in(follower).page("/notifications").one("button", class_="news-title")
    with app.app_context():
        moderator = db.session.get_one(Person, make.moderator(app))
        moderation.hide(moderator, db.session.get_one(Idea, idea))

    page = sign_in(follower).page("/notifications")

    assert "Secret plans" not in page.text
    assert not marks(page)
    assert sign_in(follower).post(address["formaction"]).status_code == 404


def test_a_consultant_sees_no_trace_of_what_is_out_of_their_sight(app, sign_in) -> None:
    finance = make.department(app)
    consultant = make.person(app, kind="consultant", attached=[finance])
    call = f"@[x](person:{consultant})"
    make.idea(app, departments=[finance], title="Finance only", problem=call)
    make.idea(app, departments=[make.department(app)], title="Not for them", problem=call)
    catch_up(app)
    browser = sign_in(consultant)
    assert rows(browser.page("/notifications")) == [("Finance only", "1")]

    with app.app_context():
        membership.detach(None, consultant, [finance])
    catch_up(app)

    page = browser.page("/notifications")
    assert not marks(page)
    assert page.one("a", class_="top-icon", href="/notifications")["data-unread"] == "0"


def test_a_deleted_comment_is_no_news(app, sign_in) -> None:
    author = make.person(app)
    idea = make.idea(app, author)
    comment = make.comment(app, idea)
    catch_up(app)
    with app.app_context():
        row = db.session.get_one(Comment, comment)
        writer = db.session.get_one(Person, row.author_id)
        discussion.delete_comment(writer, "idea", db.session.get_one(Idea, idea), row)
    catch_up(app)

    assert unread(app, author) == 0
    assert not marks(sign_in(author).page("/notifications"))


def test_a_former_colleague_is_not_named(app, sign_in) -> None:
    author, gone = make.person(app), make.person(app, name="Gone Girl")
    make.comment(app, make.idea(app, author), gone)
    catch_up(app)
    with app.app_context():
        erase(None, db.session.get_one(Person, gone))

    page = sign_in(author).page("/notifications")

    assert "Gone Girl" not in page.text
    assert "former colleague commented" in page.text


@pytest.mark.parametrize("length", [1, 12])
def test_the_inbox_costs_the_same_however_long(app, sign_in, queries, length) -> None:
    finance = make.department(app)
    author, representative = make.person(app), make.person(app)
    make.represent(app, representative, finance)
    for _ in range(length):
        idea = make.idea(app, author, departments=[finance])
        make.comment(app, idea)
        make.answer(app, idea, finance, representative, "helps")
    catch_up(app)
    browser = sign_in(author)
    browser.page("/notifications")

    # the reader, the news with what they are about, what lies behind, the departments that answered
    with queries(4):
        browser.page("/notifications")


def test_opening_costs_five_queries(app, sign_in, queries) -> None:
    browser = sign_in(author_with_comments(app, 1))
    address = browser.page("/notifications").one("button", class_="news-title")["formaction"]

    with queries(5):  # the reader, the news, the row, the count, where the comment stands
        browser.post(address)


def test_news_of_many_kinds_read_well(app, sign_in) -> None:
    finance = make.department(app, "Finance")
    author, representative = make.person(app), make.person(app, name="Boris")
    make.represent(app, representative, finance)
    idea = make.idea(app, author, departments=[finance])
    make.comment(app, idea, representative)
    make.answer(app, idea, finance, representative, "harms", "It doubles the work.")
    make.decide(app, idea, "decline")
    catch_up(app)

    text = sign_in(author).page("/notifications").text

    assert "Boris commented" in text
    assert "Finance answered: harms us" in text
    assert "The idea was declined" in text
    with app.app_context():
        kinds = set(db.session.scalars(db.select(Notification.kind)))
    assert kinds == {"commented", "answered", "decided"}
