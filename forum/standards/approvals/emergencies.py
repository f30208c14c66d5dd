"""Looking back at what was published in an emergency."""

from __future__ import annotations

from sqlalchemy import update

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.standards.approvals import facts, policy
from forum.standards.approvals.asking import moderators
from forum.standards.approvals.models import Release
from forum.standards.approvals.rows import release_of
from forum.standards.models import Standard, Version

NOTHING = lazy("There is nothing to look back at; somebody may just have done it.")
ANOTHER = lazy("You published it. Another moderator has to look at it.")


def look_back(moderator: Person, standard: Standard, version: Version, *, note: str) -> None:
    """Say of an emergency publication that it stays, with a line why: once.

    Raises Forbidden for who published it, where there is another moderator.
    """
    require(moderator.moderates)
    if not note.strip():
        raise Invalid(_("Say in a line what you found."), field="note")
    if not limits.NOTE.allows(note):
        raise Invalid(_("Say it in one line."), field="note")
    release = release_of(version)
    if release is None or not release.emergency_why or release.reviewed_at is not None:
        raise Conflict(NOTHING)
    if not policy.may_look_back(moderator, version, release, others=moderators()):
        raise Forbidden(ANOTHER)
    with transaction():
        claimed = db.session.execute(
            update(Release)
            .where(Release.version_id == version.id, Release.reviewed_at.is_(None))
            .values(reviewed_at=now(), reviewed_by_id=moderator.id, review_note=note)
        )
        if not claimed.rowcount:  # type: ignore[attr-defined]
            raise Conflict(NOTHING)
        about = ("standard", standard.id)
        record(facts.REVIEWED, by=moderator, about=about, version=version.number)
