"""Cases as what somebody is thanked for: what a session praises becomes a thank-you."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from sqlalchemy import false, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.modules import is_on
from forum.thanks.policy import may_thank
from forum.thanks.subjects import SUBJECTS, Offer, Subject, written
from forum.training import policy
from forum.training.models import Case, CaseDepartment, CaseState

KIND = "case"


def install() -> None:
    """Register the kind."""
    address = "/training/cases/{}".format
    SUBJECTS[KIND] = Subject(Case.id, Case.title, Case.lang, Case.id, address, _open, _offers)


def _open(reader: Person) -> tuple[Any, ...]:
    """Those that everybody may read."""
    seen = is_on("training") and policy.may_see(reader)
    return (Case.state == CaseState.OPEN,) if seen else (false(),)


def _offers(_reader: Person, case_id: int) -> Offer:
    """Its departments: a case names nobody. One query."""
    query = select(CaseDepartment.department_id).where(CaseDepartment.case_id == case_id)
    found = db.session.scalars(query.order_by(CaseDepartment.department_id))
    return Offer(departments=list(found), chosen=True)


def praise_url(person: Person, case: Case, note: str = "") -> str:
    """Where somebody thanks for a case, with a note to begin with; empty where they cannot."""
    if not is_on("thanks") or not may_thank(person) or case.state != CaseState.OPEN:
        return ""
    sent = {"for": written((KIND, case.id)), "why": " ".join(note.split())[:500]}
    return "/thanks/new?" + urlencode({name: value for name, value in sent.items() if value})
