"""Moving what hangs on an idea to another and back, in the open write, one statement a kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import aliased

from forum.core.db import db
from forum.discussion.models import Comment
from forum.discussion.visibility import standing
from forum.files.models import UploadUse
from forum.ideas.merges.models import (
    IdeaAuthor,
    Merge,
    MergedPerson,
    MergedRow,
    PersonPart,
    RowPart,
)
from forum.ideas.models import Follow, Idea, Vote

HERE_VOTE, HERE_FOLLOW = aliased(Vote), aliased(Follow)


def stop_the_rest() -> None:
    """Let nobody vote or comment until the commit.

    A vote writes its row before it counts on the idea, a merge holds the idea before it moves the
    rows: on PostgreSQL the two would wait for each other. SQLite has one writer anyway.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE vote, comment IN SHARE ROW EXCLUSIVE MODE"))


def _insert(model: Any) -> Any:
    dialect: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    return dialect(model.__table__)


def _run(statement: Any) -> int:
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def votes(merge: Merge, revision: int) -> tuple[int, int]:
    """Move the child's votes to the parent: how many moved, and how many were there already."""
    here = and_(HERE_VOTE.idea_id == merge.parent_id, HERE_VOTE.person_id == Vote.person_id)
    known = (
        select(*_whose(merge, PersonPart.VOTE, Vote.person_id, HERE_VOTE.person_id))
        .add_columns(Vote.department_id, Vote.revision, Vote.at)
        .add_columns(func.coalesce(HERE_VOTE.at, Vote.at))
        .outerjoin(HERE_VOTE, here)
        .where(Vote.idea_id == merge.child_id)
    )
    names = (*NAMES, "department_id", "revision", "at", "here_at")
    db.session.execute(insert(MergedPerson).from_select(names, known))
    of_child = Vote.idea_id == merge.child_id
    doubled = Vote.person_id.in_(_both(merge, PersonPart.VOTE))
    both = _run(delete(Vote).where(of_child, doubled))
    values = {"idea_id": merge.parent_id, "revision": revision}
    return _run(update(Vote).where(of_child).values(**values)), both


NAMES = ("merge_id", "part", "person_id", "both")


def _whose(merge: Merge, part: PersonPart, person_id: Any, here: Any) -> tuple[Any, ...]:
    return literal(merge.id), literal(part.value, String), person_id, here.is_not(None)


def _both(merge: Merge, part: PersonPart) -> Select[Any]:
    return select(MergedPerson.person_id).where(
        MergedPerson.merge_id == merge.id, MergedPerson.part == part, MergedPerson.both.is_(True)
    )


def follows(merge: Merge) -> None:
    """The child's followers follow the parent, from now on."""
    here = and_(HERE_FOLLOW.idea_id == merge.parent_id, HERE_FOLLOW.person_id == Follow.person_id)
    both = HERE_FOLLOW.person_id.is_not(None)
    known = (
        select(*_whose(merge, PersonPart.FOLLOW, Follow.person_id, HERE_FOLLOW.person_id))
        .add_columns(
            Follow.since,
            case((both, HERE_FOLLOW.since), else_=literal(merge.at, Follow.since.type)),
        )
        .outerjoin(HERE_FOLLOW, here)
        .where(Follow.idea_id == merge.child_id)
    )
    names = (*NAMES, "at", "here_at")
    db.session.execute(insert(MergedPerson).from_select(names, known))
    of_child = Follow.idea_id == merge.child_id
    db.session.execute(
        delete(Follow).where(of_child, Follow.person_id.in_(_both(merge, PersonPart.FOLLOW)))
    )
    _run(update(Follow).where(of_child).values(idea_id=merge.parent_id, since=merge.at))


def comments(merge: Merge, child: Idea, parent: Idea) -> int:
    """Move the child's thread into the parent's, replies with their comments: how many count."""
    there = Comment.thread_id == child.thread_id
    kept = select(literal(merge.id), literal(RowPart.COMMENT.value, String), Comment.id)
    names = ("merge_id", "part", "row_id")
    db.session.execute(insert(MergedRow).from_select(names, kept.where(there)))
    count = select(func.count(Comment.id)).where(there, standing())
    said = db.session.scalar(count) or 0
    _run(update(Comment).where(there).values(thread_id=parent.thread_id))
    return said


def pictures(child_id: int, parent_id: int) -> None:
    """Whoever sees the parent sees the pictures of what moved there."""
    use = UploadUse
    shown = select(use.upload_id, literal("idea", String), literal(parent_id)).where(
        use.kind == "idea", use.subject_id == child_id
    )
    names = ["upload_id", "kind", "subject_id"]
    db.session.execute(_insert(use).from_select(names, shown).on_conflict_do_nothing())


def authors(merge: Merge, child: Idea, parent: Idea) -> None:
    """The child's author, if it has a name, and co-authors are co-authors of the parent."""
    beside = select(IdeaAuthor.person_id).where(IdeaAuthor.idea_id == child.id)
    signed = set() if child.anonymous else {child.author_id}
    people = {*signed, *db.session.scalars(beside)} - {parent.author_id}
    rows = [
        {"idea_id": parent.id, "person_id": person_id, "merge_id": merge.id, "at": merge.at}
        for person_id in sorted(people)
    ]
    if rows:
        db.session.execute(_insert(IdeaAuthor).values(rows).on_conflict_do_nothing())


def votes_back(merge: Merge) -> tuple[int, int]:
    """Give the child the votes that came from it and that nobody has touched since.

    How many left the parent, and how many the child has again, with those who backed both.
    """
    mine = MergedPerson.merge_id == merge.id, MergedPerson.part == PersonPart.VOTE
    untouched = (
        select(MergedPerson.person_id)
        .join(Vote, and_(Vote.person_id == MergedPerson.person_id, Vote.at == MergedPerson.here_at))
        .where(*mine, Vote.idea_id == merge.parent_id)
    )
    people = list(db.session.scalars(untouched))
    kept = select(
        literal(merge.child_id),
        MergedPerson.person_id,
        MergedPerson.department_id,
        MergedPerson.revision,
        MergedPerson.at,
    ).where(*mine, MergedPerson.person_id.in_(people))
    names = ["idea_id", "person_id", "department_id", "revision", "at"]
    again = _insert(Vote).from_select(names, kept).on_conflict_do_nothing()
    back = len(db.session.execute(again.returning(Vote.person_id)).all())
    staying = _hand_on(merge, PersonPart.VOTE, people)
    left = delete(Vote).where(
        Vote.idea_id == merge.parent_id,
        Vote.person_id.in_(set(people) - staying),
        Vote.person_id.in_(_came(merge, PersonPart.VOTE)),
    )
    return _run(left), back


def _came(merge: Merge, part: PersonPart) -> Select[Any]:
    return select(MergedPerson.person_id).where(
        MergedPerson.merge_id == merge.id, MergedPerson.part == part, MergedPerson.both.is_(False)
    )


def _hand_on(merge: Merge, part: PersonPart, people: Sequence[int]) -> set[int]:
    """Those who stay on the parent because another idea that is merged there brought them too.

    From now on it is that one they came with.
    """
    other = aliased(MergedPerson)
    query = (
        select(other.person_id, func.min(other.merge_id))
        .join(Merge, Merge.id == other.merge_id)
        .where(
            Merge.parent_id == merge.parent_id,
            Merge.id != merge.id,
            Merge.undone_at.is_(None),
            other.part == part,
            other.both.is_(True),
            _is_that_of(other, merge.parent_id, part),
            other.person_id.in_(people),
            other.person_id.in_(_came(merge, part)),
        )
        .group_by(other.person_id)
    )
    heirs = {row[0]: row[1] for row in db.session.execute(query)}
    for merge_id in set(heirs.values()):
        ids = [person_id for person_id, heir in heirs.items() if heir == merge_id]
        of_heir = MergedPerson.merge_id == merge_id, MergedPerson.part == part
        _run(
            update(MergedPerson).where(*of_heir, MergedPerson.person_id.in_(ids)).values(both=False)
        )
    return set(heirs)


def _is_that_of(known: Any, idea_id: int, part: PersonPart) -> ColumnElement[bool]:
    """Whether somebody's vote or wish to hear on an idea is still the one that was met there.

    Merges made before this was noted of followers say nothing of it.
    """
    table, since = (Vote, Vote.at) if part == PersonPart.VOTE else (Follow, Follow.since)
    same = or_(known.here_at.is_(None), since.is_(None), since == known.here_at)
    return (
        exists()
        .where(table.idea_id == idea_id, table.person_id == known.person_id, same)
        .correlate(known)
    )


def follows_back(merge: Merge) -> None:
    """Who still follows the parent follows the child again, as long as they did; who came with it
    no longer both."""
    mine = MergedPerson.merge_id == merge.id, MergedPerson.part == PersonPart.FOLLOW
    still = (
        select(literal(merge.child_id), MergedPerson.person_id, MergedPerson.at)
        .join(Follow, Follow.person_id == MergedPerson.person_id)
        .where(*mine, Follow.idea_id == merge.parent_id)
    )
    names = ["idea_id", "person_id", "since"]
    db.session.execute(_insert(Follow).from_select(names, still).on_conflict_do_nothing())
    came = select(MergedPerson.person_id).where(
        *mine, _is_that_of(MergedPerson, merge.parent_id, PersonPart.FOLLOW)
    )
    people = list(db.session.scalars(came))
    leaving = set(people) - _hand_on(merge, PersonPart.FOLLOW, people)
    _run(
        delete(Follow).where(
            Follow.idea_id == merge.parent_id,
            Follow.person_id.in_(leaving),
            Follow.person_id.in_(_came(merge, PersonPart.FOLLOW)),
        )
    )


def comments_back(merge: Merge, child: Idea, parent: Idea) -> int:
    """Give the child its comments and whatever was replied to them: how many count.

    What was replied to its text stands there by itself.
    """
    came = select(MergedRow.row_id).where(
        MergedRow.merge_id == merge.id, MergedRow.part == RowPart.COMMENT
    )
    here = Comment.thread_id == parent.thread_id
    if merge.comment_id is not None:
        of_text = here, Comment.parent_id == merge.comment_id
        loose = {"thread_id": child.thread_id, "parent_id": null()}
        _run(update(Comment).where(*of_text).values(**loose))
    replies = aliased(Comment)
    hanging = select(replies.id).where(replies.parent_id.in_(came))
    theirs = Comment.id.in_(came) | Comment.id.in_(hanging)
    _run(update(Comment).where(here, theirs).values(thread_id=child.thread_id))
    count = select(func.count(Comment.id)).where(Comment.thread_id == child.thread_id, standing())
    return db.session.scalar(count) or 0


def text_away(merge: Merge, by_id: int, at: Any) -> int:
    """Remove the child's text from the parent's thread, unless that was done: how many counted."""
    there = Comment.id == merge.comment_id, Comment.deleted_at.is_(None)
    counted = db.session.scalar(select(func.count(Comment.id)).where(*there, standing())) or 0
    _run(update(Comment).where(*there).values(deleted_at=at, deleted_by_id=by_id))
    return counted


def authors_away(merge: Merge) -> None:
    """Who came with the child is no co-author of the parent any more."""
    _run(delete(IdeaAuthor).where(IdeaAuthor.merge_id == merge.id))


def count(idea_id: int, **steps: int) -> None:
    """Move an idea's counters by so much."""
    moved = {name: getattr(Idea, name) + step for name, step in steps.items() if step}
    if moved:
        _run(update(Idea).where(Idea.id == idea_id).values(**moved))


def slots_of(merge: Merge) -> Sequence[int]:
    """The slots that were opened on the parent."""
    query = select(MergedRow.row_id).where(
        MergedRow.merge_id == merge.id, MergedRow.part == RowPart.SLOT
    )
    return list(db.session.scalars(query))
