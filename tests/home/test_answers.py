"""The queue of those who answer for a department."""

from __future__ import annotations

import time_machine
from flask import Flask

from forum.core.db import db, transaction
from forum.discussion.models import Thread
from forum.ideas import clock
from forum.ideas.models import Answer, Idea
from tests.ideas.clocks import A_WEDNESDAY, ask_author, change, due_in
from tests.support import make
from tests.support.pages import Document, undo_of
from tests.support.queries import listening


def ideas(page: Document) -> list[int]:
    return [int(row["data-idea"]) for row in page.all("li", data_idea=True)]


def representative(app: Flask, *departments: int) -> int:
    person = make.person(app)
    for department in departments:
        make.represent(app, person, department)
    return person


def test_who_answers_for_nobody_is_told_so(sign_in) -> None:
    assert "You answer for no department" in sign_in().page("/answers").text


def test_the_oldest_question_of_all_ones_departments_comes_first(app, sign_in) -> None:
    finance, it, other = (make.department(app) for _ in range(3))
    first = make.idea(app, departments=[it])
    second = make.idea(app, departments=[finance, other])
    make.idea(app, departments=[other])

    page = sign_in(representative(app, finance, it)).page("/answers")

    assert ideas(page) == [first, second]


@time_machine.travel(A_WEDNESDAY)
def test_what_is_due_first_comes_first_and_what_is_late_says_so(app, sign_in) -> None:
    finance = make.department(app)
    later, due, late, old = (make.idea(app, departments=[finance]) for _ in range(4))
    due_in(app, due, finance, 0)
    due_in(app, late, finance, -2)
    change(app, old, finance, due_on=None)

    page = sign_in(representative(app, finance)).page("/answers")

    assert ideas(page) == [late, due, later, old]
    rows = {int(row["data-idea"]): row.text for row in page.all("li", data_idea=True)}
    assert "late" in rows[late]
    assert "due today" in rows[due]
    assert "left" in rows[later]
    assert "new today" in rows[old]


def test_what_rests_for_the_author_waits_for_nobody_here(app, sign_in) -> None:
    finance, person = make.represented(app)
    idea = make.idea(app, departments=[finance])
    ask_author(app, idea, finance, person)

    assert ideas(sign_in(person).page("/answers")) == []


def test_one_tap_says_that_it_helps(app, sign_in) -> None:
    finance = make.department(app)
    idea = make.idea(app, departments=[finance])
    page = sign_in(representative(app, finance)).page("/answers")

    one_tap = [b for b in page.all("button", name="answer") if b.get("form") == "act"]

    assert [button["value"] for button in one_tap] == ["no_effect", "helps"]
    assert all(b["formaction"].startswith(f"/ideas/{idea}/answers/") for b in one_tap)


def test_an_answer_leaves_the_queue_and_can_be_undone(app, sign_in) -> None:
    finance = make.department(app)
    idea = make.idea(app, departments=[finance])
    browser = sign_in(representative(app, finance))
    origin = {"Referer": "http://localhost/answers"}

    answer = browser.post(
        f"/ideas/{idea}/answers/{finance}", {"answer": "no_effect"}, headers=origin
    )
    after = browser.page("/answers")
    browser.post(undo_of(after, f"/ideas/{idea}/answers/{finance}"))

    assert answer.location == "/answers"
    assert ideas(after) == []
    assert ideas(browser.page("/answers")) == [idea]


def test_other_answers_are_given_in_place(app, sign_in) -> None:
    finance = make.department(app)
    first, second = make.idea(app, departments=[finance]), make.idea(app, departments=[finance])
    browser = sign_in(representative(app, finance))

    page = browser.page("/answers")
    forms = [form["action"] for form in page.all("form") if "/answers/" in form.get("action")]

    assert forms == [f"/ideas/{idea}/answers/{finance}" for idea in (first, second)]


def test_decided_ideas_ask_nothing_any_more(app, sign_in) -> None:
    finance = make.department(app)
    make.decide(app, make.idea(app, departments=[finance]), "decline")

    assert ideas(sign_in(representative(app, finance)).page("/answers")) == []


def test_a_board_member_does_not_answer(app, sign_in) -> None:
    finance, board = make.department(app), make.person(app, kind="board")
    make.represent(app, board, finance)
    make.idea(app, departments=[finance])

    assert ideas(sign_in(board).page("/answers")) == []


def test_a_long_queue_has_pages_of_the_same_cost(app, sign_in) -> None:
    finance = make.department(app)
    asked = [make.idea(app, departments=[finance]) for _ in range(23)]
    browser = sign_in(representative(app, finance))
    browser.page("/answers")

    with listening(app) as seen:
        first = browser.page("/answers")
    second = browser.page(first.one("a", rel="next")["href"])

    assert ideas(first) + ideas(second) == asked
    assert len(seen) == 3  # the reader, their departments, the queue


def test_five_hundred_open_answers_cost_what_a_page_costs(app, sign_in) -> None:
    finance = make.department(app)
    asked = make.idea(app, departments=[finance])
    with app.app_context(), transaction():
        like = db.session.get_one(Idea, asked)
        many(like, finance, 499)
    browser = sign_in(representative(app, finance))
    browser.page("/answers")

    with listening(app) as seen:
        page = browser.page("/answers")

    assert len(ideas(page)) == 20
    assert len(seen) == 3


def many(like: Idea, department: int, number: int) -> None:
    """So many ideas more that ask the department, as rows: posting them would take a minute."""
    columns = [c.name for c in Idea.__table__.columns if c.name not in ("id", "thread_id")]
    values = {name: getattr(like, name) for name in columns}
    for _ in range(number):
        thread = Thread(subject="idea")
        db.session.add(thread)
        db.session.flush()
        idea = Idea(thread_id=thread.id, **values)
        db.session.add(idea)
        db.session.flush()
        db.session.add(Answer(idea_id=idea.id, department_id=department, **clock.begin()))
    db.session.flush()
