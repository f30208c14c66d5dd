"""Hiding ideas and showing them again."""

from __future__ import annotations

from collections.abc import Set

from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core import richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.events import record
from forum.core.i18n import lazy
from forum.ideas import policy, stages
from forum.ideas.models import Idea
from forum.ideas.together.queries import authors_by_idea, co_authors_of
from forum.moderation import desk, facts
from forum.moderation.flags import open_matter
from forum.moderation.matters import is_pending
from forum.moderation.models import FLAGS, Matter, Outcome, State
from forum.moderation.policy import may_handle
from forum.moderation.things import Thing, set_hidden

PENDING = lazy("This idea waits in the moderators’ queue. Decide there.")


def hide(moderator: Person, idea: Idea, *, why: str = "") -> None:
    """Take an idea out of everybody's sight but the moderators' and its authors', who are told why
    and may repair it once. What is flagged is decided with it, but for a moderator's own, which
    stays for others to decide. Twice is the same as once; Conflict when it is flagged meanwhile."""
    require(policy.moderates(moderator, idea))
    thing = Thing("idea", idea, "idea", idea)
    authors = {idea.author_id, *authors_by_idea([idea.id]).get(idea.id, ())}
    flagged = _matter(idea, State.WAITING)
    if flagged is not None and may_handle(moderator, flagged, authors):
        desk.decide(moderator, flagged, Outcome.HIDDEN, why=why)
        return
    others = authors - {moderator.id}
    composed = richtext.compose(why, "text") if why.strip() else None
    with transaction():
        hidden = set_hidden(moderator, thing, hidden=True)
        if hidden and others and flagged is None:
            _tell(moderator, thing, others, texts.store_if_any(composed))


def _tell(moderator: Person, thing: Thing, others: Set[int], why: texts.Text | None) -> None:
    """A matter that nobody flagged: there was nothing before it. Conflict when somebody has."""
    matter_id = open_matter(FLAGS, thing)
    unflagged = (Matter.state == State.WAITING, Matter.flag_count == 0)
    won = db.session.execute(
        update(Matter)
        .where(Matter.id == matter_id, *unflagged)
        .values(
            state=State.AUTHOR,
            before=State.CLOSED,
            outcome=Outcome.HIDDEN,
            serial=1,
            decided_by_id=moderator.id,
            decided_at=now(),
            why_id=why.id if why else None,
        )
    )
    if not won.rowcount:  # type: ignore[attr-defined]
        raise Conflict(PENDING)
    record(
        facts.DECIDED,
        by=moderator,
        about=("matter", matter_id),
        outcome=Outcome.HIDDEN,
        serial=1,
        told=sorted(others),
        idea=thing.id,
    )


def _matter(idea: Idea, state: State) -> Matter | None:
    """The matter of an idea that somebody flagged, or that was hidden without. One query."""
    query = select(Matter).where(
        Matter.kind == FLAGS,
        Matter.thing_kind == "idea",
        Matter.thing_id == idea.id,
        Matter.state == state,
    )
    return db.session.scalars(query).first()


def show_again(moderator: Person, idea: Idea) -> None:
    """Let everybody see it again; nobody does so with what they write. Conflict for what lies in
    the trash or belongs to a matter that was flagged or repaired."""
    require(policy.may_show_again(moderator, idea, co_authors_of(moderator, idea)))
    if idea.trashed_at is not None:
        raise Conflict(stages.TRASHED)
    hidden = _matter(idea, State.AUTHOR)
    if hidden is not None and hidden.before != State.CLOSED:
        hidden = None
    if hidden is None and is_pending("idea", idea.id):
        raise Conflict(PENDING)
    with transaction():
        if hidden is not None:
            _close(moderator, hidden, idea)
        set_hidden(moderator, Thing("idea", idea, "idea", idea), hidden=False)


def _close(moderator: Person, matter: Matter, idea: Idea) -> None:
    """Conflict when the author has repaired it meanwhile: then the queue has it."""
    closed = db.session.execute(
        update(Matter)
        .where(Matter.id == matter.id, Matter.state == State.AUTHOR)
        .values(state=State.CLOSED, before="", outcome="", serial=Matter.serial + 1)
    )
    if not closed.rowcount:  # type: ignore[attr-defined]
        raise Conflict(PENDING)
    about = ("matter", matter.id)
    record(facts.UNDONE, by=moderator, about=about, outcome=Outcome.HIDDEN, idea=idea.id)
