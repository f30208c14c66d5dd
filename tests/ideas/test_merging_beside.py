"""What a merge does to clocks and questions, to what is hidden or in the trash, and who may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.site import save_settings
from forum.departments import reach
from forum.departments.models import Department
from forum.discussion.models import Comment
from forum.ideas.again.models import Condition
from forum.ideas.merges import policy
from forum.ideas.models import Idea, Question
from forum.moderation import trash
from forum.search.likely.models import LikelyDuplicate
from tests.ideas.clocks import ask_author, due_in, slot
from tests.ideas.merging import state, thread
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


def asked_on_a_child(app: Flask) -> tuple[int, int, int, int]:
    """A parent, a child whose department asked its author, that department and the comment."""
    department = make.department(app)
    person = make.person(app, department=department)
    make.represent(app, person, department)
    child, parent = make.idea(app, departments=[department]), make.idea(app)
    return parent, child, department, ask_author(app, child, department, person)


def came_back(app: Flask, department: int) -> int:
    """A declined idea whose condition has come true."""
    idea = make.idea(app, departments=[department])
    make.decide(app, idea, "decline", again_on=make.ago(days=-10).date())
    with app.app_context(), transaction():
        which = update(Condition).where(Condition.idea_id == idea)
        db.session.execute(which.values(on_day=None, met_at=now()))
    return idea


def test_a_slot_brings_its_last_day_along(app: Flask) -> None:
    department = make.department(app)
    child, parent = make.idea(app, departments=[department]), make.idea(app)
    due_on = due_in(app, child, department, 4, nudged=1)

    make.merge(app, parent, child)

    came = slot(app, parent, department)
    assert (came.due_on, came.nudged, came.nudge_on) == (
        due_on,
        1,
        slot(app, child, department).nudge_on,
    )


def test_what_waited_for_the_author_of_the_child_runs_on(app: Flask) -> None:
    parent, child, department, _asked = asked_on_a_child(app)

    make.merge(app, parent, child)

    came = slot(app, parent, department)
    assert came.paused_at is None
    assert came.nudge_on is not None


def test_a_separated_idea_asks_its_departments_anew(app: Flask) -> None:
    parent, child, department, asked = asked_on_a_child(app)
    due_in(app, child, department, -3, nudged=4)
    make.merge(app, parent, child)

    make.unmerge(app, child)

    again = slot(app, child, department)
    assert (again.paused_at, again.nudged) == (None, 0)
    with app.app_context():
        assert again.due_on > company_day()
        question = db.session.scalars(select(Question).where(Question.comment_id == asked)).one()
        assert question.closed_at is not None


def test_hidden_comments_come_along_uncounted(app: Flask) -> None:
    child, parent = make.idea(app), make.idea(app)
    hidden = make.comment(app, child, body="Hidden.")
    make.comment(app, child, body="Seen.")
    with app.app_context(), transaction():
        db.session.execute(update(Comment).where(Comment.id == hidden).values(hidden_at=now()))
        db.session.execute(update(Idea).where(Idea.id == child).values(comment_count=1))

    make.merge(app, parent, child)

    assert len(thread(app, parent)) == 3
    assert state(app, parent).comment_count == 2  # the child's text, and what was seen

    make.unmerge(app, child)

    assert (state(app, parent).comment_count, state(app, child).comment_count) == (0, 1)


def test_nothing_is_merged_in_the_trash_or_separated_from_it(app: Flask) -> None:
    child, parent, other = (make.idea(app) for _ in range(3))
    make.merge(app, parent, child)
    moderator = make.moderator(app)
    with app.app_context():
        someone = db.session.get_one(Person, moderator)
        trash.put_in_trash(someone, db.session.get_one(Idea, parent))

    with pytest.raises(Conflict):
        make.merge(app, other, parent)
    with pytest.raises(Conflict) as refused:
        make.unmerge(app, child)

    assert str(refused.value.message) == str(policy.WITHIN_TRASH)


def test_a_limited_moderator_merges_only_where_they_act(app: Flask, sign_in: SignIn) -> None:
    place = make.department(app)
    moderator = make.moderator(app)
    with app.app_context():
        reach.limit(None, db.session.get_one(Person, moderator), place)
    inside, beside = (make.idea(app, departments=[place]) for _ in range(2))
    outside = make.idea(app)
    with app.app_context(), transaction():
        for first, second in ((inside, beside), (inside, outside)):
            pair = LikelyDuplicate(first_id=first, second_id=second, score=1.0, words="late")
            db.session.add(pair)
    browser = sign_in(moderator)

    assert "/merge" not in browser.page(f"/ideas/{outside}").html
    assert browser.get(f"/ideas/{outside}/merge").status_code == 403
    choice = {"parent": str(inside), "ideas": str(outside)}
    assert browser.post(f"/ideas/{inside}/merge", choice).status_code == 403
    assert state(app, outside).merged_into_id is None
    page = browser.page("/moderation/duplicates")
    assert len(page.all("li", data_pair=True)) == 1
    assert f"/ideas/{outside}" not in page.html

    choice = {"parent": str(inside), "ideas": str(beside)}
    assert browser.post(f"/ideas/{inside}/merge", choice).status_code == 303
    assert browser.post(f"/ideas/{beside}/unmerge").status_code == 303
    with app.app_context():
        merged = select(func.count(Idea.id)).where(Idea.merged_into_id.is_not(None))
        assert db.session.scalar(merged) == 0


def test_an_idea_that_is_taken_up_again_asks_its_silent_departments_anew(
    app: Flask, sign_in: SignIn
) -> None:
    department = make.department(app)
    idea = came_back(app, department)
    due_in(app, idea, department, -40, nudged=4)

    assert sign_in(make.moderator(app)).post(f"/ideas/{idea}/reopen").status_code == 303

    asked = slot(app, idea, department)
    assert asked.nudged == 0
    with app.app_context():
        assert asked.due_on > company_day()


def test_the_head_who_may_decide_answers_what_comes_back(app: Flask, sign_in: SignIn) -> None:
    department = make.department(app)
    head = make.person(app, department=department)
    with app.app_context(), transaction():
        db.session.get_one(Department, department).head_id = head
        save_settings({"heads_decide": True})
    idea, browser = came_back(app, department), sign_in(head)

    assert browser.page(f"/ideas/{idea}").all("button", formaction=f"/ideas/{idea}/reopen")
    assert browser.post(f"/ideas/{idea}/leave-declined").status_code == 303
    assert browser.post(f"/ideas/{idea}/leave-declined/undo").status_code == 303
    assert browser.post(f"/ideas/{idea}/reopen").status_code == 303
