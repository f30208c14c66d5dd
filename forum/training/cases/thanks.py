"""A public thank-you, as the beginning of a case of what goes well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import slots
from forum.core.calendar import company_day
from forum.core.db import db
from forum.core.modules import is_on
from forum.core.texts import Text
from forum.departments.services.between import among
from forum.standards.models import Standard
from forum.thanks import subjects
from forum.thanks.models import Thanks, ThanksTo
from forum.thanks.visibility import visible_to
from forum.training.cases.origins import Beginning, register
from forum.training.cases.queries import may_draft

KIND = "thanks"


def install() -> None:
    """Register the kind, and fill the slot of the page of a thank-you."""
    register(KIND, find)
    slots.fill("thanks", slots.Panel("training", "training/_make_case.html", on_thanks))


def on_thanks(reader: Person, lines: Sequence[Any]) -> dict[int, str]:
    """The address at which a case is made of a public one. Two queries at most."""
    told = [line.id for line in lines if not line.private and not line.hidden]
    if not told or not is_on("training") or not may_draft(reader):
        return {}
    return {number: f"{KIND}:{number}" for number in told}


def find(reader: Person, thanks_id: int) -> Beginning | None:
    """What it was for, the departments and the words, without who said it. Five queries."""
    if not is_on("thanks"):
        return None
    query = select(Thanks, Text.source).join(Text, Text.id == Thanks.text_id)
    public = (Thanks.private.is_(False), Thanks.hidden_at.is_(None), visible_to(reader))
    row = db.session.execute(query.where(Thanks.id == thanks_id, *public)).one_or_none()
    if row is None:
        return None
    thanks, words = row
    key = (thanks.subject_kind, thanks.subject_id or 0)
    subject = subjects.named(reader, key)
    sides = (thanks.author_department_id, *_thanked(thanks.id))
    departments = tuple(dict.fromkeys(side for side in sides if side is not None))
    return Beginning(
        title=subject.title if subject is not None else "",
        month=company_day(thanks.at).replace(day=1),
        happened=words,
        departments=departments,
        services=_service(key, departments) if subject is not None else (),
        touches=_standard(key) if subject is not None else "",
    )


def _thanked(thanks_id: int) -> Sequence[int | None]:
    """The departments that the line names, or whose people it names."""
    query = select(ThanksTo.department_id).where(ThanksTo.thanks_id == thanks_id, ThanksTo.named)
    return db.session.scalars(query.order_by(ThanksTo.id)).all()


def _service(key: subjects.Key, departments: Sequence[int]) -> tuple[int, ...]:
    kind, number = key
    between = {card.id for card in among(departments)} if kind == "service" else set()
    return (number,) if number in between else ()


def _standard(key: subjects.Key) -> str:
    kind, number = key
    found = db.session.get(Standard, number) if kind == "standard" else None
    return found.number if found is not None else ""
