"""Walking down the tree of departments, wherever its rows were read."""

from __future__ import annotations

from collections.abc import Iterable


def with_all_below(
    roots: Iterable[int], parents: Iterable[tuple[int, int | None]]
) -> frozenset[int]:
    """These departments and everything under them, by each department and its parent."""
    children: dict[int | None, list[int]] = {}
    for number, parent in parents:
        children.setdefault(parent, []).append(number)
    found: set[int] = set()
    ahead = list(roots)
    while ahead:
        here = ahead.pop()
        if here not in found:
            found.add(here)
            ahead += children.get(here, [])
    return frozenset(found)
