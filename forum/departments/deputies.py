"""Naming a deputy for the time one is away."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, func, select

from forum.accounts.models import Kind, Person
from forum.core.calendar import company_day
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.departments import facts
from forum.departments.models import Deputy
from forum.departments.queries import MAY_ANSWER


class Standing(NamedTuple):
    """Who stands in for somebody, and from when until when."""

    deputy_id: int
    name: str
    handle: str
    since: date
    until: date

    @property
    def over(self) -> bool:
        """Whether its last day has passed."""
        return self.until < company_day()


def deputy_of(person_id: int) -> Standing | None:
    """Whom somebody has named. One query."""
    handle = func.coalesce(Person.email, Person.login)
    query = (
        select(Person.id, Person.name, handle, Deputy.since, Deputy.until)
        .join(Deputy, Deputy.deputy_id == Person.id)
        .where(Deputy.person_id == person_id)
    )
    row = db.session.execute(query).first()
    return Standing._make(row) if row is not None else None


def name_deputy(person: Person, handle: str, *, since: date | None, until: date | None) -> None:
    """Let a colleague answer in one's place from a day until another; instead of an earlier one.

    `handle` is their e-mail or staff number. Raises Invalid for people who cannot answer.
    """
    first, last = since or company_day(), until
    if last is None or last < max(first, company_day()):
        raise Invalid(_("Choose a last day that is still to come."), field="until")
    deputy_id = _colleague(person, handle)
    with transaction():
        db.session.execute(delete(Deputy).where(Deputy.person_id == person.id))
        named = Deputy(person_id=person.id, deputy_id=deputy_id, since=first, until=last)
        db.session.add(named)
        db.session.flush()
        record(facts.DEPUTY_NAMED, by=person, about=("person", person.id), deputy=deputy_id)


def _colleague(person: Person, handle: str) -> int:
    typed = handle.strip().lower()
    query = select(Person.id).where(
        (func.lower(Person.email) == typed) | (func.lower(Person.login) == typed),
        Person.kind == Kind.STAFF,
        MAY_ANSWER,
    )
    found = db.session.scalars(query).first() if typed else None
    if found is None:
        message = _("Nobody here has this e-mail or staff number, or they do not answer.")
        raise Invalid(message, field="deputy")
    if found == person.id:
        raise Invalid(_("Name somebody else."), field="deputy")
    return found


def be_back(person: Person) -> None:
    """Nobody stands in any more; again is the same."""
    with transaction():
        gone = db.session.execute(delete(Deputy).where(Deputy.person_id == person.id))
        if gone.rowcount:  # type: ignore[attr-defined]
            record(facts.DEPUTY_NAMED, by=person, about=("person", person.id), deputy=None)
