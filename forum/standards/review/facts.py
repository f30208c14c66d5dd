"""Event types of reviews."""

from forum.core.events import event_type

OPENED = event_type("standard.review-opened", "a review of a standard was opened by evidence")
REMINDED = event_type("standard.review-reminded", "a standard's review comes near")
OVERDUE = event_type("standard.review-overdue", "a standard's review is late; it goes up")
REVIEWED = event_type("standard.reviewed", "a standard was reviewed")
UNDONE = event_type("standard.review-undone", "a review of a standard was taken back")
PLANNED = event_type("standard.review-planned", "the day or interval of reviews was changed")
GIVEN = event_type("standard.given", "a standard got another owner", privileged=True)
GOVERNS = event_type("standard.governs", "it was said which services go by a standard")
FILED = event_type("standard.filed", "a standard was filed under another category")
CATEGORY_SAVED = event_type("standard-category.saved", "a category was added or changed")
CATEGORY_REMOVED = event_type("standard-category.removed", "an empty category was taken out")
