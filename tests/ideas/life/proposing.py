"""What everybody does: posting, supporting, following, talking, writing together."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import multiple, rule
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import richtext
from forum.core.db import db
from forum.core.errors import DomainError
from forum.discussion import actions as discussion
from forum.discussion.models import Comment
from forum.ideas import actions, support_check, votes
from forum.ideas.models import Idea, StageKind
from forum.ideas.together import authors
from tests.ideas.life.company import ANYBODY, COMMENTS, IDEAS, PLACES, Company


class Proposing(Company):
    """Ideas, votes and comments."""

    @rule(target=IDEAS, author=ANYBODY, places=st.sets(PLACES), draft=st.booleans())
    def post(self, author: int, places: set[int], draft: bool) -> Any:
        with self.app.app_context():
            writer = db.session.get_one(Person, self.one(author))
            wanted = [self.departments[place] for place in sorted(places)]
            wording = actions.word(title="", problem="Forms are lost.", departments=wanted)
            with suppress(DomainError):  # a consultant names none but their own departments
                return actions.post_idea(writer, wording, draft=draft).id
            return multiple()

    @rule(idea=IDEAS, person=ANYBODY, number=st.integers(0, 9))
    def edit(self, idea: int, person: int, number: int) -> None:
        def change(someone: Person, target: Idea) -> None:
            wording = actions.word(title="", problem=f"Form {number} is lost.")
            if target.stage_kind == StageKind.DRAFT:
                actions.post_draft(someone, target, wording)
            else:
                actions.edit_idea(someone, target, wording, seen=target.revision)

        self.act(self._author(idea) if person % 3 else self.one(person), idea, change)

    @rule(idea=IDEAS)
    def withdraw(self, idea: int) -> None:
        def take_back(author: Person, target: Idea) -> None:
            if target.stage_kind != StageKind.DRAFT:  # a draft would be gone for later steps
                actions.withdraw(author, target)

        self.act(self._author(idea), idea, take_back)

    @rule(idea=IDEAS, person=ANYBODY)
    def support(self, idea: int, person: int) -> None:
        voter = self.one(person)

        def support(someone: Person, target: Idea) -> None:
            votes.cast_vote(someone, target)
            self.known.support(idea, voter)

        self.act(voter, idea, support)

    @rule(idea=IDEAS, person=ANYBODY)
    def a_new_supporter_lowers_nothing(self, idea: int, person: int) -> None:
        before = self._balanced(idea)

        self.slower, self.meanwhile = False, None
        self.support(idea, person)

        assert self._balanced(idea) >= before - support_check.CLOSE_ENOUGH

    def _balanced(self, idea: int) -> float:
        with self.app.app_context():
            support_check.catch_up()
            return db.session.scalars(select(Idea.balanced).where(Idea.id == idea)).one()

    @rule(idea=IDEAS, person=ANYBODY)
    def take_support_back(self, idea: int, person: int) -> None:
        voter = self.one(person)

        def take_back(someone: Person, target: Idea) -> None:
            votes.take_back_vote(someone, target)
            self.known.take_back(idea, voter)

        self.act(voter, idea, take_back)

    @rule(idea=IDEAS, person=ANYBODY, on=st.booleans())
    def follow(self, idea: int, person: int, on: bool) -> None:
        self.act(self.one(person), idea, votes.follow if on else votes.unfollow)

    @rule(target=COMMENTS, idea=IDEAS, person=ANYBODY, called=st.none() | ANYBODY)
    def comment(self, idea: int, person: int, called: int | None) -> Any:
        made: list[int] = []
        who = "" if called is None else f"@[You](person:{self.one(called)}): "

        def say(someone: Person, target: Idea) -> None:
            said = richtext.compose(f"{who}It happens to us as well.")
            made.append(discussion.comment(someone, "idea", target, target.thread_id, said).id)
            self.known.say(made[0], idea)

        self.slower = False  # the bundle wants to know it now
        self.act(self.one(person), idea, say)
        return made[0] if made else multiple()

    @rule(comment=COMMENTS, person=ANYBODY)
    def reply(self, comment: int, person: int) -> None:
        def say(someone: Person, target: Idea) -> None:
            said, thread = richtext.compose("To us too."), target.thread_id
            made = discussion.comment(someone, "idea", target, thread, said, parent_id=comment)
            self.known.say(made.id, target.id, made.parent_id)

        self.act(self.one(person), self._place(comment), say)

    @rule(comment=COMMENTS, person=ANYBODY, back=st.booleans())
    def delete_comment(self, comment: int, person: int, back: bool) -> None:
        def delete(someone: Person, target: Idea) -> None:
            written = db.session.get_one(Comment, comment)
            change = discussion.restore_comment if back else discussion.delete_comment
            change(someone, "idea", target, written)

        writer = self._writer(comment) if person % 3 else self.one(person)
        self.act(writer, self._place(comment), delete)

    @rule(idea=IDEAS, person=ANYBODY, leaving=st.booleans())
    def write_together(self, idea: int, person: int, leaving: bool) -> None:
        other = self.one(person)

        def invite(author: Person, target: Idea) -> None:
            authors.invite(author, target, db.session.get_one(Person, other))

        if leaving:
            self.act(other, idea, authors.leave)
        else:
            self.act(self._author(idea), idea, invite)
            self.act(other, idea, authors.accept)

    def _author(self, idea: int) -> int:
        with self.app.app_context():
            return db.session.get_one(Idea, idea).author_id

    def _writer(self, comment: int) -> int:
        with self.app.app_context():
            return db.session.get_one(Comment, comment).author_id

    def _place(self, comment: int) -> int:
        """The idea under which a comment stands now."""
        return self.known.places()[comment]
