"""Plain functions that make things through the forum's own actions. Each opens its own context,
and returns the id of what it made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from flask import Flask

from forum.accounts.models import Person
from forum.core import richtext
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.departments.models import Attachment, Department, Membership, Representative
from forum.departments.services import curating, ends
from forum.departments.services.saying import Said
from forum.ideas import actions as ideas
from forum.ideas import decisions, votes
from forum.ideas.merges.merging import Moved
from forum.ideas.models import Idea

_next = count(1)


def person(
    app: Flask,
    *,
    name: str = "",
    role: str = "employee",
    kind: str = "staff",
    department: int | None = None,
    attached: Sequence[int] = (),
    **fields: Any,
) -> int:
    """A person who can sign in and counts as active."""
    number = next(_next)
    with app.app_context(), transaction():
        someone = Person(
            name=name or f"Person {number}",
            email=fields.pop("email", f"person{number}@example.org"),
            role=role,
            kind=kind,
            department_id=department,
            signed_in_at=fields.pop("signed_in_at", now()),
            **fields,
        )
        db.session.add(someone)
        db.session.flush()
        if department is not None:
            db.session.add(Membership(person_id=someone.id, department_id=department))
        db.session.add_all(
            Attachment(person_id=someone.id, department_id=d, since=now() - timedelta(days=1))
            for d in attached
        )
        return someone.id


def moderator(app: Flask, **fields: Any) -> int:
    """A moderator."""
    return person(app, role="moderator", **fields)


def admin(app: Flask, **fields: Any) -> int:
    """An administrator."""
    return person(app, role="admin", **fields)


def department(app: Flask, name: str = "", **fields: Any) -> int:
    """A department."""
    number = next(_next)
    with app.app_context(), transaction():
        made = Department(
            name=name or f"Department {number}",
            slug=fields.pop("slug", f"department-{number}"),
            code=fields.pop("code", f"D{number}"),
            hue=fields.pop("hue", number % 12),
            **fields,
        )
        db.session.add(made)
        db.session.flush()
        return made.id


def represented(app: Flask, name: str = "") -> tuple[int, int]:
    """A department and who answers for it."""
    number, representative = department(app, name), person(app)
    represent(app, representative, number)
    return number, representative


def represent(app: Flask, person_id: int, department_id: int) -> None:
    """Make somebody answer for a department."""
    with app.app_context(), transaction():
        db.session.add(Representative(person_id=person_id, department_id=department_id))


def service(
    app: Flask, provider: int, customer: int, name: str = "Laptops", *, state: str = "confirmed"
) -> int:
    """A service between two departments, as a file brings it."""
    with app.app_context():
        first, second = ends.department(provider), ends.department(customer)
        return curating.add(None, first, second, Said(name), state=state).id


def idea(
    app: Flask,
    author: int | None = None,
    *,
    problem: str = "Invoices arrive late and nobody knows why.",
    title: str = "",
    departments: Sequence[int] = (),
    tags: Sequence[str] = (),
    draft: bool = False,
    **fields: Any,
) -> int:
    """An idea, posted through the action."""
    author = author if author is not None else person(app)
    with app.app_context():
        writer = db.session.get_one(Person, author)
        wording = ideas.word(
            title=title, problem=problem, departments=departments, tags=tags, **fields
        )
        return ideas.post_idea(writer, wording, draft=draft).id


def vote(app: Flask, idea_id: int, person_id: int | None = None) -> None:
    """Support from somebody."""
    person_id = person_id if person_id is not None else person(app)
    with app.app_context():
        someone, target = db.session.get_one(Person, person_id), db.session.get_one(Idea, idea_id)
        votes.cast_vote(someone, target)


def comment(
    app: Flask,
    idea_id: int,
    author: int | None = None,
    body: str = "I have seen this too.",
    parent: int | None = None,
) -> int:
    """A comment under an idea."""
    from forum.discussion import actions

    author = author if author is not None else person(app)
    with app.app_context():
        writer, target = db.session.get_one(Person, author), db.session.get_one(Idea, idea_id)
        composed = richtext.compose(body)
        return actions.comment(
            writer, "idea", target, target.thread_id, composed, parent_id=parent
        ).id


def answer(
    app: Flask, idea_id: int, department_id: int, person_id: int, kind: str, reason: str = ""
) -> None:
    """A department's answer."""
    from forum.ideas.answers import give_answer

    with app.app_context():
        someone, target = db.session.get_one(Person, person_id), db.session.get_one(Idea, idea_id)
        give_answer(someone, target, department_id, answer=kind, reason=reason)


def decide(
    app: Flask,
    idea_id: int,
    decision: str = "accept",
    by: int | None = None,
    *,
    reason: str = "It saves everybody time.",
    **fields: Any,
) -> None:
    """A moderator's decision."""
    by = by if by is not None else moderator(app)
    with app.app_context():
        someone, target = db.session.get_one(Person, by), db.session.get_one(Idea, idea_id)
        verdict = decisions.Verdict(decision=decision, reason=reason, **fields)
        decisions.settle(someone, target, verdict)


def merge(
    app: Flask, parent: int, *children: int, by: int | None = None, message: str = ""
) -> Moved:
    """Ideas made part of another one by a moderator."""
    from forum.ideas.merges import merging

    by = by if by is not None else moderator(app)
    with app.app_context():
        someone = db.session.get_one(Person, by)
        into, *ideas = (db.session.get_one(Idea, number) for number in (parent, *children))
        return merging.merge(someone, into, ideas, message=message)


def unmerge(app: Flask, child: int, by: int | None = None) -> None:
    """A merged idea that stands by itself again."""
    from forum.ideas.merges import unmerging

    by = by if by is not None else moderator(app)
    with app.app_context():
        unmerging.unmerge(db.session.get_one(Person, by), db.session.get_one(Idea, child))


def ago(**distance: float) -> datetime:
    """A moment in the past, as `ago(days=3)`."""
    return now() - timedelta(**distance)
