"""Event types of comments."""

from forum.core.events import event_type

COMMENTED = event_type("comment.posted", "somebody commented")
COMMENT_EDITED = event_type("comment.edited", "a comment was edited")
COMMENT_DELETED = event_type("comment.deleted", "a comment was deleted")
