"""A merged idea stands by itself again: it has what came from it and still exists, and what people
did since stays as they left it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.discussion import actions as discussion
from forum.discussion.models import Comment
from forum.ideas import decisions, stages, votes
from forum.ideas.merges import policy
from forum.ideas.models import Idea, StageKind
from tests.ideas.merging import coauthors, followers, slots, state, thread, voters
from tests.support import make
from tests.support.browser import Browser
from tests.support.together import at_once

SignIn = Callable[..., Browser]


def unvote(app: Flask, idea: int, person: int) -> None:
    with app.app_context():
        target = db.session.get_one(Idea, idea)
        votes.take_back_vote(db.session.get_one(Person, person), target)


def test_everything_is_as_it_was_before(app: Flask) -> None:
    department, other = make.department(app), make.department(app)
    child = make.idea(app, problem="The child.", departments=[department, other])
    parent = make.idea(app, departments=[other])
    people = [make.person(app, department=department) for _ in range(6)]
    for person in people[:4]:
        make.vote(app, parent, person)
    for person in people[2:]:
        make.vote(app, child, person)
    said = make.comment(app, child, body="One.")
    make.comment(app, child, body="Two.", parent=said)
    make.comment(app, parent, body="Three.")

    def all_of_it() -> list[object]:
        return [
            look(app, idea)
            for idea in (parent, child)
            for look in (voters, followers, coauthors, thread, slots)
        ]

    before = all_of_it()
    make.merge(app, parent, child)
    assert all_of_it() != before
    make.unmerge(app, child)

    assert all_of_it() == before
    assert state(app, child).stage_kind == StageKind.OPEN
    assert state(app, child).vote_count == state(app, parent).vote_count == 4


def test_an_idea_in_review_is_in_review_again(app: Flask) -> None:
    parent, child, moderator = make.idea(app), make.idea(app), make.moderator(app)
    with app.app_context():
        someone = db.session.get_one(Person, moderator)
        decisions.begin_review(someone, db.session.get_one(Idea, child))
    make.merge(app, parent, child)

    make.unmerge(app, child)

    assert state(app, child).stage_kind == StageKind.REVIEW


def test_votes_cast_or_taken_back_since_stay_as_people_left_them(app: Flask) -> None:
    parent, child = make.idea(app), make.idea(app)
    stays, gone, again, both, both_gone, new = (make.person(app) for _ in range(6))
    for person in (stays, gone, again, both, both_gone):
        make.vote(app, child, person)
    for person in (both, both_gone):
        make.vote(app, parent, person)
    make.merge(app, parent, child)
    for person in (gone, again, both_gone):
        unvote(app, parent, person)
    for person in (again, new):
        make.vote(app, parent, person)

    make.unmerge(app, child)

    assert voters(app, child) == {stays, both}
    assert voters(app, parent) == {again, both, new}
    state(app, child)
    state(app, parent)


def test_who_backed_two_children_is_still_with_the_one_that_stays(app: Flask) -> None:
    parent, one, two = (make.idea(app) for _ in range(3))
    person = make.person(app)
    for child in (one, two):
        make.vote(app, child, person)
        with app.app_context():
            votes.follow(db.session.get_one(Person, person), db.session.get_one(Idea, child))
    make.merge(app, parent, one, two)

    make.unmerge(app, one)
    assert [voters(app, idea) for idea in (one, parent)] == [{person}, {person}]
    assert person in followers(app, one)
    assert person in followers(app, parent)

    make.unmerge(app, two)
    assert [voters(app, idea) for idea in (one, two, parent)] == [{person}, {person}, set()]
    assert person not in followers(app, parent)


def test_support_taken_back_does_not_return_with_an_idea_that_comes_and_goes(app: Flask) -> None:
    parent, one, two, three = (make.idea(app) for _ in range(4))
    person = make.person(app)
    for child in (one, two, three):
        make.vote(app, child, person)
    make.merge(app, parent, one, two)
    unvote(app, parent, person)
    make.merge(app, parent, three)

    make.unmerge(app, three)

    assert [voters(app, idea) for idea in (three, parent)] == [{person}, set()]
    state(app, parent)
    make.unmerge(app, two)
    assert voters(app, two) == set()


def test_who_chose_to_follow_since_still_follows_after_a_separation(app: Flask) -> None:
    parent, child, person = make.idea(app), make.idea(app), make.person(app)

    def turn(act: Callable[[Person, Idea], None], idea: int) -> None:
        with app.app_context():
            act(db.session.get_one(Person, person), db.session.get_one(Idea, idea))

    turn(votes.follow, child)
    make.merge(app, parent, child)
    turn(votes.unfollow, parent)
    turn(votes.follow, parent)

    make.unmerge(app, child)

    assert person in followers(app, parent)


def test_an_author_of_two_children_is_credited_while_one_is_there(app: Flask) -> None:
    author = make.person(app)
    parent, one, two = make.idea(app), make.idea(app, author), make.idea(app, author)
    make.merge(app, parent, one, two)

    make.unmerge(app, one)
    assert coauthors(app, parent) == {author}

    make.unmerge(app, two)
    assert coauthors(app, parent) == set()


def test_what_was_replied_since_goes_with_what_it_replies_to(app: Flask) -> None:
    child, parent = make.idea(app, problem="The child."), make.idea(app)
    came = make.comment(app, child, body="Came.")
    stayed = make.comment(app, parent, body="Stayed.")
    make.merge(app, parent, child)
    with app.app_context():
        text = next(
            c.id for c in db.session.query(Comment).order_by(Comment.id.desc()) if c.id > stayed
        )
    make.comment(app, parent, body="To what came.", parent=came)
    make.comment(app, parent, body="To the text.", parent=text)
    make.comment(app, parent, body="To what stayed.", parent=stayed)
    make.comment(app, parent, body="New.")

    make.unmerge(app, child)

    assert thread(app, child) == [
        ("Came.", None),
        ("To what came.", "Came."),
        ("To the text.", None),
    ]
    assert thread(app, parent) == [
        ("Stayed.", None),
        ("To what stayed.", "Stayed."),
        ("New.", None),
    ]
    state(app, child)
    state(app, parent)


def test_a_comment_deleted_since_stays_deleted(app: Flask) -> None:
    child, parent = make.idea(app), make.idea(app)
    author = make.person(app)
    said = make.comment(app, child, author, body="Never mind.")
    make.merge(app, parent, child)
    with app.app_context():
        comment, idea = db.session.get_one(Comment, said), db.session.get_one(Idea, parent)
        discussion.delete_comment(db.session.get_one(Person, author), "idea", idea, comment)

    make.unmerge(app, child)

    assert thread(app, child) == []
    assert state(app, child).comment_count == 0
    assert state(app, parent).comment_count == 0


def test_a_department_that_answered_since_keeps_its_word_on_the_parent(app: Flask) -> None:
    spoke, silent, representative = make.department(app), make.department(app), make.person(app)
    make.represent(app, representative, spoke)
    parent, child = make.idea(app), make.idea(app, departments=[spoke, silent])
    make.merge(app, parent, child)
    make.answer(app, parent, spoke, representative, "helps")

    make.unmerge(app, child)

    assert slots(app, parent) == {spoke: "helps"}
    assert slots(app, child) == {spoke: "waiting", silent: "waiting"}


def test_an_idea_comes_back_whatever_became_of_the_parent(app: Flask) -> None:
    parent, child = make.idea(app), make.idea(app)
    make.vote(app, child)
    make.merge(app, parent, child)
    make.decide(app, parent, "decline")

    make.unmerge(app, child)

    assert state(app, child).vote_count == 1
    assert state(app, parent).vote_count == 0


def refused(app: Flask, child: int) -> object:
    with pytest.raises(Conflict) as refusal:
        make.unmerge(app, child)
    return refusal.value.message


def test_what_stands_by_itself_or_lies_deeper_is_refused_with_the_reason(app: Flask) -> None:
    parent, child, root = (make.idea(app) for _ in range(3))
    assert refused(app, child) == policy.NOT_MERGED
    make.vote(app, child)
    make.merge(app, parent, child)
    make.merge(app, root, parent)

    assert refused(app, child) == policy.WITHIN
    make.unmerge(app, parent)
    make.unmerge(app, child)
    assert refused(app, child) == policy.NOT_MERGED
    assert [state(app, idea).vote_count for idea in (root, parent, child)] == [0, 0, 1]


def test_of_two_moderators_at_once_one_is_told(app: Flask) -> None:
    parent, child = make.idea(app), make.idea(app)
    make.vote(app, child)
    make.merge(app, parent, child)
    people = [make.moderator(app), make.moderator(app)]

    def separate(by: int) -> str:
        try:
            make.unmerge(app, child, by=by)
        except Conflict as refusal:
            return str(refusal.message)
        return "separated"

    outcomes = at_once([lambda: separate(people[0]), lambda: separate(people[1])])

    assert outcomes.count("separated") == 1
    assert str(policy.NOT_MERGED) in outcomes
    assert state(app, child).vote_count == 1


def test_it_can_be_merged_again_and_given_back_again(app: Flask) -> None:
    parent, other, child = (make.idea(app) for _ in range(3))
    person = make.person(app)
    make.vote(app, child, person)

    for into in (parent, parent, other):
        make.merge(app, into, child)
        assert voters(app, into) == {person}
        make.unmerge(app, child)

    assert voters(app, child) == {person}
    assert [state(app, idea).vote_count for idea in (parent, other)] == [0, 0]


def test_one_that_an_import_merged_stands_again_with_what_it_has(
    app: Flask, sign_in: SignIn
) -> None:
    parent, child = make.idea(app), make.idea(app)
    make.vote(app, child)
    with app.app_context(), transaction():
        idea = db.session.get_one(Idea, child)
        stages.move(idea, StageKind.MERGED, by=None, allowed=[StageKind.OPEN])
        idea.merged_into_id = parent
    browser = sign_in(make.moderator(app))

    page = browser.page(f"/ideas/{child}")
    assert page.one("a", data_leads_to=parent)
    assert browser.post(f"/ideas/{child}/unmerge").status_code == 303

    assert state(app, child).stage_kind == StageKind.OPEN
    assert state(app, child).vote_count == 1


def test_the_page_says_that_it_was_separated(app: Flask, sign_in: SignIn) -> None:
    parent, child = make.idea(app), make.idea(app, title="The other one")
    make.merge(app, parent, child)
    make.unmerge(app, child)
    browser = sign_in()

    page = browser.page(f"/ideas/{parent}")

    assert "separated an idea from this one: The other one" in page.text
    assert "The text of an idea" not in page.text
    assert not browser.page(f"/ideas/{child}").all("a", data_leads_to=True)
