"""As how many people's answers those of a whole count, where one person gives several of them.

Kish, L. (1965): Survey Sampling. New York: Wiley, 5.4: answers of one person hang together, and n
of them say as little as n / deff independent ones. If each said the same of all services, which is
the worst there can be, that is n² over the sum of the squares of how many each gave (Kish's
effective number for unequal weights). How many each gave is known to nobody, since nothing ties the
answers of a person; but no more people answered about two services than about the one with fewer
answers, which bounds the sum: it is the number of pairs of answers that may be of one person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

Customer = TypeVar("Customer")
EQUAL = 1e-9


class Asked(NamedTuple):
    """Services with the same customers: the numbers of answers that are told, and of how many
    services none is."""

    told: Sequence[int]
    untold: int


def worth_of(
    asked: Mapping[Customer, Asked], total: int, may_meet: Callable[[Customer, Customer], bool]
) -> int:
    """As how many people at least so many answers count, rounded down; 1 or more.

    `may_meet` says whether a person may be one of both customers. It follows from what is told
    alone: of services that are not it takes how many there may be, each with one answer of a person
    at most, and how many answers they have together.
    """
    customers = list(asked)
    meet = np.array([[may_meet(a, b) for b in customers] for a in customers], dtype=float)
    levels = np.unique([0, *(n for each in asked.values() for n in each.told)])
    # How many services have so many answers or more: min(a, b) counts the levels both reach.
    reach = np.array(
        [[sum(n >= level for n in asked[c].told) for level in levels[1:]] for c in customers]
    ).reshape(len(customers), len(levels) - 1)
    pairs = float(((reach * (meet @ reach)).sum(axis=0) * np.diff(levels)).sum())
    told = np.array([len(asked[each].told) for each in customers], dtype=float)
    untold = np.array([asked[each].untold for each in customers], dtype=float)
    left = total - sum(sum(each.told) for each in asked.values())
    if left > 0:
        pairs += left * float((meet @ (untold + 2 * told))[untold > 0].max())
    return max(int(total * total / pairs + EQUAL), 1) if pairs else 0
