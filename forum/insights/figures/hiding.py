"""Which branches' shares may be told, so that no group of fewer than k people follows from them.

Branches lie in each other like boxes, so what follows from the shown ones by adding and taking
away are unions of their *own parts*: a shown branch without the shown branches below it. It is
enough, and needed, that every such part is safe: at least k people took part, at least k did not,
and, where votes count, at least k took part by votes alone, since anybody can count all else by
hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

K = 5
"""People below whom nothing is told."""


class Part(NamedTuple):
    """People of a group, how many of them took part, and how many of those in secret alone."""

    people: int = 0
    took_part: int = 0
    secretly: int = 0

    def and_also(self, other: Part) -> Part:
        """Two groups without anybody in common as one."""
        return Part(*(mine + its for mine, its in zip(self, other, strict=True)))

    def openly(self) -> Part:
        """The same group where only what anybody can read counts."""
        return Part(self.people, self.took_part - self.secretly, 0)

    def without(self, other: Part) -> Part:
        """A group without a part of it."""
        return Part(*(mine - its for mine, its in zip(self, other, strict=True)))


Safe = Callable[[Part], bool]
"""Whether a figure over a group may be told."""


def is_safe(part: Part, *, votes: bool, k: int = K) -> bool:
    """Whether a figure over this group tells of nobody; of an empty one it tells nothing."""
    if not part.people:
        return True
    rest = part.people - part.took_part
    return part.took_part >= k and rest >= k and (not votes or part.secretly >= k)


def shown_branches(
    own: Mapping[int, Part],
    children: Mapping[int, list[int]],
    root: int,
    *,
    votes: bool,
    k: int = K,
) -> dict[int, Part]:
    """The branches that may be told, each with its whole group. `own` are the people who belong to
    a department itself. The root is told where it is safe by itself, at the cost of small branches
    if need be."""
    return _shown(own, children, root, partial(is_safe, votes=votes, k=k))


def large_branches(
    people: Mapping[int, int], children: Mapping[int, list[int]], root: int, *, k: int = K
) -> frozenset[int]:
    """The branches of which may be told what their people wrote, so that nothing follows about
    fewer than k of them. `people` belong to a department itself; of the root it is told anyway."""
    own = {place: Part(number) for place, number in people.items()}
    return frozenset(_shown(own, children, root, lambda part: not part.people or part.people >= k))


def _shown(
    own: Mapping[int, Part], children: Mapping[int, list[int]], root: int, safe: Safe
) -> dict[int, Part]:
    wholes = _wholes(own, children, root)
    told: dict[int, Part] = {}
    _show(root, wholes, children, told, safe)
    while root not in told and safe(wholes[root]):
        told.pop(min(_highest(root, told, children), key=lambda b: (told[b].people, b)))
        if safe(_rest(root, wholes, children, told)):
            told[root] = wholes[root]
    return {branch: part for branch, part in told.items() if part.people}


def _wholes(
    own: Mapping[int, Part], children: Mapping[int, list[int]], root: int
) -> dict[int, Part]:
    wholes: dict[int, Part] = {}
    for branch in reversed(_downwards(root, children)):
        whole = own.get(branch, Part())
        for child in children.get(branch, ()):
            whole = whole.and_also(wholes[child])
        wholes[branch] = whole
    return wholes


def _downwards(root: int, children: Mapping[int, list[int]]) -> list[int]:
    order, ahead = [], [root]
    while ahead:
        here = ahead.pop()
        order.append(here)
        ahead += children.get(here, [])
    return order


def _show(
    root: int,
    wholes: Mapping[int, Part],
    children: Mapping[int, list[int]],
    told: dict[int, Part],
    safe: Safe,
) -> None:
    """From the leaves up, show what is safe with what is shown already below it."""
    for branch in reversed(_downwards(root, children)):
        rest = _rest(branch, wholes, children, told)
        if safe(rest):
            told[branch] = wholes[branch]


def _rest(
    branch: int,
    wholes: Mapping[int, Part],
    children: Mapping[int, list[int]],
    told: Mapping[int, Part],
) -> Part:
    """A branch without the shown ones below it: the own part that would follow."""
    rest = wholes[branch]
    for below in _highest(branch, told, children):
        rest = rest.without(told[below])
    return rest


def _highest(branch: int, told: Mapping[int, Part], children: Mapping[int, list[int]]) -> list[int]:
    """The shown branches below one that lie in no other shown one below it."""
    found, ahead = [], list(children.get(branch, ()))
    while ahead:
        here = ahead.pop()
        if here in told:
            found.append(here)
        else:
            ahead += children.get(here, [])
    return found
