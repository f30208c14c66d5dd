"""Whatever is done to ideas, in whatever order: what the forum counts and tells stays true.

A machine does at random what people do, allowed or not. After every step the rows have to agree
with one another, and with what the machine itself remembers of who supports what.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core import readers, richtext
from forum.core.db import db
from forum.core.errors import DomainError
from forum.departments import membership
from forum.discussion import actions as discussion
from forum.discussion.models import Comment
from forum.ideas import actions, affected, answers, decisions, support_check, votes
from forum.ideas.models import Answer, AnswerRevision, Idea, StageChange, StageKind, Vote
from forum.ideas.visibility import visible_to
from forum.moderation import actions as moderation
from forum.notifications.models import Notification
from tests.support import make
from tests.support.forums import Prepared

FULL = bool(os.environ.get("FORUM_TEST_FULL"))
PLACES = st.integers(0, 2)
GIVEN = st.sampled_from(answers.GIVEN)


class Life(RuleBasedStateMachine):
    """Three departments, those who answer for them, others, a consultant and two moderators."""

    prepared: Prepared
    ideas = Bundle("ideas")
    comments = Bundle("comments")

    def __init__(self) -> None:
        super().__init__()
        self.supporters: dict[int, set[int]] = defaultdict(set)

    @property
    def app(self) -> Flask:
        return self.prepared.app

    @initialize()
    def company(self) -> None:
        self.prepared.reset()
        represented = [make.represented(self.app) for _ in range(3)]
        self.departments = [department for department, _person in represented]
        staff = [make.person(self.app, department=d) for d in self.departments for _ in "ab"]
        consultant = make.person(self.app, kind="consultant", attached=self.departments[:1])
        self.moderators = [make.moderator(self.app) for _ in "ab"]
        self.answering = [person for _department, person in represented]
        self.people = [*staff, *self.answering, consultant, *self.moderators]

    @contextmanager
    def _as(self, person_id: int, idea_id: int) -> Iterator[tuple[Person, Idea]]:
        """Somebody at an idea; what the forum refuses them is no more than that."""
        with self.app.app_context(), suppress(DomainError):
            yield db.session.get_one(Person, person_id), db.session.get_one(Idea, idea_id)

    def _one(self, person: int) -> int:
        return self.people[person % len(self.people)]

    def _moderator(self, number: int) -> int:
        return self.moderators[number % 2]

    @rule(target=ideas, author=st.integers(0, 20), places=st.sets(PLACES), draft=st.booleans())
    def post(self, author: int, places: set[int], draft: bool) -> Any:
        with self.app.app_context():
            writer = db.session.get_one(Person, self._one(author))
            wanted = [self.departments[place] for place in sorted(places)]
            wording = actions.word(title="", problem="Forms are lost.", departments=wanted)
            with suppress(DomainError):  # a consultant names none but their own departments
                return actions.post_idea(writer, wording, draft=draft).id
            return multiple()

    @rule(idea=ideas, person=st.integers(0, 20))
    def support(self, idea: int, person: int) -> None:
        voter = self._one(person)
        before = self._balanced(idea)
        with self._as(voter, idea) as (someone, target):
            votes.cast_vote(someone, target)
            self.supporters[idea].add(voter)

        assert self._balanced(idea) >= before - support_check.CLOSE_ENOUGH

    @rule(idea=ideas, person=st.integers(0, 20))
    def take_support_back(self, idea: int, person: int) -> None:
        voter = self._one(person)
        with self._as(voter, idea) as (someone, target):
            votes.take_back_vote(someone, target)
            self.supporters[idea].discard(voter)

    @rule(target=comments, idea=ideas, person=st.integers(0, 20))
    def comment(self, idea: int, person: int) -> Any:
        made = []
        with self._as(self._one(person), idea) as (someone, target):
            said = richtext.compose("It happens to us as well.")
            made.append(discussion.comment(someone, "idea", target, target.thread_id, said).id)
        return made[0] if made else multiple()

    @rule(idea=ideas, comment=comments, person=st.integers(0, 20))
    def reply(self, idea: int, comment: int, person: int) -> None:
        with self._as(self._one(person), idea) as (someone, target):
            said = richtext.compose("To us too.")
            thread = target.thread_id
            discussion.comment(someone, "idea", target, thread, said, parent_id=comment)

    @rule(comment=comments)
    def delete_comment(self, comment: int) -> None:
        with self.app.app_context():
            written = db.session.get_one(Comment, comment)
            idea = db.session.scalars(select(Idea).where(Idea.thread_id == written.thread_id)).one()
            author = db.session.get_one(Person, written.author_id)
            with suppress(DomainError):
                discussion.delete_comment(author, "idea", idea, written)

    @rule(idea=ideas, place=PLACES, person=st.integers(0, 20), answer=GIVEN)
    def answer(self, idea: int, place: int, person: int, answer: str) -> None:
        department = self.departments[place]
        by = self.answering[place] if person % 4 else self._one(person)
        with self._as(by, idea) as (someone, target):
            answers.give_answer(someone, target, department, answer=answer, reason="It costs us.")

    @rule(idea=ideas, place=PLACES)
    def take_answer_back(self, idea: int, place: int) -> None:
        with self._as(self.answering[place], idea) as (someone, target):
            answers.take_back_answer(someone, target, self.departments[place])

    @rule(idea=ideas, places=st.sets(PLACES), moderator=st.integers(0, 1))
    def choose_departments(self, idea: int, places: set[int], moderator: int) -> None:
        wanted = [self.departments[place] for place in sorted(places)]
        with self._as(self._moderator(moderator), idea) as (someone, target):
            affected.tag_departments(someone, target, wanted)

    @rule(idea=ideas, moderator=st.integers(0, 1), back=st.booleans())
    def review(self, idea: int, moderator: int, back: bool) -> None:
        with self._as(self._moderator(moderator), idea) as (someone, target):
            (decisions.end_review if back else decisions.begin_review)(someone, target)

    @rule(
        idea=ideas,
        moderator=st.integers(0, 1),
        accept=st.booleans(),
        override=st.booleans(),
        owner=st.none() | PLACES,
    )
    def decide(
        self, idea: int, moderator: int, accept: bool, override: bool, owner: int | None
    ) -> None:
        verdict = decisions.Verdict(
            decision="accept" if accept else "decline",
            reason="We looked at it together.",
            override=override,
            owner_id=None if owner is None else self.departments[owner],
        )
        with self._as(self._moderator(moderator), idea) as (someone, target):
            decisions.settle(someone, target, verdict)

    @rule(idea=ideas, moderator=st.integers(0, 1))
    def take_decision_back(self, idea: int, moderator: int) -> None:
        with self._as(self._moderator(moderator), idea) as (someone, target):
            decisions.take_back(someone, target)

    @rule(idea=ideas, person=st.integers(0, 20))
    def carry_out(self, idea: int, person: int) -> None:
        with self._as(self._one(person), idea) as (someone, target):
            decisions.mark_done(someone, target, outcome="Nothing is lost any more.")

    @rule(idea=ideas)
    def withdraw(self, idea: int) -> None:
        with self.app.app_context():
            target = db.session.get_one(Idea, idea)
            is_draft, author = target.stage_kind == StageKind.DRAFT, target.author_id
        if not is_draft:  # a draft would be gone, and no later step could be about it
            with self._as(author, idea) as (someone, target):
                actions.withdraw(someone, target)

    @rule(idea=ideas, moderator=st.integers(0, 1), hidden=st.booleans())
    def hide(self, idea: int, moderator: int, hidden: bool) -> None:
        with self._as(self._moderator(moderator), idea) as (someone, target):
            (moderation.hide if hidden else moderation.show_again)(someone, target)

    @rule(person=st.integers(0, 20), place=st.none() | PLACES)
    def move_person(self, person: int, place: int | None) -> None:
        with self.app.app_context():
            department = None if place is None else self.departments[place]
            membership.place(None, self._one(person), department)

    def _balanced(self, idea: int) -> float:
        with self.app.app_context():
            support_check.catch_up()
            return db.session.scalars(select(Idea.balanced).where(Idea.id == idea)).one()

    @invariant()
    def every_count_is_that_of_its_rows(self) -> None:
        with self.app.app_context():
            cast = _counted(select(Vote.idea_id, func.count()).group_by(Vote.idea_id))
            said = _counted(
                select(Comment.thread_id, func.count())
                .where(Comment.deleted_at.is_(None))
                .group_by(Comment.thread_id)
            )
            for idea in db.session.scalars(select(Idea)):
                assert idea.vote_count == idea.support == cast[idea.id]
                assert idea.comment_count == said[idea.thread_id]

    @invariant()
    def no_vote_is_lost_and_none_comes_from_nowhere(self) -> None:
        with self.app.app_context():
            rows: dict[int, set[int]] = defaultdict(set)
            for idea_id, person_id in db.session.execute(select(Vote.idea_id, Vote.person_id)):
                rows[idea_id].add(person_id)
            assert rows == {i: voters for i, voters in self.supporters.items() if voters}

    @invariant()
    def the_history_of_stages_leads_to_the_present(self) -> None:
        with self.app.app_context():
            ideas = {idea.id: idea.stage_kind for idea in db.session.scalars(select(Idea))}
            reached: dict[int, str] = {}
            for step in db.session.scalars(select(StageChange).order_by(StageChange.id)):
                assert reached.get(step.idea_id, step.from_kind) == step.from_kind
                reached[step.idea_id] = step.to_kind
            begun = (StageKind.OPEN, StageKind.DRAFT)
            assert all(reached.get(i, stage) == stage for i, stage in ideas.items())
            assert all(stage in begun for i, stage in ideas.items() if i not in reached)

    @invariant()
    def an_answer_is_the_last_of_its_history(self) -> None:
        with self.app.app_context():
            last = dict(
                db.session.execute(
                    select(AnswerRevision.answer_id, AnswerRevision.answer).order_by(
                        AnswerRevision.id
                    )
                ).all()
            )
            for slot in db.session.scalars(select(Answer)):
                assert last.get(slot.id, "waiting") == slot.answer

    @invariant()
    def nobody_is_told_of_what_they_may_not_see(self) -> None:
        with self.app.app_context():
            readers.catch_up()
            unread: Counter[int] = Counter()
            shown = select(Notification).where(Notification.concealed.is_(False))
            told: dict[int, set[int]] = defaultdict(set)
            for news in db.session.scalars(shown.where(Notification.read_at.is_(None))):
                unread[news.person_id] += 1
                told[news.person_id].add(news.object_id)
            for person_id, ideas in told.items():
                person = db.session.get_one(Person, person_id)
                seen = select(Idea.id).where(Idea.id.in_(ideas), visible_to(person))
                assert set(db.session.scalars(seen)) == ideas
            for person in db.session.scalars(select(Person)):
                assert person.unread == unread[person.id]

    @invariant()
    def balanced_support_is_what_votes_and_members_give(self) -> None:
        with self.app.app_context():
            support_check.catch_up()
            assert list(support_check.differing()) == []


def _counted(query: Any) -> Counter[int]:
    return Counter(dict(db.session.execute(query).all()))


def test_whatever_people_do_the_rows_agree(prepared: Prepared) -> None:
    machine = type("Life", (Life,), {"prepared": prepared})
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=100 if FULL else 6,
                derandomize=not FULL,
                stateful_step_count=50 if FULL else 30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        prepared.close()
