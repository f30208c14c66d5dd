"""Forgetting somebody for good: their name and ways in, everywhere, in one write."""

from __future__ import annotations

from sqlalchemy import update

from forum.accounts import facts
from forum.accounts.models import Person
from forum.accounts.standing import keep_an_admin
from forum.core import personal
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.events import record
from forum.core.i18n import lazy
from forum.departments.actions import lock_tree
from forum.files.actions import sweep_files

# Written into texts, so it follows the language of the text, not of whoever reads it.
INSTEAD = {"en": "former colleague", "ru": "бывший коллега"}
GONE = lazy("This person is erased already.")


def erase(admin: Person | None, person: Person, *, blank_texts: bool = False) -> None:
    """Erase a person, irreversibly. Conflict for the last administrator and a second time.

    What they wrote stays unless asked otherwise; wherever others called them by name, the texts say
    “former colleague” in their own language.
    """
    require(admin is None or admin.administers)
    renamed = personal.without_name(person.id, INSTEAD)
    with transaction():
        lock_tree()
        keep_an_admin(without=person.id)
        claimed = db.session.execute(
            update(Person)
            .where(Person.id == person.id, Person.erased_at.is_(None))
            .values(erased_at=now())
        )
        if not claimed.rowcount:  # type: ignore[attr-defined]
            raise Conflict(GONE)
        erasure = personal.Erasure(
            person.id, person.name, person.email, admin, blank_texts, INSTEAD
        )
        things = personal.write_without_name(renamed)
        personal.erase_everywhere(erasure)
        record(facts.ERASED, by=admin, about=("person", person.id), blanked=int(blank_texts))
        for kind, thing_id in things:
            record(facts.NAME_REMOVED, by=None, about=(kind, thing_id))
    sweep_files()
