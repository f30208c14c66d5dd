"""Reading ideas: one function per page, each of known cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Row, String, and_, bindparam, cast, exists, func, literal, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db, read_columns
from forum.core.errors import NotFound
from forum.core.i18n import locale_code
from forum.core.texts import Text
from forum.departments.models import Department
from forum.departments.queries import answered_by
from forum.ideas.merges.queries import took_in
from forum.ideas.models import (
    Answer,
    Decision,
    Follow,
    Idea,
    IdeaRevision,
    IdeaTag,
    StageChange,
    Tag,
    Vote,
)
from forum.ideas.together import queries as together
from forum.ideas.together.adopted import is_improvement
from forum.ideas.together.in_short import LOCALE, Short, short_by, short_text
from forum.ideas.together.proposed import how_many_wait
from forum.ideas.visibility import READER, SCOPE, parameters_for, visible


def idea_or_404(reader: Person, idea_id: int) -> Idea:
    """An idea the reader may see. One query."""
    values = parameters_for(reader)
    query = _one_idea(reader.moderates, "scope_ids" in values)
    idea: Idea | None = db.session.scalars(query, {**values, "idea_id": idea_id}).first()
    if idea is None:
        raise NotFound
    return idea


@cache
def _one_idea(moderates: bool, limited: bool) -> Any:
    seen = visible(READER, SCOPE if limited else None, moderates=moderates)
    return select(Idea).where(Idea.id == bindparam("idea_id"), seen)


@dataclass(frozen=True, slots=True)
class IdeaTexts:
    """An idea page's head: texts, names, and what this reader did with it.

    `writes`: the reader is a co-author; `invited`: asked to be one; `coauthors`: as lines;
    `suggestions`: how many suggested edits wait; `short`: a summary in the reader's language;
    `improved`: it was done from the beginning.
    """

    idea: Idea
    author: str
    author_erased: bool
    department: Row[Any] | None
    problem_html: str
    proposal_html: str
    outcome_html: str
    voted_on: int | None
    follows: bool
    tags: list[tuple[str, str]]
    coauthors: str | None
    took_in: bool
    writes: bool
    invited: bool
    suggestions: int
    short: Short | None
    improved: bool

    @property
    def voted(self) -> bool:
        """Whether the reader supports it."""
        return self.voted_on is not None


def idea_page(reader: Person, idea_id: int) -> IdeaTexts:
    """The head of an idea's page, 404 when the reader may not see it. One query."""
    values = {**parameters_for(reader), LOCALE.key: locale_code()}
    query = _page_query(reader.moderates, "scope_ids" in values)
    row = db.session.execute(query, {**values, "idea_id": idea_id}).one_or_none()
    if row is None:
        raise NotFound
    return IdeaTexts(
        idea=row[0],
        author=row.author,
        author_erased=row.erased_at is not None,
        department=row if row.department_id is not None else None,
        problem_html=row.problem or "",
        proposal_html=row.proposal or "",
        outcome_html=row.outcome or "",
        voted_on=row.voted_on,
        follows=bool(row.follows),
        tags=_tags(row.tags),
        coauthors=row.coauthors,
        took_in=bool(row.took_in),
        writes=bool(row.writes),
        invited=bool(row.invited),
        suggestions=row.suggestions,
        improved=bool(row.improved),
        short=Short(row.short, row.short_by, locale_code()) if row.short else None,
    )


def _tags(joined: str | None) -> list[tuple[str, str]]:
    """Tags out of lines of position, slug and name; none of the three holds a line's end."""
    lines = [line.split(" ", 2) for line in (joined or "").split("\n") if line]
    ordered = sorted(lines, key=lambda line: int(line[0]))
    return [(name, slug) for _position, slug, name in ordered]


def joined_tags() -> Any:
    """An idea's tags in one column, so that its page need not ask for them apart."""
    line = cast(IdeaTag.position, String) + " " + Tag.slug + " " + Tag.name
    return (
        select(func.aggregate_strings(line, "\n"))
        .join(IdeaTag, IdeaTag.tag_id == Tag.id)
        .where(IdeaTag.idea_id == Idea.id)
        .correlate(Idea)
        .scalar_subquery()
    )


@cache
def _page_query(moderates: bool, limited: bool) -> Any:
    problem, proposal, outcome = aliased(Text), aliased(Text), aliased(Text)
    voted_on = (
        select(Vote.revision)
        .where(Vote.idea_id == Idea.id, Vote.person_id == READER)
        .correlate(Idea)
        .scalar_subquery()
    )
    follows = exists().where(Follow.idea_id == Idea.id, Follow.person_id == READER)
    return (
        select(
            Idea,
            Person.name.label("author"),
            Person.erased_at,
            Department.id.label("department_id"),
            Department.name.label("department_name"),
            Department.slug,
            Department.code,
            Department.hue,
            problem.html.label("problem"),
            proposal.html.label("proposal"),
            outcome.html.label("outcome"),
            voted_on.label("voted_on"),
            follows.label("follows"),
            joined_tags().label("tags"),
            together.joined_authors().label("coauthors"),
            took_in().label("took_in"),
            together.reader_writes().label("writes"),
            together.reader_is_invited().label("invited"),
            how_many_wait().label("suggestions"),
            is_improvement().label("improved"),
            short_text().label("short"),
            short_by().label("short_by"),
        )
        .join(Person, Person.id == Idea.author_id)
        .outerjoin(Department, Department.id == Idea.author_department_id)
        .outerjoin(problem, problem.id == Idea.problem_id)
        .outerjoin(proposal, proposal.id == Idea.proposal_id)
        .outerjoin(outcome, outcome.id == Idea.outcome_id)
        .where(Idea.id == bindparam("idea_id"))
        .where(visible(READER, SCOPE if limited else None, moderates=moderates))
    )


class Step(NamedTuple):
    """One change of stage."""

    from_kind: str
    to_kind: str
    at: datetime
    by: str | None
    stage_id: int


STEPS = (
    select(
        StageChange.from_kind,
        StageChange.to_kind,
        StageChange.at,
        Person.name,
        StageChange.stage_id,
    )
    .outerjoin(Person, Person.id == StageChange.by_id)
    .where(StageChange.idea_id == bindparam("idea_id"))
    .order_by(StageChange.id)
)


def steps_of(idea_id: int) -> list[Step]:
    """How an idea went through its stages, oldest first. One query."""
    return [Step._make(row) for row in read_columns(STEPS, {"idea_id": idea_id})]


class Verdict(NamedTuple):
    """A decision as its page shows it."""

    decision: str
    at: datetime
    by: str | None
    reason_html: str
    revisit_html: str
    override: bool
    owner: str | None
    owner_slug: str | None
    owner_code: str | None
    owner_hue: int | None
    owner_id: int | None
    due_on: date | None
    confirmed_at: datetime | None
    asked_due_on: date | None
    asked_html: str | None
    mine: bool


REASON, REVISIT, ASKED = aliased(Text), aliased(Text), aliased(Text)


VERDICT = (
    select(
        Decision.decision,
        Decision.at,
        Person.name,
        REASON.html,
        REVISIT.html,
        Decision.override,
        Department.name,
        Department.slug,
        Department.code,
        Department.hue,
        Department.id,
        Decision.due_on,
        Decision.confirmed_at,
        Decision.asked_due_on,
        ASKED.html,
        answered_by(READER).label("mine"),
    )
    .outerjoin(Person, Person.id == Decision.by_id)
    .outerjoin(REASON, REASON.id == Decision.reason_id)
    .outerjoin(REVISIT, REVISIT.id == Decision.revisit_id)
    .outerjoin(ASKED, ASKED.id == Decision.asked_reason_id)
    .join(Idea, Idea.id == Decision.idea_id)
    # The owner of today: it may have been handed over, or merged into another department.
    .outerjoin(Department, Department.id == Idea.owner_department_id)
    .where(Decision.idea_id == bindparam("idea_id"))
    .order_by(Decision.id.desc())
    .limit(1)
)


def verdict_on(reader: Person, idea_id: int) -> Verdict | None:
    """The decision that stands, and whether the reader answers for its owner. One query."""
    values = {"idea_id": idea_id, READER.key: reader.id}
    row = read_columns(VERDICT, values).one_or_none()
    return Verdict._make(row) if row is not None else None


TAGS = (
    select(Tag.name, Tag.slug)
    .join(IdeaTag, IdeaTag.tag_id == Tag.id)
    .where(IdeaTag.idea_id == bindparam("idea_id"))
    .order_by(IdeaTag.position)
)


def tags_of(idea_id: int) -> list[tuple[str, str]]:
    """An idea's tags as (name, slug), as its author ordered them. One query."""
    return [(row[0], row[1]) for row in db.session.execute(TAGS, {"idea_id": idea_id})]


def sources_of(idea: Idea) -> tuple[str, str]:
    """What its author typed: problem and proposal. One query."""
    ids = [i for i in (idea.problem_id, idea.proposal_id) if i is not None]
    found = dict(db.session.execute(select(Text.id, Text.source).where(Text.id.in_(ids))).all())
    return found.get(idea.problem_id or 0, ""), found.get(idea.proposal_id or 0, "")


def affected_ids(idea_id: int) -> list[int]:
    """The affected departments' ids. One query."""
    query = select(Answer.department_id).where(Answer.idea_id == idea_id).order_by(Answer.id)
    return list(db.session.scalars(query))


class Revision(NamedTuple):
    """One wording of an idea."""

    number: int
    title: str
    at: datetime
    editor: str
    problem_html: str
    proposal_html: str
    plain: str


def revisions_of(idea_id: int) -> list[Revision]:
    """Every wording an idea had, oldest first. One query."""
    problem, proposal = aliased(Text), aliased(Text)
    query = (
        select(
            IdeaRevision.number,
            IdeaRevision.title,
            IdeaRevision.at,
            Person.name,
            problem.html,
            proposal.html,
            problem.plain,
            proposal.plain,
        )
        .join(Person, Person.id == IdeaRevision.editor_id)
        .outerjoin(problem, problem.id == IdeaRevision.problem_id)
        .outerjoin(proposal, proposal.id == IdeaRevision.proposal_id)
        .where(IdeaRevision.idea_id == idea_id)
        .order_by(IdeaRevision.number)
    )
    return [
        Revision(*row[:4], row[4] or "", row[5] or "", f"{row[6] or ''}\n{row[7] or ''}".strip())
        for row in db.session.execute(query)
    ]


def voted_among(reader_id: int, idea_ids: Sequence[int]) -> frozenset[int]:
    """Which of these ideas the reader supports. One query, none for an empty list."""
    if not idea_ids:
        return frozenset()
    query = select(Vote.idea_id).where(
        and_(Vote.person_id == reader_id, Vote.idea_id.in_(list(idea_ids)))
    )
    return frozenset(db.session.scalars(query))


def drafts_of(author_id: int, *, limit: int = 20) -> list[Any]:
    """An author's drafts, newest first. One query."""
    query = (
        select(Idea.id, Idea.title, Idea.excerpt, Idea.created_at, literal("draft").label("kind"))
        .where(Idea.author_id == author_id, Idea.stage_kind == "draft")
        .order_by(Idea.id.desc())
        .limit(limit)
    )
    return list(db.session.execute(query).all())
