"""How much of many like things the daily run tries on the second database: always the same, so that
a run can be repeated; the full run tries all.

The forum's own code is the same on both, so what is left for PostgreSQL is what its SQL says.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

FULL = bool(os.environ.get("FORUM_TEST_FULL"))
Item = TypeVar("Item")


def whole(database: str) -> bool:
    """Whether this database is tried with everything."""
    return FULL or database == "sqlite"


def share(items: Iterable[Item], database: str, *, of: int, start: int = 0) -> list[Item]:
    """All items, or one in `of` on the second database, from the one at `start` on."""
    return list(items if whole(database) else islice(items, start, None, of))
