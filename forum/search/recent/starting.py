"""What somebody may start from, before they type: saved and recent searches."""

from __future__ import annotations

from dataclasses import dataclass

from forum.accounts.models import Person
from forum.search import addresses, hits
from forum.search.recent.queries import recent_searches
from forum.search.saved.queries import saved_searches

SAVED_OFFERED, RECENT_OFFERED = 5, 8
"""What fits below the box; the rest has its page."""


@dataclass(frozen=True, slots=True)
class Start:
    """A search to make again."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Starts:
    """Those that are saved, and others that were made lately."""

    saved: list[Start]
    recent: list[Start]

    def __bool__(self) -> bool:
        return bool(self.saved or self.recent)


def starts_for(reader: Person) -> Starts:
    """Last used first. Three queries, two where there is nothing."""
    saved = saved_searches(reader, most=SAVED_OFFERED)
    offered = {one.address_key for one in saved}
    recent = [one for one in recent_searches(reader) if one.address_key not in offered]
    cards = hits.seen_cards(reader, hits.all_cards()) if recent else {}
    return Starts(
        [Start(one.name, addresses.url_of(one.address)) for one in saved],
        [
            Start(addresses.in_words(one.address, cards), addresses.url_of(one.address))
            for one in recent[:RECENT_OFFERED]
        ],
    )
