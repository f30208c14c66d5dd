"""What moderators do, and who owns what was accepted."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.ideas import decisions, owning
from forum.ideas.merges import merging, unmerging
from forum.ideas.merges.models import Merge
from forum.ideas.models import Idea
from forum.moderation import actions as moderation
from forum.moderation import desk, flags, trash
from forum.moderation.models import Matter, Outcome
from forum.moderation.things import thing_or_404
from tests.ideas.life.company import ANYBODY, COMMENTS, IDEAS, MODERATORS, PLACES, Company

OUTCOMES = st.sampled_from([outcome.value for outcome in Outcome])


class Moderating(Company):
    """Decisions, merges, the trash, and what is hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.was_hidden: dict[int, bool] = {}

    @rule(idea=IDEAS, moderator=MODERATORS, back=st.booleans())
    def review(self, idea: int, moderator: int, back: bool) -> None:
        act = decisions.end_review if back else decisions.begin_review
        self.act(self.moderators[moderator], idea, act)

    @rule(
        idea=IDEAS,
        moderator=MODERATORS,
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

        def settle(someone: Person, target: Idea) -> None:
            decisions.settle(someone, target, verdict)

        self.act(self.moderators[moderator], idea, settle)

    @rule(idea=IDEAS, moderator=MODERATORS)
    def take_decision_back(self, idea: int, moderator: int) -> None:
        self.act(self.moderators[moderator], idea, decisions.take_back)

    @rule(idea=IDEAS, moderator=MODERATORS, place=PLACES)
    def give_to_another_owner(self, idea: int, moderator: int, place: int) -> None:
        def give(someone: Person, target: Idea) -> None:
            owning.hand_over(someone, target, owner_id=self.departments[place], due_on=None)

        self.act(self.moderators[moderator], idea, give)

    @rule(idea=IDEAS, person=ANYBODY)
    def carry_out(self, idea: int, person: int) -> None:
        def finish(someone: Person, target: Idea) -> None:
            decisions.mark_done(someone, target, outcome="Nothing is lost any more.")

        self.act(self.one(person), idea, finish)

    @rule(parent=IDEAS, children=st.lists(IDEAS, min_size=1, max_size=2), moderator=MODERATORS)
    def merge(self, parent: int, children: list[int], moderator: int) -> None:
        def merge(someone: Person, target: Idea) -> None:
            ideas = [db.session.get_one(Idea, number) for number in children]
            done = merging.merge(someone, target, ideas)
            self.known.merge(parent, _texts(done.children))

        self.act(self.moderators[moderator], parent, merge)

    @precondition(lambda self: self.known.merged)
    @rule(which=st.integers(0, 9), moderator=MODERATORS)
    def unmerge(self, which: int, moderator: int) -> None:
        merged = sorted(self.known.merged)
        idea = merged[which % len(merged)]

        def separate(someone: Person, target: Idea) -> None:
            unmerging.unmerge(someone, target)
            self.known.separate(idea)

        self.act(self.moderators[moderator], idea, separate)

    @rule(idea=IDEAS, moderator=MODERATORS, hidden=st.booleans())
    def hide(self, idea: int, moderator: int, hidden: bool) -> None:
        def turn(someone: Person, target: Idea) -> None:
            (moderation.hide if hidden else moderation.show_again)(someone, target)
            self.known.hide(idea, hidden=hidden)

        self.act(self.moderators[moderator], idea, turn)

    @rule(idea=IDEAS, moderator=MODERATORS)
    def trash(self, idea: int, moderator: int) -> None:
        def lay(someone: Person, target: Idea) -> None:
            trash.put_in_trash(someone, target)
            self.known.trashed.add(idea)

        self.act(self.moderators[moderator], idea, lay)

    @rule(idea=IDEAS, moderator=MODERATORS)
    def restore(self, idea: int, moderator: int) -> None:
        def bring_back(someone: Person, target: Idea) -> None:
            trash.restore(someone, target)
            self.known.trashed.discard(idea)

        self.act(self.moderators[moderator], idea, bring_back)

    @rule(idea=IDEAS, person=ANYBODY)
    def flag(self, idea: int, person: int) -> None:
        def tell(someone: Person, target: Idea) -> None:
            flags.flag(someone, thing_or_404(someone, "idea", target.id), reason="spam")

        self.act(self.one(person), idea, tell)

    @rule(comment=COMMENTS, person=ANYBODY)
    def flag_comment(self, comment: int, person: int) -> None:
        def tell(someone: Person, _idea: Idea) -> None:
            flags.flag(someone, thing_or_404(someone, "comment", comment), reason="rude")

        self.act(self.one(person), self.known.places()[comment], tell)

    @rule(idea=IDEAS, moderator=MODERATORS, outcome=OUTCOMES)
    def settle_flags(self, idea: int, moderator: int, outcome: str) -> None:
        def settle(someone: Person, _idea: Idea) -> None:
            matter = _matter(idea)
            if matter is None:
                return
            desk.decide(someone, matter, outcome)
            self._sight_after(matter, outcome)

        self.act(self.moderators[moderator], idea, settle)

    @rule(idea=IDEAS, moderator=MODERATORS)
    def settle_flags_anew(self, idea: int, moderator: int) -> None:
        def take_back(someone: Person, _idea: Idea) -> None:
            matter = _matter(idea)
            if matter is None:
                return
            was = matter.outcome
            desk.take_back(someone, matter)
            self._sight_before(matter, was)

        self.act(self.moderators[moderator], idea, take_back)

    def _sight_after(self, matter: Matter, outcome: str) -> None:
        """What a decision on an idea makes of it; one on a comment leaves it as it is."""
        if matter.thing_kind != "idea":
            return
        self.was_hidden[matter.id] = matter.thing_id in self.known.hidden
        if outcome == Outcome.DELETED:
            self.known.trashed.add(matter.thing_id)
        elif outcome in (Outcome.HIDDEN, Outcome.APPROVED):
            self.known.hide(matter.thing_id, hidden=outcome == Outcome.HIDDEN)

    def _sight_before(self, matter: Matter, outcome: str) -> None:
        """What was shown before the decision is shown again, and what was hidden is hidden."""
        if matter.thing_kind != "idea":
            return
        if outcome == Outcome.DELETED:
            self.known.trashed.discard(matter.thing_id)
        elif outcome in (Outcome.HIDDEN, Outcome.APPROVED):
            # What was hidden without a flag has a matter that nobody settled: it was shown before.
            self.known.hide(matter.thing_id, hidden=self.was_hidden.get(matter.id, False))


def _texts(children: list[int]) -> dict[int, int]:
    """Ideas that are merged, each with the comment that its text became."""
    standing = select(Merge).where(Merge.child_id.in_(children), Merge.undone_at.is_(None))
    return {merge.child_id: merge.comment_id or 0 for merge in db.session.scalars(standing)}


def _matter(idea: int) -> Matter | None:
    """The newest matter about an idea or what is said under it."""
    query = select(Matter).where(Matter.idea_id == idea).order_by(Matter.id.desc())
    return db.session.scalars(query.limit(1)).first()
