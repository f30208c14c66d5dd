"""Before a department answers: a question to the author, a change taken up, a handover."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.calendar import add_working_days, company_day, working_days
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import DomainError
from forum.departments.models import Department
from forum.ideas import affected, asking, handing_over
from forum.ideas.answers import slot_for
from forum.ideas.models import Answer, Idea, Question
from tests.ideas.clocks import ask_author, change, due_in, nudge, slot
from tests.notifications.inboxes import catch_up, news_of
from tests.support import make
from tests.support.together import at_once


@pytest.fixture
def asked(app: Flask) -> tuple[int, int, int, int]:
    """An idea, its author, a department that is asked, and its representative."""
    department, representative = make.represented(app)
    author = make.person(app)
    idea = make.idea(app, author, departments=[department])
    return idea, author, department, representative


def tile(page, department: int):
    return page.one("li", data_department=department)


def question(browser, idea: int, department: int, text: str = "For every branch?"):
    return browser.post(f"/ideas/{idea}/answers/{department}/question", {"question": text})


def test_a_question_stands_in_the_discussion_and_the_time_rests(app, sign_in, asked) -> None:
    idea, author, department, representative = asked
    answer = question(sign_in(representative), idea, department)
    catch_up(app)

    page = sign_in(author).page(f"/ideas/{idea}")

    assert answer.location == f"/ideas/{idea}#answers"
    assert "For every branch?" in page.one("ol", class_="timeline").text
    assert "its time rests" in tile(page, department).text
    assert "Asked the author" in tile(page, department).text
    assert news_of(app, author) == ["asked-author"]
    with app.app_context():
        assert nudge(app, company_day() + timedelta(days=90)) == 0
    assert "Nothing waits for your answer" in sign_in(representative).page("/answers").text


def test_the_authors_reply_lets_the_time_run_with_what_was_left(app, sign_in, asked) -> None:
    idea, author, department, representative = asked
    ask_author(app, idea, department, representative)
    with app.app_context():
        start = add_working_days(company_day(), -20)
        due_on = add_working_days(start, 4)
    change(app, idea, department, due_on=due_on, paused_at=now() - since(app, start))

    sign_in(author).post(f"/ideas/{idea}/comments", {"body": "For all of them."})
    catch_up(app)

    running = slot(app, idea, department)
    with app.app_context():
        assert running.paused_at is None
        assert working_days(company_day(), running.due_on) == 4
        assert running.nudge_on is not None
    assert news_of(app, representative).count("answer-wanted") == 2


def since(app: Flask, start: date) -> timedelta:
    with app.app_context():
        return company_day() - start


def test_an_edit_answers_a_question_too(app, sign_in, asked) -> None:
    idea, author, department, representative = asked
    ask_author(app, idea, department, representative)

    fields = {"problem": "Invoices of every branch arrive late.", "departments": department}
    sign_in(author).post(f"/ideas/{idea}/edit", {**fields, "revision": "1"})

    assert slot(app, idea, department).paused_at is None


def test_the_author_may_say_that_it_is_answered(app, sign_in, asked) -> None:
    idea, author, department, representative = asked
    ask_author(app, idea, department, representative)
    address = f"/ideas/{idea}/answers/{department}/question/done"

    assert sign_in(representative).post(address).status_code == 403
    assert "I have answered it" in sign_in(author).page(f"/ideas/{idea}").text
    assert sign_in(author).post(address).status_code == 303
    assert sign_in(author).post(address).status_code == 303

    assert slot(app, idea, department).paused_at is None


def test_other_peoples_comments_answer_nothing(app, sign_in, asked) -> None:
    idea, _author, department, representative = asked
    ask_author(app, idea, department, representative)

    sign_in().post(f"/ideas/{idea}/comments", {"body": "I wonder too."})

    assert slot(app, idea, department).paused_at is not None


def test_a_question_that_is_deleted_lets_the_time_run(app, sign_in, asked) -> None:
    idea, _author, department, representative = asked
    comment = ask_author(app, idea, department, representative)

    sign_in(representative).post(f"/comments/{comment}/delete")

    assert slot(app, idea, department).paused_at is None


def test_a_department_asks_once_and_may_answer_all_the_same(app, sign_in, asked) -> None:
    idea, author, department, representative = asked
    browser = sign_in(representative)
    question(browser, idea, department)
    sign_in(author).post(f"/ideas/{idea}/answers/{department}/question/done")

    offered = browser.page(f"/ideas/{idea}").all("textarea", name="question")
    again = question(browser, idea, department)

    assert offered == []
    assert again.status_code == 409
    assert "has asked the author once already" in again.text
    make.answer(app, idea, department, representative, "helps")
    assert "answered already" in question(browser, idea, department).text


def test_questions_need_words_a_seat_and_another_author(app, sign_in, asked) -> None:
    idea, _author, department, representative = asked
    own = make.idea(app, representative, departments=[department])
    browser = sign_in(representative)

    empty = question(browser, idea, department, " ")

    assert (empty.status_code, "Write what you want to know." in empty.text) == (422, True)
    assert question(sign_in(), idea, department).status_code == 403
    assert question(browser, own, department).status_code == 409
    make.decide(app, idea, "decline")
    assert question(browser, idea, department).status_code == 409


def test_an_answer_given_while_the_time_rests_closes_the_question(app, sign_in, asked) -> None:
    idea, author, department, representative = asked
    ask_author(app, idea, department, representative)

    make.answer(app, idea, department, representative, "no_effect")

    assert slot(app, idea, department).paused_at is None
    assert "What it asked the author" not in sign_in(author).page(f"/ideas/{idea}").text


def test_a_change_that_was_taken_up_asks_the_department_again(app, sign_in, asked) -> None:
    idea, author, department, representative = asked
    make.answer(app, idea, department, representative, "needs_change", "Name the branches.")
    due_in(app, idea, department, -5, nudged=4)
    browser = sign_in(author)
    address = f"/ideas/{idea}/answers/{department}/ask-again"

    early = browser.post(address)
    fields = {"problem": "Invoices of Omsk arrive late.", "departments": department}
    browser.post(f"/ideas/{idea}/edit", {**fields, "revision": "1"})
    offered = browser.page(f"/ideas/{idea}").text
    done, again = browser.post(address), browser.post(address)
    catch_up(app)

    assert (early.status_code, "Change the text first" in early.text) == (409, True)
    assert "I have changed it: ask again" in offered
    assert (done.status_code, again.status_code) == (303, 409)
    waiting = slot(app, idea, department)
    with app.app_context():
        assert (waiting.answer, waiting.revision) == ("waiting", 2)
        assert working_days(company_day(), waiting.due_on) == 10
    assert news_of(app, representative) == ["answer-wanted", "answer-wanted"]
    shown = tile(sign_in(representative).page(f"/ideas/{idea}"), department).text
    assert "Before, it wanted this changed:" in shown
    assert "Name the branches." in shown


def test_only_the_author_takes_a_change_up(app, sign_in, asked) -> None:
    idea, _author, department, representative = asked
    make.answer(app, idea, department, representative, "needs_change", "Name the branches.")

    answer = sign_in(make.moderator(app)).post(f"/ideas/{idea}/answers/{department}/ask-again")

    assert answer.status_code == 403


def hand_over(browser, idea: int, department: int, to: int):
    return browser.post(f"/ideas/{idea}/answers/{department}/hand-over", {"to": str(to)})


def test_not_ours_asks_another_department_in_its_own_time(app, sign_in, asked) -> None:
    idea, _author, department, representative = asked
    other, colleague = make.represented(app, "Logistics")
    due_in(app, idea, department, -5, nudged=4)
    browser = sign_in(representative)
    choices = browser.page(f"/ideas/{idea}/answers/{department}/hand-over")

    answer = hand_over(browser, idea, department, other)
    catch_up(app)

    values = [option["value"] for option in choices.all("option")]
    assert (str(other) in values, str(department) in values) == (True, False)
    assert answer.location == f"/ideas/{idea}#answers"
    moved = slot(app, idea, other)
    with app.app_context():
        assert working_days(company_day(), moved.due_on) == 10
    assert (moved.nudged, news_of(app, colleague)) == (0, ["answer-wanted"])
    assert "handed it over" in tile(browser.page(f"/ideas/{idea}"), other).text


def undo_of_handover(browser, idea: int) -> str:
    posts = [b["formaction"] for b in browser.page(f"/ideas/{idea}").all("button", formaction=True)]
    return next(post for post in posts if post.startswith(f"/ideas/{idea}/handovers/"))


def test_a_handover_can_be_undone_with_the_clock_as_it_was(app, sign_in, asked) -> None:
    idea, _author, department, representative = asked
    other, colleague = make.represented(app)
    before = due_in(app, idea, department, 3, nudged=1)
    browser = sign_in(representative)
    hand_over(browser, idea, department, other)
    undo = undo_of_handover(browser, idea)

    assert sign_in(colleague).post(undo).status_code == 403
    assert browser.post(undo).status_code == 303

    back = slot(app, idea, department)
    assert (back.due_on, back.nudged) == (before, 1)
    assert "handed it over" not in browser.page(f"/ideas/{idea}").text


def test_what_the_other_department_has_in_hand_is_not_taken_back(app, sign_in, asked) -> None:
    idea, _author, department, representative = asked
    other, colleague = make.represented(app)
    browser = sign_in(representative)
    hand_over(browser, idea, department, other)
    undo = undo_of_handover(browser, idea)
    make.answer(app, idea, other, colleague, "helps")

    refused = browser.post(undo)

    assert refused.status_code == 409
    assert "has it in hand" in refused.text


def test_a_handover_goes_where_nobody_is_asked_yet_and_never_back(app, sign_in, asked) -> None:
    idea, _author, department, representative = asked
    present, other = make.department(app), make.department(app)
    gone = make.department(app, archived_at=now())
    make.represent(app, representative, other)
    browser = sign_in(representative)
    with app.app_context():
        target = db.session.get_one(Idea, idea)
        author = db.session.get_one(Person, target.author_id)
        affected.tag_departments(author, target, [department, present])

    for to, sentence in ((present, "asked already"), (gone, "from the list"), (0, "from the list")):
        refused = hand_over(browser, idea, department, to)
        assert (refused.status_code, sentence in refused.text) == (422, True)
    assert hand_over(browser, idea, department, other).status_code == 303
    back = hand_over(browser, idea, other, department)
    assert (back.status_code, "said that it is not theirs" in back.text) == (422, True)
    assert hand_over(sign_in(), idea, other, gone).status_code == 403


def test_an_answer_that_was_given_is_not_handed_over(app, sign_in, asked) -> None:
    idea, _author, department, representative = asked
    other = make.department(app)
    make.answer(app, idea, department, representative, "helps")

    assert hand_over(sign_in(representative), idea, department, other).status_code == 409


def test_an_heir_has_its_own_time_and_the_page_says_why(app, sign_in, asked) -> None:
    idea, _author, department, _representative = asked
    heir, answering = make.represented(app, "Heir")
    with app.app_context(), transaction():
        db.session.get_one(Department, department).name = "Old Department"
    due_in(app, idea, department, -5, nudged=4)

    sign_in(make.admin(app)).post(f"/admin/departments/{department}/merge", {"into": str(heir)})
    catch_up(app)

    inherited = slot(app, idea, heir)
    with app.app_context():
        assert working_days(company_day(), inherited.due_on) == 10
    assert inherited.nudged == 0
    assert "answer-wanted" in news_of(app, answering)
    page = sign_in().page(f"/ideas/{idea}")
    assert "Old Department was asked and became part of it." in tile(page, heir).text


def test_a_representative_who_left_is_followed_by_the_head(app, sign_in, asked) -> None:
    idea, _author, department, representative = asked
    head = make.person(app, name="Helga Head")
    with app.app_context(), transaction():
        db.session.get_one(Department, department).head_id = head
        db.session.get_one(Person, representative).deactivated_at = now()
    due_on = due_in(app, idea, department, 0, nudged=2)

    nudge(app, due_on)
    catch_up(app)

    assert news_of(app, head) == ["answer-wanted", "answer-due"]
    assert "answer-due" not in news_of(app, representative)
    assert "Helga Head answers for it." in sign_in().page(f"/ideas/{idea}").text


def test_slots_with_questions_and_handovers_are_taken_away_whole(app, sign_in, asked) -> None:
    idea, author, department, representative = asked
    other, colleague = make.represented(app)
    hand_over(sign_in(representative), idea, department, other)
    ask_author(app, idea, other, colleague)

    answer = sign_in(author).post(f"/ideas/{idea}/departments", {"filed": ""})

    assert answer.status_code == 303
    assert sign_in().page(f"/ideas/{idea}").all("li", data_department=other) == []


def together(app: Flask, *acts: Any) -> list[str]:
    """Do these at the same moment, each as `(action, person, idea, department, more)`, once all
    have seen the slot as it is; what each came to."""
    all_have_seen = Barrier(len(acts))

    def run(act: Any) -> str:
        action, person, idea, department, more = act
        with app.app_context():
            someone = db.session.get_one(Person, person)
            target = db.session.get_one(Idea, idea)
            asked_slot = slot_for(someone, target, department)
            all_have_seen.wait(timeout=30)
            try:
                action(someone, target, asked_slot, **more)
            except DomainError as refusal:
                return type(refusal).__name__
            return "done"

    return sorted(at_once([lambda act=act: run(act) for act in acts]))


def test_of_two_colleagues_one_hands_over(app, asked) -> None:
    idea, _author, department, representative = asked
    colleague, one, other = make.person(app), make.department(app), make.department(app)
    make.represent(app, colleague, department)

    came = together(
        app,
        (handing_over.hand_over, representative, idea, department, {"to_id": one}),
        (handing_over.hand_over, colleague, idea, department, {"to_id": other}),
    )

    assert came == ["Conflict", "done"]
    with app.app_context():
        rows = list(db.session.scalars(select(Answer.department_id).where(Answer.idea_id == idea)))
    assert rows in ([one], [other])


def test_of_two_colleagues_one_asks_the_author(app, asked) -> None:
    idea, _author, department, representative = asked
    colleague = make.person(app)
    make.represent(app, colleague, department)

    came = together(
        app,
        (asking.ask_author, representative, idea, department, {"question": "Why?"}),
        (asking.ask_author, colleague, idea, department, {"question": "Where?"}),
    )

    assert came == ["Conflict", "done"]
    with app.app_context():
        assert db.session.get_one(Idea, idea).comment_count == 1
        assert len(list(db.session.scalars(select(Question)))) == 1
