"""The memory of a No: a day, or departments that still need it, bring a declined idea back once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import jobs
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.events import Event
from forum.ideas import decisions
from forum.ideas.again import actions, watching
from forum.ideas.again.models import Condition, StillNeeded
from forum.ideas.models import Idea, StageKind
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document
from tests.support.together import at_once

SignIn = Callable[..., Browser]
SOON = today() + timedelta(days=10)


def declined(app: Flask, **condition: object) -> int:
    idea = make.idea(app)
    make.decide(app, idea, "decline", **condition)
    return idea


def let_the_day_come(app: Flask, idea: int) -> None:
    """The row's day moves; nobody waits for it."""
    with app.app_context(), transaction():
        query = select(Condition).where(Condition.idea_id == idea)
        db.session.scalars(query).one().on_day = today()


def need(app: Flask, idea: int, *people: int) -> None:
    with app.app_context():
        for person in people:
            someone = db.session.get_one(Person, person)
            actions.still_need(someone, db.session.get_one(Idea, idea))


def look(app: Flask) -> int:
    with app.app_context():
        return watching.look()


def queue(browser: Browser) -> list[int]:
    page = browser.page("/moderation?queue=returned")
    return [int(row["data-idea"]) for row in page.all("article", data_row=True)]


def returned(app: Flask) -> list[int]:
    with app.app_context():
        query = select(Event.object_id).where(Event.type == "idea.returned").order_by(Event.id)
        return list(db.session.scalars(query))


def test_on_its_day_an_idea_returns_to_the_moderators_once(app: Flask, sign_in: SignIn) -> None:
    idea, other = declined(app, again_on=SOON), declined(app)
    moderator = sign_in(make.moderator(app))
    assert look(app) == 0
    assert queue(moderator) == []

    let_the_day_come(app, idea)

    assert [look(app), look(app)] == [1, 0]
    assert queue(moderator) == [idea]
    assert returned(app) == [idea]
    assert other not in returned(app)


def test_the_sweep_of_the_jobs_looks_too(app: Flask) -> None:
    idea = declined(app, again_on=SOON)
    let_the_day_come(app, idea)

    with app.app_context():
        jobs.wakes().sweep()

    assert returned(app) == [idea]


def test_so_many_departments_that_still_need_it_bring_it_back(app: Flask) -> None:
    departments = [make.department(app) for _ in range(3)]
    people = [make.person(app, department=d) for d in departments for _ in range(2)]
    homeless = make.person(app)
    idea = declined(app, again_departments=3)

    need(app, idea, *people[:4], homeless)
    assert look(app) == 0

    need(app, idea, people[4], people[4])
    assert [look(app), look(app)] == [1, 0]
    assert returned(app) == [idea]


def test_who_still_needs_it_is_secret_and_can_be_taken_back(app: Flask, sign_in: SignIn) -> None:
    department = make.department(app, "Warehouse")
    person = make.person(app, name="Zoya Winter", department=department)
    idea = declined(app, again_departments=2)
    browser, other = sign_in(person), sign_in()

    assert browser.post(f"/ideas/{idea}/still-need").status_code == 303
    assert browser.post(f"/ideas/{idea}/still-need").status_code == 303

    mine, theirs = browser.page(f"/ideas/{idea}"), other.page(f"/ideas/{idea}")
    assert mine.all("button", formaction=f"/ideas/{idea}/need-no-more")
    assert theirs.all("button", formaction=f"/ideas/{idea}/still-need")
    assert "So far people of 1 department do." in theirs.text
    assert "Zoya" not in theirs.text
    assert "Warehouse" not in theirs.text
    with app.app_context():
        events = db.session.scalars(select(Event).where(Event.type == "idea.still-needed")).all()
        assert [(e.actor_id, e.payload) for e in events] == [(None, {})]

    browser.post(f"/ideas/{idea}/need-no-more")
    browser.post(f"/ideas/{idea}/need-no-more")
    with app.app_context():
        assert db.session.scalars(select(StillNeeded)).all() == []


def test_only_a_no_that_asks_for_it_takes_who_still_needs_it(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()
    for idea in (make.idea(app), declined(app), declined(app, again_on=SOON)):
        answer = browser.post(f"/ideas/{idea}/still-need")
        assert answer.status_code == 409
        assert "does not ask who still needs it" in Document(answer.text).text
        assert not browser.page(f"/ideas/{idea}").all(
            "button", formaction=f"/ideas/{idea}/still-need"
        )


def test_a_moderator_takes_it_up_again_or_leaves_it_and_it_does_not_return_twice(
    app: Flask, sign_in: SignIn
) -> None:
    taken, left = declined(app, again_on=SOON), declined(app, again_on=SOON)
    for idea in (taken, left):
        let_the_day_come(app, idea)
    look(app)
    moderator = sign_in(make.moderator(app))

    assert moderator.post(f"/ideas/{taken}/reopen").status_code == 303
    assert moderator.post(f"/ideas/{left}/leave-declined").status_code == 303

    assert look(app) == 0
    assert queue(moderator) == []
    with app.app_context():
        kinds = [db.session.get_one(Idea, idea).stage_kind for idea in (taken, left)]
    assert kinds == [StageKind.REVIEW, StageKind.DECLINED]
    assert moderator.post(f"/ideas/{left}/reopen").status_code == 409
    moderator.post(f"/ideas/{left}/leave-declined/undo")
    assert queue(moderator) == [left]


def test_a_second_no_is_watched_anew(app: Flask) -> None:
    idea, moderator = declined(app, again_on=SOON), make.moderator(app)
    let_the_day_come(app, idea)
    look(app)
    with app.app_context():
        actions.reopen(db.session.get_one(Person, moderator), db.session.get_one(Idea, idea))

    make.decide(app, idea, "decline", again_departments=1)
    need(app, idea, make.person(app, department=make.department(app)))

    assert look(app) == 1
    assert returned(app) == [idea, idea]


def test_of_two_moderators_at_once_one_answers(app: Flask) -> None:
    idea = declined(app, again_on=SOON)
    let_the_day_come(app, idea)
    look(app)
    people = [make.moderator(app), make.moderator(app)]

    def answer(by: int, act: Callable[[Person, Idea], None]) -> str:
        with app.app_context():
            someone, found = db.session.get_one(Person, by), db.session.get_one(Idea, idea)
            try:
                act(someone, found)
            except Conflict as refusal:
                return str(refusal.message)
        return "answered"

    outcomes = at_once(
        [
            lambda: answer(people[0], actions.reopen),
            lambda: answer(people[1], actions.leave_declined),
        ]
    )

    assert outcomes.count("answered") == 1
    assert str(actions.NOT_BACK) in outcomes


def test_two_sweeps_at_once_bring_it_back_once(app: Flask) -> None:
    for _round in range(5):
        idea = declined(app, again_on=SOON)
        let_the_day_come(app, idea)

        assert sum(at_once([lambda: look(app)] * 2)) == 1
        assert returned(app).count(idea) == 1


def test_a_sweep_that_dies_in_the_middle_is_repeated_as_a_whole(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea = declined(app, again_on=SOON)
    let_the_day_come(app, idea)

    def die(*_args: object, **_options: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(watching, "record", die)
        with pytest.raises(RuntimeError):
            look(app)
    assert returned(app) == []

    assert look(app) == 1
    assert returned(app) == [idea]


def test_a_decision_that_is_taken_back_takes_its_condition_along(app: Flask) -> None:
    moderator = make.moderator(app)
    idea = make.idea(app)
    make.decide(app, idea, "decline", moderator, again_departments=1)
    need(app, idea, make.person(app, department=make.department(app)))

    with app.app_context():
        someone = db.session.get_one(Person, moderator)
        decisions.take_back(someone, db.session.get_one(Idea, idea))

    assert look(app) == 0
    with app.app_context():
        assert db.session.scalars(select(Condition)).all() == []


def test_the_form_of_a_decision_asks_no_more_of_those_who_do_not_use_it(
    app: Flask, sign_in: SignIn
) -> None:
    idea = make.idea(app)

    page = sign_in(make.moderator(app)).page(f"/ideas/{idea}")

    for name in ("again_on", "again_departments"):
        field = page.one("input", name=name)
        assert any(e.name == "details" and "open" not in e for e in field.inside)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"again_on": today().isoformat()}, "Choose a day after today."),
        ({"again_on": "soon"}, "Give the day as year, month and day."),
        ({"again_departments": "0"}, "Give a number of departments, from 1 to 50."),
        ({"again_departments": "51"}, "Give a number of departments, from 1 to 50."),
        ({"again_departments": "many"}, "Give a whole number."),
    ],
)
def test_what_cannot_come_true_is_refused_and_kept(
    app: Flask, sign_in: SignIn, fields: dict[str, str], sentence: str
) -> None:
    idea = make.idea(app)
    browser = sign_in(make.moderator(app))

    answer = browser.post(
        f"/ideas/{idea}/decision", {"decision": "decline", "reason": "Not now.", **fields}
    )

    assert answer.status_code == 422
    page = Document(answer.text)
    assert sentence in page.text
    assert "Not now." in page.text


def test_the_page_says_what_brings_it_back_and_that_it_did(app: Flask, sign_in: SignIn) -> None:
    idea = make.idea(app)
    browser, moderator = sign_in(), sign_in(make.moderator(app))
    fields = {"again_on": SOON.isoformat(), "again_departments": "2"}
    moderator.post(
        f"/ideas/{idea}/decision", {"decision": "decline", "reason": "Not now.", **fields}
    )

    said = browser.page(f"/ideas/{idea}").one("div", data_condition=True).text
    assert "Comes back on" in said
    assert "once 2 departments still need it" in said

    let_the_day_come(app, idea)
    look(app)
    page = browser.page(f"/ideas/{idea}")
    assert "The condition of this No came true on" in page.text
    assert not page.all("button", formaction=f"/ideas/{idea}/reopen")
    assert moderator.page(f"/ideas/{idea}").all("button", formaction=f"/ideas/{idea}/reopen")


def test_only_moderators_answer_and_not_on_their_own(app: Flask, sign_in: SignIn) -> None:
    author = make.moderator(app)
    idea = make.idea(app, author)
    make.decide(app, idea, "decline", again_on=SOON)
    let_the_day_come(app, idea)
    look(app)

    assert sign_in().post(f"/ideas/{idea}/reopen").status_code in (403, 404)
    assert sign_in(author).post(f"/ideas/{idea}/reopen").status_code == 403
    assert queue(sign_in(author)) == []
