"""Posting, editing and withdrawing ideas, and tagging the departments they affect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select, update

from forum.accounts.models import Person
from forum.accounts.trust import must_wait
from forum.core import limits, richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import LOCALES, lazy, speaking
from forum.core.richtext import Composed
from forum.core.textcheck import derive_title, detect_lang, excerpt
from forum.departments.holding import hold_open
from forum.discussion.actions import open_thread
from forum.files.uses import claim, let_go
from forum.ideas import asking, clock, extras, facts, held, policy, stages
from forum.ideas.affected import ask_departments, known_departments, retag
from forum.ideas.extras import Keep
from forum.ideas.filed import CHANGED, check_unmoved, mark
from forum.ideas.models import Answer, Follow, Idea, IdeaRevision, IdeaTag, StageKind
from forum.ideas.queries import sources_of
from forum.ideas.tags import file_under
from forum.ideas.together.queries import co_authors_of

EMPTY = lazy("Describe the problem first; one sentence is enough.")
UNTITLED = lazy("Untitled draft")
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
    also: tuple[Keep, ...] = field(default=(), compare=False)


def word(
    *,
    title: str,
    problem: str,
    proposal: str = "",
    tags: Sequence[str] = (),
    departments: Sequence[int] = (),
    unsure: bool = False,
    also: tuple[Keep, ...] = (),
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
        also=also,
    )


def untitled() -> set[str]:
    """What a draft without a title is called, in every language."""
    names = set()
    for locale in LOCALES:
        with speaking(locale):
            names.add(str(UNTITLED))
    return names


def post_idea(author: Person, wording: Wording, *, draft: bool = False) -> Idea:
    """Post an idea, or save it as a draft; a draft may still be empty."""
    if not draft:
        check_says_something(wording)
    known = known_departments(author, wording.departments)
    waits = not draft and must_wait(author)
    with transaction():
        kept = hold_open(known)
        idea = new_idea(author, wording, StageKind.DRAFT if draft else StageKind.OPEN)
        file_under(idea.id, wording.tags)
        ask_departments(idea, known, held=kept)
        if not draft:
            announce(author, idea, wording, waits=waits)
    return idea


def check_says_something(wording: Wording) -> None:
    """Raises Invalid for an idea without a problem."""
    if wording.problem is None or not wording.problem.source.strip():
        raise Invalid(EMPTY, field="problem")


def new_idea(author: Person, wording: Wording, stage: StageKind) -> Idea:
    """The rows of an idea that its author follows, in the open write, without its event."""
    idea = rows_of_idea(author, wording, stage, at=now())
    db.session.add(Follow(idea_id=idea.id, person_id=author.id))
    return idea


def rows_of_idea(
    author: Person, wording: Wording, stage: StageKind, *, at: datetime, anonymous: str = ""
) -> Idea:
    """The rows of an idea, in the open write, none of which holds another moment than `at`."""
    thread = open_thread("idea")
    problem, proposal = (texts.store_if_any(c, at=at) for c in (wording.problem, wording.proposal))
    idea = Idea(
        thread_id=thread.id,
        author_id=author.id,
        author_department_id=author.department_id,
        stage_id=stages.stage_id(stage),
        stage_kind=stage,
        title=wording.title or str(UNTITLED),
        excerpt=wording.excerpt,
        lang=wording.lang or "en",
        problem_id=problem.id if problem else None,
        proposal_id=proposal.id if proposal else None,
        unsure=wording.unsure,
        anonymous=anonymous,
        **dict.fromkeys(("stage_since", "created_at", "posted_at", "active_at"), at),
    )
    db.session.add(idea)
    db.session.flush()
    thread.subject_id = idea.id
    _show_pictures(author, idea, wording)
    db.session.add(IdeaRevision.of(idea, author.id, at))
    extras.keep(idea, wording.also)
    return idea


def _show_pictures(author: Person, idea: Idea, wording: Wording) -> None:
    for said in (wording.problem, wording.proposal):
        if said is not None:
            claim(said.source, "idea", idea.id, author)


def announce(author: Person, idea: Idea, wording: Wording, *, waits: bool = False) -> None:
    """Tell the log that an idea is there and whom it calls, in the open write; a newcomer's waits
    unseen for a moderator instead."""
    if waits:
        held.hold(author, idea)
        return
    record_posted(author, idea, wording)


def record_posted(
    author: Person | None, idea: Idea, wording: Wording, *, at: datetime | None = None
) -> None:
    """The event of a new idea, in the open write; without a name its author is None."""
    called = [c.mentions for c in (wording.problem, wording.proposal) if c is not None]
    record(
        facts.POSTED,
        by=author,
        about=("idea", idea.id),
        at=at,
        departments=list(wording.departments),
        people=sorted({p for m in called for p in m.person_ids})[:20],
        mentioned=sorted({d for m in called for d in m.department_ids})[:20],
    )


def post_draft(author: Person, idea: Idea, wording: Wording, *, seen: int | None = None) -> None:
    """Turn a draft into an open idea, with this wording; Conflict if a tab saved since `seen`.

    What was saved since may be this very text: then nothing is lost, and it is posted.
    """
    require(policy.may_edit(author, idea))
    check_says_something(wording)
    known = known_departments(author, wording.departments, idea)
    saved = not says_something_else(idea, wording)
    last = idea.revision if seen is None or saved else seen
    waits = must_wait(author)
    with transaction():
        kept = hold_open(known)
        stages.hold(idea, allowed=[StageKind.DRAFT])
        rewrite(author, idea, wording, seen=last, keep_history=False)
        retag(idea, known, held=kept, by=author)
        _open(author, idea)
        extras.posted(idea)
        announce(author, idea, wording, waits=waits)


def _open(author: Person, idea: Idea) -> None:
    """The draft is open from now on, and its departments are asked from now on."""
    at, moved_to = now(), author.department_id
    allowed = [StageKind.DRAFT]
    stages.move(
        idea,
        StageKind.OPEN,
        by=author,
        allowed=allowed,
        posted_at=at,
        author_department_id=moved_to,
    )
    asked = update(Answer).where(Answer.idea_id == idea.id)
    db.session.execute(asked.values(**clock.begin(at), revision=idea.revision))


def save_draft(author: Person, idea: Idea, wording: Wording, *, seen: int) -> int:
    """Overwrite a draft; returns its new version. Conflict if another tab saved since `seen`."""
    require(policy.may_edit(author, idea) and idea.stage_kind == StageKind.DRAFT)
    known = known_departments(author, wording.departments, idea)
    with transaction():
        kept = hold_open(known)
        rewrite(author, idea, wording, seen=seen, keep_history=False)
        retag(idea, known, held=kept, by=author)
    return idea.revision


def edit_idea(author: Person, idea: Idea, wording: Wording, *, seen: int, filed: str = "") -> None:
    """Change an open idea; every earlier wording stays readable.

    Where the text itself is the same, what was said to it stays said to the present wording.
    Conflict when the text changed since `seen`, or departments and tags since the mark `filed`.
    """
    require(policy.may_edit(author, idea, co_authors_of(author, idea)))
    check_says_something(wording)
    known = known_departments(author, wording.departments, idea)
    reworded = says_something_else(idea, wording)
    wanted = mark(known, wording.tags, wording.unsure)
    with transaction():
        kept = hold_open(known)
        stages.hold(idea, allowed=[StageKind.OPEN])
        check_unmoved(idea, filed, wanted)
        if reworded:
            rewrite(author, idea, wording, seen=seen, keep_history=True)
            asking.author_spoke(idea, author)
        else:
            stages.hold(idea, allowed=[StageKind.OPEN], unsure=wording.unsure)
            file_under(idea.id, wording.tags)
            extras.keep(idea, wording.also)
        retag(idea, known, held=kept, by=author)
        record(facts.EDITED, by=author, about=("idea", idea.id), revision=idea.revision)


def says_something_else(idea: Idea, wording: Wording) -> bool:
    """Whether this is another text than the idea's; tags and departments are no text. One query."""
    said = [composed.source if composed else "" for composed in (wording.problem, wording.proposal)]
    return (wording.title, *said) != (idea.title, *sources_of(idea))


def rewrite(author: Person, idea: Idea, wording: Wording, *, seen: int, keep_history: bool) -> None:
    """Make an idea say something else, in the open write; Conflict when it changed since `seen`."""
    problem, proposal = texts.store_if_any(wording.problem), texts.store_if_any(wording.proposal)
    changed = db.session.execute(
        update(Idea)
        .where(Idea.id == idea.id, Idea.revision == seen, Idea.stage_kind == idea.stage_kind)
        .values(
            title=wording.title or str(UNTITLED),
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
        raise Conflict(CHANGED)
    db.session.refresh(idea)
    _show_pictures(author, idea, wording)
    if not keep_history:
        _forget_wordings(idea.id)
    db.session.add(IdeaRevision.of(idea, author.id, now()))
    file_under(idea.id, wording.tags)
    extras.keep(idea, wording.also)


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
    """Remove a draft's rows, in the open write; files that only it showed are swept."""
    extras.drop(idea.id)
    let_go("idea", [idea.id])
    for model in (Answer, IdeaTag, Follow):
        db.session.execute(delete(model).where(model.idea_id == idea.id))
    written = _wordings_of(idea.id)
    db.session.execute(delete(IdeaRevision).where(IdeaRevision.idea_id == idea.id))
    db.session.execute(delete(Idea).where(Idea.id == idea.id))
    _forget_texts(written)
    db.session.expunge(idea)


def _forget_wordings(idea_id: int) -> None:
    """What a draft said before nobody reads again, and it may be what was not to be said."""
    written = _wordings_of(idea_id)
    db.session.execute(delete(IdeaRevision).where(IdeaRevision.idea_id == idea_id))
    _forget_texts(written)


def _wordings_of(idea_id: int) -> set[int]:
    query = select(IdeaRevision.problem_id, IdeaRevision.proposal_id)
    found = db.session.execute(query.where(IdeaRevision.idea_id == idea_id)).all()
    return {number for row in found for number in row if number is not None}


def _forget_texts(ids: set[int]) -> None:
    """Texts that a draft had to itself, as every text belongs to one wording."""
    if ids:
        db.session.execute(delete(texts.Text).where(texts.Text.id.in_(ids)))
