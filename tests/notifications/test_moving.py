"""News go where what they are about has gone, and leave with what was settled or separated."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.ideas import affected
from forum.ideas.models import Idea
from forum.ideas.together import suggestions
from forum.ideas.together.models import Suggestion
from forum.notifications.models import Notification
from tests.ideas import written
from tests.notifications.inboxes import called, catch_up, follow, unread
from tests.notifications.posting import ADDRESS, anna, mailing_forum, run, text_of, told
from tests.support import make


def shown(app: Flask, person: int) -> list[tuple[str, int]]:
    """What is unread in somebody's inbox, and which idea it leads to; as many as are counted."""
    catch_up(app)
    with app.app_context():
        query = select(Notification.kind, Notification.object_id, Notification.behind_id).where(
            Notification.person_id == person,
            Notification.read_at.is_(None),
            Notification.concealed.is_(False),
        )
        rows = db.session.execute(query.order_by(Notification.id)).all()
    assert unread(app, person) == sum(row.behind_id is None for row in rows)
    return [(row.kind, row.object_id) for row in rows]


def test_an_unread_comment_goes_with_its_idea_and_comes_back_with_it(app: Flask) -> None:
    follower, parent, child = make.person(app), make.idea(app), make.idea(app)
    follow(app, child, follower)
    make.comment(app, child)
    assert shown(app, follower) == [("commented-followed", child)]

    make.merge(app, parent, child)
    assert shown(app, follower) == [("commented-followed", parent), ("merged", parent)]

    make.unmerge(app, child)
    assert shown(app, follower) == [("commented-followed", child), ("unmerged", child)]


def test_a_comment_that_moved_is_shown_to_whoever_sees_where_it_stands(app: Flask) -> None:
    here, author = make.department(app), make.person(app)
    consultant = make.person(app, kind="consultant", attached=[here])
    parent, child = make.idea(app, author), make.idea(app, departments=[here])
    follow(app, child, consultant)
    make.comment(app, child)
    make.merge(app, parent, child)
    assert ("commented-followed", parent) in shown(app, consultant)

    with app.app_context():
        person, idea = db.session.get_one(Person, author), db.session.get_one(Idea, parent)
        affected.tag_departments(person, idea, [])
    assert shown(app, consultant) == []

    make.unmerge(app, child)
    assert shown(app, consultant) == [("commented-followed", child), ("unmerged", child)]


@pytest.mark.parametrize("separated", [False, True])
def test_a_mail_that_waits_leads_to_where_its_comment_stands(app: Flask, separated: bool) -> None:
    with (
        time_machine.travel(datetime.fromisoformat("2026-03-02T09:00Z"), tick=False) as clock,
        mailing_forum(app) as office,
    ):
        author = anna(app)
        parent, child = make.idea(app), make.idea(app, author)
        make.comment(app, child)
        catch_up(app)
        make.merge(app, parent, child)
        catch_up(app)
        if separated:
            make.unmerge(app, child)
            catch_up(app)
        clock.shift(timedelta(minutes=31))
        run(app)

        letters = [text_of(each) for each in told(office, "anna@example.org")]

    place = f"{ADDRESS}/ideas/{child if separated else parent}"
    about = [letter for letter in letters if "commented" in letter]
    assert len(about) == 1
    assert place in about[0]


def test_a_department_is_asked_no_more_about_what_became_part_of_another_idea(app: Flask) -> None:
    finance, person = make.represented(app)
    parent, child = make.idea(app), make.idea(app, departments=[finance])
    assert shown(app, person) == [("answer-wanted", child)]

    make.merge(app, parent, child)

    assert shown(app, person) == [("answer-wanted", parent)]


def test_a_merge_is_news_until_it_is_undone(app: Flask) -> None:
    author, other = make.person(app), make.person(app)
    parent, child = make.idea(app, author), make.idea(app, other)
    make.merge(app, parent, child)
    assert shown(app, author) == [("took-in", parent)]
    assert shown(app, other) == [("merged", parent)]

    make.unmerge(app, child)

    assert shown(app, author) == []
    assert shown(app, other) == [("unmerged", child)]


@pytest.mark.parametrize("way", ["taken", "left", "withdrawn"])
def test_a_suggestion_waits_in_the_inbox_until_it_is_settled(
    app: Flask, sign_in: Any, way: str
) -> None:
    author, helper = make.person(app), make.person(app)
    idea = make.idea(app, author)
    number = written.suggestion(app, idea, helper)
    assert shown(app, author) == [("suggested", idea)]

    with app.app_context():
        by, target = db.session.get_one(Person, author), db.session.get_one(Idea, idea)
        one = db.session.get_one(Suggestion, number)
        if way == "taken":
            suggestions.take(by, target, one)
        elif way == "left":
            suggestions.leave(by, target, one, reason="It is shorter so.")
        else:
            suggestions.withdraw(db.session.get_one(Person, helper), one)

    assert shown(app, author) == []
    kinds = [
        li["data-kind"] for li in sign_in(author).page("/notifications").all("li", data_kind=True)
    ]
    assert "suggested" not in kinds


def test_who_was_called_is_asked_again_when_the_idea_stands_by_itself_again(app: Flask) -> None:
    finance, person = make.represented(app)
    parent = make.idea(app)
    child = make.idea(app, problem=called(app, person), departments=[finance])
    assert shown(app, person) == [("answer-wanted", child)]
    make.merge(app, parent, child)
    assert shown(app, person) == [("mentioned", child), ("answer-wanted", parent)]

    make.unmerge(app, child)

    assert ("answer-wanted", child) in shown(app, person)
    assert ("mentioned", child) not in shown(app, person)


def test_what_happened_while_an_idea_was_hidden_is_told_once_it_is_shown(
    app: Flask, sign_in: Any
) -> None:
    follower, moderator = anna(app), make.moderator(app)
    idea, browser = make.idea(app, title="Less paper"), sign_in(moderator)
    follow(app, idea, follower)
    with mailing_forum(app) as office:
        browser.post(f"/ideas/{idea}/hide")
        make.comment(app, idea, moderator)
        run(app)
        assert shown(app, follower) == []
        assert "Less paper" not in sign_in(follower).page("/notifications").text

        browser.post(f"/ideas/{idea}/unhide")
        run(app)

    assert shown(app, follower) == [("commented-followed", idea)]
    assert "Less paper" in sign_in(follower).page("/notifications").text
    assert told(office, "anna@example.org") == []
