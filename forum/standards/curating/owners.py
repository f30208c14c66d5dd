"""Giving standards to another owner, several at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, select, update

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.core.events import record
from forum.core.i18n import lazy
from forum.standards.curating.queries import newest_version_ids
from forum.standards.editing import may_own
from forum.standards.models import Standard, Version, VersionState
from forum.standards.review import facts, policy

CHOOSE = lazy("Choose at least one standard.")
NO_OWNER = lazy("Choose an owner from the list.")


def give(moderator: Person, standards: Sequence[Standard], *, owner_id: int | None) -> int:
    """Hand standards over, all or none: what is in force and what is written of them; how many.

    Who has one open for editing is told that it changed. Raises Invalid for somebody who has left.
    """
    require(policy.may_plan(moderator))
    if not standards:
        raise Invalid(CHOOSE, field="standards")
    query = select(Person.id, Person.department_id).where(Person.id == owner_id, may_own())
    owner = db.session.execute(query).first()
    if owner is None:
        raise Invalid(NO_OWNER, field="owner")
    values = {"owner_id": owner[0], "owner_department_id": owner[1]}
    kept = case((Standard.owner_id == owner[0], Standard.deputy_id))  # else nobody's any more
    given = [each.id for each in standards if each.state != VersionState.RETIRED]
    with transaction():
        db.session.execute(
            update(Standard)
            .where(Standard.id.in_(given))
            .values(**values, deputy_id=kept, lock=Standard.lock + 1, updated_at=now())
        )
        versions = newest_version_ids(given)
        db.session.execute(update(Version).where(Version.id.in_(versions)).values(**values))
        for standard_id in given:
            about = ("standard", standard_id)
            record(facts.GIVEN, by=moderator, about=about, owner=owner[0])
    return len(given)
