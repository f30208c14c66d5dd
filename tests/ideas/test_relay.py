"""How a department asks the author of an idea without a name, and is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text

from forum.core.clock import now
from forum.core.db import db
from forum.core.events import Event
from forum.discussion.models import Comment
from forum.ideas.anonymous.models import AnonymousPost
from forum.ideas.models import Answer, Idea, Question
from tests.ideas.unsigned import TEXT, post, switch
from tests.notifications.inboxes import catch_up, news_of
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
NOON = (now() + timedelta(days=1)).replace(hour=12, minute=34, second=56, microsecond=0)
LATER = (NOON + timedelta(days=1)).replace(hour=9)
MIDNIGHT = {"hour": 0, "minute": 0, "second": 0}


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    switch(app, "anonymous")


def ask(browser: Browser, idea: int, department: int, question: str = "Which shift?") -> Any:
    return browser.post(f"/ideas/{idea}/answers/{department}/question", {"question": question})


def reply(browser: Browser, address: str, sent: dict[str, Any]) -> Any:
    """Answer on the author's page, which has the token."""
    browser.page(address)
    return browser.post(address, sent)


def question_of(app: Flask, idea: int) -> Question:
    with app.app_context():
        query = select(Question).join(Answer, Answer.id == Question.answer_id)
        return db.session.scalars(query.where(Answer.idea_id == idea)).one()


@pytest.fixture
def asked(app: Flask, sign_in: SignIn) -> dict[str, Any]:
    """An idea that nobody signed, of which a department has asked something."""
    department, representative = make.represented(app, "Production")
    author = make.person(app, name="Vera Teller")
    idea, address = post(sign_in(author), departments=[department])
    ask(sign_in(representative), idea, department)
    number = question_of(app, idea).id
    return {
        "idea": idea,
        "address": address,
        "author": author,
        "department": department,
        "representative": representative,
        "question": number,
    }


def test_while_the_module_is_off_nothing_is_offered_and_nothing_is_signed_instead(
    app: Flask, sign_in: SignIn, asked: dict[str, Any]
) -> None:
    switch(app)
    browser, moderator = sign_in(asked["author"]), sign_in(make.moderator(app))
    sent = {"problem": TEXT, "action": "post", "anonymous": "nobody"}

    assert "Without my name" not in browser.page("/ideas/new").text
    assert browser.post("/ideas/new", sent).status_code == 422
    assert browser.get(f"/ideas/{asked['idea']}/relay").status_code == 404
    assert moderator.post(f"/ideas/{asked['idea']}/author").status_code == 404
    assert "Anonymous" in moderator.page(f"/ideas/{asked['idea']}").text


def test_whoever_was_asked_before_the_module_was_switched_off_still_answers(
    app: Flask, anonymous: Browser, sign_in: SignIn, asked: dict[str, Any]
) -> None:
    switch(app)
    page = anonymous.page(asked["address"])
    assert "Which shift?" in page.text
    sent = {"question": asked["question"], "answer": "The early one."}

    assert anonymous.post(asked["address"], sent).status_code == 303

    assert "The early one." in sign_in(asked["representative"]).page(f"/ideas/{asked['idea']}").text
    with app.app_context():
        assert db.session.scalars(select(Answer)).one().paused_at is None
    assert anonymous.post(asked["address"] + "/withdraw").status_code == 303


def test_what_was_posted_is_asked_about_while_the_module_is_off(
    app: Flask, sign_in: SignIn
) -> None:
    department, representative = make.represented(app)
    author = make.person(app)
    browser = sign_in(author)
    idea, address = post(browser, "moderators", departments=[department])
    switch(app)

    assert ask(sign_in(representative), idea, department).status_code == 303
    catch_up(app)

    assert news_of(app, author) == ["asked-unsigned"]
    assert browser.page(f"/ideas/{idea}").all("a", href=f"/ideas/{idea}/relay")
    sent = {"question": question_of(app, idea).id, "answer": "The early one."}
    assert browser.post(f"/ideas/{idea}/relay", sent).status_code == 303
    assert "The early one." in browser.page(address).text + browser.page(f"/ideas/{idea}").text


def test_a_department_asks_and_is_answered_once_by_nobody(
    app: Flask, sign_in: SignIn, anonymous: Browser, asked: dict[str, Any]
) -> None:
    sent = {"question": asked["question"], "answer": "The early one."}
    page = anonymous.page(asked["address"])
    assert "Production asks:" in page.text

    first = anonymous.post(asked["address"], sent)
    second = anonymous.post(asked["address"], {**sent, "answer": "And the late one."})

    assert (first.status_code, second.status_code) == (303, 409)
    assert "answered already" in second.text
    assert "And the late one." in second.text
    shown = sign_in(asked["representative"]).page(f"/ideas/{asked['idea']}")
    assert "The early one." in shown.text
    assert "the author answered" in shown.text
    assert "And the late one." not in shown.text
    with app.app_context():
        slot = db.session.scalars(select(Answer)).one()
        assert slot.paused_at is None
        assert slot.due_on is not None
        assert db.session.get_one(Idea, asked["idea"]).comment_count == 2


def test_the_answer_and_its_events_name_nobody_and_only_the_day(
    app: Flask, anonymous: Browser, sign_in: SignIn
) -> None:
    department, representative = make.represented(app)
    idea, address = post(sign_in(), departments=[department])
    with time_machine.travel(NOON, tick=False):
        ask(sign_in(representative), idea, department)
    number = question_of(app, idea).id

    with time_machine.travel(LATER, tick=False):
        reply(anonymous, address, {"question": number, "answer": "The early one."})

    with app.app_context():
        said = db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()
        assert said is not None
        assert said.created_at == LATER.replace(**MIDNIGHT)
        told = db.session.scalars(select(Event).where(Event.at == said.created_at)).all()
        assert {event.type for event in told} == {"comment.posted", "answer.question-closed"}
        assert {event.actor_id for event in told} == {None}
        assert not db.session.scalars(select(Event).where(Event.at == LATER)).all()


def test_an_answer_of_the_same_day_stands_after_its_question(
    app: Flask, anonymous: Browser, asked: dict[str, Any]
) -> None:
    reply(anonymous, asked["address"], {"question": asked["question"], "answer": "The early one."})

    with app.app_context():
        question, answer = db.session.scalars(select(Comment).order_by(Comment.id))
        assert answer.created_at == question.created_at
        assert answer.parent_id == question.id


def test_the_department_hears_that_it_was_answered(
    app: Flask, anonymous: Browser, sign_in: SignIn, asked: dict[str, Any]
) -> None:
    reply(anonymous, asked["address"], {"question": asked["question"], "answer": "The early one."})
    catch_up(app)

    assert "replied" in news_of(app, asked["representative"])
    inbox = sign_in(asked["representative"]).page("/notifications").text
    assert "Anonymous replied to you" in inbox
    assert "former colleague" not in inbox


def test_a_wrong_secret_and_another_ideas_question_are_not_there(
    app: Flask, sign_in: SignIn, anonymous: Browser, asked: dict[str, Any]
) -> None:
    _other, address = post(sign_in())
    anonymous.page(address)
    sent = {"question": asked["question"], "answer": "Not mine."}

    assert anonymous.get("/relay/no-such-secret").status_code == 404
    assert anonymous.post("/relay/no-such-secret", sent).status_code == 404
    assert anonymous.post("/relay/no-such-secret/withdraw").status_code == 404
    assert anonymous.post(address, sent).status_code == 404
    assert anonymous.post(asked["address"], {**sent, "question": "x"}).status_code == 404
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM comment")) == 1


def test_only_a_digest_of_the_secret_is_stored(
    app: Flask, anonymous: Browser, asked: dict[str, Any]
) -> None:
    with app.app_context():
        kept = db.session.scalars(select(AnonymousPost)).one().secret_hash

    assert kept not in asked["address"]
    assert anonymous.get(f"/relay/{kept}").status_code == 404


def test_the_address_is_shown_once(sign_in: SignIn) -> None:
    browser = sign_in()
    idea, address = post(browser)

    assert address not in browser.page(f"/ideas/{idea}").text


def test_no_page_that_holds_the_address_stays_in_a_cache(sign_in: SignIn) -> None:
    browser = sign_in()
    sent = {"problem": TEXT, "action": "post", "anonymous": "nobody"}

    posted = browser.post("/ideas/new", sent)
    shown = browser.get(posted.location)
    later = browser.get(posted.location)

    assert 'id="secret"' in shown.text
    for answer in (posted, shown):
        assert answer.headers["Cache-Control"] == "no-store"
    assert later.headers["Cache-Control"] == "private, no-cache"


def test_whom_moderators_may_know_always_finds_the_way_to_their_page(sign_in: SignIn) -> None:
    browser = sign_in()
    sent = {"problem": TEXT, "action": "post", "anonymous": "moderators"}
    said = browser.page(browser.post("/ideas/new", sent).location)
    idea = said.one("article", data_idea=True)["data-idea"]
    unknown, _address = post(browser)

    assert "only with it" not in said.text
    assert browser.page(f"/ideas/{idea}").all("a", href=f"/ideas/{idea}/relay")
    assert browser.get(f"/ideas/{idea}/relay").status_code == 200
    assert not sign_in().page(f"/ideas/{idea}").all("a", href=f"/ideas/{idea}/relay")
    assert not browser.page(f"/ideas/{unknown}").all("a", href=f"/ideas/{unknown}/relay")


def test_an_answer_without_words_or_with_a_picture_is_refused(
    anonymous: Browser, asked: dict[str, Any]
) -> None:
    for words in ("  ", "See /files/" + "A" * 22, "x" * 2001):
        sent = {"question": asked["question"], "answer": words}
        assert reply(anonymous, asked["address"], sent).status_code == 422


def test_what_was_typed_to_a_question_that_is_not_there_is_kept(
    anonymous: Browser, asked: dict[str, Any]
) -> None:
    sent = {"question": asked["question"] + 1, "answer": "The early one. " * 200}

    answer = reply(anonymous, asked["address"], sent)

    assert answer.status_code == 422
    assert sent["answer"].strip() in answer.text


def test_with_the_secret_an_idea_is_withdrawn_by_nobody(
    app: Flask, anonymous: Browser, sign_in: SignIn, asked: dict[str, Any]
) -> None:
    anonymous.page(asked["address"])
    gone = anonymous.post(asked["address"] + "/withdraw")
    again = anonymous.post(asked["address"] + "/withdraw")

    assert (gone.status_code, again.status_code) == (303, 303)
    page = sign_in().page(f"/ideas/{asked['idea']}")
    assert page.one("article")["data-stage"] == "withdrawn"
    with app.app_context():
        told = db.session.scalars(select(Event).where(Event.type == "idea.withdrawn")).all()
        assert [event.actor_id for event in told] == [None]


def test_a_decided_idea_is_not_withdrawn(
    app: Flask, anonymous: Browser, asked: dict[str, Any]
) -> None:
    make.decide(app, asked["idea"], "decline")
    anonymous.page(asked["address"])

    assert anonymous.post(asked["address"] + "/withdraw").status_code == 409
    sent = {"question": asked["question"], "answer": "Late."}
    assert anonymous.post(asked["address"], sent).status_code == 409


def test_its_author_is_nobody_special_to_the_forum(
    app: Flask, sign_in: SignIn, asked: dict[str, Any]
) -> None:
    browser, idea = sign_in(asked["author"]), asked["idea"]
    catch_up(app)

    assert not browser.page("/ideas?mine=1").all("article", data_idea=idea)
    assert browser.get(f"/ideas/{idea}/edit").status_code == 403
    assert browser.post(f"/ideas/{idea}/withdraw").status_code == 403
    assert browser.get(f"/ideas/{idea}/relay").status_code == 404
    assert browser.post(f"/ideas/{idea}/vote").status_code == 303
    assert news_of(app, asked["author"]) == []
    assert "A department asks you" not in browser.page(f"/ideas/{idea}").text
    assert "A department asks you" not in browser.page("/").text
    assert "Nobody dares" not in browser.page(f"/people/{asked['author']}").text
    assert "Nobody dares" not in browser.page("/settings/data").text


def test_whom_moderators_may_know_is_told_in_the_inbox_alone_and_answers_signed_in(
    app: Flask, sign_in: SignIn
) -> None:
    department, representative = make.represented(app)
    author = make.person(app, name="Vera Teller")
    browser = sign_in(author)
    idea, _address = post(browser, "moderators", departments=[department])
    ask(sign_in(representative), idea, department)
    catch_up(app)

    assert news_of(app, author) == ["asked-unsigned"]
    assert "answer without your name" in browser.page("/notifications").text
    assert "Only you see this" in browser.page(f"/ideas/{idea}").text
    assert "Only you see this" not in sign_in(representative).page(f"/ideas/{idea}").text
    with app.app_context():
        due = db.session.execute(
            text("SELECT count(*) FROM due_mail WHERE person_id = :who"), {"who": author}
        )
        assert due.scalar() == 0

    sent = {"question": question_of(app, idea).id, "answer": "The early one."}
    assert sign_in().post(f"/ideas/{idea}/relay", sent).status_code == 404
    assert browser.post(f"/ideas/{idea}/relay", sent).status_code == 303
    page = sign_in(representative).page(f"/ideas/{idea}")
    assert "The early one." in page.text
    assert "Vera" not in page.text
    with app.app_context():
        closed = select(Event).where(Event.type == "answer.question-closed")
        assert [event.actor_id for event in db.session.scalars(closed)] == [None]


def test_home_and_the_queue_tell_the_day_alone_and_say_anonymous(
    app: Flask, sign_in: SignIn, anonymous: Browser, asked: dict[str, Any]
) -> None:
    follower, moderator = sign_in(), sign_in(make.moderator(app))
    follower.post(f"/ideas/{asked['idea']}/follow")
    with time_machine.travel(LATER, tick=False):
        reply(anonymous, asked["address"], {"question": asked["question"], "answer": "Early."})
    with time_machine.travel(LATER + timedelta(hours=1), tick=False):
        moved = follower.page("/?show=moved").text
        queue = moderator.page("/moderation?queue=review").text + moderator.page("/").text

    assert "Anonymous commented" in moved
    assert "hours ago" not in moved + queue
