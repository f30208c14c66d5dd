"""What brings a declined idea back, in the reader's words."""

from __future__ import annotations

from datetime import date
from typing import Any

from forum.accounts.models import Person
from forum.core.i18n import _, day, ngettext
from forum.ideas import policy
from forum.ideas.again.queries import condition_of
from forum.ideas.models import Idea, StageKind


def comes_back(on_day: date | None, departments: int | None) -> str:
    """“Comes back on 1 March 2027, or once 3 departments still need it”."""
    enough = (
        ngettext(
            "once %(num)d department still needs it",
            "once %(num)d departments still need it",
            departments,
        )
        if departments
        else ""
    )
    if on_day is not None and enough:
        return _("Comes back on %(day)s, or %(enough)s.", day=day(on_day), enough=enough)
    if on_day is not None:
        return _("Comes back on %(day)s.", day=day(on_day))
    return _("Comes back %(enough)s.", enough=enough)


def condition_shown(reader: Person, idea: Idea) -> dict[str, Any] | None:
    """The condition of a No on its idea's page; None where there is none. One query if declined."""
    if idea.stage_kind != StageKind.DECLINED:
        return None
    found = condition_of(reader, idea.id)
    if found is None:
        return None
    waits = found.met_at is not None and found.answered_at is None
    return {
        "text": comes_back(found.on_day, found.departments),
        "needing": _needing(found.needing) if found.departments and found.needing else "",
        "met": found.met_at is not None,
        "came_back": day(found.met_at) if found.met_at else "",
        "waits": waits,
        "mine": found.mine,
        "may_need": bool(found.departments) and found.met_at is None and reader.can_sign_in,
        "may_answer": waits and policy.may_decide(reader, idea),
    }


def _needing(departments: int) -> str:
    return ngettext(
        "So far people of %(num)d department do.",
        "So far people of %(num)d departments do.",
        departments,
    )
