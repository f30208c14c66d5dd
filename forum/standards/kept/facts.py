"""Event types of promises: which clause, whether kept, on which day; never a word."""

from forum.core.events import event_type

MARKED = event_type("promise.marked", "a promise was found kept or broken")
UNMARKED = event_type("promise.unmarked", "what was said of a promise on a day was taken back")
BROKEN = event_type("promise.broken", "promises of a standard were found broken on a day")
