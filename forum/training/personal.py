"""The cases somebody wrote or checked, and the sessions they host, were invited to or sat in.

Feedback is nobody's and is not among it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, or_, select, update

from forum.core.db import db
from forum.core.personal import Erasure, Holding, Relabel, Rows, Things, blank, rows, with_sources
from forum.training.models import (
    AgendaItem,
    Case,
    CaseDepartment,
    Invitation,
    Seat,
    Session,
)
from forum.training.sessions.seats import free_of

TEXTS = ("situation_id", "happened_id", "learned_id")


def about(person_id: int) -> dict[str, Rows]:
    """Eight queries."""
    return {
        "cases": with_sources(rows(Case, Case.drafted_by_id == person_id), *TEXTS),
        "checks": rows(CaseDepartment, CaseDepartment.by_id == person_id),
        "hosted": with_sources(
            rows(Session, Session.host_id == person_id, hide=("uid",)), "about_id"
        ),
        "invitations": rows(Invitation, Invitation.person_id == person_id),
        "seats": rows(Seat, Seat.person_id == person_id),
        "outcomes": rows(AgendaItem, AgendaItem.by_id == person_id),
    }


def erase(erasure: Erasure) -> None:
    """Their seats to come go to those who wait, invitations go; what they wrote where texts go."""
    person_id = erasure.person_id
    free_of(person_id)
    quiet = {"synchronize_session": False}
    gone = delete(Invitation).where(Invitation.person_id == person_id)
    db.session.execute(gone.execution_options(**quiet))
    if not erasure.blank_texts:
        return
    mine = select(Case.situation_id, Case.happened_id, Case.learned_id)
    for row in db.session.execute(mine.where(Case.drafted_by_id == person_id)).all():
        blank(row)
    blank(db.session.scalars(select(Session.about_id).where(Session.host_id == person_id)))
    for model in (CaseDepartment, AgendaItem):
        emptied = update(model).where(model.by_id == person_id).values(note="")
        db.session.execute(emptied.execution_options(**quiet))


def shows(text_ids: Sequence[int], relabel: Relabel) -> Things:
    """The cases and sessions that show these texts, titles put right. Two queries."""
    cases = list(
        db.session.scalars(
            select(Case).where(or_(*(getattr(Case, name).in_(text_ids) for name in TEXTS)))
        )
    )
    sessions = list(db.session.scalars(select(Session).where(Session.about_id.in_(text_ids))))
    for case in cases:
        case.title = relabel(case.title)
    for session in sessions:
        session.title = relabel(session.title)
    db.session.flush()
    return [
        *(("case", case.id) for case in cases),
        *(("training", session.id) for session in sessions),
    ]


HOLDING = Holding("training", about, erase, shows)
