"""What the index knows of each thing: loaded from the database in bulk, a query or two a kind.

What is not indexable (drafts, hidden ideas, deleted comments, unpublished standards, people who are
gone) comes out as nothing, and is therefore deleted from the index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, func, select, union_all
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.campaigns.models import CampaignIdea
from forum.core.db import db
from forum.core.texts import Text
from forum.core.words import normalize
from forum.departments.models import Department, Representative, Service
from forum.departments.services import queries as services
from forum.discussion.models import Comment, Thread
from forum.discussion.visibility import standing
from forum.ideas.models import Answer, AnswerKind, Idea, IdeaTag, StageKind, Tag
from forum.ideas.policy import UNSETTLED
from forum.ideas.stage_cards import slug_of
from forum.ideas.together.in_short import all_shorts
from forum.ideas.together.queries import authors_by_idea
from forum.search.documents import INDEXED, OLDER, Document, Ref
from forum.search.files import files_of
from forum.standards.document import Clause, lay_out
from forum.standards.models import (
    Standard,
    Version,
    VersionIdea,
    VersionState,
)
from forum.standards.older import older
from forum.standards.queries import indexable
from forum.standards.tongues.queries import Found, Told, findable

CHUNK = 500
"""Most ids in one IN list."""


def load(refs: Iterable[Ref]) -> list[Document]:
    """The indexable ones among these things, as they are now, by kind and id."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for kind, row_id in refs:
        wanted[kind].append(row_id)
    return [
        document
        for kind in INDEXED
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
    OLDER: Version,
}


def moment(at: datetime | None) -> int:
    """Microseconds, so that equally good results always come newest first."""
    return int(at.timestamp() * 1_000_000) if at is not None else 0


def _tokens(
    departments: Iterable[int | None], people: Iterable[int | None] = ()
) -> tuple[str, ...]:
    found = {f"d{one}" for one in departments if one}
    found.update([f"p{one}" for one in people if one])
    return tuple(sorted(found))


IDS: Any = bindparam("ids", expanding=True)
"""The things asked for, in statements that are made once."""


def _rows(statement: Any, ids: Sequence[int]) -> Sequence[Any]:
    return db.session.execute(statement, {"ids": ids}).all()


def _grouped(statement: Any, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Rows of (owner, value) as lists by owner."""
    found: dict[int, list[Any]] = defaultdict(list)
    for owner, value in _rows(statement, ids):
        found[owner].append(value)
    return found


def findable_ideas() -> tuple[Any, ...]:
    """Drafts and hidden ideas are in nobody's index."""
    return (Idea.stage_kind != StageKind.DRAFT, Idea.hidden_at.is_(None))


SLOTS = (
    select(Answer.idea_id, Answer.department_id, Answer.answer)
    .where(Answer.idea_id.in_(IDS))
    .order_by(Answer.id)
)
BECAME = (
    select(VersionIdea.idea_id, Standard.number)
    .join(Version, Version.id == VersionIdea.version_id)
    .join(Standard, Standard.id == Version.standard_id)
    .where(VersionIdea.idea_id.in_(IDS), Version.published_at.is_not(None))
    .distinct()
    .order_by(Standard.number)
)
"""The numbers of the standards that ideas became part of, once published."""
TAGS = (
    select(IdeaTag.idea_id, Tag.name)
    .join(Tag, Tag.id == IdeaTag.tag_id)
    .where(IdeaTag.idea_id.in_(IDS))
    .order_by(Tag.name)
)
PROBLEM, PROPOSAL, OUTCOME = aliased(Text), aliased(Text), aliased(Text)
SEEN_BY = (Idea.author_id, Idea.author_department_id, Idea.owner_department_id)
IDEAS = (
    select(
        Idea.id,
        Idea.title,
        Idea.lang,
        Idea.stage_kind,
        Idea.stage_id,
        Idea.posted_at,
        *SEEN_BY,
        CampaignIdea.campaign_id,
        PROBLEM.plain,
        PROPOSAL.plain,
        OUTCOME.plain,
        all_shorts(),
    )
    .outerjoin(PROBLEM, PROBLEM.id == Idea.problem_id)
    .outerjoin(PROPOSAL, PROPOSAL.id == Idea.proposal_id)
    .outerjoin(OUTCOME, OUTCOME.id == Idea.outcome_id)
    .outerjoin(CampaignIdea, CampaignIdea.idea_id == Idea.id)
    .where(Idea.id.in_(IDS), *findable_ideas())
)


def _slots(ids: Sequence[int]) -> dict[int, list[tuple[int, bool]]]:
    """The departments that ideas affect, and whether their answer is still open."""
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for idea_id, department_id, answer in _rows(SLOTS, ids):
        found[idea_id].append((department_id, answer == AnswerKind.WAITING))
    return found


def _ideas(ids: Sequence[int]) -> Iterator[Document]:
    slots, became, tags = _slots(ids), _grouped(BECAME, ids), _grouped(TAGS, ids)
    files, writers = files_of("idea", ids), authors_by_idea(ids)
    for row in _rows(IDEAS, ids):
        row_id, title, lang, stage, stage_id, posted_at, *seen_by, campaign = row[:10]
        author, home, owner = seen_by
        departments = [department_id for department_id, _open in slots[row_id]]
        yield Document(
            kind="idea",
            id=row_id,
            title=title,
            body="\n".join([text for text in row[10:] if text]),
            tags=tuple(tags.get(row_id, ())),
            lang=lang,
            stage=slug_of(stage, stage_id),
            departments=tuple(departments),
            scope=_tokens([*departments, home, owner], [author]),
            at=moment(posted_at),
            author=author,
            home=home or 0,
            standards=tuple(became.get(row_id, ())),
            waiting=_waiting(stage, slots[row_id]),
            files=files.get(row_id, ""),
            writers=tuple(writers.get(row_id, ())),
            campaign=campaign or 0,
        )


def _waiting(stage: str, slots: Iterable[tuple[int, bool]]) -> tuple[int, ...]:
    return tuple([i for i, is_open in slots if is_open]) if stage in UNSETTLED else ()


COMMENTS = (
    select(
        Comment.id,
        Comment.author_id,
        Comment.created_at,
        Text.plain,
        Thread.subject,
        Thread.subject_id,
    )
    .join(Text, Text.id == Comment.text_id)
    .join(Thread, Thread.id == Comment.thread_id)
    .where(Comment.id.in_(IDS), standing())
)
COMMENTED = select(Idea.id, Idea.lang, *SEEN_BY).where(Idea.id.in_(IDS), *findable_ideas())


def _comments(ids: Sequence[int]) -> Iterator[Document]:
    rows = _rows(COMMENTS, ids)
    subjects = _subjects({(row.subject, row.subject_id) for row in rows})
    files = files_of("comment", ids)
    for comment in rows:
        subject = subjects.get((comment.subject, comment.subject_id))
        if subject is not None:
            yield Document(
                kind="comment",
                id=comment.id,
                title="",
                body=comment.plain,
                lang=subject.lang,
                departments=subject.departments,
                scope=subject.scope,
                at=moment(comment.created_at),
                author=comment.author_id,
                standards=subject.standards,
                files=files.get(comment.id, ""),
            )


def _subjects(refs: set[Ref]) -> dict[Ref, Document]:
    """What comments inherit from the ideas and standards they hang on, if those are findable."""
    by_kind = {kind: [i for k, i in refs if k == kind] for kind in ("idea", "standard")}
    found: dict[Ref, Document] = {}
    for chunk in _chunks(by_kind["idea"]):
        slots = _slots(chunk)
        for row_id, lang, author, home, owner in _rows(COMMENTED, chunk):
            departments = [department_id for department_id, _open in slots[row_id]]
            scope = _tokens([*departments, home, owner], [author])
            found["idea", row_id] = Document(
                "idea", row_id, "", lang=lang, departments=tuple(departments), scope=scope
            )
    for chunk in _chunks(by_kind["standard"]):
        found.update({("standard", d.id): d for d in _standards(chunk)})
    return found


NOT_TRANSLATED = Found()


def _standards(ids: Sequence[int]) -> Iterator[Document]:
    files, others = files_of("standard", ids), findable(ids)
    for standard in indexable(ids):
        other = others.get(standard.id, NOT_TRANSLATED)
        yield Document(
            kind="standard",
            id=standard.id,
            title=" ".join((standard.number, standard.title, *other.titles)),
            body="\n".join((standard.plain, *_words(other))),
            lang=standard.lang,
            stage=VersionState.IN_FORCE,
            departments=tuple(standard.department_ids),
            scope=_tokens(standard.department_ids),
            at=moment(standard.published_at),
            home=standard.owner_department_id or 0,
            standards=(standard.number,),
            files=files.get(standard.id, ""),
            clauses=_clauses([*lay_out(standard.html).clauses, *_translated(other)]),
            version=standard.version,
        )


def _older(ids: Sequence[int]) -> Iterator[Document]:
    """Versions that are not in force any more: in no stage, without translations and documents."""
    for version in older(ids):
        yield Document(
            kind=OLDER,
            id=version.id,
            title=f"{version.number} {version.title}",
            body=version.plain,
            lang=version.lang,
            departments=tuple(version.department_ids),
            scope=_tokens(version.department_ids),
            at=moment(version.published_at),
            home=version.owner_department_id or 0,
            standards=(version.number,),
            clauses=_clauses(lay_out(version.html).clauses),
            version=version.version,
        )


def _words(found: Found) -> Iterator[str]:
    return (words for part in found.parts for words in (part.title, part.text) if words)


def _translated(found: Found) -> list[Told]:
    return [part for part in found.parts if part.key]


def _clauses(found: Iterable[Clause | Told]) -> tuple[str, ...]:
    """Clauses by number and heading."""
    names = (f"{clause.number} {clause.title}" for clause in found)
    return tuple(dict.fromkeys(normalize(" ".join(each.split())) for each in names))


def present_people() -> tuple[Any, ...]:
    """Neither deactivated nor erased."""
    return (Person.deactivated_at.is_(None), Person.erased_at.is_(None))


PEOPLE = select(
    Person.id, Person.name, Person.job_title, Person.department_id, Person.created_at
).where(Person.id.in_(IDS), *present_people())
ANSWERING: Any = union_all(
    select(Representative.person_id, Representative.department_id).where(
        Representative.person_id.in_(IDS)
    ),
    select(Department.head_id, Department.id).where(Department.head_id.in_(IDS)),
)
"""The departments that people represent or head, which consultants there see them by."""


def _people(ids: Sequence[int]) -> Iterator[Document]:
    answering = _grouped(ANSWERING, ids)
    for person in _rows(PEOPLE, ids):
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
    """By all their words; who may not read the name of a team at one end does not find them."""
    for service, names, within, people in services.worded(ids):
        stands_in = (service.provider_id, service.customer_id)
        departments = tuple(dict.fromkeys(each for each in stands_in if each is not None))
        yield Document(
            kind="service",
            id=service.id,
            title=service.name,
            body="\n".join(filter(None, (service.delivered, service.channel, *names))),
            departments=departments,
            scope=_tokens(within)
            if len(within) == 1
            else ()
            if within
            else (*_tokens(departments), *(f"p{person_id}" for person_id in people)),
            at=moment(service.created_at),
        )


LOADERS: dict[str, Callable[[Sequence[int]], Iterator[Document]]] = {
    "idea": _ideas,
    "comment": _comments,
    "standard": _standards,
    "person": _people,
    "department": _departments,
    "service": _services,
    OLDER: _older,
}
