"""Saying by hand what a clause came from, and what it did not."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Invalid, NotFound
from forum.core.events import EventType, record
from forum.core.i18n import lazy
from forum.core.numbers import id_or_none
from forum.discussion.models import Comment
from forum.ideas.models import Idea
from forum.ideas.visibility import listed_for
from forum.standards import facts, policy
from forum.standards.clauses.models import Clause
from forum.standards.models import Standard
from forum.standards.why.models import ClauseOrigin, Source

NOT_HERE = lazy("Give the address of an idea, or of a comment under one, as the browser shows it.")
_IDEA = re.compile(r"/ideas/(\d{1,18})/?", re.ASCII)
_COMMENT = re.compile(r"comment-(\d{1,18})", re.ASCII)


def link(editor: Person, standard: Standard, clause: Clause, address: str, version_id: int) -> None:
    """Say that a clause came from the idea or comment at an address; twice is the same as once.

    Raises Invalid for an address at which the editor sees neither.
    """
    require(policy.may_edit(editor, standard))
    kind, source_id = _at(editor, address.strip())
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    row = {"clause_id": clause.id, "kind": kind, "source_id": source_id}
    with transaction():
        statement = insert(ClauseOrigin).values(
            **row, version_id=version_id, by_id=editor.id, at=now()
        )
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=[ClauseOrigin.clause_id, ClauseOrigin.kind, ClauseOrigin.source_id],
                set_={"taken_away_at": None},
            )
        )
        _tell(facts.CLAUSE_LINKED, editor, standard, clause, kind, source_id)


def _at(editor: Person, address: str) -> tuple[Source, int]:
    """What an address leads to. One query."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise Invalid(NOT_HERE, field="address") from None
    idea, comment = _IDEA.fullmatch(parts.path), _COMMENT.fullmatch(parts.fragment)
    if idea is None:
        raise Invalid(NOT_HERE, field="address")
    query = select(Idea.id).where(Idea.id == id_or_none(idea.group(1)), listed_for(editor))
    if comment is not None:
        shown = (Comment.deleted_at.is_(None), Comment.hidden_at.is_(None))
        query = (
            query.join(Comment, Comment.thread_id == Idea.thread_id)
            .where(Comment.id == id_or_none(comment.group(1)), *shown)
            .with_only_columns(Comment.id)
        )
    found = db.session.scalar(query)
    if found is None:
        raise Invalid(NOT_HERE, field="address")
    return (Source.IDEA if comment is None else Source.COMMENT), found


def unlink(editor: Person, standard: Standard, clause: Clause, kind: str, source_id: int) -> None:
    """Say that a clause did not come from something; no version links them again."""
    require(policy.may_edit(editor, standard))
    with transaction():
        taken = db.session.execute(
            update(ClauseOrigin)
            .where(
                ClauseOrigin.clause_id == clause.id,
                ClauseOrigin.kind == kind,
                ClauseOrigin.source_id == source_id,
                ClauseOrigin.taken_away_at.is_(None),
            )
            .values(taken_away_at=now())
        )
        if not taken.rowcount:  # type: ignore[attr-defined]
            raise NotFound
        _tell(facts.CLAUSE_UNLINKED, editor, standard, clause, kind, source_id)


def _tell(
    what: EventType, by: Person, standard: Standard, clause: Clause, kind: str, source_id: int
) -> None:
    about = ("standard", standard.id)
    record(what, by=by, about=about, clause=clause.id, of=str(kind), source=source_id)
