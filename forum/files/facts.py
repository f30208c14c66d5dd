"""Event types of files."""

from forum.core.events import event_type

READ = event_type("file.read", "the words of a document were read")
