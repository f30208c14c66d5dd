"""The owner's deputy, who edits a standard as the owner does."""

from __future__ import annotations

from sqlalchemy import func, select

from forum.accounts.models import Kind, Person
from forum.core.access import require
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.standards.approvals import facts, policy
from forum.standards.drafts import claim
from forum.standards.editing import may_own
from forum.standards.models import Standard


def name_deputy(person: Person, standard: Standard, handle: str) -> None:
    """Let a colleague edit in the owner's place, by e-mail or staff number, or nobody.

    Raises Invalid for people who cannot own a standard.
    """
    require(policy.may_name_deputy(person, standard))
    deputy_id = _colleague(standard, handle) if handle.strip() else None
    if deputy_id == standard.deputy_id:
        return
    with transaction():
        claim(standard, standard.lock)
        standard.deputy_id = deputy_id
        db.session.flush()
        about = ("standard", standard.id)
        record(facts.DEPUTY_SET, by=person, about=about, deputy=deputy_id)


def _colleague(standard: Standard, handle: str) -> int:
    typed = handle.strip().lower()
    query = select(Person.id).where(
        (func.lower(Person.email) == typed) | (func.lower(Person.login) == typed),
        Person.kind == Kind.STAFF,
        may_own(),
    )
    found = db.session.scalars(query).first()
    if found is None:
        message = _("Nobody here has this e-mail or staff number, or they cannot own a standard.")
        raise Invalid(message, field="deputy")
    if found == standard.owner_id:
        raise Invalid(_("Name somebody else."), field="deputy")
    return found
