"""Event types of thanks: who thanked, never whom and never a word."""

from forum.core.events import event_type

GIVEN = event_type("thanks.given", "somebody said thank you")
WITHDRAWN = event_type("thanks.withdrawn", "a thank-you was taken back")
HIDDEN = event_type("thanks.hidden", "a thank-you was hidden or shown again", privileged=True)
IMPORTED = event_type("thanks.imported", "a thank-you was imported")
