"""The moderators' queue: what waits, how much of it, clearing it, and taking a step back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.ideas import decisions, owning
from forum.ideas.models import Decision, Idea
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document
from tests.support.queries import listening

SignIn = Callable[..., Browser]
QUEUE = {"Referer": "http://localhost/moderation?queue=review"}


def review(app: Flask, idea_id: int, moderator: int | None = None) -> None:
    with app.app_context():
        someone = db.session.get_one(Person, moderator or make.moderator(app))
        decisions.begin_review(someone, db.session.get_one(Idea, idea_id))


def counts(page: Document) -> dict[str, str]:
    return {each["data-queue"]: each.text for each in page.all(data_queue=True)}


def rows(page: Document) -> list[int]:
    return [int(row["data-idea"]) for row in page.all("article", data_row=True)]


def stage(app: Flask, idea_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Idea, idea_id).stage_kind


def test_the_keys_are_told_once(app: Flask, sign_in: SignIn) -> None:
    make.idea(app)

    main = sign_in(make.moderator(app)).page("/moderation?queue=untagged").one("main").text

    assert main.count("walk the list") == 1
    assert "Next in the list" not in main


def test_every_queue_says_how_much_waits(app: Flask, sign_in: SignIn) -> None:
    department, representative = make.department(app), make.person(app)
    make.represent(app, representative, department)
    waiting = make.idea(app, departments=[department])
    answered = make.idea(app, departments=[department])
    make.answer(app, answered, department, representative, "helps")
    reviewed, untagged, hidden, asked = (make.idea(app) for _ in range(4))
    review(app, reviewed)
    make.decide(app, asked, owner_id=department, due_on=today())
    browser = sign_in(make.moderator(app))
    browser.post(f"/ideas/{hidden}/hide")
    with app.app_context():
        owner, idea = db.session.get_one(Person, representative), db.session.get_one(Idea, asked)
        owning.ask_to_move_date(owner, idea, due_on=today() + timedelta(days=3), reason="")

    page = browser.page("/moderation")

    told = {"review": "1", "answered": "1", "untagged": "1", "moved": "1", "overdue": "0"}
    told |= {"ownerless": "0", "stuck": "0", "returned": "0"}
    assert counts(page) == {"flags": "0", **told, "hidden": "1", "trash": "0"}
    assert rows(page) == [reviewed]
    assert rows(browser.page("/moderation?queue=answered")) == [answered]
    assert rows(browser.page("/moderation?queue=untagged")) == [untagged]
    assert rows(browser.page("/moderation?queue=hidden")) == [hidden]
    assert waiting not in rows(page)


def test_it_opens_where_there_is_work(app: Flask, sign_in: SignIn) -> None:
    untagged = make.idea(app)

    assert rows(sign_in(make.moderator(app)).page("/moderation")) == [untagged]


def test_ones_own_ideas_are_no_work(app: Flask, sign_in: SignIn) -> None:
    moderator = make.moderator(app)
    make.idea(app, moderator)

    assert set(counts(sign_in(moderator).page("/moderation")).values()) == {"0"}


@pytest.mark.parametrize("size", [1, 12])
def test_the_queue_costs_the_same_however_long(app: Flask, sign_in: SignIn, size: int) -> None:
    for _ in range(size):
        review(app, make.idea(app))
    browser = sign_in(make.moderator(app))
    browser.get("/moderation")

    with listening(app) as seen:
        assert len(rows(browser.page("/moderation"))) == size

    # the reader, the counts, the rows, searches in vain, likely duplicates, the departments to
    # choose from
    assert len(seen) == 6


def test_deciding_leads_back_to_the_queue_and_can_be_undone(app: Flask, sign_in: SignIn) -> None:
    idea_id, department = make.idea(app), make.department(app)
    review(app, idea_id)
    browser = sign_in(make.moderator(app))
    fields = {"decision": "accept", "reason": "It pays.", "owner": department, "due": "2099-01-01"}

    done = browser.post(f"/ideas/{idea_id}/decision", fields, headers=QUEUE)
    assert done.location == "/moderation?queue=review"
    page = browser.page(done.location)
    undo = page.one("button", formaction=f"/ideas/{idea_id}/decision/undo")
    assert undo["data-key"] == "u"
    assert rows(page) == []

    browser.post(undo["formaction"], headers=QUEUE)

    assert rows(browser.page("/moderation?queue=review")) == [idea_id]
    shown = browser.page(f"/ideas/{idea_id}")
    assert "It pays." not in shown.text
    assert not shown.all("section", class_="decision")
    make.decide(app, idea_id, "decline")
    assert stage(app, idea_id) == "declined"


def test_only_who_decided_takes_it_back_and_only_at_once(app: Flask, sign_in: SignIn) -> None:
    idea_id, moderator = make.idea(app), make.moderator(app)
    make.decide(app, idea_id, by=moderator)

    assert sign_in(make.moderator(app)).post(f"/ideas/{idea_id}/decision/undo").status_code == 409
    assert sign_in().post(f"/ideas/{idea_id}/decision/undo").status_code == 403
    with app.app_context(), transaction():
        decision = db.session.query(Decision).filter_by(idea_id=idea_id).one()
        decision.at = make.ago(minutes=11)
    assert sign_in(moderator).post(f"/ideas/{idea_id}/decision/undo").status_code == 409
    assert stage(app, idea_id) == "accepted"


def test_a_date_the_owner_has_confirmed_meanwhile_stands(app: Flask) -> None:
    idea_id, moderator = make.idea(app), make.moderator(app)
    department, representative = make.department(app), make.person(app)
    make.represent(app, representative, department)
    make.decide(app, idea_id, by=moderator, owner_id=department, due_on=today())
    with app.app_context():
        boss, stale = db.session.get_one(Person, moderator), db.session.get_one(Idea, idea_id)
        owner = db.session.get_one(Person, representative)
        owning.confirm_date(owner, stale)
        with pytest.raises(Conflict):
            decisions.take_back(boss, stale)

    assert stage(app, idea_id) == "accepted"


def test_review_hiding_and_their_undoing_stay_in_the_queue(app: Flask, sign_in: SignIn) -> None:
    idea_id = make.idea(app)
    browser = sign_in(make.moderator(app))
    for act, undo, reached in (
        ("review", "review/undo", "review"),
        ("hide", "unhide", "open"),
    ):
        done = browser.post(f"/ideas/{idea_id}/{act}", headers=QUEUE)
        assert done.location == "/moderation?queue=review"
        assert stage(app, idea_id) == reached
        address = f"/ideas/{idea_id}/{undo}"
        assert browser.page(done.location).all("button", formaction=address, data_key="u")
        browser.post(address, headers=QUEUE)

    page = browser.page(f"/ideas/{idea_id}")
    assert stage(app, idea_id) == "open"
    assert "hidden" not in page.one("article", data_idea=idea_id).text


def test_a_refused_decision_comes_back_on_the_ideas_page(app: Flask, sign_in: SignIn) -> None:
    idea_id = make.idea(app)
    review(app, idea_id)

    refused = sign_in(make.moderator(app)).post(
        f"/ideas/{idea_id}/decision",
        {"decision": "decline", "reason": "", "revisit": "More people."},
        headers=QUEUE,
    )

    assert refused.status_code == 422
    assert "More people." in refused.text
