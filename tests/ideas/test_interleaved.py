"""What happens when two people do things to one idea at the worst moment, or in an odd order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import Conflict, Invalid
from forum.core.richtext import compose
from forum.departments import actions as departments
from forum.departments import merging
from forum.departments.models import Department
from forum.discussion import actions as discussion
from forum.discussion.models import Comment
from forum.ideas import actions, affected, answers, decisions, votes
from forum.ideas.models import Answer, Idea, StageKind, Vote
from tests.support import make
from tests.support.browser import Browser
from tests.support.together import at_once


def load(app: Flask, person_id: int, idea_id: int) -> tuple[Person, Idea]:
    return db.session.get_one(Person, person_id), db.session.get_one(Idea, idea_id)


def as_loaded(app: Flask, person_id: int, idea_id: int) -> Idea:
    """The idea as somebody's request has it while others go on."""
    with app.app_context():
        _person, idea = load(app, person_id, idea_id)
        db.session.expunge(idea)
    return idea


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
        affected.tag_departments(writer, idea, [])

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
        slot = answers.slot_for(someone, idea, department)
    with app.app_context():
        writer, idea = load(app, author, idea_id)
        affected.tag_departments(writer, idea, [])
    monkeypatch.setattr(answers, "slot_for", lambda *_args: slot)

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
    stale = as_loaded(app, author, idea_id)
    make.decide(app, idea_id, "decline")

    with app.app_context(), pytest.raises(Conflict):
        affected.tag_departments(db.session.get_one(Person, author), stale, [department])


def test_an_author_chooses_no_departments_once_review_has_begun(app: Flask) -> None:
    author, moderator, department = make.person(app), make.moderator(app), make.department(app)
    idea_id = make.idea(app, author)
    stale = as_loaded(app, author, idea_id)
    with app.app_context():
        decisions.begin_review(*load(app, moderator, idea_id))

    with app.app_context(), pytest.raises(Conflict):
        affected.tag_departments(db.session.get_one(Person, author), stale, [department])


def test_an_edit_that_meets_the_beginning_of_review_is_refused(app: Flask) -> None:
    author, moderator = make.person(app), make.moderator(app)
    idea_id = make.idea(app, author)
    wording = actions.word(title="", problem="Words that came too late.")
    stale = as_loaded(app, author, idea_id)
    with app.app_context():
        decisions.begin_review(*load(app, moderator, idea_id))

    with app.app_context(), pytest.raises(Conflict):
        actions.edit_idea(db.session.get_one(Person, author), stale, wording, seen=1)


@pytest.mark.parametrize("closing", ["archive", "merge"])
@pytest.mark.parametrize("act", ["post", "tag"])
def test_a_department_that_closes_at_that_moment_is_never_asked(
    app: Flask, closing: str, act: str
) -> None:
    """Ten rounds: either it closes first and is refused, or it is asked first and let go."""
    author, admin = make.person(app), make.admin(app)
    for _round in range(10):
        department, heir = make.department(app), make.department(app)
        idea_id = make.idea(app, author)

        def close(department: int = department, heir: int = heir) -> None:
            with app.app_context():
                boss = db.session.get_one(Person, admin)
                old, into = (db.session.get_one(Department, d) for d in (department, heir))
                if closing == "archive":
                    departments.archive(boss, old, anyway=True)
                else:
                    merging.merge(boss, old, into)

        def ask(department: int = department, idea_id: int = idea_id) -> None:
            with app.app_context(), suppress(Invalid):
                writer, idea = load(app, author, idea_id)
                if act == "tag":
                    affected.tag_departments(writer, idea, [department])
                else:
                    wording = actions.word(title="", problem="New.", departments=[department])
                    actions.post_idea(writer, wording)

        at_once([close, ask])
        with app.app_context():
            query = select(Answer.id).where(Answer.department_id == department)
            assert db.session.scalars(query).all() == []


def test_an_owner_that_closes_at_that_moment_owns_nothing(app: Flask) -> None:
    admin, moderator = make.admin(app), make.moderator(app)
    for _round in range(10):
        department, idea_id = make.department(app), make.idea(app)

        def close(department: int = department) -> None:
            with app.app_context():
                boss = db.session.get_one(Person, admin)
                departments.archive(boss, db.session.get_one(Department, department), anyway=True)

        def accept(department: int = department, idea_id: int = idea_id) -> None:
            with suppress(Invalid):
                make.decide(app, idea_id, by=moderator, owner_id=department)

        at_once([close, accept])
        with app.app_context():
            assert db.session.get_one(Idea, idea_id).owner_department_id is None


def test_a_reply_and_the_removal_of_its_comment_come_in_one_order_or_the_other(
    app: Flask,
) -> None:
    author = make.person(app)
    idea_id = make.idea(app)
    for _round in range(10):
        comment = make.comment(app, idea_id, author)
        replies: list[int] = []

        def remove(comment: int = comment) -> None:
            with app.app_context():
                writer, idea = load(app, author, idea_id)
                target = db.session.get_one(Comment, comment)
                discussion.delete_comment(writer, "idea", idea, target)

        def reply(comment: int = comment, replies: list[int] = replies) -> None:
            with suppress(Invalid):
                replies.append(make.comment(app, idea_id, author, parent=comment))

        at_once([remove, reply])
        with app.app_context():
            removed = db.session.get_one(Comment, comment)
            assert removed.deleted_at is not None
            for reply_id in replies:
                assert db.session.get_one(Comment, reply_id).parent_id == comment


def test_an_answer_and_a_decision_at_once_leave_no_answer_after_the_decision(app: Flask) -> None:
    representative, moderator = make.person(app), make.moderator(app)
    department = make.department(app)
    make.represent(app, representative, department)
    for _round in range(10):
        idea_id = make.idea(app, departments=[department])

        def harms(idea_id: int = idea_id) -> None:
            with suppress(Conflict):
                make.answer(app, idea_id, department, representative, "harms", "It stops us.")

        def accept(idea_id: int = idea_id) -> None:
            with suppress(Conflict):
                make.decide(app, idea_id, by=moderator)

        at_once([harms, accept])
        with app.app_context():
            idea = db.session.get_one(Idea, idea_id)
            answer = db.session.scalars(select(Answer).where(Answer.idea_id == idea_id)).one()
            assert (idea.stage_kind == "accepted") != (answer.answer == "harms")


def test_support_given_and_taken_back_while_it_closes_is_exact(app: Flask) -> None:
    people, author = [make.person(app) for _ in range(4)], make.person(app)
    for _round in range(5):
        idea_id = make.idea(app, author)
        make.vote(app, idea_id, people[0])

        def support(person: int, idea_id: int = idea_id) -> None:
            with suppress(Conflict):
                make.vote(app, idea_id, person)

        def take_back(idea_id: int = idea_id) -> None:
            with app.app_context(), suppress(Conflict):
                votes.take_back_vote(*load(app, people[0], idea_id))

        def withdraw(idea_id: int = idea_id) -> None:
            with app.app_context():
                actions.withdraw(*load(app, author, idea_id))

        at_once([withdraw, take_back, *(partial(support, person) for person in people[1:])])
        with app.app_context():
            given = select(func.count()).where(Vote.idea_id == idea_id)
            assert db.session.get_one(Idea, idea_id).vote_count == db.session.scalar(given)


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


def test_a_comment_that_was_deleted_meanwhile_is_not_edited(app: Flask) -> None:
    author, moderator, idea_id = make.person(app), make.moderator(app), make.idea(app)
    comment_id = make.comment(app, idea_id, author)
    with app.app_context():
        stale = db.session.get_one(Comment, comment_id)
        db.session.expunge(stale)
    with app.app_context():
        boss, idea = load(app, moderator, idea_id)
        discussion.delete_comment(boss, "idea", idea, db.session.get_one(Comment, comment_id))

    body = compose("Once more.")
    with app.app_context(), pytest.raises(Conflict):
        discussion.edit_comment(db.session.get_one(Person, author), stale, body)


def test_support_given_before_the_decision_is_not_given_again_after_it(app: Flask) -> None:
    supporter, idea_id = make.person(app), make.idea(app)
    make.vote(app, idea_id, supporter)
    make.decide(app, idea_id, "decline")

    for act in (votes.cast_vote, votes.take_back_vote):
        with app.app_context(), pytest.raises(Conflict):
            act(*load(app, supporter, idea_id))
