"""Who may do what to cases and sessions: pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from forum.accounts.models import Kind, Person
from forum.training.models import Case, CaseState, Session

FEEDBACK_FOR = timedelta(days=7)
"""How long whoever came may say how it was; only then is it told."""


def may_see(person: Person) -> bool:
    """Everybody but consultants, who see what touches their departments and nothing else."""
    return person.can_sign_in and not person.is_consultant


def is_staff(person: Person) -> bool:
    """Whoever works here: boards read, and do no more."""
    return may_see(person) and person.kind == Kind.STAFF


def may_draft(person: Person, *, answers: Collection[int], owns: bool) -> bool:
    """Moderators, whoever answers for a department, and owners of standards."""
    return is_staff(person) and (person.moderates or bool(answers) or owns)


def sees_case(
    person: Person, case: Case, *, touched: Collection[int], answers: Collection[int]
) -> bool:
    """Open ones everybody; before, its writer and moderators, and while it is checked whoever
    answers for a department it touches."""
    if not may_see(person):
        return False
    if case.state == CaseState.OPEN or writes(person, case):
        return True
    return case.state == CaseState.CHECKING and not set(touched).isdisjoint(answers)


def writes(person: Person, case: Case) -> bool:
    """Its writer and moderators."""
    return is_staff(person) and (person.moderates or case.drafted_by_id == person.id)


def may_edit(person: Person, case: Case) -> bool:
    """Only a draft changes; what others read is taken back first."""
    return writes(person, case) and case.state == CaseState.DRAFT


def may_check(
    person: Person,
    case: Case,
    department_id: int,
    *,
    answers: Collection[int],
    said: Mapping[int, int | None],
    speakers: Collection[int] | None,
) -> bool:
    """Whoever answers for the department, a moderator where nobody may; one person for one
    department only, and not the writer where there is no other department to look at it.

    `said` is who spoke for each department that the case touches; `speakers` who answer for this
    one, which only a moderator needs to know.
    """
    if not is_staff(person) or case.state != CaseState.CHECKING or department_id not in said:
        return False
    barred = {by for place, by in said.items() if place != department_id}
    if len(said) == 1:
        barred.add(case.drafted_by_id)
    orphaned = speakers is not None and barred.issuperset(speakers)
    speaks = department_id in answers or (orphaned and person.moderates)
    return speaks and person.id not in barred


def may_plan(person: Person, *, answers: Collection[int]) -> bool:
    """Moderators, and whoever answers for a department."""
    return is_staff(person) and (person.moderates or bool(answers))


def runs(person: Person, session: Session) -> bool:
    """Its host, and moderators."""
    return is_staff(person) and (person.moderates or session.host_id == person.id)


def may_change(person: Person, session: Session) -> bool:
    """As long as it is not called off; `takes_outcomes` and the actions know until when."""
    return runs(person, session) and session.cancelled_at is None


def takes_outcomes(session: Session, at: datetime) -> bool:
    """Whether its agenda still changes and cases end: until it is over for a week."""
    return session.cancelled_at is None and at < ends_at(session) + FEEDBACK_FOR


def may_join(person: Person, session: Session, at: datetime) -> bool:
    """Staff, until it begins."""
    return is_staff(person) and is_coming(session, at)


def is_coming(session: Session, at: datetime) -> bool:
    """Whether seats still change hands."""
    return session.cancelled_at is None and at < session.starts_at


def has_begun(session: Session, at: datetime) -> bool:
    """Whether who came may be noted."""
    return session.cancelled_at is None and at >= session.starts_at


def ends_at(session: Session) -> datetime:
    """When it is over."""
    return session.starts_at + timedelta(minutes=session.minutes)


def takes_feedback(session: Session, at: datetime) -> bool:
    """From its end on, for a week."""
    ended = ends_at(session)
    return session.cancelled_at is None and ended <= at < ended + FEEDBACK_FOR
