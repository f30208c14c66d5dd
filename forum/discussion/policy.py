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


def may_delete(person: Person, comment: Comment) -> bool:
    """Its author or a moderator; a trace stays, and twice is the same as once."""
    return comment.author_id == person.id or person.moderates


def may_take_mark(person: Person, comment: Comment) -> bool:
    """Who wrote an official update, or a moderator."""
    return comment.author_id == person.id or person.moderates


def may_resolve(person: Person, comment: Comment, *, leads: bool) -> bool:
    """Who asked, and who leads the talk: the author of what it is about, and moderators."""
    return bool(comment.question) and (comment.author_id == person.id or leads)
