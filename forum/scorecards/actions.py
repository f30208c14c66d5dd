"""Asking experts, rating, withdrawing, and choosing the weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.core.events import record
from forum.core.i18n import _
from forum.core.site import save_settings
from forum.ideas.models import Idea
from forum.ideas.policy import writes
from forum.ideas.queries import idea_or_404
from forum.ideas.together.queries import co_authors_of
from forum.scorecards import facts, policy, queries
from forum.scorecards.models import Criterion, Expert, Mark, Score
from forum.scorecards.weights import MOST


class Rating(NamedTuple):
    """What an expert says about one criterion."""

    mark: str
    note: str = ""


def ask(moderator: Person, idea: Idea, person_id: int | None) -> Expert:
    """Ask somebody to rate an idea; asked already is the same. Raises Invalid for who cannot."""
    require(_asks(moderator, idea))
    person = db.session.get(Person, person_id) if person_id is not None else None
    if person is None or not person.can_sign_in or not policy.may_open(person):
        raise Invalid(_("Choose somebody who can sign in and is no consultant."), field="who")
    if writes(person, idea, co_authors_of(person, idea)):
        raise Invalid(_("Nobody rates their own idea."), field="who")
    _check_sees(person, idea)
    known = queries.expert_of(idea.id, person.id)
    if known is not None:
        restore(moderator, idea, known.id)
        return known
    try:
        with transaction():
            expert = Expert(idea_id=idea.id, person_id=person.id, asked_by_id=moderator.id)
            db.session.add(expert)
            db.session.flush()
            record(facts.ASKED, by=moderator, about=("idea", idea.id), people=[person.id])
    except IntegrityError as error:
        raise Conflict(_("Somebody has just asked them.")) from error
    return expert


def _asks(moderator: Person, idea: Idea) -> bool:
    return policy.may_ask(moderator, idea, co_authors_of(moderator, idea))


def _check_sees(person: Person, idea: Idea) -> None:
    try:
        idea_or_404(person, idea.id)
    except NotFound:
        raise Invalid(_("They do not see this idea."), field="who") from None


def rate(person: Person, idea: Idea, ratings: Mapping[str, Rating]) -> None:
    """Submit one's marks, once. Raises Invalid where one is missing, Conflict when too late."""
    expert = queries.expert_of(idea.id, person.id)
    if expert is None or writes(person, idea, co_authors_of(person, idea)):
        raise Forbidden
    _check(ratings)
    with transaction():
        claimed = db.session.execute(
            update(Expert).where(Expert.id == expert.id, *queries.WAITS).values(submitted_at=now())
        )
        if not claimed.rowcount:  # type: ignore[attr-defined]
            raise Conflict(_("Your marks are submitted, or are not asked for any more."))
        db.session.add_all(
            Score(expert_id=expert.id, criterion=name, mark=said.mark, note=said.note)
            for name, said in ratings.items()
        )
        record(facts.RATED, by=person, about=("idea", idea.id))


def _check(ratings: Mapping[str, Rating]) -> None:
    for criterion in Criterion:
        said = ratings.get(criterion)
        if said is None or said.mark not in frozenset(Mark):
            raise Invalid(_("Choose one of the four."), field=str(criterion))
        if not limits.NOTE.allows(said.note):
            sentence = _("Shorten this to %(limit)d characters.", limit=limits.NOTE.value)
            raise Invalid(sentence, field=str(criterion))


def withdraw(moderator: Person, idea: Idea, expert_id: int) -> None:
    """Ask somebody no more; what they have submitted does not count meanwhile."""
    require(_asks(moderator, idea))
    with transaction():
        if _set(idea, expert_id, withdrawn=True):
            record(facts.WITHDRAWN, by=moderator, about=("idea", idea.id))


def restore(moderator: Person, idea: Idea, expert_id: int) -> None:
    """Undo: they are asked again, or what they said counts again.

    Not for oneself: who stepped back has seen what the others say.
    """
    require(_asks(moderator, idea))
    own = queries.expert_of(idea.id, moderator.id)
    require(own is None or own.id != expert_id)
    with transaction():
        if _set(idea, expert_id, withdrawn=False):
            record(facts.RESTORED, by=moderator, about=("idea", idea.id))


def _set(idea: Idea, expert_id: int, *, withdrawn: bool) -> bool:
    as_it_was = Expert.withdrawn_at.is_(None) if withdrawn else Expert.withdrawn_at.is_not(None)
    changed = db.session.execute(
        update(Expert)
        .where(Expert.id == expert_id, Expert.idea_id == idea.id, as_it_was)
        .values(withdrawn_at=now() if withdrawn else None)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def weigh(moderator: Person, weights: Mapping[str, int | None]) -> None:
    """Choose how much each criterion counts. Raises Invalid, and says what to do."""
    require(moderator.moderates)
    chosen = [weights.get(criterion) for criterion in Criterion]
    for criterion, weight in zip(Criterion, chosen, strict=True):
        if weight is None or not 0 <= weight <= MOST:
            raise Invalid(_("Give a whole number from 0 to 5."), field=str(criterion))
    if not any(chosen):
        raise Invalid(_("One of them has to count."), field=str(Criterion.VALUE))
    with transaction():
        save_settings({"score_weights": chosen})
        record(facts.WEIGHED, by=moderator, about=("site", 0), weights=chosen)
