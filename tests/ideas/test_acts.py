"""Who may do what to an idea, asked of the acts themselves; and that each leaves its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core import richtext
from forum.core.clock import today
from forum.core.db import db
from forum.core.errors import Conflict, Forbidden
from forum.departments.models import Department
from forum.discussion import actions as comments
from forum.discussion.models import Comment
from forum.ideas import actions, affected, answers, decisions, owning, votes
from forum.ideas.models import Idea
from forum.moderation import actions as moderation
from forum.standards import origins
from tests.support import log, make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
Act = Callable[[Person, Idea], object]
AUTHOR, MODERATOR, REPRESENTATIVE, OWNER, STRANGER = "AMROS"
SOON = today() + timedelta(days=30)
NEW = {"title": "Lost invoices", "problem": "Invoices are lost.", "departments": ()}


def again(by: Person, idea: Idea) -> None:
    """Another wording."""
    actions.edit_idea(by, idea, actions.word(**NEW), seen=idea.revision)


def overwrite(by: Person, idea: Idea) -> None:
    """Another wording of a draft."""
    actions.save_draft(by, idea, actions.word(**NEW), seen=idea.revision)


def post(by: Person, idea: Idea) -> None:
    """A draft becomes an idea."""
    actions.post_draft(by, idea, actions.word(**NEW))


def decide(by: Person, idea: Idea) -> None:
    """Decline."""
    decisions.settle(by, idea, decisions.Verdict("decline", "It costs too much."))


def answer(by: Person, idea: Idea) -> None:
    """The affected department answers."""
    answers.give_answer(by, idea, asked(), answer="no_effect")


def take_back(by: Person, idea: Idea) -> None:
    """The affected department takes its answer back."""
    answers.take_back_answer(by, idea, asked())


def tag(by: Person, idea: Idea) -> None:
    """Name nobody any more."""
    affected.tag_departments(by, idea, [])


def asked() -> int:
    """The department every idea here affects."""
    return db.session.query(Department).filter_by(slug="finance").one().id


ACTS: dict[str, tuple[str, Act, str, list[str]]] = {
    "edit": ("open", again, AUTHOR, ["idea.departments-changed", "idea.edited"]),
    "save": ("draft", overwrite, AUTHOR, []),
    "post": (
        "draft",
        post,
        AUTHOR,
        ["idea.stage-changed", "idea.posted"],
    ),
    "withdraw": ("open", actions.withdraw, AUTHOR, ["idea.stage-changed", "idea.withdrawn"]),
    "tag": ("open", tag, AUTHOR + MODERATOR, ["idea.departments-changed"]),
    "review": ("open", decisions.begin_review, MODERATOR, ["idea.stage-changed"]),
    "decide": ("open", decide, MODERATOR, ["idea.stage-changed"] * 2 + ["idea.settled"]),
    "answer": ("open", answer, REPRESENTATIVE, ["answer.given"]),
    "take back": ("open", take_back, REPRESENTATIVE, ["answer.given"]),
    "hide": ("open", moderation.hide, MODERATOR, ["idea.hidden", "matter.decided"]),
    "confirm": ("accepted", owning.confirm_date, OWNER + MODERATOR, ["idea.owner-confirmed"]),
    "ask": (
        "accepted",
        lambda by, idea: owning.ask_to_move_date(by, idea, due_on=SOON, reason="Later."),
        OWNER + MODERATOR,
        ["idea.owner-asked"],
    ),
    "set the day": (
        "accepted",
        lambda by, idea: owning.ask_to_move_date(by, idea, due_on=SOON, reason="Later."),
        MODERATOR + OWNER,
        ["idea.date-moved"],
    ),
    "agree": ("asked", owning.agree_to_date, MODERATOR, ["idea.owner-confirmed"]),
    "done": (
        "accepted",
        lambda by, idea: decisions.mark_done(by, idea, outcome="Invoices come by mail."),
        OWNER + MODERATOR,
        ["idea.stage-changed", "idea.done"],
    ),
    "standard": (
        "accepted",
        lambda by, idea: origins.standardise(by, idea),
        MODERATOR,
        ["standard.drafted"],
    ),
}


class Scene:
    """An idea at a stage, and one person in each relation to it."""

    def __init__(self, app: Flask, stage: str) -> None:
        self.app = app
        finance, sales = make.department(app, "Finance", slug="finance"), make.department(app)
        self.people = {
            AUTHOR: make.person(app),
            MODERATOR: make.moderator(app),
            REPRESENTATIVE: make.person(app),
            OWNER: make.person(app),
            STRANGER: make.person(app),
        }
        make.represent(app, self.people[REPRESENTATIVE], finance)
        make.represent(app, self.people[OWNER], sales)
        self.idea = make.idea(
            app, self.people[AUTHOR], departments=[finance], draft=stage == "draft"
        )
        if stage in ("accepted", "asked"):
            make.decide(app, self.idea, owner_id=sales, due_on=SOON - timedelta(days=9))
        if stage == "asked":
            self.do(ACTS["ask"][1], OWNER)

    def do(self, act: Act, by: str) -> None:
        """Somebody does something to the idea."""
        with self.app.app_context():
            get = db.session.get_one
            act(get(Person, self.people[by]), get(Idea, self.idea))


@pytest.mark.parametrize("name", ACTS)
def test_only_those_who_may_change_an_idea(app: Flask, name: str) -> None:
    stage, act, allowed, _told = ACTS[name]
    scene = Scene(app, stage)
    others = scene.people.keys() - set(allowed)

    log.refuses(app, (partial(scene.do, act, by) for by in others))


@pytest.mark.parametrize("name", ACTS)
def test_every_change_of_an_idea_is_in_the_log_with_who_made_it(app: Flask, name: str) -> None:
    stage, act, allowed, told = ACTS[name]
    scene = Scene(app, stage)

    said = log.told_of(app, partial(scene.do, act, allowed[0]))

    done = [(kind, by) for kind, by, _about in said]
    assert done == [(kind, scene.people[allowed[0]]) for kind in told]


@pytest.mark.parametrize("name", ["edit", "withdraw", "tag", "review", "decide", "answer"])
def test_nobody_changes_an_idea_that_was_decided(app: Flask, name: str) -> None:
    _stage, act, allowed, _told = ACTS[name]
    scene = Scene(app, "accepted")

    for by in allowed:
        with pytest.raises((Conflict, Forbidden)):
            scene.do(act, by)


def test_an_undecided_idea_becomes_no_standard(app: Flask, sign_in: SignIn) -> None:
    scene = Scene(app, "open")

    page = sign_in(scene.people[MODERATOR]).page(f"/ideas/{scene.idea}")

    assert not page.all("form", action=f"/ideas/{scene.idea}/standard")
    with pytest.raises(Conflict):
        scene.do(ACTS["standard"][1], MODERATOR)


def test_a_decided_idea_offers_its_standard_to_moderators(app: Flask, sign_in: SignIn) -> None:
    scene = Scene(app, "accepted")
    address = f"/ideas/{scene.idea}/standard"

    assert sign_in(scene.people[MODERATOR]).page(f"/ideas/{scene.idea}").all("form", action=address)
    assert not sign_in(scene.people[OWNER]).page(f"/ideas/{scene.idea}").all("form", action=address)


def test_support_is_in_the_log_without_a_name(app: Flask) -> None:
    scene = Scene(app, "open")
    before = log.position(app)

    scene.do(votes.cast_vote, STRANGER)
    scene.do(votes.cast_vote, STRANGER)
    scene.do(votes.take_back_vote, STRANGER)

    assert log.since(app, before) == [("idea.support-changed", None, "idea")] * 2


def test_who_cannot_sign_in_supports_and_comments_nothing(app: Flask) -> None:
    scene = Scene(app, "open")
    scene.people[STRANGER] = make.person(app, deactivated_at=make.ago(days=1))

    for act in (votes.cast_vote, votes.take_back_vote, say):
        with pytest.raises(Forbidden):
            scene.do(act, STRANGER)


def say(by: Person, idea: Idea) -> None:
    """A comment."""
    comments.comment(by, "idea", idea, idea.thread_id, richtext.compose("So do we."))


def on_comment(app: Flask, comment: int, by: int, *, delete: bool) -> None:
    """Somebody edits or deletes a comment."""
    with app.app_context():
        person, target = db.session.get_one(Person, by), db.session.get_one(Comment, comment)
        if delete:
            idea = db.session.query(Idea).filter_by(thread_id=target.thread_id).one()
            comments.delete_comment(person, "idea", idea, target)
        else:
            comments.edit_comment(person, target, richtext.compose("On second thoughts."))


def test_comments_are_changed_by_their_author_and_deleted_by_moderators_too(app: Flask) -> None:
    author, moderator, stranger = make.person(app), make.moderator(app), make.person(app)
    comment = make.comment(app, make.idea(app), author)
    before = log.position(app)

    for by, delete in ((stranger, False), (moderator, False), (stranger, True)):
        with pytest.raises(Forbidden):
            on_comment(app, comment, by, delete=delete)
    on_comment(app, comment, author, delete=False)
    on_comment(app, comment, moderator, delete=True)

    assert log.since(app, before) == [
        ("comment.edited", author, "comment"),
        ("comment.deleted", moderator, "comment"),
        ("comment.removed", moderator, "comment"),
    ]


def test_a_deleted_or_old_comment_is_not_edited(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    idea = make.idea(app)
    deleted, old = make.comment(app, idea, author), make.comment(app, idea, author)
    on_comment(app, deleted, author, delete=True)
    with app.app_context():
        from forum.core.db import transaction

        with transaction():
            db.session.get_one(Comment, old).created_at = make.ago(days=31)

    for comment in (deleted, old):
        with pytest.raises(Forbidden):
            on_comment(app, comment, author, delete=False)
        page = sign_in(author).page(f"/ideas/{idea}")
        assert not page.all("a", href=f"/comments/{comment}/edit")
