"""The weekly mail in its reader's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from forum.accounts.models import Person
from forum.core.db import assert_no_write_open
from forum.core.i18n import _, ago, day, ngettext, speaking
from forum.core.mail import Letter
from forum.core.site import absolute, site
from forum.core.unlinked import unlinked
from forum.notifications import tokens
from forum.notifications.letters import Line, Part, Sheet, put_into_words
from forum.notifications.week import News, Thing

THING = "week"
"""What weekly mails belong to, so that they are shown as one conversation."""


def weekly(person: Person, news: News) -> Letter:
    """The letter about somebody's week. No query but for the site's settings."""
    assert_no_write_open("wrote a mail")
    with speaking(person.locale or site().default_locale):
        return put_into_words(person, _sheet(person, news), thing=THING)


def _sheet(person: Person, news: News) -> Sheet:
    parts = [
        _part(_("Waits for your department"), news.waits, _waited),
        _part(_("Moved since you looked"), news.moved, _moved),
        _part(_("Decided"), news.decided, _decided),
        _part(_("Popular elsewhere"), news.popular, _supported),
        _part(_("To read and confirm"), news.to_read, _in_force),
    ]
    return Sheet(
        subject=_("Your week at %(site)s", site=site().name),
        opening=_(
            "Hello %(name)s, this is new since you were last here.", name=unlinked(person.name)
        ),
        parts=[part for part in parts if part.lines],
        url=absolute("/"),
        button=_("Open the forum"),
        why=_(
            "You get this mail on Mondays if you were not here in the week, heard nothing by mail, "
            "and there is something new."
        ),
        unsubscribe=absolute(tokens.path_of(person.id, tokens.WEEKLY)),
    )


def _part(heading: str, things: Sequence[Thing], note: Callable[[Thing], str]) -> Part:
    lines = [
        Line(unlinked(each.title), absolute(each.url), note=note(each), lang=each.lang)
        for each in things
    ]
    return Part(heading, lines)


def _waited(thing: Thing) -> str:
    return _("asked %(ago)s", ago=ago(thing.at))


def _moved(thing: Thing) -> str:
    return ago(thing.at)


def _decided(thing: Thing) -> str:
    return _("accepted") if thing.word == "accept" else _("declined")


def _supported(thing: Thing) -> str:
    return ngettext("%(num)d supporter", "%(num)d supporters", thing.supporters)


def _in_force(thing: Thing) -> str:
    return _("in force since %(day)s", day=day(thing.at))
