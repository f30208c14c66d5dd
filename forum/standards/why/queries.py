"""Reading the story of a clause: what it came from, how it was worded, what stands there now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.texts import Text
from forum.discussion.models import Comment
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.models import Idea
from forum.ideas.together.queries import joined_authors
from forum.ideas.visibility import visible_to as idea_visible_to
from forum.standards.clauses.models import Clause, ClauseKin, VersionClause
from forum.standards.models import Standard, Version
from forum.standards.queries import LARGEST
from forum.standards.visibility import open_version
from forum.standards.why.models import ClauseOrigin, Source

MOST = 10
"""Wordings shown of one clause, the newest first."""


class Standing(NamedTuple):
    """A clause in one version that the reader may see."""

    version_id: int
    version: int
    state: str
    change: str
    published_at: datetime | None
    superseded_at: datetime | None
    place: int
    number: str
    title: str
    words: str | None


@dataclass(frozen=True, slots=True)
class Wording:
    """A version that worded a clause anew: how it stood there, and its text."""

    standing: Standing
    html: str


def clause_or_404(reader: Person, standard: Standard, key: int) -> tuple[Clause, list[Standing]]:
    """A clause of a standard and where it stood, oldest first, as far as the reader sees. One
    query."""
    query = (
        select(
            Clause,
            Version.id,
            Version.number,
            Version.state,
            Version.change,
            Version.published_at,
            Version.superseded_at,
            VersionClause.place,
            VersionClause.number,
            VersionClause.title,
            VersionClause.words,
        )
        .join(VersionClause, VersionClause.clause_id == Clause.id)
        .join(Version, Version.id == VersionClause.version_id)
        .join(Standard, Standard.id == Version.standard_id)
        .where(Clause.standard_id == standard.id, open_version(reader))
        .where(Clause.key == min(key, LARGEST))
        .order_by(Version.number)
    )
    rows = db.session.execute(query).all()
    if not rows:
        raise NotFound
    return rows[0][0], [Standing(*row[1:]) for row in rows]


def wordings(standings: Sequence[Standing]) -> list[Wording]:
    """The versions that worded a clause anew, newest first, at most MOST of them. One query."""
    anew = [
        one
        for one, before in zip(standings, [None, *standings], strict=False)
        if before is None or one.words is None or one.words != before.words
    ][-MOST:]
    query = (
        select(Version.id, Text.html)
        .join(Text, Text.id == Version.text_id)
        .where(Version.id.in_([one.version_id for one in anew]))
    )
    htmls = {row[0]: row[1] for row in db.session.execute(query)}
    return [Wording(one, htmls.get(one.version_id, "")) for one in reversed(anew)]


class Relative(NamedTuple):
    """A clause that this one was split from, or took in."""

    id: int
    key: int
    title: str


def relatives_of(reader: Person, clause: Clause) -> list[Relative]:
    """The clauses that one was split from or took in, by their last heading. One query."""
    query = (
        select(Clause.id, Clause.key, VersionClause.title)
        .join(ClauseKin, ClauseKin.from_id == Clause.id)
        .join(VersionClause, VersionClause.clause_id == Clause.id)
        .join(Version, Version.id == VersionClause.version_id)
        .join(Standard, Standard.id == Version.standard_id)
        .where(ClauseKin.clause_id == clause.id, open_version(reader))
        .order_by(Version.number)
    )
    newest = {row[0]: Relative(*row) for row in db.session.execute(query)}
    return sorted(newest.values(), key=lambda each: each.key)


class IdeaBehind(NamedTuple):
    """An idea that a clause came from, with who wrote it."""

    id: int
    title: str
    lang: str
    author: str
    others: str | None
    key: int
    linked_by: int | None


def ideas_behind(reader: Person, clause_ids: Sequence[int]) -> list[IdeaBehind]:
    """The ideas that clauses came from, as far as the reader sees them. One query."""
    query = (
        select(
            Idea.id,
            Idea.title,
            Idea.lang,
            Person.name,
            joined_authors(),
            Clause.key,
            ClauseOrigin.by_id,
        )
        .select_from(ClauseOrigin)
        .join(Clause, Clause.id == ClauseOrigin.clause_id)
        .join(Idea, (ClauseOrigin.kind == Source.IDEA) & (Idea.id == ClauseOrigin.source_id))
        .join(Person, Person.id == Idea.author_id)
        .where(_standing(clause_ids), idea_visible_to(reader))
        .order_by(ClauseOrigin.at, Idea.id)
    )
    return [IdeaBehind(*row) for row in db.session.execute(query)]


class CommentBehind(NamedTuple):
    """A comment under an idea that a clause came from."""

    id: int
    idea_id: int
    title: str
    lang: str
    author: str
    plain: str
    key: int
    linked_by: int | None


def comments_behind(reader: Person, clause_ids: Sequence[int]) -> list[CommentBehind]:
    """The comments that clauses came from, as far as the reader sees them. One query."""
    query = (
        select(
            Comment.id,
            Idea.id,
            Idea.title,
            Idea.lang,
            Person.name,
            Text.plain,
            Clause.key,
            ClauseOrigin.by_id,
        )
        .select_from(ClauseOrigin)
        .join(Clause, Clause.id == ClauseOrigin.clause_id)
        .join(
            Comment, (ClauseOrigin.kind == Source.COMMENT) & (Comment.id == ClauseOrigin.source_id)
        )
        .join(Idea, Idea.thread_id == Comment.thread_id)
        .join(Person, Person.id == Comment.author_id)
        .join(Text, Text.id == Comment.text_id)
        .where(_standing(clause_ids), idea_visible_to(reader))
        .where(Comment.deleted_at.is_(None))
        .where(or_(Comment.hidden_at.is_(None), Comment.author_id == reader.id))
        .order_by(ClauseOrigin.at, Comment.id)
    )
    return [CommentBehind(*row) for row in db.session.execute(query)]


def writers_behind(clause_ids: Collection[int]) -> dict[int, list[int]]:
    """Who wrote the ideas that clauses came from, alone or with others. One query."""
    query = (
        select(ClauseOrigin.clause_id, Idea.author_id, IdeaAuthor.person_id)
        .join(Idea, (ClauseOrigin.kind == Source.IDEA) & (Idea.id == ClauseOrigin.source_id))
        .outerjoin(IdeaAuthor, IdeaAuthor.idea_id == Idea.id)
        .where(_standing(clause_ids), Idea.hidden_at.is_(None))
    )
    found: dict[int, set[int]] = {}
    for clause_id, *writers in db.session.execute(query):
        found.setdefault(clause_id, set()).update(w for w in writers if w is not None)
    return {clause_id: sorted(writers) for clause_id, writers in found.items()}


def _standing(clause_ids: Collection[int]) -> Any:
    return ClauseOrigin.clause_id.in_(list(clause_ids)) & ClauseOrigin.taken_away_at.is_(None)
