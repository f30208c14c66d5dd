"""What was written together, as fields of exported ideas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.admin.export_parts import Line, Lists, called, grouped, moment, without_nothing
from forum.core.db import db
from forum.core.texts import Text
from forum.departments.models import Department
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.models import Idea
from forum.ideas.together import proposed
from forum.ideas.together.models import Adoption, Improvement, Summary
from forum.ideas.together.proposed import Proposed, Words


def together_of(ids: Sequence[int]) -> dict[str, dict[int, Any]]:
    """Each field's value by the idea's id. Seven queries."""
    return {
        "coauthors": _authors(ids),
        "summaries": _summaries(ids),
        "suggestions": _suggestions(ids),
        "improvement": _improvements(ids),
        "adoptions": _adoptions(ids),
    }


def _authors(ids: Sequence[int]) -> Lists:
    query = (
        select(IdeaAuthor.idea_id, Person)
        .join(Person, Person.id == IdeaAuthor.person_id)
        .where(IdeaAuthor.idea_id.in_(ids))
        .order_by(IdeaAuthor.person_id)
    )
    return grouped((row[0], called(row[1])) for row in db.session.execute(query))


def _summaries(ids: Sequence[int]) -> Lists:
    query = (
        select(Summary, Text.source, Person)
        .join(Text, Text.id == Summary.text_id)
        .join(Person, Person.id == Summary.by_id)
        .where(Summary.idea_id.in_(ids), Summary.removed_at.is_(None), Text.source != "")
        .order_by(Summary.lang)
    )
    return grouped(
        (
            short.idea_id,
            {"lang": short.lang, "text": text, "by": called(by), "at": moment(short.at)},
        )
        for short, text, by in db.session.execute(query)
    )


def _suggestions(ids: Sequence[int]) -> Lists:
    """Those that wait, as they apply to what the ideas say now: earlier wordings stay here."""
    waiting = proposed.open_of(ids)
    words = _words([idea_id for idea_id, _each in waiting])
    people = select(Person).where(Person.id.in_([each.by_id for _id, each in waiting]))
    by = {person.id: person for person in db.session.scalars(people)}
    return grouped(
        (idea_id, _suggestion(each, words[idea_id], by[each.by_id])) for idea_id, each in waiting
    )


def _suggestion(each: Proposed, now: Words, by: Person) -> Line:
    wanted = each.over(now) or each.wanted
    return without_nothing({**wanted._asdict(), "by": called(by), "at": moment(each.at)})


def _words(ids: Sequence[int]) -> dict[int, Words]:
    problem, proposal = aliased(Text), aliased(Text)
    query = (
        select(Idea.id, Idea.title, problem.source, proposal.source)
        .outerjoin(problem, problem.id == Idea.problem_id)
        .outerjoin(proposal, proposal.id == Idea.proposal_id)
        .where(Idea.id.in_(ids))
    )
    rows = db.session.execute(query)
    return {row[0]: Words(row[1], row[2] or "", row[3] or "") for row in rows}


def _improvements(ids: Sequence[int]) -> dict[int, Line]:
    query = (
        select(Improvement, Department.slug)
        .join(Department, Department.id == Improvement.department_id)
        .where(Improvement.idea_id.in_(ids))
    )
    return {
        done.idea_id: without_nothing(
            {"department": slug, "done_on": done.done_on.isoformat() if done.done_on else ""}
        )
        for done, slug in db.session.execute(query)
    }


def _adoptions(ids: Sequence[int]) -> Lists:
    query = (
        select(Adoption, Department.slug, Person)
        .join(Department, Department.id == Adoption.department_id)
        .join(Person, Person.id == Adoption.by_id)
        .where(Adoption.idea_id.in_(ids))
        .order_by(Adoption.id)
    )
    return grouped(
        (
            row.idea_id,
            {"department": slug, "adopted_on": row.adopted_on.isoformat(), "by": called(by)},
        )
        for row, slug, by in db.session.execute(query)
    )
