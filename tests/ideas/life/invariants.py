"""What stays true, whatever was done: looked at after every step."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from hypothesis.stateful import invariant
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core import readers
from forum.core.db import db
from forum.core.events import Event
from forum.discussion.models import Comment
from forum.discussion.visibility import standing
from forum.ideas import support_check
from forum.ideas.merges.models import IdeaAuthor, Merge
from forum.ideas.models import (
    Answer,
    AnswerKind,
    AnswerRevision,
    Idea,
    Question,
    StageChange,
    StageKind,
    Vote,
)
from forum.ideas.visibility import visible_to
from forum.moderation.models import Matter, Trashed
from forum.notifications.models import Notification
from tests.ideas.life.company import Company
from tests.ideas.turns import FINAL, all_turns


class Invariants(Company):
    """Rows agree with one another, and with what the machine remembers."""

    @invariant()
    def every_count_is_that_of_its_rows(self) -> None:
        with self.app.app_context():
            cast = _counted(select(Vote.idea_id, func.count()).group_by(Vote.idea_id))
            said = _counted(
                select(Comment.thread_id, func.count())
                .where(standing())
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
            assert rows == self.known.votes(db.session.scalars(select(Idea.id)))

    @invariant()
    def every_comment_stands_where_its_idea_has_gone(self) -> None:
        with self.app.app_context():
            query = select(Comment.id, Idea.id).join(Idea, Idea.thread_id == Comment.thread_id)
            assert dict(db.session.execute(query).all()) == self.known.places()
            reply = aliased(Comment)
            apart = select(reply.id).join(Comment, Comment.id == reply.parent_id)
            apart = apart.where(Comment.thread_id != reply.thread_id)
            assert db.session.scalars(apart).all() == []

    @invariant()
    def what_is_merged_leads_to_what_it_is_part_of(self) -> None:
        with self.app.app_context():
            leading = dict(
                db.session.execute(
                    select(Idea.id, Idea.merged_into_id).where(Idea.merged_into_id.is_not(None))
                ).all()
            )
            merged = select(Idea.id).where(Idea.stage_kind == StageKind.MERGED)
            standing_ones = select(Merge.child_id, Merge.parent_id).where(Merge.undone_at.is_(None))
            assert leading == self.known.merged
            assert leading == dict(db.session.execute(standing_ones).all())
            assert set(leading) == set(db.session.scalars(merged))

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
            history = select(AnswerRevision.answer_id, AnswerRevision.answer)
            last = dict(db.session.execute(history.order_by(AnswerRevision.id)).all())
            for slot in db.session.scalars(select(Answer)):
                assert last.get(slot.id, AnswerKind.WAITING) == slot.answer

    @invariant()
    def one_holds_the_ball_until_an_idea_is_settled(self) -> None:
        with self.app.app_context():
            for idea, held in all_turns():
                assert (held is None) == (idea.stage_kind in FINAL)

    @invariant()
    def a_clock_rests_as_long_as_a_question_is_open(self) -> None:
        with self.app.app_context():
            resting = select(Answer.id).where(Answer.paused_at.is_not(None))
            asked = select(Question.answer_id).where(Question.closed_at.is_(None))
            assert set(db.session.scalars(resting)) == set(db.session.scalars(asked))

    @invariant()
    def what_is_out_of_sight_is_so_because_somebody_wanted_it(self) -> None:
        with self.app.app_context():
            hidden = select(Idea.id).where(Idea.hidden_at.is_not(None))
            trashed = select(Idea.id).where(Idea.trashed_at.is_not(None))
            assert set(db.session.scalars(trashed)) == self.known.trashed
            assert set(db.session.scalars(select(Trashed.idea_id))) == self.known.trashed
            assert set(db.session.scalars(hidden)) == self.known.hidden | self.known.trashed

    @invariant()
    def nobody_is_told_of_what_they_may_not_see(self) -> None:
        with self.app.app_context():
            readers.catch_up()
            unread: Counter[int] = Counter()
            told: dict[int, set[int]] = defaultdict(set)
            shown = select(Notification).where(
                Notification.concealed.is_(False), Notification.read_at.is_(None)
            )
            for news in db.session.scalars(shown):
                unread[news.person_id] += news.behind_id is None
                if news.object_kind == "idea":
                    told[news.person_id].add(news.object_id)
                else:
                    assert news.object_kind == "matter"
                    assert news.person_id in _writers(news)
            for person_id, ideas in told.items():
                person = db.session.get_one(Person, person_id)
                seen = select(Idea.id).where(Idea.id.in_(ideas), visible_to(person))
                assert set(db.session.scalars(seen)) == ideas
            for person in db.session.scalars(select(Person)):
                assert person.unread == unread[person.id]

    @invariant()
    def nobody_is_told_of_what_is_not_said_any_more(self) -> None:
        with self.app.app_context():
            readers.catch_up()
            gone = (
                select(Notification.id)
                .join(Comment, Comment.id == Notification.comment_id)
                .where(
                    Notification.concealed.is_(False), Notification.read_at.is_(None), ~standing()
                )
            )
            assert db.session.scalars(gone).all() == []

    @invariant()
    def balanced_support_is_what_votes_and_members_give(self) -> None:
        with self.app.app_context():
            support_check.catch_up()
            assert list(support_check.differing()) == []


def _counted(query: Any) -> Counter[int]:
    return Counter(dict(db.session.execute(query).all()))


def _writers(news: Notification) -> set[int]:
    """Who wrote what a matter is about, alone or with others, when the news of it went out."""
    matter = db.session.get_one(Matter, news.object_id)
    told = db.session.get_one(Event, news.event_id).payload.get("told") or []
    beside = select(IdeaAuthor.person_id).where(IdeaAuthor.idea_id == matter.idea_id)
    left = select(Event).where(Event.type == "idea.author-left", Event.object_id == matter.idea_id)
    gone = (event.payload["writer"] for event in db.session.scalars(left))
    wrote = {matter.author_id, *db.session.scalars(beside), *gone}
    return wrote & {told} if isinstance(told, int) else wrote & set(told)
