"""Reviews and backlinks beside a standard's text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from forum.accounts.models import Kind, Person
from forum.core import slots
from forum.core.calendar import company_day
from forum.standards.links.queries import backlinks
from forum.standards.models import Standard
from forum.standards.policy import sees_drafts
from forum.standards.review import phrases, policy, queries

NEAR = timedelta(days=30)


def install() -> None:
    """Fill the slot beside standards."""
    panel = slots.Panel("reviews", "standards/review/_beside.html", beside)
    slots.fill("beside-standard", panel)
    linked = slots.Panel("backlinks", "standards/review/_backlinks.html", backlinks)
    slots.fill("beside-standard", linked)


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
