"""The mail about what is new in somebody's saved searches."""

from __future__ import annotations

from collections.abc import Sequence

from forum.accounts.models import Person
from forum.core.i18n import _, moment, ngettext
from forum.core.mail import Letter, write
from forum.core.site import absolute, site
from forum.core.unlinked import unlinked
from forum.search.hits import Found
from forum.search.saved.models import SavedSearch

TITLES = 10
"""Results named in the mail for one search; the page has the rest."""


def news(person: Person, found: Sequence[tuple[SavedSearch, Sequence[Found]]]) -> Letter:
    """What each search has found since the last letter."""

    def words() -> tuple[str, str]:
        total = sum(len(things) for _saved, things in found)
        subject = ngettext(
            "%(num)d new result in your searches", "%(num)d new results in your searches", total
        )
        parts = [
            _("Hello %(name)s,\n\nthis is new in your saved searches.", name=unlinked(person.name)),
            *(_part(saved, things) for saved, things in found),
            _(
                "To hear less often, or no more, change the alert:\n%(link)s",
                link=absolute("/search/saved"),
            ),
        ]
        return f"{site().name}: {subject}", "\n\n\n".join(parts)

    return write(person.email or "", person.locale, words)


def _part(saved: SavedSearch, things: Sequence[Found]) -> str:
    lines = [_line(thing) for thing in things[:TITLES]]
    more = len(things) - TITLES
    if more > 0:
        lines.append(ngettext("and %(num)d more:", "and %(num)d more:", more))
        lines.append(absolute(f"/search/saved/{saved.id}"))
    return "\n".join([unlinked(saved.name), "", *lines])


def _line(thing: Found) -> str:
    when = f" ({moment(thing.at)})" if thing.at is not None else ""
    return f"– {unlinked(thing.title)}{when}\n  {absolute(thing.url)}"
