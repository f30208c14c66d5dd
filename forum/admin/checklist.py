"""The first steps of a new forum, with what is done told from rows."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import exists, select

from forum.accounts.models import OneTimeToken, Person, Purpose, Role
from forum.core.db import db
from forum.core.i18n import _
from forum.core.site import Site, site
from forum.departments.models import Department


class Step(NamedTuple):
    """One thing to do first."""

    label: str
    hint: str
    url: str
    done: bool


def first_steps(admin: Person) -> list[Step]:
    """The checklist in the order that works best. One query."""
    known = site()
    departments, invited, moderated = _facts(admin.id)
    return [
        Step(
            _("Name the forum"),
            _("With the logo and colour people know."),
            "/admin/settings",
            known.name != Site().name,
        ),
        Step(
            _("Add the departments"),
            _("By hand or from a file; ideas are addressed to them."),
            "/admin/departments",
            departments,
        ),
        Step(
            _("Set up mail"),
            _("Or go without: links are then shown for copying."),
            "/admin/settings/mail",
            bool(known.mail_url),
        ),
        Step(
            _("Invite people"),
            _("By a link, or by codes on a printed sheet."),
            "/admin/people",
            invited,
        ),
        Step(
            _("Choose moderators"),
            _("They decide on ideas and look after standards."),
            "/admin/people",
            moderated,
        ),
    ]


def _facts(admin_id: int) -> tuple[bool, bool, bool]:
    ways_in = (Purpose.INVITATION.value, Purpose.SIGN_IN_CODE.value)
    others = Person.id != admin_id
    invitations = exists().where(
        OneTimeToken.person_id != admin_id, OneTimeToken.purpose.in_(ways_in)
    )
    query = select(
        exists().where(Department.archived_at.is_(None)),
        invitations | exists().where(others, Person.password_hash.is_not(None)),
        exists().where(Person.role == Role.MODERATOR, Person.deactivated_at.is_(None)),
    )
    row = db.session.execute(query).one()
    return bool(row[0]), bool(row[1]), bool(row[2])
