"""What a version's page shows of its approval, and the page of what waits for somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.calendar import company_day
from forum.core.db import db
from forum.core.site import site
from forum.departments.queries import DepartmentCard, cards_by_id
from forum.standards import policy as standards
from forum.standards.approvals import gate, phrases, policy, rows
from forum.standards.approvals.asking import moderators
from forum.standards.approvals.models import Approval, Release, Said
from forum.standards.clauses.known import Standing
from forum.standards.models import NEXT, Standard, Version, VersionState
from forum.standards.queries import Shown


def panel(
    reader: Person,
    standard: Standard,
    version: Version,
    release: Release | None,
    standing: Sequence[Standing],
) -> dict[str, Any] | None:
    """Who has approved, what is asked, and what the reader may do. None for what was published.

    At most eight queries.
    """
    if version.state not in NEXT:
        return None
    asked = rows.of_version(version.id)
    cards = cards_by_id({row.department_id for row in asked if row.department_id})
    publishes = standards.may_publish(reader, standard)
    missing = _missing(reader, version, asked) if publishes else ""
    shown = version.state == VersionState.APPROVAL or bool(asked)
    return {
        "sides": _sides(reader, version, asked, cards, standing),
        "progress": phrases.progress(sum(not rows.is_open(r) for r in asked), len(asked))
        if shown
        else "",
        "sent": release.sent if release is not None else 0,
        "clauses": [(c.key, f"{c.number} {c.title}".strip()) for c in standing],
        "missing": missing,
        "comes": release.effective_on if release is not None else None,
        "today": company_day(),
        "typed": {"send": {}, "publish": {}},
        "refused": "",
        "answer_days": site().answer_days,
        "may": {
            "send": policy.may_send(reader, standard, version),
            "take_back": policy.may_take_back(reader, standard, version),
            "publish": publishes and version.state != VersionState.COMING,
        },
    }


def _missing(reader: Person, version: Version, asked: Sequence[Approval]) -> str:
    return "" if version.state == VersionState.COMING else gate.foreseen(reader, version, asked)


def _sides(
    reader: Person,
    version: Version,
    asked: Sequence[Approval],
    cards: Mapping[int, DepartmentCard],
    standing: Sequence[Standing],
) -> list[dict[str, Any]]:
    names, titles = _names(asked), {c.key: f"{c.number} {c.title}".strip() for c in standing}
    theirs = _theirs(reader, version, asked)
    return [_side(row, cards, names, titles) | {"mine": row.id in theirs} for row in asked]


def _theirs(reader: Person, version: Version, asked: Sequence[Approval]) -> set[int]:
    """For which sides the reader may answer now. At most three queries."""
    if version.state != VersionState.APPROVAL or not asked:
        return set()
    answering, heading = rows.mine(reader)
    reviews = reader.moderates and policy.may_review(reader, version, others=moderators())
    may = {"answering": answering, "heading": heading, "reviews": reviews}
    return {row.id for row in asked if policy.may_answer(reader, row, **may)}  # type: ignore[arg-type]


def _side(
    row: Approval,
    cards: Mapping[int, DepartmentCard],
    names: Mapping[int, str],
    titles: Mapping[int, str],
) -> dict[str, Any]:
    waits = row.state == Said.WAITING
    return {
        "id": row.id,
        "state": row.state,
        "state_name": phrases.said_name(row.state),
        "look": phrases.LOOKS[Said(row.state)],
        "name": gate.side_title(row, cards),
        "department": cards.get(row.department_id or 0),
        "when": phrases.when(row, names.get(row.by_id or 0, "")),
        "note": row.note,
        "clause": titles.get(row.clause or 0, ""),
        "clause_key": row.clause,
        "late": waits and row.due_on < company_day(),
    }


def _names(asked: Sequence[Approval]) -> dict[int, str]:
    ids = {row.by_id for row in asked if row.by_id is not None}
    if not ids:
        return {}
    query = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {row[0]: shown_name(row[1]) for row in db.session.execute(query)}


def deputy_shown(reader: Person, shown: Shown) -> dict[str, str] | None:
    """The owner's deputy by name and sign-in, for who may name one. At most one query."""
    standard = shown.standard
    is_main = shown.version.number == (standard.in_force or 1)
    if not is_main or not policy.may_name_deputy(reader, standard):
        return None
    if standard.deputy_id is None:
        return {"name": "", "handle": ""}
    handle = func.coalesce(Person.email, Person.login)
    query = select(Person.name, handle).where(Person.id == standard.deputy_id)
    found = db.session.execute(query).one_or_none()  # no foreign key holds them
    if found is None:
        return {"name": "", "handle": ""}
    return {"name": shown_name(found[0]), "handle": found[1] or ""}
