"""Reviews and backlinks beside a standard's text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from forum.accounts.models import Kind, Person
from forum.core import slots
from forum.core.calendar import company_day
from forum.core.site import site
from forum.standards.links.queries import backlinks
from forum.standards.models import Standard, VersionState
from forum.standards.policy import may_begin, sees_drafts
from forum.standards.review import phrases, policy, queries
from forum.standards.serving.queries import are_shown, by_departments

NEAR = timedelta(days=30)


def install() -> None:
    """Fill the slot beside standards."""
    panel = slots.Panel("reviews", "standards/review/_beside.html", beside)
    slots.fill("beside-standard", panel)
    linked = slots.Panel("backlinks", "standards/review/_backlinks.html", backlinks)
    slots.fill("beside-standard", linked)
    serving = slots.Panel("serving", "standards/serving/_beside.html", gone_by)
    slots.fill("beside-standard", serving)
    served = slots.Panel("serving", "standards/serving/_on_department.html", by_departments)
    slots.fill("department", served)


def beside(reader: Person, standards: Sequence[Standard]) -> dict[int, Any]:
    """The last reviews, and the way to the next for who may make it. One query, and one more where
    somebody may stand in for the owner of what is due soon."""
    found = queries.history(reader, [standard.id for standard in standards])
    shown = {}
    for standard in standards:
        lines = phrases.lines(found.get(standard.id, []))
        may = policy.is_due(standard) and _may(reader, standard)
        if lines or may:
            shown[standard.id] = {"lines": lines, "may": may, "number": standard.number}
    return shown


def _may(reader: Person, standard: Standard) -> bool:
    if sees_drafts(reader, standard):
        return True
    near = standard.review_on is not None and standard.review_on <= company_day() + NEAR
    if reader.kind != Kind.STAFF or not near:
        return False
    return policy.may_review(reader, standard, stands_in=queries.stands_in(reader, standard))


def gone_by(reader: Person, standards: Sequence[Standard]) -> dict[int, Any]:
    """Whether services without their own go by it, and the way to say which do. No query."""
    shown = {}
    for standard in standards if are_shown() else ():
        general = site().serving_standard == standard.id
        may = may_begin(reader) and standard.state != VersionState.RETIRED
        if general or may:
            shown[standard.id] = {"general": general, "may": may, "number": standard.number}
    return shown
