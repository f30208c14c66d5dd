"""What makes a result better whatever was asked: gentle, and each in one line.

A score of words is multiplied by 1 + the sum of these shares:

    in force    0.10       a standard that people have to follow
    accepted    0.05       an idea that was accepted, carried out or made a standard
    supported   0.05 v / (v + 20)             v supporters of an idea
    fresh       0.05 / 2^(a / 365)            a days since it was posted

So no more than a fifth of a score is not about words. All of it is known to whoever sees the thing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from forum.core.clock import now
from forum.ideas.models import StageKind
from forum.ideas.stage_cards import slugs_of
from forum.search import figures
from forum.search.documents import KINDS
from forum.search.engine.snapshot import Docs, Snapshot
from forum.standards.models import VersionState

Shares = NDArray[np.float64]

ACCEPTED = (StageKind.ACCEPTED, StageKind.STANDARDISED, StageKind.DONE)
HALF_SUPPORT = 20
HALF_LIFE = 365 * 86_400 * 1_000_000
WEIGHTS = {"in_force": 0.10, "accepted": 0.05, "supported": 0.05, "fresh": 0.05}
MOST = 0.20
"""What they may come to together: nothing is both a standard and an accepted idea."""


def shares(snapshot: Snapshot, docs: Docs) -> dict[str, Shares]:
    """Each prior of some documents, ascending."""
    return {name: WEIGHTS[name] * found(snapshot, docs) for name, found in _FOUND.items()}


def together(snapshot: Snapshot, docs: Docs) -> Shares:
    """What the scores of some documents, ascending, are multiplied by."""
    total: Shares = 1.0 + np.sum(list(shares(snapshot, docs).values()), axis=0)
    return total


def _in_force(snapshot: Snapshot, docs: Docs) -> Shares:
    return snapshot.labelled("stage", (VersionState.IN_FORCE,), docs).astype(np.float64)


def _accepted(snapshot: Snapshot, docs: Docs) -> Shares:
    slugs = [slug for kind in ACCEPTED for slug in slugs_of(kind)]
    return snapshot.labelled("stage", slugs, docs).astype(np.float64)


def _supported(snapshot: Snapshot, docs: Docs) -> Shares:
    is_idea = snapshot.column("kind")[docs] == KINDS.index("idea")
    votes = figures.of(snapshot).votes(np.where(is_idea, snapshot.column("id")[docs], 0))
    found: Shares = votes / (votes + HALF_SUPPORT)
    return found


def _fresh(snapshot: Snapshot, docs: Docs) -> Shares:
    age = int(now().timestamp() * 1_000_000) - snapshot.column("at")[docs].astype(np.int64)
    found: Shares = np.exp2(-np.maximum(age, 0) / HALF_LIFE)
    return found


_FOUND: dict[str, Callable[[Snapshot, Docs], Shares]] = {
    "in_force": _in_force,
    "accepted": _accepted,
    "supported": _supported,
    "fresh": _fresh,
}
