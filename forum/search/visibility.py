"""What each reader may see of a snapshot, and the way from its numbers back to things."""

from __future__ import annotations

import numpy as np

from forum.accounts.models import Person
from forum.core.site import site
from forum.departments.scope import scope_of
from forum.search.documents import KINDS, Ref
from forum.search.open_index import open_index
from forum.search.ranking import View
from forum.search.snapshot import Bools, Snapshot

MODULE_OF = {"service": "map"}
"""Kinds that belong to a module: switched off, they are no search kind."""
KEPT = 64
"""Views remembered with a snapshot: one for everybody, one for each consultant's departments."""


def kinds_on() -> tuple[str, ...]:
    """The kinds that can be searched for in this forum."""
    modules = site().modules
    return tuple(k for k in KINDS if k not in MODULE_OF or MODULE_OF[k] in modules)


def view_for(reader: Person, snapshot: Snapshot) -> View:
    """The reader's view. No query, but for a consultant's departments."""
    scope = scope_of(reader).departments
    tokens = None if scope is None else frozenset({f"d{i}" for i in scope} | {f"p{reader.id}"})
    key = (tokens, kinds_on())
    known = snapshot.views
    if key not in known:
        if len(known) >= KEPT:
            known.clear()
        known[key] = View(snapshot, _mask(snapshot, tokens, key[1]))
    found: View = known[key]
    return found


def _mask(snapshot: Snapshot, tokens: frozenset[str] | None, kinds: tuple[str, ...]) -> Bools:
    allowed = np.array([kind in kinds for kind in KINDS])
    mask: Bools = snapshot.live & allowed[snapshot.kind]
    if tokens is None:
        return mask
    numbers = [open_index().labels.number(token) for token in sorted(tokens)]
    docs, labels = snapshot.scope
    seen = np.zeros(snapshot.size, dtype=bool)
    seen[docs[np.isin(labels, numbers)]] = True
    return mask & seen


def ref_of(snapshot: Snapshot, doc: int) -> Ref:
    """Which thing a document is."""
    return KINDS[int(snapshot.kind[doc])], int(snapshot.row_id[doc])


def docid(snapshot: Snapshot, doc: int) -> str:
    """A document's key in the index."""
    kind, row_id = ref_of(snapshot, doc)
    return f"{kind}:{row_id}"
