"""Event types of files."""

from forum.core.events import event_type

SHOWN = event_type("file.shown", "an import put a file back where texts show it")
READ = event_type("file.read", "the words of a document were read")
