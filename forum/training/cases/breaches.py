"""A promise that was found broken, as the beginning of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import slots
from forum.core.db import db
from forum.core.modules import is_on
from forum.core.texts import Text
from forum.standards.clauses.known import clauses_of
from forum.standards.clauses.models import Clause
from forum.standards.document import lay_out
from forum.standards.kept.models import PromiseMark
from forum.standards.kept.sides import sees_names, sides_of
from forum.standards.models import Standard
from forum.standards.queries import shown_version
from forum.standards.structure.known import places_for
from forum.training.cases.origins import Beginning, register

KIND = "breach"


def install() -> None:
    """Register the kind, and fill the slot beside marks."""
    register(KIND, find)
    slots.fill("promise-mark", slots.Panel("training", "training/_make_case.html", on_marks))


def on_marks(_reader: Person, marks: Sequence[Any]) -> dict[int, str]:
    """The address at which a case is made of a broken one. No query."""
    if not is_on("training"):
        return {}
    return {mark.id: f"{KIND}:{mark.id}" for mark in marks if not mark.kept}


def find(reader: Person, mark_id: int) -> Beginning | None:
    """The clause, the sides and the note of a breach, for those who may read it. Those of the
    standard's page, and one query."""
    query = (
        select(PromiseMark, Standard, Clause.key, Text.source)
        .join(Standard, Standard.id == PromiseMark.standard_id)
        .join(Clause, Clause.id == PromiseMark.clause_id)
        .outerjoin(Text, Text.id == PromiseMark.note_id)
        .where(PromiseMark.id == mark_id, PromiseMark.kept.is_(False))
    )
    row = db.session.execute(query).one_or_none()
    if row is None or not sees_names(reader, row[1]):
        return None
    mark, standard, key, note = row
    title, promising = _promise(reader, standard, key)
    sides = (*promising, mark.department_id)
    return Beginning(
        title=title or standard.title,
        month=mark.on_day.replace(day=1),
        happened=note or "",
        departments=tuple(dict.fromkeys(side for side in sides if side is not None)),
        touches=f"{standard.number}:{key}",
    )


def _promise(reader: Person, standard: Standard, key: int) -> tuple[str, Sequence[int | None]]:
    """What the clause is called in the version that is shown, and who promises in it: the owner of
    the standard where it names nobody, or is gone."""
    found = shown_version(reader, standard.number)
    document = lay_out(found.html).keyed([each.key for each in clauses_of(found.version.id)])
    clause = next((each for each in document.clauses if each.key == key), None)
    owner = found.version.owner_department_id
    if clause is None:
        return "", [owner]
    sides = sides_of(clause, places_for(reader), owner_department=owner, audience=())
    return clause.title, sorted(sides.providers)
