"""Bringing an idea that a file brought before to what its line says now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update

from forum.core import texts
from forum.core.clock import now
from forum.core.db import db, end_read
from forum.core.events import Event, record
from forum.core.richtext import Composed
from forum.core.texts import Text
from forum.discussion.actions import next_wording
from forum.discussion.models import Comment, CommentRevision
from forum.ideas import facts
from forum.ideas.again import actions as again
from forum.ideas.imports import beside
from forum.ideas.imports.composing import ComposedIdea
from forum.ideas.imports.contributions import Places, add_comments, add_votes
from forum.ideas.imports.desk import Desk, names_in
from forum.ideas.imports.joining import join
from forum.ideas.imports.standing import (
    NO_CLOCK,
    answer_rows,
    ask,
    insert_all,
    keep_given,
    stage_columns,
    stand,
)
from forum.ideas.imports.writing import tag_rows, wording_of
from forum.ideas.models import Answer, Decision, Idea, IdeaRevision, IdeaTag, StageChange
from forum.ideas.tags import tag_ids

SLICE = 60
"""Comments or votes in one write."""
DECIDED_HERE = (
    facts.STAGE_CHANGED.name,
    facts.SETTLED.name,
    facts.DONE.name,
    facts.OWNER_CHANGED.name,
    facts.OWNER_CONFIRMED.name,
    facts.OWNER_ASKED.name,
    facts.DATE_MOVED.name,
)


class Present(NamedTuple):
    """An idea that is here; no digest while not all of it is."""

    id: int
    digest: str | None


class _Said(NamedTuple):
    """A comment that is here."""

    id: int
    revision: int
    source: str


def change(desk: Desk, idea_id: int, composed: ComposedIdea) -> None:
    """Rewrite an idea's own rows, in one write; what the forum itself decided stands."""
    with desk.open(names_in(composed, whole=False)):
        idea = db.session.get_one(Idea, idea_id, populate_existing=True)
        idea.source_digest = None
        text_ids = texts.store_all(composed.own_texts)
        _reword(idea, composed, text_ids)
        _retag(idea, composed)
        _ask(desk, idea, composed, text_ids)
        if not _decided_here(idea.id):
            _restage(desk, idea, composed, text_ids)
        db.session.flush()
        _join(desk, idea, composed, text_ids)
        if not beside.merged_here(idea.id):
            came = beside.imported_with_others(idea.id)
            _count(idea.id, imported_votes=composed.idea.counted_votes + came)


def _join(desk: Desk, idea: Idea, composed: ComposedIdea, text_ids: dict[str, int]) -> None:
    row = {name: getattr(idea, name) for name in ("id", "author_id", "posted_at", "revision")}
    join(desk, [(composed, row)], text_ids)


def _reword(idea: Idea, composed: ComposedIdea, text_ids: dict[str, int]) -> None:
    """A new revision where the words changed; the wording before stays readable."""
    ids = [number for number in (idea.problem_id, idea.proposal_id) if number is not None]
    rows = db.session.execute(select(Text.id, Text.source).where(Text.id.in_(ids)))
    sources = {row.id: row.source for row in rows}
    before = (idea.title, sources.get(idea.problem_id or 0), sources.get(idea.proposal_id or 0))
    said = (composed.problem, composed.proposal)
    if before == (composed.idea.title, *(text.source if text else None for text in said)):
        return
    for name, value in wording_of(composed, text_ids).items():
        setattr(idea, name, value)
    idea.revision, idea.edited_at = idea.revision + 1, now()
    db.session.add(IdeaRevision.of(idea, idea.author_id, idea.edited_at))


def _retag(idea: Idea, composed: ComposedIdea) -> None:
    db.session.execute(delete(IdeaTag).where(IdeaTag.idea_id == idea.id))
    tags = tag_ids(list(composed.idea.tags))
    insert_all(IdeaTag, tag_rows(composed, idea.id, tags))


def _ask(desk: Desk, idea: Idea, composed: ComposedIdea, text_ids: dict[str, int]) -> None:
    """Departments are added, never taken away: a moderator may have chosen them here. Answers
    follow the line until the department answers here."""
    query = select(Answer.department_id, Answer.id).where(Answer.idea_id == idea.id)
    asked = {row[0]: row[1] for row in db.session.execute(query)}
    told = answer_rows(desk, composed, idea.posted_at, text_ids)
    new = {number: row for number, row in told.items() if number not in asked}
    ask({"idea_id": idea.id, "department_id": number, **row} for number, row in new.items())
    if told:
        idea.unsure = False
    own = _answered_here(idea.id)
    for number in asked.keys() & told.keys() - own:
        slot, row = asked[number], told[number]
        moved = db.session.execute(
            update(Answer)
            .where(Answer.id == slot, _differs(row))
            .values(**_told(row))
            .execution_options(synchronize_session=False)
        )
        if moved.rowcount:  # type: ignore[attr-defined]
            keep_given([(slot, row)])


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """What a line says of a slot; one that tells no last day leaves the clock as it is here."""
    if row["due_on"] is not None:
        return row
    return {name: value for name, value in row.items() if name not in NO_CLOCK}


def _differs(row: dict[str, Any]) -> ColumnElement[bool]:
    return or_(
        Answer.answer != row["answer"],
        Answer.answered_at.is_distinct_from(row["answered_at"]),
    )


def _answered_here(idea_id: int) -> set[int]:
    """Departments that answered in this forum; imports leave no such event."""
    query = select(Event.payload).where(
        Event.object_kind == "idea",
        Event.object_id == idea_id,
        Event.type == facts.ANSWERED.name,
    )
    return {payload["department"] for payload in db.session.scalars(query)}


def _decided_here(idea_id: int) -> bool:
    """Whether anybody moved the idea or its owner here; imports leave no such event."""
    acted = exists().where(
        Event.object_kind == "idea", Event.object_id == idea_id, Event.type.in_(DECIDED_HERE)
    )
    return bool(db.session.scalar(select(acted)))


def _restage(desk: Desk, idea: Idea, composed: ComposedIdea, text_ids: dict[str, int]) -> None:
    columns = stage_columns(desk, composed, idea.posted_at, text_ids)
    for name, value in columns.items():
        setattr(idea, name, value)
    again.forget_all(idea.id)
    for model in (StageChange, Decision):
        db.session.execute(delete(model).where(model.idea_id == idea.id))
    stand(desk, [composed], [{"id": idea.id, **columns}], text_ids)


def _count(idea_id: int, **values: Any) -> None:
    """Set columns, and support from the votes as they are in the database."""
    imported = values.get("imported_votes", Idea.imported_votes)
    votes = values.get("vote_count", Idea.vote_count)
    query = update(Idea).where(Idea.id == idea_id).values(support=votes + imported, **values)
    db.session.execute(query.execution_options(synchronize_session=False))


def complete(desk: Desk, idea_id: int, composed: ComposedIdea) -> None:
    """Add the comments and votes that are missing, in short writes, then call the idea whole."""
    end_read()
    columns = (Idea.thread_id, Idea.posted_at)
    thread_id, posted_at = db.session.execute(select(*columns).where(Idea.id == idea_id)).one()
    if not beside.merged_here(idea_id):
        _comments(desk, idea_id, thread_id, posted_at, composed)
        _votes(desk, idea_id, posted_at, composed)
    with desk.open(()):
        _count(idea_id, source_digest=composed.idea.digest)
        record(facts.IMPORTED, by=None, about=("idea", idea_id))


def _comments(
    desk: Desk, idea_id: int, thread_id: int, posted_at: datetime, composed: ComposedIdea
) -> None:
    here = _comments_here(thread_id)
    pairs = list(zip(composed.idea.comments, composed.comments, strict=True))
    new = [
        (thread_id, given, body, given.at or posted_at)
        for given, body in pairs
        if given.id not in here
    ]
    places = {(thread_id, source_id): said.id for source_id, said in here.items()}
    for start in range(0, len(new), SLICE):
        _add(desk, idea_id, thread_id, new[start : start + SLICE], places)
        places |= {(thread_id, key): said.id for key, said in _comments_here(thread_id).items()}
    changed = [
        (here[given.id], body)
        for given, body in pairs
        if given.id in here and here[given.id].source != body.source
    ]
    for start in range(0, len(changed), SLICE):
        _rewrite(desk, changed[start : start + SLICE])


def _add(desk: Desk, idea_id: int, thread_id: int, said: Sequence[Any], places: Places) -> None:
    with desk.open({given.author for _thread, given, _body, _at in said}):
        text_ids = texts.store_all([body for _thread, _given, body, _at in said])
        add_comments(desk, said, text_ids, places)
        shown = [at for _thread, given, _body, at in said if not given.hidden]
        active = func.max if db.engine.dialect.name == "sqlite" else func.greatest
        _count(
            idea_id,
            comment_count=Idea.comment_count + len(shown),
            active_at=active(Idea.active_at, max(shown)) if shown else Idea.active_at,
        )


def _comments_here(thread_id: int) -> dict[str, _Said]:
    rows = db.session.execute(
        select(Comment.source_id, Comment.id, Comment.revision, Text.source)
        .join(Text, Text.id == Comment.text_id)
        .where(Comment.thread_id == thread_id, Comment.source_id.is_not(None))
    )
    return {str(row[0]): _Said(*row[1:]) for row in rows}


def _rewrite(desk: Desk, changed: Sequence[tuple[_Said, Composed]]) -> None:
    """New words for comments that have not been edited here in the meantime."""
    with desk.open(()):
        text_ids = texts.store_all([body for _said, body in changed])
        for said, body in changed:
            text_id = text_ids[body.digest]
            moved = db.session.execute(
                update(Comment)
                .where(Comment.id == said.id, Comment.revision == said.revision)
                .values(text_id=text_id, edited_at=now(), revision=said.revision + 1)
                .execution_options(synchronize_session=False)
            )
            if moved.rowcount:  # type: ignore[attr-defined]
                number = db.session.scalar(next_wording(said.id))
                row = {"comment_id": said.id, "number": number, "text_id": text_id, "at": now()}
                insert_all(CommentRevision, [row])


def _votes(desk: Desk, idea_id: int, posted_at: datetime, composed: ComposedIdea) -> None:
    """Support is added, never taken away: somebody may have given it here."""
    votes = [(idea_id, person, at or posted_at) for person, at in composed.idea.votes]
    for start in range(0, len(votes), SLICE):
        part = votes[start : start + SLICE]
        with desk.open({person for _idea, person, _at in part}):
            new = add_votes(desk.authors, part)
            if new:
                _count(idea_id, vote_count=Idea.vote_count + new)
