"""Event types of comments."""

from forum.core.events import event_type

COMMENTED = event_type("comment.posted", "somebody commented")
COMMENT_EDITED = event_type("comment.edited", "a comment was edited")
COMMENT_DELETED = event_type("comment.deleted", "a comment was deleted")
COMMENT_HIDDEN = event_type("comment.hidden", "a comment was hidden", privileged=True)
COMMENT_HELD = event_type("comment.held", "a newcomer's comment waits for a moderator")
COMMENT_RESTORED = event_type("comment.restored", "a deleted comment came back")
COMMENT_REMOVED = event_type(
    "comment.removed", "a moderator deleted somebody's comment", privileged=True
)
COMMENT_PURGED = event_type("comment.purged", "a deleted comment lost its contents")
MADE_OFFICIAL = event_type("comment.made-official", "a comment became an official update")
MADE_PLAIN = event_type("comment.made-plain", "a comment is no official update any more")
RESOLVED = event_type("comment.question-resolved", "a question was resolved")
REOPENED = event_type("comment.question-reopened", "a question was opened again")
