"""Posting, editing and withdrawing ideas, and tagging the departments they affect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, or_, select, update

from forum.accounts.models import Person
from forum.core import limits, richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.core.richtext import Composed
from forum.core.textcheck import derive_title, detect_lang, excerpt
from forum.departments.models import Department
from forum.departments.visibility import departments_visible_to
from forum.discussion.actions import open_thread
from forum.files.uses import claim
from forum.ideas import facts, policy, stages
from forum.ideas.models import (
    Answer,
    AnswerKind,
    AnswerRevision,
    Follow,
    Idea,
    IdeaRevision,
    StageKind,
)
from forum.ideas.tags import file_under

EMPTY = lazy("Describe the problem first; one sentence is enough.")
EXCERPT = 180


@dataclass(frozen=True, slots=True)
class Wording:
    """What an idea says, rendered before any write opens."""

    title: str
    problem: Composed | None
    proposal: Composed | None
    tags: Sequence[str] = ()
    departments: Sequence[int] = ()
    unsure: bool = False
    lang: str = ""
    excerpt: str = field(default="", compare=False)


def word(
    *,
    title: str,
    problem: str,
    proposal: str = "",
    tags: Sequence[str] = (),
    departments: Sequence[int] = (),
    unsure: bool = False,
) -> Wording:
    """Render what was typed; a missing title is taken from the first sentence."""
    said = richtext.compose(problem)
    proposed = richtext.compose(proposal) if proposal.strip() else None
    return Wording(
        title=title or derive_title(problem, limits.TITLE.value),
        problem=said,
        proposal=proposed,
        tags=tuple(tags),
        departments=tuple(dict.fromkeys(departments)),
        unsure=unsure,
        lang=detect_lang(f"{title}\n{said.plain}"),
        excerpt=excerpt(said.plain, EXCERPT),
    )


def post_idea(author: Person, wording: Wording, *, draft: bool = False) -> Idea:
    """Post an idea, or save it as a draft; a draft may still be empty."""
    if not draft:
        _check_says_something(wording)
    known = _known_departments(author, wording.departments)
    with transaction():
        idea = _new_idea(author, wording, StageKind.DRAFT if draft else StageKind.OPEN)
        file_under(idea.id, wording.tags)
        ask_departments(idea, known)
        if not draft:
            _announce(author, idea, wording)
    return idea


def _check_says_something(wording: Wording) -> None:
    if wording.problem is None or not wording.problem.source.strip():
        raise Invalid(EMPTY, field="problem")


def _known_departments(person: Person, ids: Sequence[int], idea: Idea | None = None) -> list[int]:
    """Those departments that exist and are not archived. Raises Invalid for an unknown one.

    To a consultant all but their own are unknown, unless the idea named them before.
    """
    if len(ids) > limits.AFFECTED.value:
        raise Invalid(_("Choose fewer departments."), field="departments")
    query = select(Department.id).where(
        Department.id.in_([i for i in ids if 0 < i < 2**62]),
        Department.archived_at.is_(None),
        or_(departments_visible_to(person), Department.id.in_(_named_already(idea))),
    )
    known = set(db.session.scalars(query))
    if len(known) != len(ids):
        raise Invalid(_("Choose departments from the list."), field="departments")
    return [i for i in ids if i in known]


def _named_already(idea: Idea | None) -> Any:
    return select(Answer.department_id).where(Answer.idea_id == (idea.id if idea else 0))


def _new_idea(author: Person, wording: Wording, stage: StageKind) -> Idea:
    thread = open_thread("idea")
    problem, proposal = texts.store_if_any(wording.problem), texts.store_if_any(wording.proposal)
    idea = Idea(
        thread_id=thread.id,
        author_id=author.id,
        author_department_id=author.department_id,
        stage_id=stages.stage_id(stage),
        stage_kind=stage,
        title=wording.title or _("Untitled draft"),
        excerpt=wording.excerpt,
        lang=wording.lang or "en",
        problem_id=problem.id if problem else None,
        proposal_id=proposal.id if proposal else None,
        unsure=wording.unsure,
    )
    db.session.add(idea)
    db.session.flush()
    thread.subject_id = idea.id
    _show_pictures(author, idea, wording)
    _keep_revision(idea, author)
    db.session.add(Follow(idea_id=idea.id, person_id=author.id))
    return idea


def _show_pictures(author: Person, idea: Idea, wording: Wording) -> None:
    for said in (wording.problem, wording.proposal):
        if said is not None:
            claim(said.source, "idea", idea.id, author)


def _keep_revision(idea: Idea, editor: Person) -> None:
    db.session.add(
        IdeaRevision(
            idea_id=idea.id,
            number=idea.revision,
            title=idea.title,
            problem_id=idea.problem_id,
            proposal_id=idea.proposal_id,
            editor_id=editor.id,
        )
    )


def ask_departments(idea: Idea, department_ids: Iterable[int]) -> None:
    """Open an answer slot for each department, in the open write."""
    db.session.add_all(
        Answer(idea_id=idea.id, department_id=department_id, revision=idea.revision)
        for department_id in department_ids
    )
    db.session.flush()


def _announce(author: Person, idea: Idea, wording: Wording) -> None:
    called = [c.mentions for c in (wording.problem, wording.proposal) if c is not None]
    record(
        facts.POSTED,
        by=author,
        about=("idea", idea.id),
        departments=list(wording.departments),
        people=sorted({p for m in called for p in m.person_ids})[:20],
        mentioned=sorted({d for m in called for d in m.department_ids})[:20],
    )


def post_draft(author: Person, idea: Idea, wording: Wording, *, seen: int | None = None) -> None:
    """Turn a draft into an open idea, with this wording; Conflict if a tab saved since `seen`."""
    require(policy.may_edit(author, idea))
    _check_says_something(wording)
    known = _known_departments(author, wording.departments, idea)
    with transaction():
        at = now()
        stages.move(
            idea,
            StageKind.OPEN,
            by=author,
            allowed=[StageKind.DRAFT],
            posted_at=at,
            author_department_id=author.department_id,
        )
        last = idea.revision if seen is None else seen
        _rewrite(author, idea, wording, seen=last, keep_history=False)
        _retag_departments(idea, known, by=author)
        _announce(author, idea, wording)


def save_draft(author: Person, idea: Idea, wording: Wording, *, seen: int) -> int:
    """Overwrite a draft; returns its new version. Conflict if another tab saved since `seen`."""
    require(policy.may_edit(author, idea) and idea.stage_kind == StageKind.DRAFT)
    known = _known_departments(author, wording.departments, idea)
    with transaction():
        _rewrite(author, idea, wording, seen=seen, keep_history=False)
        _retag_departments(idea, known, by=author)
    return idea.revision


def edit_idea(author: Person, idea: Idea, wording: Wording, *, seen: int) -> None:
    """Change an open idea; every earlier wording stays readable."""
    require(policy.may_edit(author, idea))
    _check_says_something(wording)
    known = _known_departments(author, wording.departments, idea)
    with transaction():
        _rewrite(author, idea, wording, seen=seen, keep_history=True)
        _retag_departments(idea, known, by=author)
        record(facts.EDITED, by=author, about=("idea", idea.id), revision=idea.revision)


def _rewrite(
    author: Person, idea: Idea, wording: Wording, *, seen: int, keep_history: bool
) -> None:
    problem, proposal = texts.store_if_any(wording.problem), texts.store_if_any(wording.proposal)
    changed = db.session.execute(
        update(Idea)
        .where(Idea.id == idea.id, Idea.revision == seen, Idea.stage_kind == idea.stage_kind)
        .values(
            title=wording.title or idea.title,
            excerpt=wording.excerpt,
            lang=wording.lang or idea.lang,
            problem_id=problem.id if problem else None,
            proposal_id=proposal.id if proposal else None,
            unsure=wording.unsure,
            revision=Idea.revision + 1,
            edited_at=now() if keep_history else None,
        )
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Conflict(
            _("This was changed in another window. Compare the two before you save again.")
        )
    db.session.refresh(idea)
    _show_pictures(author, idea, wording)
    if not keep_history:
        db.session.execute(delete(IdeaRevision).where(IdeaRevision.idea_id == idea.id))
    _keep_revision(idea, author)
    file_under(idea.id, wording.tags)


def _retag_departments(idea: Idea, wanted: Sequence[int], *, by: Person) -> None:
    """Add slots for new departments; take away those nobody has answered."""
    rows = db.session.execute(
        select(Answer.department_id, Answer.answer).where(Answer.idea_id == idea.id)
    ).all()
    present = {row.department_id for row in rows}
    dropped = [
        r.department_id
        for r in rows
        if r.answer == AnswerKind.WAITING and r.department_id not in wanted
    ]
    _close_slots(idea, dropped)
    added = [d for d in wanted if d not in present]
    ask_departments(idea, added)
    if idea.stage_kind != StageKind.DRAFT and (added or dropped):
        record(
            facts.DEPARTMENTS_CHANGED,
            by=by,
            about=("idea", idea.id),
            departments=added,
            dropped=dropped,
        )


def _close_slots(idea: Idea, department_ids: Sequence[int]) -> None:
    """Take slots away that wait, with the history of answers that were taken back."""
    waiting = (
        Answer.idea_id == idea.id,
        Answer.department_id.in_(department_ids),
        Answer.answer == AnswerKind.WAITING,
    )
    slots = select(Answer.id).where(*waiting)
    db.session.execute(delete(AnswerRevision).where(AnswerRevision.answer_id.in_(slots)))
    db.session.execute(delete(Answer).where(*waiting))


def tag_departments(person: Person, idea: Idea, department_ids: Sequence[int]) -> None:
    """Choose the affected departments, by the author or a moderator."""
    require(policy.may_tag_departments(person, idea))
    known = _known_departments(person, tuple(dict.fromkeys(department_ids)), idea)
    with transaction():
        stages.hold(idea, allowed=policy.UNSETTLED, unsure=False)
        _retag_departments(idea, known, by=person)


def withdraw(author: Person, idea: Idea) -> None:
    """Take an own idea back; it stays readable, marked as withdrawn. A draft is deleted."""
    require(policy.may_withdraw(author, idea))
    with transaction():
        if idea.stage_kind == StageKind.DRAFT:
            stages.hold(idea, allowed=[StageKind.DRAFT])
            delete_draft(idea)
            return
        stages.move(idea, StageKind.WITHDRAWN, by=author, allowed=policy.UNSETTLED)
        record(facts.WITHDRAWN, by=author, about=("idea", idea.id))


def delete_draft(idea: Idea) -> None:
    """Remove a draft's rows, in the open write."""
    from forum.ideas.models import IdeaTag

    for model in (IdeaRevision, Answer, IdeaTag, Follow):
        db.session.execute(delete(model).where(model.idea_id == idea.id))
    db.session.execute(delete(Idea).where(Idea.id == idea.id))
    db.session.expunge(idea)
