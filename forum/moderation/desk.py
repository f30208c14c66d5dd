"""Deciding on matters, and taking a decision back: the database lets exactly one moderator win."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import case, or_, select, update

from forum.accounts.models import Person
from forum.core import richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import lazy
from forum.discussion import actions as discussion
from forum.discussion import held as held_comments
from forum.ideas import held as held_ideas
from forum.ideas import stages
from forum.ideas.models import Idea
from forum.moderation import facts, policy, trash
from forum.moderation.models import (
    FIRST_POST,
    GIVEN_BACK,
    OPEN,
    Matter,
    MatterNote,
    Outcome,
    State,
)
from forum.moderation.things import Thing, co_authors_of, set_hidden, somebody_repairs, thing_or_404

CLAIMED_FOR = timedelta(hours=1)
"""How long a moderator keeps a matter without letting go of it."""
UNDO_WITHIN = timedelta(minutes=10)
SETTLED = lazy("Another moderator has just dealt with this.")
STANDS = lazy("This decision stands; it can no longer be taken back.")
TAKEN = lazy("Another moderator has taken this.")
UNKNOWN = lazy("Choose what is to happen.")
EMPTY = lazy("Write something first.")


def decide(moderator: Person, matter: Matter, outcome: str, *, why: str = "") -> None:
    """Decide on a matter, exactly once; the author hears of what changes for them, and why.

    Conflict when somebody was faster, Invalid for what cannot be decided on such a matter.
    """
    require(policy.may_handle(moderator, matter, co_authors_of(matter)))
    thing = thing_or_404(moderator, matter.thing_kind, matter.thing_id)
    if outcome not in outcomes(matter, thing):
        raise Conflict(SETTLED) if not policy.waits(matter) else Invalid(UNKNOWN)
    composed = richtext.compose(why, "text") if why.strip() else None
    called = richtext.mentions(source_of(thing)) if matter.kind == FIRST_POST else None
    with transaction():
        said = texts.store_if_any(composed)
        _claim(moderator, matter, thing, outcome, said)
        _carry_out(moderator, matter, thing, outcome, called, said)
        about: dict[str, Any] = {thing.kind: thing.id}
        record(
            facts.DECIDED,
            by=moderator,
            about=("matter", matter.id),
            outcome=outcome,
            serial=matter.serial,
            told=_told(matter, outcome),
            **about,
        )


def _told(matter: Matter, outcome: str) -> list[int]:
    """Those who wrote it, where it changes something for them; of a thank-you its own news tell."""
    if outcome not in TELLING or matter.thing_kind == "thanks":
        return []
    return sorted({matter.author_id, *co_authors_of(matter)})


TELLING = (Outcome.HIDDEN, Outcome.DELETED, Outcome.APPROVED)
"""What changes something for the author."""


def outcomes(matter: Matter, thing: Thing) -> tuple[Outcome, ...]:
    """What can be decided on a matter now: on a thing that is shown, on one that is hidden."""
    if not policy.waits(matter):
        return ()
    found: tuple[Outcome, ...] = (Outcome.HIDDEN, Outcome.DISAGREED, Outcome.IGNORED)
    if thing.hidden:
        found = (Outcome.APPROVED, Outcome.HIDDEN)
    # Only who said a thank-you takes it away for good.
    return found if thing.kind == "thanks" else (*found, Outcome.DELETED)


def _claim(
    moderator: Person, matter: Matter, thing: Thing, outcome: str, said: texts.Text | None
) -> None:
    """The guarded update that lets one moderator win; what is hidden may be repaired once, where
    somebody can."""
    first = outcome == Outcome.HIDDEN and matter.state == State.WAITING
    may_repair = first and somebody_repairs(thing)
    won = db.session.execute(
        update(Matter)
        .where(Matter.id == matter.id, Matter.serial == matter.serial, Matter.state.in_(OPEN))
        .values(
            state=State.AUTHOR if may_repair else State.CLOSED,
            before=GIVEN_BACK if matter.given_back else matter.state,
            outcome=outcome,
            serial=Matter.serial + 1,
            decided_by_id=moderator.id,
            decided_at=now(),
            why_id=said.id if said else None,
            claimed_by_id=None,
            claimed_at=None,
        )
    )
    if not won.rowcount:  # type: ignore[attr-defined]
        raise Conflict(SETTLED)
    db.session.refresh(matter)


def _carry_out(
    moderator: Person,
    matter: Matter,
    thing: Thing,
    outcome: str,
    called: richtext.Mentions | None,
    said: texts.Text | None,
) -> None:
    if outcome == Outcome.HIDDEN:
        _turn(moderator, thing, matter, hidden=True)
    elif outcome == Outcome.DELETED:
        _delete(moderator, thing, said, matter.id)
    elif outcome == Outcome.APPROVED and called is not None and not _announced(thing):
        _release(thing, called)
    elif outcome == Outcome.APPROVED:
        _show(moderator, thing, matter.id)


def _turn(moderator: Person, thing: Thing, matter: Matter, *, hidden: bool) -> None:
    """Hide it or show it again; an idea in the trash will be so when it comes back."""
    turned = set_hidden(moderator, thing, hidden=hidden, matter=matter.id)
    if not turned and thing.kind == "idea":
        trash.leave_hidden(thing.id, hidden=hidden)


def _show(moderator: Person, thing: Thing, matter_id: int) -> None:
    """Conflict for what has gone to the trash, or was deleted, meanwhile."""
    if not set_hidden(moderator, thing, hidden=False, matter=matter_id):
        raise Conflict(stages.TRASHED if thing.kind == "idea" else None)


def _announced(thing: Thing) -> bool:
    if thing.kind == "idea":
        return held_ideas.was_announced(thing.id)
    return held_comments.was_announced(thing.id)


def _release(thing: Thing, called: richtext.Mentions) -> None:
    if thing.kind == "idea":
        held_ideas.release(thing.row, called)
    else:
        held_comments.release(thing.subject_kind, thing.subject, thing.row, called)


def _delete(moderator: Person, thing: Thing, said: texts.Text | None, matter_id: int) -> None:
    if thing.kind == "idea":
        trash.lay(moderator, thing.row, said, matter=matter_id)
    else:
        discussion.delete_comment(moderator, thing.subject_kind, thing.subject, thing.row)


def source_of(thing: Thing) -> str:
    """What its author typed, in one piece. One query."""
    names = ("problem_id", "proposal_id") if thing.kind == "idea" else ("text_id",)
    ids = [number for name in names if (number := getattr(thing.row, name)) is not None]
    query = select(texts.Text.source).where(texts.Text.id.in_(ids)).order_by(texts.Text.id)
    return "\n\n".join(db.session.scalars(query))


def take_back(moderator: Person, matter: Matter) -> None:
    """Undo one's own decision within minutes; the matter waits as before.

    Conflict once it is older, or the author or another moderator has acted since.
    """
    require(policy.may_handle(moderator, matter, co_authors_of(matter)))
    late = matter.decided_at is None or matter.decided_at < now() - UNDO_WITHIN
    if matter.decided_by_id != moderator.id or late or not matter.outcome:
        raise Conflict(STANDS)
    thing = thing_or_404(moderator, matter.thing_kind, matter.thing_id)
    outcome = matter.outcome
    with transaction():
        _reopen(matter)
        _reverse(moderator, matter, thing, outcome)
        about = ("matter", matter.id)
        told: dict[str, Any] = {thing.kind: thing.id}
        record(facts.UNDONE, by=moderator, about=about, outcome=outcome, **told)


def _reopen(matter: Matter) -> None:
    reopened = db.session.execute(
        update(Matter)
        .where(
            Matter.id == matter.id,
            Matter.serial == matter.serial,
            Matter.state.not_in(OPEN),
            Matter.before != "",
        )
        .values(
            state=case((Matter.before == GIVEN_BACK, State.REPAIRED), else_=Matter.before),
            before=case((Matter.before == GIVEN_BACK, State.AUTHOR), else_=""),
            outcome="",
            serial=Matter.serial + 1,
            decided_by_id=None,
            decided_at=None,
            why_id=None,
        )
    )
    if not reopened.rowcount:  # type: ignore[attr-defined]
        raise Conflict(STANDS)
    db.session.refresh(matter)


def _reverse(moderator: Person, matter: Matter, thing: Thing, outcome: str) -> None:
    """What was shown before is shown, what was hidden before is hidden."""
    if outcome == Outcome.DELETED and isinstance(thing.row, Idea):
        trash.bring_back(moderator, thing.row)
    elif outcome == Outcome.DELETED:
        discussion.restore_comment(moderator, thing.subject_kind, thing.subject, thing.row)
    elif outcome == Outcome.APPROVED:
        set_hidden(moderator, thing, hidden=True, matter=matter.id)
    elif outcome == Outcome.HIDDEN and _was_shown(matter):
        _turn(moderator, thing, matter, hidden=False)


def _was_shown(matter: Matter) -> bool:
    """A matter that is closed again was hidden without a flag: there was none before."""
    return matter.kind != FIRST_POST and matter.state in (State.WAITING, State.CLOSED)


def claim(moderator: Person, matter: Matter) -> None:
    """Take a matter, so that others see who; Conflict while somebody else has it."""
    require(policy.may_handle(moderator, matter, co_authors_of(matter)))
    at = now()
    free = or_(
        Matter.claimed_by_id.is_(None),
        Matter.claimed_by_id == moderator.id,
        Matter.claimed_at < at - CLAIMED_FOR,
    )
    with transaction():
        values = {"claimed_by_id": moderator.id, "claimed_at": at, "moved_at": at}
        _touch(matter, TAKEN, [Matter.state.in_(OPEN), free], values)
        record(facts.CLAIMED, by=moderator, about=("matter", matter.id), taken=True)


def let_go(moderator: Person, matter: Matter) -> None:
    """Give a matter back to all; one that is not taken stays as it is."""
    require(policy.may_handle(moderator, matter, co_authors_of(matter)))
    if matter.claimed_by_id is None:
        return
    with transaction():
        values: dict[str, Any] = {"claimed_by_id": None, "claimed_at": None}
        _touch(matter, TAKEN, [Matter.claimed_by_id == moderator.id], values)
        record(facts.CLAIMED, by=moderator, about=("matter", matter.id), taken=False)


def _touch(matter: Matter, conflict: object, where: list[Any], values: dict[str, Any]) -> None:
    touched = db.session.execute(
        update(Matter).where(Matter.id == matter.id, *where).values(values)
    )
    if not touched.rowcount:  # type: ignore[attr-defined]
        raise Conflict(conflict)


def note(moderator: Person, matter: Matter, words: str) -> None:
    """Tell the other moderators something about a matter."""
    require(policy.may_handle(moderator, matter, co_authors_of(matter)))
    if not words.strip():
        raise Invalid(EMPTY, field="note")
    composed = richtext.compose(words, "text")
    with transaction():
        said = texts.store(composed)
        db.session.add(MatterNote(matter_id=matter.id, by_id=moderator.id, text_id=said.id))
        db.session.execute(update(Matter).where(Matter.id == matter.id).values(moved_at=now()))
        record(facts.NOTED, by=moderator, about=("matter", matter.id))
