"""What somebody holds in the tree and has to hand over when they leave."""

from __future__ import annotations

from sqlalchemy import select

from forum.core.db import db
from forum.core.i18n import _
from forum.departments.hooks import Seat
from forum.departments.models import Department, Representative


def seats_of(person_id: int) -> list[Seat]:
    """Departments they head or answer for. Two queries."""
    headed = select(Department.id, Department.name).where(
        Department.head_id == person_id, Department.archived_at.is_(None)
    )
    answered = (
        select(Department.id, Department.name)
        .join(Representative, Representative.department_id == Department.id)
        .where(Representative.person_id == person_id, Department.archived_at.is_(None))
    )
    return [
        *(
            Seat(_("Head of %(name)s", name=row.name), f"/admin/departments/{row.id}")
            for row in db.session.execute(headed.order_by(Department.name))
        ),
        *(
            Seat(_("Answers for %(name)s", name=row.name), f"/admin/departments/{row.id}")
            for row in db.session.execute(answered.order_by(Department.name))
        ),
    ]
