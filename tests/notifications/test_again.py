"""The log read again after rows have changed: the same news as the day it happened."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core import readers
from forum.core.db import db
from forum.ideas import affected
from forum.ideas.models import Idea
from forum.notifications import watches
from forum.notifications.reader import READER
from tests.ideas import clocks
from tests.notifications.inboxes import catch_up, everything, news_of
from tests.support import make


def read_again(app: Flask) -> None:
    """The whole log once more, as the command does."""
    with app.app_context():
        readers.replay(READER)


def affect(app: Flask, idea: int, author: int, *departments: int) -> None:
    """The author chooses other departments."""
    with app.app_context():
        person, target = db.session.get_one(Person, author), db.session.get_one(Idea, idea)
        affected.tag_departments(person, target, departments)


def watch(app: Flask, person: int, department: str, level: str) -> None:
    with app.app_context():
        somebody = db.session.get_one(Person, person)
        watches.set_level(somebody, watches.find(somebody, "department", department), level)


def test_a_question_stays_one_when_its_slot_is_gone(app: Flask) -> None:
    author, (finance, asking) = make.person(app), make.represented(app)
    idea = make.idea(app, author, departments=[finance])
    clocks.ask_author(app, idea, finance, asking)
    catch_up(app)
    affect(app, idea, author)
    catch_up(app)

    read_again(app)

    assert news_of(app, author) == ["asked-author"]


@pytest.mark.parametrize("later", [False, True])
def test_who_watches_a_department_heard_what_was_said_while_it_was_affected(
    app: Flask, later: bool
) -> None:
    finance, author, watcher = make.department(app, slug="it"), make.person(app), make.person(app)
    watch(app, watcher, "it", "all")
    idea = make.idea(app, author, departments=[] if later else [finance])
    make.comment(app, idea)
    affect(app, idea, author, *[finance] if later else [])
    make.comment(app, idea)
    catch_up(app)
    told = everything(app)

    assert len(news_of(app, watcher)) == 2  # that it is there, and what was said then
    affect(app, idea, author, *[] if later else [finance])
    catch_up(app)
    read_again(app)

    assert [each for each in everything(app) if each[1] <= max(t[1] for t in told)] == told


def test_who_ignores_a_department_heard_nothing_while_it_was_affected(app: Flask) -> None:
    finance, author, person = make.department(app, slug="it"), make.person(app), make.person(app)
    watch(app, person, "it", "ignore")
    with app.app_context():
        somebody = db.session.get_one(Person, person)
        watches.set_level(somebody, watches.find(somebody, "person", str(author)), "all")
    idea = make.idea(app, author, departments=[finance])
    make.comment(app, idea)
    catch_up(app)

    affect(app, idea, author)
    read_again(app)

    assert news_of(app, person) == []
