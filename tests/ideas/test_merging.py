"""Ideas become part of another one: nothing is lost, and what cannot be is refused in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core import richtext
from forum.core.db import db, transaction
from forum.core.errors import Conflict, DomainError, Forbidden, Invalid
from forum.discussion import actions as discussion
from forum.ideas import decisions, votes
from forum.ideas.merges import merging, policy
from forum.ideas.models import Idea, StageKind
from forum.moderation import trash
from tests.ideas.merging import coauthors, followers, slots, state, thread, voters
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document
from tests.support.together import at_once

SignIn = Callable[..., Browser]


def test_votes_move_and_those_who_backed_both_count_once(app: Flask) -> None:
    parent, child = make.idea(app), make.idea(app)
    both, theirs, ours = ([make.person(app) for _ in range(n)] for n in (3, 5, 2))
    for person in both + ours:
        make.vote(app, parent, person)
    for person in both + theirs:
        make.vote(app, child, person)

    moved = make.merge(app, parent, child)

    assert (moved.moved, moved.both) == (5, 3)
    assert voters(app, parent) == {*both, *theirs, *ours}
    assert state(app, parent).vote_count == 10
    assert state(app, child).vote_count == 0


def test_imported_support_comes_along(app: Flask) -> None:
    parent, child = make.idea(app), make.idea(app)
    with app.app_context(), transaction():
        idea = db.session.get_one(Idea, child)
        idea.imported_votes = idea.support = 12

    make.merge(app, parent, child)

    assert (state(app, parent).imported_votes, state(app, parent).support) == (12, 12)
    assert (state(app, child).imported_votes, state(app, child).support) == (0, 0)
    make.unmerge(app, child)
    assert state(app, child).support == 12
    assert state(app, parent).support == 0


def test_comments_come_along_in_their_time_and_replies_stay_replies(app: Flask) -> None:
    child, parent = make.idea(app, problem="The child says so."), make.idea(app)
    first = make.comment(app, child, body="One.")
    make.comment(app, parent, body="Two.")
    make.comment(app, child, body="Three.", parent=first)
    make.comment(app, parent, body="Four.")

    make.merge(app, parent, child)

    assert thread(app, parent) == [
        ("The child says so.", None),
        ("One.", None),
        ("Two.", None),
        ("Three.", "One."),
        ("Four.", None),
    ]
    assert state(app, parent).comment_count == 5
    assert state(app, child).comment_count == 0


def test_the_childs_text_is_a_labelled_comment_by_its_author(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app, name="Clara")
    child = make.idea(app, author, title="Paper forms", problem="We *print*.", proposal="Stop it.")
    parent = make.idea(app, title="Forms")

    make.merge(app, parent, child)

    page = sign_in().page(f"/ideas/{parent}")
    comment = page.one("li", data_comment=True)
    assert "The text of an idea that was merged into this one: Paper forms" in comment.text
    assert "We print." in comment.text
    assert "Stop it." in comment.text
    byline = page.one("p", class_="byline").text
    assert "Clara" in byline


def test_departments_not_yet_asked_come_along_with_what_they_said(app: Flask) -> None:
    shared, waiting, answered = (make.department(app) for _ in range(3))
    representative = make.person(app)
    for department in (shared, answered):
        make.represent(app, representative, department)
    parent = make.idea(app, departments=[shared])
    child = make.idea(app, departments=[shared, waiting, answered])
    make.answer(app, child, answered, representative, "harms", "It costs us a day.")
    make.answer(app, child, shared, representative, "helps")

    make.merge(app, parent, child)

    assert slots(app, parent) == {shared: "waiting", waiting: "waiting", answered: "harms"}
    with pytest.raises(decisions.Harms):
        make.decide(app, parent)


def test_followers_and_authors_come_along(app: Flask) -> None:
    anna, boris, clara = (make.person(app) for _ in range(3))
    parent, child = make.idea(app, anna), make.idea(app, boris)
    with app.app_context():
        votes.follow(db.session.get_one(Person, clara), db.session.get_one(Idea, child))

    make.merge(app, parent, child)

    assert followers(app, parent) == {anna, boris, clara}
    assert coauthors(app, parent) == {boris}


def test_several_at_once_and_those_of_the_same_author_credit_nobody_twice(app: Flask) -> None:
    anna, boris = make.person(app), make.person(app)
    parent = make.idea(app, anna)
    children = [make.idea(app, boris), make.idea(app, boris), make.idea(app, anna)]
    voter = make.person(app)
    for child in children:
        make.vote(app, child, voter)

    moved = make.merge(app, parent, *children)

    assert (moved.moved, moved.both) == (1, 2)
    assert coauthors(app, parent) == {boris}
    assert state(app, parent).vote_count == 1
    for child in children:
        assert state(app, child).merged_into_id == parent


def test_what_is_merged_already_stays_so(app: Flask) -> None:
    parent, child = make.idea(app), make.idea(app)
    make.vote(app, child)
    make.merge(app, parent, child)

    assert make.merge(app, parent, child).children == []
    assert state(app, parent).vote_count == 1


def _hidden(app: Flask, idea: int) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Idea, idea).hidden_at = make.ago(days=1)


def _trashed(app: Flask, idea: int) -> None:
    moderator = make.moderator(app)
    with app.app_context():
        trash.put_in_trash(db.session.get_one(Person, moderator), db.session.get_one(Idea, idea))


def _withdrawn(app: Flask, idea: int) -> None:
    from forum.ideas import actions

    with app.app_context():
        found = db.session.get_one(Idea, idea)
        actions.withdraw(db.session.get_one(Person, found.author_id), found)


MADE_SO: dict[str, Callable[[Flask, int], object]] = {
    "merged": lambda app, idea: make.merge(app, make.idea(app), idea),
    "hidden": _hidden,
    "in the trash": _trashed,
    "accepted": lambda app, idea: make.decide(app, idea),
    "declined": lambda app, idea: make.decide(app, idea, "decline"),
    "withdrawn": _withdrawn,
}
WHY = {
    "merged": (policy.PARENT[StageKind.MERGED], policy.CHILD[StageKind.MERGED]),
    "hidden": (policy.PARENT_HIDDEN, policy.CHILD_HIDDEN),
    "in the trash": (policy.PARENT_TRASHED, policy.CHILD_TRASHED),
    "accepted": (policy.PARENT_DECIDED, policy.CHILD_DECIDED),
    "declined": (policy.PARENT_DECIDED, policy.CHILD_DECIDED),
    "withdrawn": (policy.PARENT[StageKind.WITHDRAWN], policy.CHILD[StageKind.WITHDRAWN]),
}


@pytest.mark.parametrize("how", MADE_SO)
@pytest.mark.parametrize("place", [0, 1], ids=["parent", "child"])
def test_what_can_neither_take_in_nor_be_taken_is_refused_with_the_reason(
    app: Flask, sign_in: SignIn, how: str, place: int
) -> None:
    ideas = [make.idea(app), make.idea(app)]
    MADE_SO[how](app, ideas[place])
    parent, child = ideas

    page = sign_in(make.moderator(app)).post(
        f"/ideas/{child}/merge", {"parent": parent, "ideas": [child]}
    )

    assert page.status_code == 409
    assert str(WHY[how][place]) in Document(page.text).text
    assert state(app, child).merged_into_id != parent


def test_circles_and_nothing_are_refused(app: Flask) -> None:
    parent, child = make.idea(app), make.idea(app)

    def refused(*ideas: int) -> object:
        with pytest.raises(DomainError) as refusal:
            make.merge(app, *ideas)
        return refusal.value.message

    assert refused(parent, parent) == policy.ITSELF
    assert refused(parent) == policy.NOTHING
    make.merge(app, parent, child)
    assert refused(child, parent) == policy.PARENT[StageKind.MERGED]


def test_only_moderators_merge_and_only_what_they_see(app: Flask, sign_in: SignIn) -> None:
    parent, child = make.idea(app), make.idea(app)
    draft = make.idea(app, draft=True)
    employee, moderator = sign_in(), sign_in(make.moderator(app))

    for address in (f"/ideas/{child}/merge", f"/ideas/{child}/unmerge"):
        assert employee.post(address, {"parent": parent}).status_code in (403, 404)
    assert employee.get(f"/ideas/{child}/merge").status_code in (403, 404)
    assert "Merge" not in employee.page(f"/ideas/{child}").text
    assert moderator.get(f"/ideas/{draft}/merge").status_code == 404
    unknown = moderator.post(f"/ideas/{child}/merge", {"parent": "other", "other": str(draft)})
    assert unknown.status_code == 422
    assert "There is no such idea." in unknown.text
    with app.app_context():
        someone = db.session.get_one(Person, make.person(app))
        ideas = [db.session.get_one(Idea, number) for number in (parent, child)]
        with pytest.raises(Forbidden):
            merging.merge(someone, ideas[0], ideas[1:])


def test_a_merged_idea_takes_neither_votes_nor_comments(app: Flask, sign_in: SignIn) -> None:
    parent, child = make.idea(app), make.idea(app)
    browser, voter = sign_in(), make.person(app)
    make.vote(app, child, voter)
    make.merge(app, parent, child)

    for act in ("vote", "unvote"):
        answer = browser.post(f"/ideas/{child}/{act}")
        assert answer.status_code == 409
        assert "part of another one now" in Document(answer.text).text
    refused = browser.post(f"/ideas/{child}/comments", {"body": "Here, perhaps?"})
    assert refused.status_code == 409
    assert "Say it there." in refused.text
    assert "Here, perhaps?" in refused.text
    assert sign_in(voter).post(f"/ideas/{child}/unvote").status_code == 409
    assert state(app, parent).vote_count == 1


def test_a_comment_or_vote_at_that_very_moment_is_refused_or_comes_along(app: Flask) -> None:
    """Ten rounds on each: nothing is left behind on the child, and the counts agree."""
    for _round in range(10):
        parent, child = make.idea(app), make.idea(app)
        voter, author, moderator = make.person(app), make.person(app), make.moderator(app)
        make.vote(app, parent, voter)

        def vote(child: int = child, voter: int = voter) -> None:
            with app.app_context():
                target = db.session.get_one(Idea, child)
                _try(lambda: votes.cast_vote(db.session.get_one(Person, voter), target))

        def say(child: int = child, author: int = author) -> None:
            body = richtext.compose("At that very moment.")
            with app.app_context():
                idea = db.session.get_one(Idea, child)
                someone = db.session.get_one(Person, author)
                _try(lambda: discussion.comment(someone, "idea", idea, idea.thread_id, body))

        def take_back(parent: int = parent, voter: int = voter) -> None:
            with app.app_context():
                target = db.session.get_one(Idea, parent)
                _try(lambda: votes.take_back_vote(db.session.get_one(Person, voter), target))

        def join(parent: int = parent, child: int = child, moderator: int = moderator) -> None:
            make.merge(app, parent, child, by=moderator)

        at_once([vote, say, join, take_back])

        assert state(app, child).vote_count == 0
        assert state(app, child).comment_count == 0
        assert state(app, parent).vote_count in (0, 1)


def _try(act: Callable[[], object]) -> None:
    try:
        act()
    except (Conflict, Forbidden):
        return


def test_of_two_moderators_at_once_one_is_told_that_it_moved_on(app: Flask) -> None:
    for _round in range(5):
        first, second = make.idea(app), make.idea(app)
        people = [make.moderator(app), make.moderator(app)]

        def join(parent: int, child: int, by: int) -> str:
            try:
                make.merge(app, parent, child, by=by)
            except (Conflict, Invalid) as refusal:
                return str(refusal.message)
            return "merged"

        outcomes = at_once(
            [
                lambda a=first, b=second, m=people[0]: join(a, b, m),
                lambda a=second, b=first, m=people[1]: join(a, b, m),
            ]
        )

        assert outcomes.count("merged") == 1
        assert all(outcomes)
        kinds = {state(app, first).stage_kind, state(app, second).stage_kind}
        assert kinds == {StageKind.OPEN, StageKind.MERGED}


def test_a_text_changed_meanwhile_is_looked_at_again(app: Flask) -> None:
    from forum.ideas import actions

    parent, child, moderator = make.idea(app), make.idea(app), make.moderator(app)
    with app.app_context():
        stale = db.session.get_one(Idea, child)
        db.session.expunge(stale)
    with app.app_context():
        idea = db.session.get_one(Idea, child)
        author = db.session.get_one(Person, idea.author_id)
        actions.edit_idea(author, idea, actions.word(title="", problem="New words."), seen=1)

    with app.app_context():
        someone, into = db.session.get_one(Person, moderator), db.session.get_one(Idea, parent)
        with pytest.raises(Conflict):
            merging.merge(someone, into, [stale])
