"""What was said to an earlier wording is marked so, and names nobody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.ideas import affected
from forum.ideas.models import Answer, AnswerRevision, Idea
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

SignIn = Callable[..., Browser]
OLD, NEW = "The lift stops on floor two.", "The lift stops on floor three."


def reword(browser: Browser, idea_id: int, problem: str = NEW, **fields: object) -> None:
    answer = browser.post(f"/ideas/{idea_id}/edit", {"problem": problem, **fields})
    assert answer.status_code == 303, answer.text[:500]


def test_an_answer_given_before_an_edit_is_marked(app: Flask, sign_in: SignIn) -> None:
    author, representative, department = make.person(app), make.person(app), make.department(app)
    make.represent(app, representative, department)
    idea_id = make.idea(app, author, problem=OLD, departments=[department])
    make.answer(app, idea_id, department, representative, "no_effect")
    reader = sign_in()
    assert not reader.page(f"/ideas/{idea_id}").all(data_earlier=True)

    reword(sign_in(author), idea_id, departments=[department])
    mark = reader.page(f"/ideas/{idea_id}").one(data_earlier=True)
    assert mark.text == "before the text changed"

    make.answer(app, idea_id, department, representative, "helps")
    assert not reader.page(f"/ideas/{idea_id}").all(data_earlier=True)


def test_an_answer_to_the_wording_on_the_page_is_no_answer_to_the_next(
    app: Flask, sign_in: SignIn
) -> None:
    author, representative, department = make.person(app), make.person(app), make.department(app)
    make.represent(app, representative, department)
    idea_id = make.idea(app, author, problem=OLD, departments=[department])
    answering = sign_in(representative)
    seen = answering.page(f"/ideas/{idea_id}").one("input", name="revision")["value"]
    reword(sign_in(author), idea_id, departments=[department])

    answering.post(f"/ideas/{idea_id}/answers/{department}", {"answer": "helps", "revision": seen})

    assert answering.page(f"/ideas/{idea_id}").all(data_earlier=True)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (0, 6, ""),
        (6, 0, "6 people supported an earlier wording."),
        (6, 5, "6 people supported an earlier wording."),
        (6, 1, "Some of the support was given before the text changed."),
        (2, 0, "Some of the support was given before the text changed."),
    ],
)
def test_support_of_an_earlier_wording_is_a_number_only_in_a_crowd(
    app: Flask, sign_in: SignIn, before: int, after: int, told: str
) -> None:
    author = make.person(app)
    idea_id = make.idea(app, author, problem=OLD)
    for _ in range(before):
        make.vote(app, idea_id)
    reword(sign_in(author), idea_id)
    for _ in range(after):
        make.vote(app, idea_id)

    head = sign_in().page(f"/ideas/{idea_id}").one("header", class_="idea-head").text

    assert ("earlier wording" in head or "before the text" in head) is bool(told)
    assert told in head


def test_one_is_told_that_ones_own_support_was_for_an_earlier_wording(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    idea_id = make.idea(app, author, problem=OLD)
    supporter = sign_in()
    supporter.post(f"/ideas/{idea_id}/vote")
    reword(sign_in(author), idea_id)

    page = supporter.page(f"/ideas/{idea_id}")
    assert "So was yours." in page.text
    assert page.one("header", class_="idea-head").text.count("What changed") == 1
    assert "So was yours." not in sign_in().page(f"/ideas/{idea_id}").text


def test_other_tags_are_no_other_text(app: Flask, sign_in: SignIn) -> None:
    author, representative, department = make.person(app), make.person(app), make.department(app)
    make.represent(app, representative, department)
    idea_id = make.idea(app, author, problem=OLD, departments=[department])
    make.answer(app, idea_id, department, representative, "helps")
    browser = sign_in(author)
    title = browser.page(f"/ideas/{idea_id}/edit").one("input", id="title")["value"]

    reword(browser, idea_id, OLD, title=title, tags="lift", departments=[department])

    page = browser.page(f"/ideas/{idea_id}")
    assert not page.all(data_earlier=True)
    assert page.all("a", href="/ideas?tag=lift")
    assert "Version 2" not in browser.page(f"/ideas/{idea_id}/history").text


def test_a_suggested_title_follows_the_text_of_a_draft(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    browser = sign_in(author)
    idea_id = make.idea(app, author, problem="The prin", draft=True)

    assert browser.page(f"/ideas/{idea_id}/edit").one("input", id="title")["value"] == ""
    posted = browser.post(
        f"/ideas/{idea_id}/edit", {"problem": "The printer jams. Daily.", "action": "post"}
    )

    assert browser.page(posted.location).one("h1").text == "The printer jams"


def test_a_draft_without_a_title_is_never_posted_as_untitled(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    browser = sign_in(author)
    browser.post("/ideas/new", {"problem": "", "proposal": "Buy one.", "action": "draft"})
    edit = next(
        a["href"] for a in browser.page("/ideas/new").all("a") if a["href"].endswith("/edit")
    )
    form = browser.page(edit)
    title = form.one("input", id="title")["value"]

    posted = browser.post(
        edit, {"title": title, "problem": "No stapler anywhere.", "action": "post"}
    )

    assert browser.page(posted.location).one("h1").text == "No stapler anywhere"


def test_departments_chosen_meanwhile_survive_a_form_that_never_saw_them(
    app: Flask, sign_in: SignIn
) -> None:
    author, moderator, department = make.person(app), make.moderator(app), make.department(app)
    idea_id = make.idea(app, author, problem=OLD, unsure=True)
    browser = sign_in(author)
    form = browser.page(f"/ideas/{idea_id}/edit")
    seen = {name: form.one("input", name=name)["value"] for name in ("revision", "filed")}
    sign_in(moderator).post(f"/ideas/{idea_id}/departments", {"departments": department})

    refused = browser.post(f"/ideas/{idea_id}/edit", {"problem": NEW, "unsure": "y", **seen})

    assert refused.status_code == 409
    assert NEW in refused.text
    page = browser.page(f"/ideas/{idea_id}")
    assert page.all(data_department=str(department))
    assert OLD in page.text

    again = Document(refused.text)
    now = {name: again.one("input", name=name)["value"] for name in ("revision", "filed")}
    reword(browser, idea_id, departments=[department], **now)


def test_two_who_choose_departments_at_once_do_not_undo_each_other(
    app: Flask, sign_in: SignIn
) -> None:
    author, first, second = make.person(app), make.department(app), make.department(app)
    idea_id = make.idea(app, author, problem=OLD)
    browser = sign_in(author)
    seen = browser.page(f"/ideas/{idea_id}").one("input", name="filed")["value"]
    sign_in(make.moderator(app)).post(f"/ideas/{idea_id}/departments", {"departments": first})

    choice = {"departments": second, "filed": seen}
    assert browser.post(f"/ideas/{idea_id}/departments", choice).status_code == 409

    assert browser.page(f"/ideas/{idea_id}").all(data_department=str(first))


def test_a_form_saved_twice_is_saved(app: Flask, sign_in: SignIn) -> None:
    author, department = make.person(app), make.department(app)
    idea_id = make.idea(app, author, problem=OLD)
    browser = sign_in(author)
    form = browser.page(f"/ideas/{idea_id}/edit")
    fields = {name: form.one("input", name=name)["value"] for name in ("revision", "filed")}
    fields |= {"title": form.one("input", id="title")["value"], "departments": str(department)}

    reword(browser, idea_id, OLD, **fields)
    reword(browser, idea_id, OLD, **fields)


def test_a_department_that_is_not_asked_any_more_takes_no_others_history_along(
    app: Flask, sign_in: SignIn
) -> None:
    asked, dropped = make.department(app), make.department(app)
    author, representative = make.person(app), make.person(app)
    make.represent(app, representative, asked)
    idea = make.idea(app, author, departments=[asked, dropped])
    for kind in ("harms", "helps"):
        make.answer(app, idea, asked, representative, kind, reason=f"It {kind}.")

    with app.app_context():
        person, target = db.session.get_one(Person, author), db.session.get_one(Idea, idea)
        affected.tag_departments(person, target, [asked])
        answers = list(db.session.scalars(select(Answer.department_id)))
        history = list(db.session.scalars(select(AnswerRevision.answer)))

    assert answers == [asked]
    assert history == ["harms", "helps"]
