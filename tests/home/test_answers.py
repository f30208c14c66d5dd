"""The queue of those who answer for a department."""

from __future__ import annotations

from flask import Flask

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
