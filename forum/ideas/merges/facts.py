"""Event types of merges: about the parent when ideas come in, about the child that leaves."""

from forum.core.events import event_type

MERGED = event_type("idea.merged", "ideas became part of another one", privileged=True)
UNMERGED = event_type("idea.unmerged", "a merged idea stands by itself again", privileged=True)
