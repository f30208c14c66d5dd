"""Done already: a department posts it, others adopt it, each by who answers for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forum.accounts.models import Person
from forum.core.clock import today
from forum.core.db import db
from forum.departments.merging import merge
from forum.departments.models import Department
from tests.ideas import written
from tests.notifications.inboxes import catch_up, follow, news_of
from tests.support import make
from tests.support.pages import Document, undo_of

WORDS = {"problem": "Badges were forgotten at home.", "outcome": "We lend badges at the gate."}


def told(page: Document) -> str:
    """The section that says who does it."""
    return " ".join(page.one("section", id="adopted").text.split())


def test_who_answers_for_a_department_posts_what_it_has_done(app, sign_in) -> None:
    place, head = make.represented(app, "Warehouse")
    browser = sign_in(head)

    assert browser.page("/improvements/new").all("select", name="department")
    sent = {**WORDS, "department": place, "done_on": "2026-03-02"}
    where = browser.post("/improvements/new", sent).location

    page = browser.page(where)
    assert page.one("article", data_stage=True)["data-stage"] == "done"
    assert "Already done here" in page.one("p", class_="byline").text
    assert "We lend badges at the gate." in page.text
    assert "Warehouse" in told(page)
    assert "Already done here" in browser.page("/ideas").one("span", class_="stage").text
    assert "We do it too" not in page.text


def test_whoever_answers_for_none_is_told_so(app, sign_in) -> None:
    place, _head = make.represented(app)
    browser = sign_in()

    assert "You do not answer for a department." in browser.page("/improvements/new").text
    assert browser.post("/improvements/new", {**WORDS, "department": place}).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"problem": ""},
        {"outcome": ""},
        {"department": ""},
        {"department": "987654"},
        {"done_on": str(today() + timedelta(days=2))},
        {"done_on": "yesterday"},
    ],
)
def test_what_is_missing_or_not_yet_done_is_refused(app, sign_in, wrong) -> None:
    place, head = make.represented(app)

    sent = {**WORDS, "department": place, **wrong}
    assert sign_in(head).post("/improvements/new", sent).status_code == 422


def test_another_department_adopts_it_on_a_day_and_can_undo_that(app, sign_in) -> None:
    (first, poster), (other, head) = make.represented(app, "One"), make.represented(app, "Two")
    idea = written.improvement(app, first, poster)
    browser = sign_in(head)

    form = {"department": other, "adopted_on": "2026-04-01"}
    assert browser.post(f"/ideas/{idea}/adoptions", form).status_code == 303
    browser.post(f"/ideas/{idea}/adoptions", form)
    page = browser.page(f"/ideas/{idea}")
    assert "does it too, from Apr 1, 2026" in told(page)
    assert "1 more department does it." in told(page)

    browser.post(undo_of(page, f"/ideas/{idea}/adoptions/{other}"))
    assert "No other department does it yet." in told(browser.page(f"/ideas/{idea}"))


def test_nobody_adopts_for_a_department_they_do_not_answer_for(app, sign_in) -> None:
    (first, poster), (other, head) = make.represented(app), make.represented(app)
    idea = written.improvement(app, first, poster)
    written.adoption(app, idea, other, head)
    stranger = sign_in()

    assert stranger.post(f"/ideas/{idea}/adoptions", {"department": other}).status_code == 403
    assert stranger.post(f"/ideas/{idea}/adoptions/{other}/undo").status_code == 403
    assert (
        sign_in(poster).post(f"/ideas/{idea}/adoptions", {"department": first}).status_code == 422
    )
    board = make.person(app, kind="board")
    make.represent(app, board, other)
    assert sign_in(board).post(f"/ideas/{idea}/adoptions", {"department": other}).status_code == 403


def test_what_is_no_improvement_is_not_adopted(app, sign_in) -> None:
    other, head = make.represented(app)

    answer = sign_in(head).post(f"/ideas/{make.idea(app)}/adoptions", {"department": other})

    assert answer.status_code == 404


def test_the_author_hears_of_it_and_nobody_of_a_decision(app) -> None:
    (first, poster), (other, head) = make.represented(app), make.represented(app)
    follower = make.person(app)
    idea = written.improvement(app, first, poster)
    follow(app, idea, follower)
    catch_up(app)
    written.adoption(app, idea, other, head)
    catch_up(app)

    assert news_of(app, poster) == ["adopted"]
    assert news_of(app, follower) == []


def test_a_consultant_is_told_nothing_of_departments_elsewhere(app, sign_in) -> None:
    (first, poster), (other, head) = make.represented(app, "One"), make.represented(app, "Two")
    idea = written.improvement(app, first, poster)
    written.adoption(app, idea, other, head)
    consultant = make.person(app, kind="consultant", attached=[first])

    page = told(sign_in(consultant).page(f"/ideas/{idea}"))

    assert "One" in page
    assert "Two" not in page
    assert "No other department does it yet." in page


def test_an_heir_does_what_a_merged_department_did_once(app, sign_in) -> None:
    (first, poster), (old, head) = make.represented(app, "One"), make.represented(app, "Two")
    heir, other = make.represented(app, "Three")
    idea = written.improvement(app, first, poster)
    written.adoption(app, idea, old, head)
    written.adoption(app, idea, heir, other)
    admin = make.admin(app)

    for gone, into in ((old, heir), (heir, first)):
        with app.app_context():
            departments = (db.session.get_one(Department, each) for each in (gone, into))
            merge(db.session.get_one(Person, admin), *departments)
        page = told(sign_in().page(f"/ideas/{idea}"))
        assert "Two" not in page

    assert "No other department does it yet." in page


@pytest.mark.parametrize("count", [1, 6])
def test_the_page_costs_the_same_however_many_do_it(app, sign_in, queries, count) -> None:
    first, poster = make.represented(app)
    idea = written.improvement(app, first, poster)
    for _ in range(count):
        other, head = make.represented(app)
        written.adoption(app, idea, other, head)
    browser = sign_in()
    browser.get(f"/ideas/{idea}")

    # As every idea's page, and: who did it first, who does it too, for whom the reader answers.
    with queries(10):
        browser.get(f"/ideas/{idea}")
