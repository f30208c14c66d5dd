"""The rows of new ideas, many in a statement. Imports notify nobody: their event is
`idea.imported`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text, update

from forum.core import texts
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.events import record
from forum.departments.models import Department
from forum.discussion.models import Thread
from forum.ideas import facts, stages
from forum.ideas.imports.authors import Authors
from forum.ideas.imports.composing import ComposedIdea
from forum.ideas.imports.contributions import add_comments, add_votes
from forum.ideas.models import (
    Answer,
    Decision,
    Idea,
    IdeaRevision,
    IdeaTag,
    StageChange,
    StageKind,
)
from forum.ideas.tags import tag_ids

IMPORT_LOCK = 7_040_005
"""Key of the PostgreSQL advisory lock that lets two imports write in turn."""
DECIDED = (StageKind.ACCEPTED, StageKind.STANDARDISED, StageKind.DONE, StageKind.DECLINED)


class Desk:
    """What every write of one import needs: people and departments by what a file calls them."""

    def __init__(self, authors: Authors, departments: dict[str, int]) -> None:
        self.authors, self.departments = authors, departments

    @contextmanager
    def open(self, names: Iterable[str]) -> Iterator[None]:
        """A write in which these people are known."""
        try:
            with transaction():
                if db.engine.dialect.name == "postgresql":
                    query = text("SELECT pg_advisory_xact_lock(:key)")
                    db.session.execute(query, {"key": IMPORT_LOCK})
                self.authors.make_known(names)
                yield
        except BaseException:
            self.authors.forget()
            raise
        self.authors.keep()

    def departments_of(self, composed: ComposedIdea) -> list[int]:
        """The departments a line names, each once."""
        named = (self.departments[name.casefold()] for name in composed.idea.departments)
        return list(dict.fromkeys(named))


def department_names() -> dict[str, int]:
    """Departments by slug, code and name, in small letters. One query."""
    rows = db.session.execute(
        select(Department.id, Department.name, Department.code, Department.slug).where(
            Department.archived_at.is_(None)
        )
    )
    known: dict[str, int] = {}
    for department_id, *names in rows:
        known.update({str(name).casefold(): department_id for name in names})
    return known


def names_in(composed: ComposedIdea, *, whole: bool) -> Iterator[str]:
    """Whom a line names; without its comments and votes unless it is written whole."""
    yield composed.idea.author
    if composed.idea.decision is not None:
        yield composed.idea.decision.by
    if whole:
        yield from (comment.author for comment in composed.idea.comments)
        yield from (person for person, _at in composed.idea.votes)


def create(desk: Desk, batch: Sequence[ComposedIdea], *, whole: bool) -> dict[str, int]:
    """Write new ideas; their ids by the source's. Not `whole`: comments and votes follow.

    An idea another import has written meanwhile is left to it.
    """
    names = {name for composed in batch for name in names_in(composed, whole=whole)}
    with desk.open(names):
        fresh = _not_here(batch)
        ids = _insert_ideas(desk, fresh, whole=whole)
        for composed in fresh if whole else ():
            record(facts.IMPORTED, by=None, about=("idea", ids[composed.idea.id]))
    return ids


def _not_here(batch: Sequence[ComposedIdea]) -> list[ComposedIdea]:
    wanted = [composed.idea.id for composed in batch]
    here = set(db.session.scalars(select(Idea.source_id).where(Idea.source_id.in_(wanted))))
    return [composed for composed in batch if composed.idea.id not in here]


def _insert_ideas(desk: Desk, fresh: list[ComposedIdea], *, whole: bool) -> dict[str, int]:
    if not fresh:
        return {}
    written = [*(text for c in fresh for text in c.own_texts)]
    if whole:
        written += [text for c in fresh for text in c.comments]
    text_ids = texts.store_all(written)
    threads = _insert_threads(len(fresh))
    moment = now()
    rows = [
        _idea_row(desk, composed, thread, text_ids, moment, whole=whole)
        for composed, thread in zip(fresh, threads, strict=True)
    ]
    query = insert(Idea.__table__).returning(Idea.source_id, Idea.id)  # type: ignore[arg-type]
    ids = {str(row[0]): row[1] for row in db.session.execute(query, rows)}
    _link_threads(threads)
    for row in rows:
        row["id"] = ids[row["source_id"]]
    _around(desk, fresh, rows, text_ids)
    if whole:
        add_comments(desk.authors, _comments_of(fresh, rows), text_ids)
        add_votes(desk.authors, _votes_of(fresh, rows))
    return ids


def _insert_threads(number: int) -> list[int]:
    query = insert(Thread.__table__).returning(Thread.id)  # type: ignore[arg-type]
    empty = {"subject": "idea", "subject_id": 0, "comment_count": 0}
    return list(db.session.scalars(query, [dict(empty) for _row in range(number)]))


def _link_threads(threads: list[int]) -> None:
    holder = select(Idea.id).where(Idea.thread_id == Thread.id).scalar_subquery()
    db.session.execute(
        update(Thread)
        .where(Thread.id.in_(threads))
        .values(subject_id=holder)
        .execution_options(synchronize_session=False)
    )


def _idea_row(
    desk: Desk,
    composed: ComposedIdea,
    thread_id: int,
    text_ids: dict[str, int],
    moment: datetime,
    *,
    whole: bool,
) -> dict[str, Any]:
    given = composed.idea
    author, at = desk.authors.of(given.author), given.at or moment
    said = [comment.at or at for comment in given.comments] if whole else []
    votes = len(given.votes) if whole else 0
    return {
        "thread_id": thread_id,
        "author_id": author.id,
        "author_department_id": author.department_id,
        "created_at": at,
        "posted_at": at,
        "active_at": max([at, *said]),
        "source_id": given.id,
        "source_digest": given.digest if whole else None,
        "comment_count": len(said),
        "imported_votes": given.counted_votes,
        "vote_count": votes,
        "support": votes + given.counted_votes,
        **wording_of(composed, text_ids),
        **stage_of(composed, at),
    }


def wording_of(composed: ComposedIdea, text_ids: dict[str, int]) -> dict[str, Any]:
    """What an idea says, as columns."""
    problem, proposal = composed.problem, composed.proposal
    return {
        "title": composed.idea.title,
        "excerpt": composed.excerpt,
        "lang": composed.lang,
        "problem_id": text_ids[problem.digest] if problem else None,
        "proposal_id": text_ids[proposal.digest] if proposal else None,
    }


def stage_of(composed: ComposedIdea, posted_at: datetime) -> dict[str, Any]:
    """Where an idea stands, as columns."""
    stage, decision = composed.idea.stage, composed.idea.decision
    since = (decision.at if decision else None) or posted_at
    return {
        "stage_id": stages.stage_id(stage),
        "stage_kind": str(stage),
        "stage_since": since,
        "settled_at": since if stage in DECIDED else None,
    }


def _around(
    desk: Desk,
    fresh: list[ComposedIdea],
    rows: list[dict[str, Any]],
    text_ids: dict[str, int],
) -> None:
    """What stands around each idea: its revision, slots, tags, and how it came to its stage."""
    pairs = list(zip(fresh, rows, strict=True))
    insert_all(IdeaRevision, [_revision_row(row) for row in rows])
    insert_all(Answer, [slot for c, row in pairs for slot in _slots(desk, c, row)])
    tags = tag_ids(list(dict.fromkeys(tag for c in fresh for tag in c.idea.tags)))
    insert_all(IdeaTag, [filed for c, row in pairs for filed in tag_rows(c, row["id"], tags)])
    insert_all(StageChange, [step for c, row in pairs for step in stage_rows(desk, c, row)])
    insert_all(Decision, [d for c, row in pairs for d in decision_rows(desk, c, row, text_ids)])


def insert_all(model: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows of one kind, if there are any."""
    if rows:
        db.session.execute(insert(model.__table__), rows)


def _revision_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "idea_id": row["id"],
        "number": 1,
        "title": row["title"],
        "problem_id": row["problem_id"],
        "proposal_id": row["proposal_id"],
        "editor_id": row["author_id"],
        "at": row["created_at"],
    }


def _slots(desk: Desk, composed: ComposedIdea, row: dict[str, Any]) -> list[dict[str, Any]]:
    asked = {"idea_id": row["id"], "asked_at": row["posted_at"]}
    return [{**asked, "department_id": number} for number in desk.departments_of(composed)]


def tag_rows(composed: ComposedIdea, idea_id: int, tags: dict[str, int]) -> list[dict[str, int]]:
    """The tags an idea is filed under, each once, in their order."""
    ids = dict.fromkeys(tags[name] for name in composed.idea.tags)
    return [
        {"idea_id": idea_id, "tag_id": tag_id, "position": position}
        for position, tag_id in enumerate(ids)
    ]


def stage_rows(desk: Desk, composed: ComposedIdea, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The step to the stage an idea stands at, unless it is still open."""
    if row["stage_kind"] == StageKind.OPEN:
        return []
    decision = composed.idea.decision
    step = {"from_kind": str(StageKind.OPEN), "to_kind": row["stage_kind"]}
    by = desk.authors.of(decision.by).id if decision else None
    step |= {"idea_id": row["id"], "stage_id": row["stage_id"], "at": row["stage_since"]}
    return [{**step, "by_id": by}]


def decision_rows(
    desk: Desk, composed: ComposedIdea, row: dict[str, Any], text_ids: dict[str, int]
) -> list[dict[str, Any]]:
    """The decision a line tells, if its stage comes after one."""
    given, reason = composed.idea.decision, composed.reason
    if given is None or row["settled_at"] is None:
        return []
    declined = row["stage_kind"] == StageKind.DECLINED
    return [
        {
            "idea_id": row["id"],
            "decision": "decline" if declined else "accept",
            "by_id": desk.authors.of(given.by).id,
            "at": row["settled_at"],
            "reason_id": text_ids[reason.digest] if reason else None,
        }
    ]


def _comments_of(fresh: list[ComposedIdea], rows: list[dict[str, Any]]) -> list[Any]:
    return [
        (row["thread_id"], given, body, given.at or row["posted_at"])
        for composed, row in zip(fresh, rows, strict=True)
        for given, body in zip(composed.idea.comments, composed.comments, strict=True)
    ]


def _votes_of(fresh: list[ComposedIdea], rows: list[dict[str, Any]]) -> list[Any]:
    return [
        (row["id"], person, at or row["posted_at"])
        for composed, row in zip(fresh, rows, strict=True)
        for person, at in composed.idea.votes
    ]
