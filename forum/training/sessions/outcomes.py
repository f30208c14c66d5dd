"""How a session ends a case: a clause to clarify, a new idea, praise, or that nothing changes."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import exists, select, update

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.core.texts import Text
from forum.standards import clarifying
from forum.standards import policy as standards
from forum.standards.clarifying import Left, Opened
from forum.standards.clauses.models import Clause
from forum.standards.models import Standard
from forum.standards.review.opening import look_again
from forum.training import facts, policy
from forum.training.models import AgendaItem, Case, CaseClause, Outcome, Session
from forum.training.sessions import agenda


class Ended(NamedTuple):
    """The numbers of standards: out of whose draft a quotation was taken that an ending before had
    put there, and in whose text it stands still."""

    taken_out: str = ""
    left_in: str = ""


def settle(
    host: Person,
    session: Session,
    item: AgendaItem,
    outcome: str,
    *,
    note: str = "",
    clause_id: int | None = None,
) -> Ended:
    """End a case; again is another ending, until the session is over for a week. What an ending
    before put into a draft is taken out of it, where nobody has touched it.

    Raises Invalid for nothing to clarify or not a word on why nothing changes, Conflict before it
    has begun, later than that or where the case was taken off.
    """
    require(policy.may_change(host, session))
    if not policy.has_begun(session, now()):
        raise Conflict(_("A case ends when the session has begun."))
    agenda.check_changes(session)
    said = _checked(item, outcome, note, clause_id)
    left = _left(host, item, said["clause_id"])
    with transaction():
        changed = db.session.execute(
            update(AgendaItem)
            .where(AgendaItem.id == item.id, AgendaItem.dropped.is_(False))
            .values(**said, by_id=host.id, at=now())
            .execution_options(synchronize_session=False)
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            raise Conflict(_("This case was taken off the agenda."))
        told = {"case": item.case_id, "outcome": outcome}
        record(facts.SETTLED, by=host, about=("training", session.id), **told)  # type: ignore[arg-type]
        if outcome == Outcome.CLARIFY:
            look_again([_standard_of(said["clause_id"]).number])
        if left is not None:
            clarifying.take_out(host, left)
    db.session.refresh(item)
    return _ended(left)


def _ended(left: Left | None) -> Ended:
    if left is None:
        return Ended()
    return Ended(left_in=left.number) if left.wording is None else Ended(taken_out=left.number)


def _left(host: Person, item: AgendaItem, clause_id: int | None) -> Left | None:
    """What the ending before put into a draft, where this one is about another clause or none, and
    no other session asks for it. Two queries, and those of what is left."""
    before = item.clause_id
    if before is None or before == clause_id:
        return None
    other = exists().where(
        AgendaItem.case_id == item.case_id,
        AgendaItem.clause_id == before,
        AgendaItem.id != item.id,
        AgendaItem.dropped.is_(False),
    )
    if db.session.scalar(select(other)):
        return None
    standard, learned = _standard_of(before), _learned(item)
    return clarifying.left_of(host, standard, before, case_id=item.case_id, words=learned)


def _checked(item: AgendaItem, outcome: str, note: str, clause_id: int | None) -> dict[str, Any]:
    if outcome not in frozenset(Outcome):
        raise Invalid(_("Choose how the case ends."), field="outcome")
    if not limits.REASON.allows(note):
        raise Invalid(_("Say it in fewer words."), field="note")
    if outcome == Outcome.NONE and not note.strip():
        raise Invalid(_("Say in a sentence why nothing changes."), field="note")
    kept = None
    if outcome == Outcome.CLARIFY:
        kept = clause_id
        if clause_id not in clauses_of(item.case_id):
            raise Invalid(_("Choose the clause that is to be clearer."), field="clause")
    return {"outcome": outcome, "note": note.strip(), "clause_id": kept}


def clauses_of(case_id: int) -> list[int]:
    """The clauses a case is about. One query."""
    query = select(CaseClause.clause_id).where(CaseClause.case_id == case_id)
    return list(db.session.scalars(query.order_by(CaseClause.clause_id)))


def _standard_of(clause_id: int) -> Standard:
    query = select(Standard).join(Clause, Clause.standard_id == Standard.id)
    return db.session.scalars(query.where(Clause.id == clause_id)).one()


def standard_to_clarify(item: AgendaItem) -> Standard | None:
    """The standard of the clause that is to be clearer. One query."""
    return _standard_of(item.clause_id) if item.clause_id is not None else None


def may_clarify(person: Person, item: AgendaItem) -> bool:
    """Whoever edits that standard. One query."""
    standard = standard_to_clarify(item)
    return standard is not None and standards.may_edit(person, standard)


def clarify(editor: Person, item: AgendaItem) -> Opened:
    """Begin the next draft at the clause, with what was learned under its heading. Once: again only
    leads there. Raises Conflict where it cannot be changed now."""
    standard = standard_to_clarify(item)
    if standard is None or item.clause_id is None:
        raise Conflict(_("This case has another outcome by now."))
    return clarifying.open_at(
        editor, standard, item.clause_id, case_id=item.case_id, words=_learned(item)
    )


def _learned(item: AgendaItem) -> str:
    query = select(Text.source).join(Case, Case.learned_id == Text.id)
    return db.session.scalar(query.where(Case.id == item.case_id)) or ""
