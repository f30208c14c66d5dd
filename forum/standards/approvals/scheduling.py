"""Publishing a version for a later day."""

from __future__ import annotations

from datetime import date

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.events import record
from forum.standards.approvals import facts
from forum.standards.approvals.rows import release_for
from forum.standards.clauses.keeping import confirm
from forum.standards.models import Standard, Version, VersionState


def schedule(moderator: Person, standard: Standard, draft: Version, on: date) -> None:
    """A version waits for its day, in the open write; until then what is in force stays so."""
    confirm(draft)
    release_for(draft).effective_on = on
    draft.state, draft.published_by_id = VersionState.COMING, moderator.id
    if standard.state == VersionState.DRAFT:
        standard.state = VersionState.COMING
    db.session.flush()
    about = ("standard", standard.id)
    record(facts.SCHEDULED, by=moderator, about=about, version=draft.number, on=on.isoformat())
