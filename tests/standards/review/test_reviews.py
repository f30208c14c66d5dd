"""Saying what a review found: who may, what follows, once, and taken back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.site import save_settings
from forum.departments.models import Deputy
from forum.ideas.models import Idea
from forum.standards.review import actions
from forum.standards.review.actions import Verdict
from forum.standards.review.intervals import add_months
from forum.standards.review.models import Outcome, Review
from tests.standards import standards
from tests.standards.approvals import approving
from tests.support import make


def due_of(app: Flask, number: str):
    with app.app_context():
        return standards.by_number(number).review_on


def make_due(app: Flask, number: str, days: int) -> None:
    """Set the day of the review to so many days from today."""
    with app.app_context(), transaction():
        standards.by_number(number).review_on = today() + timedelta(days=days)


def form_of(browser, number: str) -> dict[str, str]:
    page = browser.page(f"/standards/{number}/review")
    [due] = [e["value"] for e in page.all("input") if e.get("name") == "due"]
    return {"due": due}


def owned(app: Flask) -> tuple[str, int]:
    """A standard that a moderator wrote and somebody else owns."""
    owner = make.person(app)
    return standards.in_force(app, owner=owner), owner


def test_valid_as_it_is_moves_the_day_on_by_the_interval(app: Flask, sign_in) -> None:
    number, owner = owned(app)
    make_due(app, number, 3)
    browser = sign_in(owner)

    answer = browser.post(
        f"/standards/{number}/review", {**form_of(browser, number), "outcome": "valid"}
    )

    assert (answer.status_code, answer.location) == (303, f"/standards/{number}")
    assert due_of(app, number) == add_months(today(), 12)
    assert "Valid as it is" in browser.page(f"/standards/{number}").text


def test_a_standard_may_have_an_interval_of_its_own(app: Flask, sign_in) -> None:
    number, owner = owned(app)
    moderator = sign_in(make.moderator(app))
    moderator.post(f"/standards/{number}/review/plan", {"due_on": "", "every_months": "6"})
    browser = sign_in(owner)

    browser.post(f"/standards/{number}/review", {**form_of(browser, number), "outcome": "valid"})

    assert due_of(app, number) == add_months(today(), 6)
    assert browser.post(f"/standards/{number}/review/plan", {}).status_code == 404


def test_the_company_sets_the_interval(app: Flask) -> None:
    with app.app_context(), transaction():
        save_settings({"review_months": 24})

    number = standards.in_force(app)

    assert due_of(app, number) == add_months(today(), 24)


@pytest.mark.parametrize("outcome", ["updated", "changes"])
def test_updates_and_changes_begin_the_next_draft(app: Flask, sign_in, outcome: str) -> None:
    number, owner = owned(app)
    browser = sign_in(owner)
    sent = {**form_of(browser, number), "outcome": outcome, "note": "The form has moved."}

    answer = browser.post(f"/standards/{number}/review", sent)

    months = 12 if outcome == "updated" else 3
    assert answer.location == f"/standards/{number}/edit"
    assert due_of(app, number) == add_months(today(), months)
    draft = standards.read(browser, f"/standards/{number}/versions/2")
    assert (draft.state, "Suppliers know the day." in draft.text) == ("draft", True)
    assert "The form has moved." in browser.page(f"/standards/{number}").text


@pytest.mark.parametrize("outcome", ["updated", "changes"])
def test_while_the_next_version_waits_for_its_day_nothing_is_written(
    app: Flask, sign_in, outcome: str
) -> None:
    scene = approving.scene(app, in_force=True)
    approving.publish(scene, scene.author, effective_on=today() + timedelta(days=3))
    browser, address = sign_in(scene.owner), f"/standards/{scene.number}"
    sent = {**form_of(browser, scene.number), "outcome": outcome, "note": "The form has moved."}

    answer = browser.post(f"{address}/review", sent)

    assert (answer.status_code, answer.location) == (303, address)
    page = browser.page(address).text
    assert "The next version waits for its day." in page
    assert "Here is the next version to write" not in page
    assert scene.states() == ["in_force", "coming"]


def test_changes_may_name_an_idea_instead_of_a_draft(app: Flask, sign_in) -> None:
    number, owner = owned(app)
    idea = make.idea(app, title="Pay twice a week")
    browser = sign_in(owner)
    sent = {**form_of(browser, number), "outcome": "changes", "idea": f"/ideas/{idea}"}

    answer = browser.post(f"/standards/{number}/review", sent)

    assert answer.location == f"/standards/{number}"
    assert f'href="/ideas/{idea}"' in browser.get(f"/standards/{number}").text
    assert browser.get(f"/standards/{number}/versions/2").status_code == 404


def test_changes_without_a_word_or_an_idea_are_not_accepted(app: Flask, sign_in) -> None:
    number, owner = owned(app)
    browser = sign_in(owner)
    before, address = form_of(browser, number), f"/standards/{number}/review"

    silent = browser.post(address, {**before, "outcome": "changes"})
    nothing = browser.post(address, {**before})
    unknown = browser.post(address, {**before, "outcome": "changes", "idea": "987654"})

    assert [answer.status_code for answer in (silent, nothing, unknown)] == [422] * 3
    assert "Say in a line what has to change" in silent.text
    assert "Say what the review found" in nothing.text
    assert "There is no idea with this number" in unknown.text


def test_an_idea_that_the_reviewer_does_not_see_is_no_idea(app: Flask, sign_in) -> None:
    number, owner = owned(app)
    secret = make.idea(app, title="Secret plan")
    with app.app_context(), transaction():
        db.session.get_one(Idea, secret).hidden_at = now()
    browser = sign_in(owner)
    sent = {**form_of(browser, number), "outcome": "changes", "idea": str(secret)}

    answer = browser.post(f"/standards/{number}/review", sent)

    assert answer.status_code == 422
    assert "Secret plan" not in answer.text


def test_only_owner_deputy_and_moderators_review(app: Flask, sign_in) -> None:
    number, owner = owned(app)
    deputy = make.person(app)
    with app.app_context(), transaction():
        db.session.add(Deputy(person_id=owner, deputy_id=deputy, since=today(), until=today()))
    address = f"/standards/{number}/review"

    met = [sign_in(each).get(address).status_code for each in (owner, deputy, make.moderator(app))]

    assert met == [200, 200, 200]
    other = sign_in()
    assert other.get(address).status_code == 403
    assert other.post(address, {"outcome": "valid"}).status_code == 403
    assert "Review" not in [e.text for e in other.page(f"/standards/{number}").all("a")]


def test_the_only_author_does_not_review_where_somebody_else_can(app: Flask, sign_in) -> None:
    author = make.moderator(app)
    number = standards.in_force(app, by=author)
    browser = sign_in(author)

    refused = browser.post(
        f"/standards/{number}/review", {**form_of(browser, number), "outcome": "valid"}
    )

    assert refused.status_code == 403
    assert "You alone wrote this version" in refused.text


def test_where_nobody_else_can_the_only_author_reviews(app: Flask) -> None:
    author = make.moderator(app)
    number = standards.in_force(app, by=author)
    with app.app_context():
        for other in db.session.query(Person).filter(Person.id != author):
            with transaction():
                other.role = "employee"
        person, standard = db.session.get_one(Person, author), standards.by_number(number)

        done = actions.conclude(person, standard, Verdict("valid", seen=standard.review_on))

        assert done.outcome == Outcome.VALID


def test_of_two_who_review_at_once_one_is_told(app: Flask, sign_in) -> None:
    number, owner = owned(app)
    make_due(app, number, -3)
    browser = sign_in(owner)
    sent = {**form_of(browser, number), "outcome": "valid"}
    browser.post(f"/standards/{number}/review", sent)

    again = browser.post(f"/standards/{number}/review", sent)

    assert again.status_code == 409
    assert "Somebody has just reviewed" in again.text


def test_a_review_can_be_taken_back_for_a_while(app: Flask, sign_in) -> None:
    number, owner = owned(app)
    make_due(app, number, 5)
    before = due_of(app, number)
    browser = sign_in(owner)
    browser.post(f"/standards/{number}/review", {**form_of(browser, number), "outcome": "valid"})
    page = browser.get(f"/standards/{number}").text
    undo = page.split('formaction="')[1].split('"')[0]

    answer = browser.post(undo)

    assert re.fullmatch(r"/standards/reviews/\d+/undo", undo)
    assert answer.status_code == 303
    assert due_of(app, number) == before
    assert browser.post(undo).status_code == 404


@pytest.mark.parametrize("opened", [True, False])
def test_a_review_is_taken_back_after_the_next_one_has_opened(
    app: Flask, sign_in, opened: bool
) -> None:
    from forum.standards.review import clock

    with app.app_context(), transaction():
        save_settings({"review_months": 1})
    number, owner = owned(app)
    make_due(app, number, 5)
    before, browser = due_of(app, number), sign_in(owner)
    with app.app_context():
        assert not opened or clock.remind(today()) == 1
    browser.post(f"/standards/{number}/review", {**form_of(browser, number), "outcome": "valid"})
    undo = browser.get(f"/standards/{number}").text.split('formaction="')[1].split('"')[0]
    with app.app_context():
        assert clock.remind(today() + timedelta(days=2)) == 1

    answer = browser.post(undo)

    assert answer.status_code == 303
    assert due_of(app, number) == before
    with app.app_context():
        reviews = db.session.query(Review).all()
        assert [(each.due_on, each.closed_at) for each in reviews] == [(before, None)] * opened


def test_nobody_takes_back_what_another_found(app: Flask, sign_in) -> None:
    number, owner = owned(app)
    browser = sign_in(owner)
    browser.post(f"/standards/{number}/review", {**form_of(browser, number), "outcome": "valid"})

    assert sign_in(make.moderator(app)).post("/standards/reviews/1/undo").status_code == 404


def test_a_new_version_closes_the_open_review(app: Flask, sign_in) -> None:
    from forum.standards.review import clock

    number, owner = owned(app)
    make_due(app, number, 3)
    with app.app_context():
        clock.remind(today())

    standards.rewrite(app, number, body="## Purpose\n\nNew.")

    assert "A new version came first" in sign_in(owner).page(f"/standards/{number}").text


def test_what_is_not_in_force_is_not_reviewed(app: Flask, sign_in) -> None:
    number, owner = owned(app)
    standards.retire(app, number)

    assert sign_in(owner).get(f"/standards/{number}/review").status_code == 409
    with app.app_context():
        person, standard = db.session.get_one(Person, owner), standards.by_number(number)
        with pytest.raises(Conflict):
            actions.conclude(person, standard, Verdict("valid", seen=None))


@pytest.mark.parametrize(
    "address", ["/standards/reviews/3000000000/undo", "/standards/PS-001/clauses/3000000000/link"]
)
def test_numbers_larger_than_any_row_are_not_found(app: Flask, sign_in, address: str) -> None:
    standards.in_force(app)

    assert sign_in(make.moderator(app)).post(address, {"source": "/ideas/1"}).status_code == 404
