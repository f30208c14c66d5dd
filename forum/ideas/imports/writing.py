"""The rows of new ideas, many in a statement. Imports notify nobody: their event is
`idea.imported`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from forum.accounts.names import ANONYMOUS
from forum.core import texts
from forum.core.clock import now
from forum.core.db import db
from forum.core.events import record
from forum.discussion.models import Thread
from forum.ideas import facts
from forum.ideas.anonymous.models import Level
from forum.ideas.imports.authors import key_of
from forum.ideas.imports.composing import ComposedIdea
from forum.ideas.imports.contributions import add_comments, add_votes
from forum.ideas.imports.desk import Desk, names_in
from forum.ideas.imports.joining import join
from forum.ideas.imports.standing import (
    answer_rows,
    ask,
    hidden_at,
    insert_all,
    stage_columns,
    stand,
)
from forum.ideas.models import Idea, IdeaRevision, IdeaTag
from forum.ideas.tags import tag_ids


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
        add_comments(desk, _comments_of(fresh, rows), text_ids)
        add_votes(desk.authors, _votes_of(fresh, rows))
    return ids


def _insert_threads(number: int) -> list[int]:
    query = insert(Thread.__table__).returning(Thread.id)  # type: ignore[arg-type]
    empty = {"subject": "idea", "subject_id": 0}
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
    shown = [comment for comment in given.comments if not comment.hidden]
    said = [comment.at or at for comment in shown] if whole else []
    votes = len({desk.authors.of(name).id for name, _at in given.votes}) if whole else 0
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
        **stage_columns(desk, composed, at, text_ids),
        "revision": given.revision,
        "unsure": not given.departments,
        "hidden_at": hidden_at(composed),
        "anonymous": Level.NOBODY if key_of(given.author) == ANONYMOUS else "",
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


def _around(
    desk: Desk,
    fresh: list[ComposedIdea],
    rows: list[dict[str, Any]],
    text_ids: dict[str, int],
) -> None:
    """What stands around each idea: its revision, slots, tags, and how it came to its stage."""
    pairs = list(zip(fresh, rows, strict=True))
    insert_all(IdeaRevision, [_revision_row(row) for row in rows])
    ask(slot for c, row in pairs for slot in _slots(desk, c, row, text_ids))
    tags = tag_ids(list(dict.fromkeys(tag for c in fresh for tag in c.idea.tags)))
    insert_all(IdeaTag, [filed for c, row in pairs for filed in tag_rows(c, row["id"], tags)])
    stand(desk, fresh, rows, text_ids)
    join(desk, pairs, text_ids)


def _revision_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "idea_id": row["id"],
        "number": row["revision"],
        "title": row["title"],
        "problem_id": row["problem_id"],
        "proposal_id": row["proposal_id"],
        "editor_id": row["author_id"],
        "at": row["created_at"],
    }


def _slots(
    desk: Desk, composed: ComposedIdea, row: dict[str, Any], text_ids: dict[str, int]
) -> list[dict[str, Any]]:
    answers = answer_rows(desk, composed, row["posted_at"], text_ids)
    return [
        {"idea_id": row["id"], "department_id": number, **answer}
        for number, answer in answers.items()
    ]


def tag_rows(composed: ComposedIdea, idea_id: int, tags: dict[str, int]) -> list[dict[str, int]]:
    """The tags an idea is filed under, each once, in their order."""
    ids = dict.fromkeys(tags[name] for name in composed.idea.tags)
    return [
        {"idea_id": idea_id, "tag_id": tag_id, "position": position}
        for position, tag_id in enumerate(ids)
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
