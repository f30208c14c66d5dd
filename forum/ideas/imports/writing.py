"""The rows of an imported idea. Imports notify nobody: their one event is `idea.imported`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from forum.core import texts
from forum.core.clock import now
from forum.core.db import db
from forum.core.events import record
from forum.core.texts import Text
from forum.departments.models import Department
from forum.discussion.actions import add_comment, open_thread
from forum.discussion.models import Comment, CommentRevision
from forum.ideas import facts, stages
from forum.ideas.actions import ask_departments
from forum.ideas.imports.authors import Authors
from forum.ideas.imports.composing import ComposedIdea
from forum.ideas.models import Answer, Decision, Idea, IdeaRevision, StageKind, Vote
from forum.ideas.tags import file_under

DECIDED = (StageKind.ACCEPTED, StageKind.STANDARDISED, StageKind.DONE, StageKind.DECLINED)


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


def create(composed: ComposedIdea, people: Authors, departments: dict[str, int]) -> None:
    """A new idea with everything around it, in the open write."""
    given = composed.idea
    author, at = people.of(given.author), given.at or now()
    thread = open_thread("idea")
    idea = Idea(
        thread_id=thread.id,
        author_id=author.id,
        author_department_id=author.department_id,
        stage_since=at,
        created_at=at,
        posted_at=at,
        active_at=at,
        source_id=given.id,
        **_wording(composed),
        **_stage(composed),
    )
    db.session.add(idea)
    db.session.flush()
    thread.subject_id = idea.id
    _keep_revision(idea, at)
    ask_departments(idea, dict.fromkeys(departments[n.casefold()] for n in given.departments))
    _write_around(idea, composed, people)


def change(
    idea: Idea, composed: ComposedIdea, people: Authors, departments: dict[str, int]
) -> None:
    """Bring an idea that came from this file before to what the line says now."""
    idea.revision += 1
    for name, value in {**_wording(composed), **_stage(composed)}.items():
        setattr(idea, name, value)
    idea.edited_at = now()
    _keep_revision(idea, idea.edited_at)
    asked = set(db.session.scalars(select(Answer.department_id).where(Answer.idea_id == idea.id)))
    named = dict.fromkeys(departments[n.casefold()] for n in composed.idea.departments)
    ask_departments(idea, [department for department in named if department not in asked])
    db.session.execute(delete(Decision).where(Decision.idea_id == idea.id))
    _write_around(idea, composed, people)


def _wording(composed: ComposedIdea) -> dict[str, Any]:
    problem = texts.store_if_any(composed.problem)
    proposal = texts.store_if_any(composed.proposal)
    return {
        "title": composed.idea.title,
        "excerpt": composed.excerpt,
        "lang": composed.lang,
        "problem_id": problem.id if problem else None,
        "proposal_id": proposal.id if proposal else None,
        "source_digest": composed.idea.digest,
        "imported_votes": composed.idea.counted_votes,
    }


def _stage(composed: ComposedIdea) -> dict[str, Any]:
    stage, decision = composed.idea.stage, composed.idea.decision
    settled = decision is not None and stage in DECIDED
    return {
        "stage_id": stages.stage_id(stage),
        "stage_kind": stage,
        "settled_at": (decision.at or now()) if decision and settled else None,
    }


def _keep_revision(idea: Idea, at: datetime) -> None:
    db.session.add(
        IdeaRevision(
            idea_id=idea.id,
            number=idea.revision,
            title=idea.title,
            problem_id=idea.problem_id,
            proposal_id=idea.proposal_id,
            editor_id=idea.author_id,
            at=at,
        )
    )


def _write_around(idea: Idea, composed: ComposedIdea, people: Authors) -> None:
    file_under(idea.id, composed.idea.tags)
    _vote(idea, composed, people)
    _comment(idea, composed, people)
    _decide(idea, composed, people)
    db.session.flush()
    record(facts.IMPORTED, by=None, about=("idea", idea.id))


def _vote(idea: Idea, composed: ComposedIdea, people: Authors) -> None:
    here = set(db.session.scalars(select(Vote.person_id).where(Vote.idea_id == idea.id)))
    voters = {people.of(person): at for person, at in composed.idea.votes}
    new = {person: at for person, at in voters.items() if person.id not in here}
    db.session.add_all(
        Vote(
            idea_id=idea.id,
            person_id=person.id,
            department_id=person.department_id,
            at=at or idea.posted_at,
        )
        for person, at in new.items()
    )
    idea.vote_count = len(here) + len(new)
    idea.support = idea.vote_count + idea.imported_votes


def _comment(idea: Idea, composed: ComposedIdea, people: Authors) -> None:
    """Comments that are new, and those whose words changed."""
    here = _comments_here(idea) if idea.revision > 1 else {}
    written: dict[str, int] = {name: comment.id for name, (comment, _source) in here.items()}
    for given, body in zip(composed.idea.comments, composed.comments, strict=True):
        if given.id in here:
            _reword(*here[given.id], body)
            continue
        at = given.at or idea.posted_at
        parent = written.get(given.parent) if given.parent else None
        author = people.of(given.author)
        comment = add_comment(
            author, idea.thread_id, body, parent_id=parent, at=at, source_id=given.id
        )
        written[given.id] = comment.id
        idea.active_at = max(idea.active_at, at)
    idea.comment_count = len(written)


def _comments_here(idea: Idea) -> dict[str, tuple[Comment, str]]:
    rows = db.session.execute(
        select(Comment, Text.source)
        .join(Text, Text.id == Comment.text_id)
        .where(Comment.thread_id == idea.thread_id, Comment.source_id.is_not(None))
    )
    return {str(comment.source_id): (comment, source) for comment, source in rows}


def _reword(comment: Comment, said: str, body: Any) -> None:
    if said == body.source:
        return
    text = texts.store(body)
    newest = select(func.max(CommentRevision.number)).where(
        CommentRevision.comment_id == comment.id
    )
    number = (db.session.scalar(newest) or 0) + 1
    comment.text_id, comment.edited_at, comment.revision = text.id, now(), number
    db.session.add(CommentRevision(comment_id=comment.id, number=number, text_id=text.id))


def _decide(idea: Idea, composed: ComposedIdea, people: Authors) -> None:
    given = composed.idea.decision
    if given is None or idea.settled_at is None:
        return
    reason = texts.store_if_any(composed.reason)
    db.session.add(
        Decision(
            idea_id=idea.id,
            decision="decline" if idea.stage_kind == StageKind.DECLINED else "accept",
            by_id=people.of(given.by).id,
            at=idea.settled_at,
            reason_id=reason.id if reason else None,
        )
    )
