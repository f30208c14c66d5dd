"""What the index knows of each thing: loaded from the database in bulk, a query or two a kind.

What is not indexable (drafts, hidden ideas, deleted comments, unpublished standards, people who are
gone) comes out as nothing, and is therefore deleted from the index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.texts import Text
from forum.departments.models import Department, Representative, Service
from forum.discussion.models import Comment, Thread
from forum.ideas.models import Answer, AnswerKind, Idea, IdeaTag, StageKind, Tag
from forum.ideas.policy import UNSETTLED
from forum.standards.models import (
    Standard,
    Version,
    VersionIdea,
    VersionState,
)
from forum.standards.queries import indexable

KINDS = ("idea", "comment", "standard", "person", "department", "service")
Ref = tuple[str, int]
"""A thing by kind and id."""
CHUNK = 500
"""Most ids in one IN list."""


@dataclass(frozen=True, slots=True)
class Document:
    """One thing as the index keeps it.

    `departments` are those it is about; `scope` are the tokens of those who may see it: `d` with a
    department's id, `p` with a person's. `author` wrote it, `home` is the department it comes from;
    0 is none. `standards` are the numbers of what an idea became, or of what a document is or
    hangs on; `waiting` the departments that still have to answer.
    """

    kind: str
    id: int
    title: str
    body: str = ""
    tags: tuple[str, ...] = ()
    lang: str = ""
    stage: str = ""
    departments: tuple[int, ...] = ()
    scope: tuple[str, ...] = ()
    at: int = 0
    author: int = 0
    home: int = 0
    standards: tuple[str, ...] = ()
    waiting: tuple[int, ...] = ()

    @property
    def docid(self) -> str:
        """Its key in the index."""
        return f"{self.kind}:{self.id}"


def load(refs: Iterable[Ref]) -> list[Document]:
    """The indexable ones among these things, as they are now, by kind and id."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for kind, row_id in refs:
        wanted[kind].append(row_id)
    return [
        document
        for kind in KINDS
        for chunk in _chunks(sorted(wanted[kind]))
        for document in sorted(LOADERS[kind](chunk), key=attrgetter("id"))
    ]


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def ids_after(kind: str, last: int, limit: int) -> list[int]:
    """The next ids of a kind, for a walk over everything. One query."""
    model = MODELS[kind]
    query = select(model.id).where(model.id > last).order_by(model.id).limit(limit)
    return list(db.session.scalars(query))


def how_many() -> int:
    """How many rows a walk over everything meets. A query a kind."""
    return sum(db.session.scalar(select(func.count(model.id))) or 0 for model in MODELS.values())


MODELS: dict[str, Any] = {
    "idea": Idea,
    "comment": Comment,
    "standard": Standard,
    "person": Person,
    "department": Department,
    "service": Service,
}


def moment(at: datetime | None) -> int:
    """Microseconds, so that equally good results always come newest first."""
    return int(at.timestamp() * 1_000_000) if at is not None else 0


def _tokens(
    departments: Iterable[int | None], people: Iterable[int | None] = ()
) -> tuple[str, ...]:
    found = {f"d{one}" for one in departments if one} | {f"p{one}" for one in people if one}
    return tuple(sorted(found))


def _grouped(query: Any) -> dict[int, list[Any]]:
    """Rows of (owner, value) as lists by owner."""
    found: dict[int, list[Any]] = defaultdict(list)
    for owner, value in db.session.execute(query):
        found[owner].append(value)
    return found


def _slots(ids: Sequence[int]) -> dict[int, list[tuple[int, bool]]]:
    """The departments that ideas affect, and whether their answer is still open."""
    query = (
        select(Answer.idea_id, Answer.department_id, Answer.answer)
        .where(Answer.idea_id.in_(ids))
        .order_by(Answer.id)
    )
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for idea_id, department_id, answer in db.session.execute(query):
        found[idea_id].append((department_id, answer == AnswerKind.WAITING))
    return found


def _became(ids: Sequence[int]) -> dict[int, list[str]]:
    """The numbers of the standards that ideas became part of, once published."""
    query = (
        select(VersionIdea.idea_id, Standard.number)
        .join(Version, Version.id == VersionIdea.version_id)
        .join(Standard, Standard.id == Version.standard_id)
        .where(VersionIdea.idea_id.in_(ids), Version.published_at.is_not(None))
    )
    return _grouped(query.distinct().order_by(Standard.number))


def _ideas(ids: Sequence[int]) -> Iterator[Document]:
    problem, proposal, outcome = aliased(Text), aliased(Text), aliased(Text)
    query = (
        select(Idea, problem.plain, proposal.plain, outcome.plain)
        .outerjoin(problem, problem.id == Idea.problem_id)
        .outerjoin(proposal, proposal.id == Idea.proposal_id)
        .outerjoin(outcome, outcome.id == Idea.outcome_id)
        .where(Idea.id.in_(ids), *findable_ideas())
    )
    rows = db.session.execute(query).all()
    slots, became = _slots(ids), _became(ids)
    tags = _grouped(
        select(IdeaTag.idea_id, Tag.name)
        .join(Tag, Tag.id == IdeaTag.tag_id)
        .where(IdeaTag.idea_id.in_(ids))
        .order_by(Tag.name)
    )
    for idea, *texts in rows:
        departments = [department_id for department_id, _open in slots[idea.id]]
        yield Document(
            kind="idea",
            id=idea.id,
            title=idea.title,
            body="\n".join(text for text in texts if text),
            tags=tuple(tags.get(idea.id, ())),
            lang=idea.lang,
            stage=idea.stage_kind,
            departments=tuple(departments),
            scope=_idea_scope(idea, departments),
            at=moment(idea.posted_at),
            author=idea.author_id,
            home=idea.author_department_id or 0,
            standards=tuple(became.get(idea.id, ())),
            waiting=_waiting(idea, slots[idea.id]),
        )


def _waiting(idea: Idea, slots: Iterable[tuple[int, bool]]) -> tuple[int, ...]:
    return tuple(i for i, is_open in slots if is_open) if idea.stage_kind in UNSETTLED else ()


def findable_ideas() -> tuple[Any, ...]:
    """Drafts and hidden ideas are in nobody's index."""
    return (Idea.stage_kind != StageKind.DRAFT, Idea.hidden_at.is_(None))


def _idea_scope(idea: Any, affected: Iterable[int]) -> tuple[str, ...]:
    whose = (idea.author_department_id, idea.owner_department_id)
    return _tokens([*affected, *whose], [idea.author_id])


def _comments(ids: Sequence[int]) -> Iterator[Document]:
    query = (
        select(Comment, Text.plain, Thread.subject, Thread.subject_id)
        .join(Text, Text.id == Comment.text_id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.id.in_(ids), Comment.deleted_at.is_(None))
    )
    rows = db.session.execute(query).all()
    subjects = _subjects({(row.subject, row.subject_id) for row in rows})
    for comment, plain, kind, subject_id in rows:
        subject = subjects.get((kind, subject_id))
        if subject is not None:
            yield Document(
                kind="comment",
                id=comment.id,
                title="",
                body=plain,
                lang=subject.lang,
                departments=subject.departments,
                scope=subject.scope,
                at=moment(comment.created_at),
                author=comment.author_id,
                standards=subject.standards,
            )


def _subjects(refs: set[Ref]) -> dict[Ref, Document]:
    """What comments inherit from the ideas and standards they hang on, if those are findable."""
    by_kind = {kind: [i for k, i in refs if k == kind] for kind in ("idea", "standard")}
    found: dict[Ref, Document] = {}
    for chunk in _chunks(by_kind["idea"]):
        slots = _slots(chunk)
        for idea in db.session.scalars(select(Idea).where(Idea.id.in_(chunk), *findable_ideas())):
            departments = [department_id for department_id, _open in slots[idea.id]]
            scope = _idea_scope(idea, departments)
            found["idea", idea.id] = Document(
                "idea", idea.id, "", lang=idea.lang, departments=tuple(departments), scope=scope
            )
    for chunk in _chunks(by_kind["standard"]):
        found.update({("standard", d.id): d for d in _standards(chunk)})
    return found


def _standards(ids: Sequence[int]) -> Iterator[Document]:
    for standard in indexable(ids):
        yield Document(
            kind="standard",
            id=standard.id,
            title=f"{standard.number} {standard.title}",
            body=standard.plain,
            lang=standard.lang,
            stage=VersionState.IN_FORCE,
            departments=tuple(standard.department_ids),
            scope=_tokens(standard.department_ids),
            at=moment(standard.published_at),
            home=standard.owner_department_id or 0,
            standards=(standard.number,),
        )


def _people(ids: Sequence[int]) -> Iterator[Document]:
    query = select(Person).where(Person.id.in_(ids), *present_people())
    answering = _answering(ids)
    for person in db.session.scalars(query):
        yield Document(
            kind="person",
            id=person.id,
            title=person.name,
            body=person.job_title,
            departments=(person.department_id,) if person.department_id else (),
            scope=_tokens([person.department_id, *answering.get(person.id, ())], [person.id]),
            at=moment(person.created_at),
            home=person.department_id or 0,
        )


def _answering(ids: Sequence[int]) -> dict[int, list[int]]:
    """The departments these people represent or head, which consultants there see them by."""
    represented = select(Representative.person_id, Representative.department_id).where(
        Representative.person_id.in_(ids)
    )
    headed = select(Department.head_id, Department.id).where(Department.head_id.in_(ids))
    return _grouped(union_all(represented, headed))


def present_people() -> tuple[Any, ...]:
    """Neither deactivated nor erased."""
    return (Person.deactivated_at.is_(None), Person.erased_at.is_(None))


def _departments(ids: Sequence[int]) -> Iterator[Document]:
    query = select(Department).where(Department.id.in_(ids), Department.archived_at.is_(None))
    for department in db.session.scalars(query):
        yield Document(
            kind="department",
            id=department.id,
            title=f"{department.name} {department.code}",
            body=department.description,
            departments=(department.id,),
            scope=_tokens([department.id]),
            at=moment(department.created_at),
        )


def _services(ids: Sequence[int]) -> Iterator[Document]:
    for service in db.session.scalars(select(Service).where(Service.id.in_(ids))):
        sides = (service.provider_id, service.customer_id)
        yield Document(
            kind="service",
            id=service.id,
            title=service.name,
            departments=tuple(dict.fromkeys(sides)),
            scope=_tokens(sides),
            at=moment(service.created_at),
        )


LOADERS: dict[str, Callable[[Sequence[int]], Iterator[Document]]] = {
    "idea": _ideas,
    "comment": _comments,
    "standard": _standards,
    "person": _people,
    "department": _departments,
    "service": _services,
}
