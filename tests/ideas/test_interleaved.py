"""What happens when two people do things to one idea at the worst moment, or in an odd order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import Conflict
from forum.ideas import actions, answers
from forum.ideas.models import Idea, StageKind
from tests.support import make
from tests.support.browser import Browser


def load(app: Flask, person_id: int, idea_id: int) -> tuple[Person, Idea]:
    return db.session.get_one(Person, person_id), db.session.get_one(Idea, idea_id)


def test_a_department_whose_answer_was_taken_back_can_be_untagged(app: Flask) -> None:
    author, representative, department = make.person(app), make.person(app), make.department(app)
    make.represent(app, representative, department)
    idea_id = make.idea(app, author, departments=[department])
    make.answer(app, idea_id, department, representative, "helps")
    with app.app_context():
        someone, idea = load(app, representative, idea_id)
        answers.take_back_answer(someone, idea, department)
    with app.app_context():
        writer, idea = load(app, author, idea_id)
        actions.tag_departments(writer, idea, [])

    with app.app_context():
        from forum.ideas.queries import affected_ids

        assert affected_ids(idea_id) == []


def test_an_answer_to_a_department_untagged_meanwhile_is_refused(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    author, representative, department = make.person(app), make.person(app), make.department(app)
    make.represent(app, representative, department)
    idea_id = make.idea(app, author, departments=[department])
    with app.app_context():
        someone, idea = load(app, representative, idea_id)
        slot = answers._slot_for(someone, idea, department)
    with app.app_context():
        writer, idea = load(app, author, idea_id)
        actions.tag_departments(writer, idea, [])
    monkeypatch.setattr(answers, "_slot_for", lambda *_args: slot)

    with app.app_context():
        someone, idea = load(app, representative, idea_id)
        with pytest.raises(Conflict):
            answers.give_answer(someone, idea, department, answer="helps")


def test_a_draft_posted_in_another_tab_is_not_deleted(app: Flask) -> None:
    author = make.person(app)
    idea_id = make.idea(app, author, draft=True)
    with app.app_context():
        writer, stale = load(app, author, idea_id)
        db.session.expunge(stale)
    with app.app_context():
        writer, idea = load(app, author, idea_id)
        actions.post_draft(writer, idea, actions.word(title="", problem="Now it is posted."))
    with app.app_context(), pytest.raises(Conflict):
        actions.withdraw(db.session.get_one(Person, author), stale)

    with app.app_context():
        assert db.session.get_one(Idea, idea_id).stage_kind == StageKind.OPEN


def test_departments_are_not_chosen_after_the_decision_made_at_that_moment(app: Flask) -> None:
    author, department = make.person(app), make.department(app)
    idea_id = make.idea(app, author)
    with app.app_context():
        _writer, stale = load(app, author, idea_id)
        db.session.expunge(stale)
    make.decide(app, idea_id, "decline")

    with app.app_context(), pytest.raises(Conflict):
        actions.tag_departments(db.session.get_one(Person, author), stale, [department])


def test_two_tabs_of_one_draft_do_not_overwrite_one_another_by_posting(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    author = make.person(app)
    idea_id = make.idea(app, author, problem="The first words.", draft=True)
    browser = sign_in(author)
    browser.post(
        f"/ideas/{idea_id}/autosave", {"problem": "Words of the other tab.", "version": "1"}
    )
    fields = {"problem": "Words of this tab.", "action": "post", "revision": "1"}

    assert browser.post(f"/ideas/{idea_id}/edit", fields).status_code == 409
    assert browser.get(f"/ideas/{idea_id}").text.count("Words of the other tab") >= 1


def test_an_own_draft_takes_no_support(app: Flask, sign_in: Callable[..., Browser]) -> None:
    author = make.person(app)
    idea_id = make.idea(app, author, draft=True)

    assert sign_in(author).post(f"/ideas/{idea_id}/vote").status_code == 409


def test_deleting_a_comment_twice_is_the_same_as_once(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    author = make.person(app)
    idea_id = make.idea(app)
    comment_id = make.comment(app, idea_id, author)
    browser = sign_in(author)
    first = browser.post(f"/comments/{comment_id}/delete")
    again = browser.post(f"/comments/{comment_id}/delete")

    assert (first.status_code, again.status_code) == (303, 303)


@pytest.mark.parametrize(
    "fields",
    [
        {"owner": "9" * 30},
        {"owner": "-5"},
        {"owner": "x"},
        {"due": "0000-99-99"},
        {"due": "99999-01-01"},
        {"decision": "x" * 5000},
        {"reason_code": "x" * 5000},
    ],
)
def test_an_impossible_decision_is_refused_with_the_page(
    app: Flask, sign_in: Callable[..., Browser], fields: dict[str, str]
) -> None:
    idea_id = make.idea(app)
    browser = sign_in(make.moderator(app))
    answer = browser.post(
        f"/ideas/{idea_id}/decision", {"decision": "accept", "reason": "Because.", **fields}
    )

    assert answer.status_code in (303, 422)


def test_a_comment_edited_in_two_windows_is_not_overwritten(app: Flask) -> None:
    from forum.core import richtext
    from forum.discussion import actions as comments
    from forum.discussion.models import Comment

    author = make.person(app)
    comment = make.comment(app, make.idea(app), author)
    with app.app_context():
        writer, seen = db.session.get_one(Person, author), db.session.get_one(Comment, comment)
        db.session.expunge(seen)
        current = db.session.get_one(Comment, comment)
        comments.edit_comment(writer, current, richtext.compose("First window."))
        with pytest.raises(Conflict):
            comments.edit_comment(writer, seen, richtext.compose("Second window."))

    with app.app_context():
        assert db.session.get_one(Comment, comment).revision == 2
