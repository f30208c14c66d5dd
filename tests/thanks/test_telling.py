"""Those thanked are told, once, in their language; and never in a flood."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.departments.models import Department
from forum.notifications.topics import Channel, Topic
from forum.thanks import actions
from forum.thanks.models import Thanks
from tests.ideas.unsigned import post
from tests.notifications.inboxes import catch_up, hears, news_of, unread
from tests.notifications.posting import ADDRESS, anna, mailing_forum, run, text_of, told
from tests.support import make
from tests.support.browser import Browser
from tests.thanks.saying import switch, thank

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    switch(app, "thanks", "anonymous")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now(), tick=False) as traveller:
        yield traveller


def withdraw(app: Flask, number: int) -> None:
    with app.app_context():
        thanks = db.session.get_one(Thanks, number)
        actions.withdraw(db.session.get_one(Person, thanks.author_id), thanks)


def test_a_colleague_reads_it_in_the_inbox(app: Flask, sign_in: SignIn) -> None:
    boris = make.person(app)
    idea = make.idea(app, title="Faster invoices")
    thank(app, make.person(app, name="Vera"), people=[boris], subject=("idea", idea), why="Nice.")
    catch_up(app)

    assert news_of(app, boris) == ["thanked"]
    inbox = sign_in(boris).page("/notifications")
    assert "Faster invoices" in inbox.text
    assert "Vera says thank you: Nice." in inbox.text


def test_of_a_department_its_head_and_representatives_hear_and_the_others_do_not(
    app: Flask,
) -> None:
    place = make.department(app)
    head, speaks, member, author = (make.person(app, department=place) for _ in range(4))
    make.represent(app, speaks, place)
    with app.app_context(), transaction():
        db.session.get_one(Department, place).head_id = head
    thank(app, author, departments=[place], people=[speaks])
    catch_up(app)

    assert [news_of(app, p) for p in (head, speaks, member, author)] == [
        ["thanked"],
        ["thanked"],
        [],
        [],
    ]


def test_a_mail_is_in_the_reader_s_language_with_the_words(
    app: Flask, clock: time_machine.Traveller
) -> None:
    boris = anna(app, locale="ru")
    with mailing_forum(app, modules=["thanks"]) as office:
        idea = make.idea(app, title="Faster invoices")
        number = thank(
            app, make.person(app, name="Vera"), people=[boris], subject=("idea", idea), why="Да!"
        )
        run(app)
        clock.shift(timedelta(minutes=31))
        run(app)
        [letter] = told(office, "anna@example.org")

    assert letter["Subject"] == "Faster invoices"
    assert "Vera благодарит: Да!" in text_of(letter)
    assert f"{ADDRESS}/thanks/{number}" in text_of(letter)
    assert "«Благодарят вас или ваш отдел»" in text_of(letter)


def test_many_for_one_result_are_one_notice_and_one_mail(
    app: Flask, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    boris = anna(app)
    with mailing_forum(app, modules=["thanks"]) as office:
        idea = make.idea(app, boris)
        for n in range(6):
            thank(app, make.person(app), everyone=True, subject=("idea", idea), why=f"No. {n}.")
        run(app)
        clock.shift(timedelta(minutes=31))
        run(app)
        letters = told(office, "anna@example.org")

    assert news_of(app, boris) == ["thanked"] * 6
    assert unread(app, boris) == 1
    assert len(letters) == 1
    assert all(f"No. {n}." in text_of(letters[0]) for n in range(6))
    assert "and more" in sign_in(boris).page("/notifications").text


def test_what_is_taken_back_is_no_news_any_more(app: Flask, sign_in: SignIn) -> None:
    boris = make.person(app)
    idea = make.idea(app, boris)
    author = make.person(app)
    first = thank(app, author, people=[boris], subject=("idea", idea), why="Take me back.")
    thank(app, author, people=[boris], subject=("idea", idea), why="I stay.")
    catch_up(app)
    assert unread(app, boris) == 1

    withdraw(app, first)
    catch_up(app)

    assert news_of(app, boris) == ["thanked"]
    inbox = sign_in(boris).page("/notifications").text
    assert "I stay." in inbox
    assert "Take me back." not in inbox


def test_taken_back_before_it_was_told_it_is_told_to_nobody(app: Flask) -> None:
    boris = anna(app)
    with mailing_forum(app, modules=["thanks"]) as office:
        withdraw(app, thank(app, make.person(app), people=[boris]))
        run(app)

        assert told(office, "anna@example.org") == []
    assert news_of(app, boris) == []


def test_a_mail_on_its_way_does_not_tell_what_was_hidden_meanwhile(
    app: Flask, clock: time_machine.Traveller
) -> None:
    boris = anna(app)
    with mailing_forum(app, modules=["thanks"]) as office:
        number = thank(app, make.person(app), people=[boris], why="Finally awake?")
        run(app)
        with app.app_context():
            moderator = db.session.get_one(Person, make.moderator(app))
            actions.hide(moderator, db.session.get_one(Thanks, number), "It mocks.")
        clock.shift(timedelta(minutes=31))
        run(app)

        assert told(office, "anna@example.org") == []
    assert news_of(app, boris) == []


def test_whose_line_was_hidden_hears_why(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    number = thank(app, author, people=[make.person(app)])
    sign_in(make.moderator(app)).post(f"/thanks/{number}/hide", {"why": "It mocks him."})
    catch_up(app)

    assert news_of(app, author) == ["moderated"]
    said = sign_in(author).page("/notifications").text
    assert "A moderator has hidden your thank-you: It mocks him." in said


def test_an_author_without_a_name_is_told_in_the_inbox_alone(app: Flask, sign_in: SignIn) -> None:
    vera = anna(app)
    with mailing_forum(app, modules=["thanks", "anonymous"]) as office:
        idea, _address = post(sign_in(vera), level="moderators")
        thank(app, make.person(app), everyone=True, subject=("idea", idea))
        run(app)

        assert told(office, "anna@example.org") == []
    assert news_of(app, vera) == ["thanked-unsigned"]


def test_who_does_not_want_it_does_not_hear_and_is_asked_only_while_it_is_on(
    app: Flask, sign_in: SignIn
) -> None:
    boris = make.person(app)
    browser = sign_in(boris)
    page = browser.page("/settings/notifications")
    kept = [box["value"] for box in page.all("input", name="hear") if "checked" in box]
    assert "thanked-inbox" in kept
    browser.post("/settings/notifications", {"hear": [k for k in kept if "thanked" not in k]})
    thank(app, make.person(app), people=[boris])
    catch_up(app)
    assert news_of(app, boris) == []

    switch(app)
    browser.post("/settings/notifications", {"hear": kept})
    assert "thanked" not in browser.get("/settings/notifications").text
    assert (Topic.THANKED, Channel.INBOX) not in hears(app, boris)


def test_while_the_module_is_off_nobody_is_told(app: Flask, sign_in: SignIn) -> None:
    boris, other = make.person(app), make.person(app)
    author = make.person(app)
    thank(app, author, people=[boris], why="Before.")
    catch_up(app)
    switch(app)
    assert "Before." not in sign_in(boris).get("/notifications").text

    switch(app, "thanks")
    thank(app, author, people=[other], why="After.")
    switch(app)
    catch_up(app)

    assert news_of(app, other) == []
