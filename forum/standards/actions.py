"""Putting versions in force, retiring standards, and saying “I have read it”."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.core.texts import Text
from forum.ideas import stages
from forum.ideas.models import Idea, StageKind
from forum.standards import facts, policy
from forum.standards.approvals.gate import SIMPLY, How, pass_through
from forum.standards.approvals.scheduling import schedule
from forum.standards.clauses.keeping import confirm
from forum.standards.confirming.audience import require_somebody
from forum.standards.confirming.carrying import ask
from forum.standards.confirming.giving import NOT_IN_FORCE as NOT_CONFIRMED
from forum.standards.confirming.giving import give
from forum.standards.confirming.models import Way
from forum.standards.drafts import RETIRED, beginning, claim, set_owner
from forum.standards.models import (
    CLOSED,
    NEXT,
    Standard,
    Version,
    VersionDepartment,
    VersionIdea,
    VersionState,
)
from forum.standards.review.closing import overtake
from forum.standards.review.intervals import next_day
from forum.standards.why.keeping import link_ideas, turn_of

NOT_IN_FORCE = lazy("Only a standard in force can be retired.")
FEEDS = (StageKind.ACCEPTED, StageKind.STANDARDISED, StageKind.DONE)
NO_DRAFT = lazy("There is no draft to publish; somebody may just have published it.")


def publish(
    moderator: Person, standard: Standard, *, seen: int | None = None, how: How = SIMPLY
) -> Version:
    """Put the draft in force, supersede the version before, move its ideas on: once, or not at all.
    For a later day it waits until then.

    Raises Conflict when there is no draft or somebody has not approved it, Stale when it changed
    since `seen` or, without it, since the standard was loaded; Invalid when it has no text.
    """
    require(moderator.moderates)
    if not policy.may_publish(moderator, standard):
        raise Conflict(RETIRED)
    how.check()
    draft, text = _draft_and_text(standard)
    if not text.plain.strip():
        raise Invalid(_("Write the standard’s text before you publish it."), field="body")
    require_somebody(draft)
    with transaction():
        claim(standard, standard.lock if seen is None else seen)
        pass_through(moderator, standard, draft, how)
        if how.waits and how.effective_on is not None:
            schedule(moderator, standard, draft, how.effective_on)
        else:
            put_in_force(moderator, standard, draft, text, at=now())
    return draft


def put_in_force(
    by: Person | None, standard: Standard, draft: Version, text: Text, *, at: datetime
) -> None:
    """A version is in force from a moment on, in the open write with the standard claimed."""
    turn = turn_of(draft)
    _put_in_force(by, standard, draft, text, at)
    ideas = _standardise_ideas(by, draft)
    link_ideas(draft, turn.changed, ideas)
    record(
        facts.STANDARD_PUBLISHED,
        by=by,
        about=("standard", standard.id),
        version=draft.number,
        text=text.digest,
        ideas=ideas[:50],
        dropped=turn.dropped[:50],
        departments=_audience(draft),
    )


def _draft_and_text(standard: Standard) -> tuple[Version, Text]:
    query = (
        select(Version, Text)
        .join(Text, Text.id == Version.text_id)
        .where(Version.standard_id == standard.id, Version.state.in_(CLOSED))
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise Conflict(NO_DRAFT)
    return found[0], found[1]


def _put_in_force(
    by: Person | None, standard: Standard, draft: Version, text: Text, at: datetime
) -> None:
    ask(standard, draft, at=at)
    db.session.execute(
        update(Version)
        .where(Version.standard_id == standard.id, Version.state == VersionState.IN_FORCE)
        .values(state=VersionState.SUPERSEDED, superseded_at=at)
    )
    confirm(draft)
    draft.state = VersionState.IN_FORCE
    draft.published_at, draft.published_by_id = at, by.id if by is not None else None
    standard.state, standard.in_force = VersionState.IN_FORCE, draft.number
    standard.in_force_since, standard.updated_at = at, now()
    standard.review_on = next_day(standard.id)
    overtake(standard.id)
    standard.title, standard.lang = draft.title, draft.lang
    standard.excerpt = beginning(text.plain)
    set_owner(standard, draft)
    db.session.flush()


def _standardise_ideas(by: Person | None, version: Version) -> list[int]:
    """Move the accepted ideas that fed the version on; their ids, with those already there.

    An idea that is no longer accepted does not feed it.
    """
    query = (
        select(Idea)
        .join(VersionIdea, VersionIdea.idea_id == Idea.id)
        .where(VersionIdea.version_id == version.id)
        .order_by(Idea.id)
        .execution_options(populate_existing=True)
    )
    ideas = []
    for idea in list(db.session.scalars(query)):
        if idea.stage_kind not in FEEDS:
            fed = (VersionIdea.version_id == version.id, VersionIdea.idea_id == idea.id)
            db.session.execute(delete(VersionIdea).where(*fed))
            continue
        ideas.append(idea)
        if idea.stage_kind == StageKind.ACCEPTED:
            stages.move(idea, StageKind.STANDARDISED, by=by, allowed=[StageKind.ACCEPTED])
    return [idea.id for idea in ideas]


def _audience(version: Version) -> list[int]:
    query = select(VersionDepartment.department_id).where(
        VersionDepartment.version_id == version.id
    )
    return sorted(db.session.scalars(query))


def retire(moderator: Person, standard: Standard, *, why: str) -> None:
    """Take a standard out of force with a line why; it stays readable. Twice is a conflict."""
    require(moderator.moderates)
    if not policy.may_retire(moderator, standard):
        raise Conflict(NOT_IN_FORCE)
    if not why.strip():
        raise Invalid(_("Say in a line why it is retired."), field="why")
    if not limits.NOTE.allows(why):
        raise Invalid(_("Say it in one line."), field="why")
    with transaction():
        claim(standard, standard.lock)
        at = now()
        mine = Version.standard_id == standard.id
        db.session.execute(
            update(Version)
            .where(mine, Version.state == VersionState.IN_FORCE)
            .values(state=VersionState.RETIRED, superseded_at=at)
        )
        db.session.execute(
            update(Version).where(mine, Version.state.in_(NEXT)).values(state=VersionState.DRAFT)
        )
        standard.state, standard.retired_at, standard.updated_at = VersionState.RETIRED, at, at
        standard.retired_by_id, standard.retired_why, standard.review_on = moderator.id, why, None
        overtake(standard.id)
        record(
            facts.STANDARD_RETIRED,
            by=moderator,
            about=("standard", standard.id),
            version=standard.in_force,
        )


def acknowledge(
    person: Person, standard: Standard, version: Version, *, read: int | None = None
) -> bool:
    """Note that somebody has read the version in force; True when this was new.

    Raises Conflict when there is none, or when they read another one (`read`).
    """
    if not person.can_sign_in:
        raise Forbidden
    if version.state != VersionState.IN_FORCE:
        raise Conflict(str(NOT_CONFIRMED))
    if read is not None and read != version.number:
        words = _("Version %(number)d is in force now. Read it first.", number=version.number)
        raise Conflict(words)
    with transaction():
        if not give(standard, version, [person.id], way=Way.PAGE, at=now()):
            return False
        about = ("standard", standard.id)
        record(facts.ACKNOWLEDGED, by=person, about=about, version=version.number)
        return True
