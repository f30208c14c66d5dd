"""Thank-yous as records: each kind of what they are for by its own names, those for nothing apart.

What was taken back is told nowhere; nor is a thank-you for a thing that no file tells.
"""

from __future__ import annotations

from typing import Any

from forum.admin.records.kinds import IDEA, SERVICE, STANDARD, Kind
from forum.admin.records.part import Part, Row
from forum.admin.records.training import CASE
from forum.core.events import record
from forum.thanks import facts
from forum.thanks.models import Thanks, ThanksNotNow, ThanksTo

SUBJECTS = {"idea": IDEA, "standard": STANDARD, "service": SERVICE, "case": CASE}


def _tells(row: Row) -> None:
    record(facts.IMPORTED, by=None, about=("thanks", row["id"]))


def _thanks(kind: str, subject: Kind | None) -> Part:
    nothing: dict[str, Any] = {} if subject is not None else {"subject_id": None}
    return Part(
        f"thanks-{kind}" if kind else "thanks",
        Thanks,
        ("author_id", "at", "subject_id") if subject is not None else ("author_id", "at"),
        kinds={"subject_id": subject} if subject is not None else {},
        but=("withdrawn_at",),
        where=[Thanks.subject_kind == kind, Thanks.withdrawn_at.is_(None)],
        fixed={"subject_kind": kind, **nothing},
        counted=True,
        tells=_tells,
    )


def _not_now(kind: str, subject: Kind) -> Part:
    return Part(
        f"no-thanks-{kind}",
        ThanksNotNow,
        ("person_id", "subject_id"),
        kinds={"subject_id": subject},
        where=[ThanksNotNow.subject_kind == kind],
        fixed={"subject_kind": kind},
    )


THANKS: tuple[Part, ...] = (
    _thanks("", None),
    *(_thanks(kind, subject) for kind, subject in SUBJECTS.items()),
    Part("thanks-to", ThanksTo, ("thanks_id", "person_id", "department_id")),
    *(_not_now(kind, subject) for kind, subject in SUBJECTS.items()),
)
