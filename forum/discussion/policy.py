"""Who may do what to a comment they can see."""

from datetime import timedelta

from forum.accounts.models import Person
from forum.core.clock import now
from forum.discussion.models import Comment

EDIT_WINDOW = timedelta(days=30)


def may_edit(person: Person, comment: Comment) -> bool:
    """Its author, for thirty days; every version stays readable."""
    return (
        comment.deleted_at is None
        and comment.author_id == person.id
        and comment.created_at > now() - EDIT_WINDOW
    )


def may_delete(person: Person, comment: Comment, *, curates: bool) -> bool:
    """Its author or who moderates there; a trace stays, and twice is the same as once."""
    return comment.author_id == person.id or curates


def may_restore(person: Person, comment: Comment, *, curates: bool) -> bool:
    """The same for a comment, as long as its words are kept."""
    kept = comment.purged_at is None
    return kept and may_bring_back(
        person, comment.deleted_by_id, comment.author_id, curates=curates
    )


def may_bring_back(
    person: Person, deleted_by: int | None, author_id: int, *, curates: bool
) -> bool:
    """Who deleted it; moderators whatever another moderator deleted."""
    if deleted_by is None:
        return False
    return deleted_by == person.id or (curates and deleted_by != author_id)


def may_take_mark(person: Person, comment: Comment, *, curates: bool) -> bool:
    """Who wrote an official update, or who moderates there."""
    return comment.author_id == person.id or curates


def may_resolve(person: Person, comment: Comment, *, leads: bool) -> bool:
    """Who asked, and who leads the talk: the author of what it is about, and moderators."""
    return bool(comment.question) and (comment.author_id == person.id or leads)
