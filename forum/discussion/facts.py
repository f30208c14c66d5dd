"""Event types of comments."""

from forum.core.events import event_type

COMMENTED = event_type("comment.posted", "somebody commented")
COMMENT_EDITED = event_type("comment.edited", "a comment was edited")
COMMENT_DELETED = event_type("comment.deleted", "a comment was deleted")
MADE_OFFICIAL = event_type("comment.made-official", "a comment became an official update")
MADE_PLAIN = event_type("comment.made-plain", "a comment is no official update any more")
RESOLVED = event_type("comment.question-resolved", "a question was resolved")
REOPENED = event_type("comment.question-reopened", "a question was opened again")
