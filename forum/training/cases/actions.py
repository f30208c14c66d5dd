"""Drafting a case, having it checked by the departments it touches, and opening it to everybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core import limits, richtext, texts
from forum.core.access import require
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.core.richtext import Composed
from forum.core.textcheck import detect_lang
from forum.departments.queries import answerers_of
from forum.training import facts, policy
from forum.training.cases import origins, queries, touching
from forum.training.cases.touching import Touched
from forum.training.models import Case, CaseDepartment, CaseState, Check

WORDS = ("situation", "happened", "learned")
"""The three texts of a case."""
OPENED: list[Callable[[Case], None]] = []
"""What else follows when everybody may read a case, in the open write."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody writes about a case; `origin` names what it is made of."""

    title: str
    month: date | None
    situation: str
    happened: str
    learned: str
    departments: Sequence[int]
    services: Sequence[int] = ()
    touches: str = ""
    confirmed: Sequence[str] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """The same, checked and rendered before any write opens."""

    title: str
    month: date | None
    lang: str
    composed: dict[str, Composed]
    touched: Touched
    confirmed: str


def word(writer: Person, wanted: Wanted) -> Wording:
    """Check and render what was typed. Raises Invalid."""
    if not wanted.title:
        raise Invalid(_("Give it a title."), field="title")
    if wanted.month is not None and wanted.month > company_day():
        raise Invalid(_("It has happened already: choose a month that has begun."), field="month")
    touched = touching.check(writer, wanted.departments, wanted.services, wanted.touches)
    composed = {name: richtext.compose(getattr(wanted, name)) for name in WORDS}
    for name, text in composed.items():
        if text.mentions.person_ids:
            raise Invalid(_("A case names nobody. Take the mention out."), field=name)
    plain = "\n".join([wanted.title, *(text.plain for text in composed.values())])
    kept = " ".join(word for word in dict.fromkeys(wanted.confirmed) if word in plain)
    month = wanted.month.replace(day=1) if wanted.month is not None else None
    return Wording(wanted.title, month, detect_lang(plain), composed, touched, kept)


def draft(writer: Person, wanted: Wanted) -> Case:
    """A new draft, which its writer and moderators see. Raises Invalid."""
    require(queries.may_draft(writer))
    wording = word(writer, wanted)
    origin = origins.read(wanted.origin)
    known = origin is not None and origins.beginning(writer, wanted.origin) is not None
    kind, number = origin if origin is not None and known else ("", None)
    with transaction():
        case = Case(
            title=wording.title, drafted_by_id=writer.id, origin_kind=kind, origin_id=number
        )
        _write(case, wording)
        record(facts.DRAFTED, by=writer, about=("case", case.id))
    return case


def _write(case: Case, wording: Wording) -> None:
    case.title, case.lang, case.month = wording.title, wording.lang, wording.month
    case.confirmed = wording.confirmed
    for name, composed in wording.composed.items():
        text = texts.store_if_any(composed)
        setattr(case, f"{name}_id", text.id if text is not None else None)
    db.session.add(case)
    db.session.flush()
    touching.keep(case, wording.touched)


def change(writer: Person, case: Case, wanted: Wanted, *, seen: int) -> None:
    """Write a draft anew. Raises Invalid, and Conflict where it has changed since `seen`."""
    require(policy.may_edit(writer, case))
    wording = word(writer, wanted)
    with transaction():
        _claim(case, CaseState.DRAFT, seen=seen)
        _write(case, wording)
        record(facts.CHANGED, by=writer, about=("case", case.id))


def _claim(case: Case, being: CaseState, *, seen: int | None = None, **values: Any) -> None:
    """Hold the case in the open write; Conflict where it is another one by now."""
    expected = [Case.revision == seen] if seen is not None else []
    held = db.session.execute(
        update(Case)
        .where(Case.id == case.id, Case.state == being, *expected)
        .values(revision=Case.revision + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if not held.rowcount:  # type: ignore[attr-defined]
        raise Conflict(_("This case has changed meanwhile. Look at it again."))
    db.session.refresh(case)


def send(writer: Person, case: Case) -> None:
    """Ask the departments whether it is right and names nobody.

    Raises Invalid while a text is missing, or holds words that may be names and are not confirmed.
    """
    require(policy.may_edit(writer, case))
    _check_whole(case)
    names = queries.unconfirmed(case)
    if names:
        words = ", ".join(names[:5])
        message = _("Take names out, or say of each that it is none: %(words)s.", words=words)
        raise Invalid(message, field="confirmed")
    places = list(db.session.scalars(_places(case)))
    touching.check_open(places)
    people = {p for found in answerers_of(places).values() for p in found} - {writer.id}
    with transaction():
        _claim(case, CaseState.DRAFT, seen=case.revision, state=CaseState.CHECKING)
        _reset(case)
        told: dict[str, Any] = {"departments": places, "people": sorted(people)}
        record(facts.SENT, by=writer, about=("case", case.id), **told)


def _places(case: Case) -> Any:
    return select(CaseDepartment.department_id).where(CaseDepartment.case_id == case.id)


def _check_whole(case: Case) -> None:
    for name in WORDS:
        if getattr(case, f"{name}_id") is None:
            raise Invalid(_("Say what the situation was, what happened and what we learned."))


def _reset(case: Case) -> None:
    db.session.execute(
        update(CaseDepartment)
        .where(CaseDepartment.case_id == case.id)
        .values(answer=Check.WAITING, by_id=None, note="", at=None)
        .execution_options(synchronize_session=False)
    )


def check(person: Person, case: Case, department_id: int, *, fine: bool, note: str = "") -> None:
    """Say for a department that a case is right and names nobody, or what has to change.

    The last yes opens it; a wish for a change makes it a draft again. Raises Invalid for such a
    wish without words, Conflict where the case is not asked about any more.
    """
    asked = queries.asked_of(person, case)
    require(department_id in asked)
    if not fine and not note.strip():
        raise Invalid(_("Say what should change."), field="note")
    if not limits.REASON.allows(note):
        raise Invalid(_("Say it in fewer words."), field="note")
    with transaction():
        _claim(case, CaseState.CHECKING, seen=case.revision)
        said = Check.FINE if fine else Check.CHANGE
        db.session.execute(
            update(CaseDepartment)
            .where(CaseDepartment.case_id == case.id, CaseDepartment.department_id == department_id)
            .values(answer=said, by_id=person.id, note=note.strip(), at=now())
            .execution_options(synchronize_session=False)
        )
        told: dict[str, Any] = {
            "department": department_id,
            "answer": said.value,
            "writer": case.drafted_by_id,
        }
        record(facts.CHECKED, by=person, about=("case", case.id), **told)
        if not fine:
            case.state = CaseState.DRAFT
            db.session.flush()
        elif _all_fine(case):
            open_to_all(case)


def _all_fine(case: Case) -> bool:
    waiting = _places(case).where(CaseDepartment.answer != Check.FINE)
    return db.session.scalar(waiting.limit(1)) is None


def open_to_all(case: Case) -> None:
    """Let everybody read it, and forget what it was made of, in the open write."""
    case.state, case.opened_at = CaseState.OPEN, now()
    case.origin_kind, case.origin_id = "", None
    db.session.flush()
    record(facts.OPENED, by=None, about=("case", case.id), writer=case.drafted_by_id)
    for follow in OPENED:
        follow(case)


def take_back(person: Person, case: Case) -> None:
    """Make it a draft again, which nobody else reads; again is the same."""
    require(policy.writes(person, case))
    if case.state == CaseState.DRAFT:
        return
    with transaction():
        _claim(case, CaseState(case.state), state=CaseState.DRAFT, opened_at=None)
        _reset(case)
        record(facts.TAKEN_BACK, by=person, about=("case", case.id), writer=case.drafted_by_id)
