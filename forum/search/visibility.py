"""What each reader may see of a snapshot, and the way from its numbers back to things."""

from __future__ import annotations

import numpy as np

from forum.accounts.models import Person
from forum.campaigns.policy import may_see as may_see_campaigns
from forum.core.site import site
from forum.departments.scope import scope_of
from forum.search.documents import INDEXED, KINDS, OLDER, Ref
from forum.search.engine.search import Search
from forum.search.engine.segment import Segment
from forum.search.engine.snapshot import Mask, Snapshot, View, both
from forum.search.language.operators import Operator, operators
from forum.search.ranking import FORMULA

MODULE_OF = {"service": "map"}
"""Kinds that belong to a module: switched off, they are no search kind."""
VIEW = "view"
KEPT = 64
"""Views remembered with a snapshot: one for everybody, one for each consultant's departments."""

Tokens = frozenset[str] | None
"""The scope tokens that let a reader see a thing; None for those who see everything."""


def kinds_on() -> tuple[str, ...]:
    """The kinds that can be searched for in this forum."""
    modules = site().modules
    return tuple(k for k in KINDS if k not in MODULE_OF or MODULE_OF[k] in modules)


def operators_for(reader: Person) -> list[Operator]:
    """The filters that can mean anything to a reader: consultants see no campaigns."""
    return [each for each in operators() if each.takes != "campaign" or may_see_campaigns(reader)]


def search_for(reader: Person, snapshot: Snapshot, *, older: bool = False) -> Search:
    """The reader's search; `older` versions of standards count only in one that asks for them.

    No query, but for a consultant's departments.
    """
    scope = scope_of(reader).departments
    tokens = None if scope is None else frozenset({f"d{i}" for i in scope} | {f"p{reader.id}"})
    key = (VIEW, tokens, (*kinds_on(), *([OLDER] if older else [])))
    if key not in snapshot.kept:
        if sum(known[0] == VIEW for known in snapshot.kept) >= KEPT:
            forget_views(snapshot)
        masks = [
            both(live, _mask(segment, tokens, key[2]))
            for live, segment in zip(snapshot.live, snapshot.segments, strict=True)
        ]
        snapshot.kept[key] = View(snapshot, FORMULA, masks)
    return Search(snapshot.kept[key])


def forget_views(snapshot: Snapshot) -> None:
    """Drop the views of a snapshot, which hold it as it holds them: its files can be closed."""
    for key in [known for known in snapshot.kept if known[0] == VIEW]:
        snapshot.kept.pop(key, None)


def _mask(segment: Segment, tokens: Tokens, kinds: tuple[str, ...]) -> Mask:
    """Which documents of a segment count for a reader; remembered, since segments never change."""
    key = (tokens, kinds)
    if key not in segment.kept:
        if len(segment.kept) >= KEPT:
            segment.kept.clear()
        segment.kept[key] = _worked_out(segment, tokens, kinds)
    found: Mask = segment.kept[key]
    return found


def _worked_out(segment: Segment, tokens: Tokens, kinds: tuple[str, ...]) -> Mask:
    allowed = np.array([kind in kinds for kind in INDEXED])
    mask = allowed[segment.columns.numbers["kind"]]
    if tokens is not None:
        mask &= segment.columns.labels["scope"].having(tokens)
    return None if mask.all() else mask


def ref_of(snapshot: Snapshot, doc: int) -> Ref:
    """Which thing a document is."""
    return INDEXED[int(snapshot.column("kind")[doc])], int(snapshot.column("id")[doc])


def docid(snapshot: Snapshot, doc: int) -> str:
    """A document's key in the index."""
    kind, row_id = ref_of(snapshot, doc)
    return f"{kind}:{row_id}"
