"""Mails about news, in their reader's language, as text and as HTML.

Whatever people wrote is shown by `unlinked`: in our mails it never becomes a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import current_app
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import assert_no_write_open, db
from forum.core.i18n import _, locale_code, speaking
from forum.core.mail import Letter
from forum.core.site import absolute, site
from forum.core.texts import Text
from forum.core.unlinked import unlinked
from forum.discussion.models import Comment
from forum.discussion.queries import Standing, places_of
from forum.ideas.models import Decision, Idea
from forum.notifications import tokens
from forum.notifications.kinds import STRENGTH, Kind, Thing
from forum.notifications.of_training import invitations
from forum.notifications.phrases import Cards, cards_of, sentence
from forum.notifications.queries import Item, address_among, comments_of
from forum.notifications.topics import NAMES, TOPIC_OF, Topic
from forum.training.calendar.files import Known as Invited
from forum.training.calendar.files import invitation

QUOTED = 600
"""Characters of a text that a mail quotes; the page has the rest."""
LINES = 12
"""Pieces of news told one by one in a mail about one thing."""
TEMPLATE = "notifications/mail.html"


class Line(NamedTuple):
    """A piece of news in a mail."""

    text: str
    url: str
    quote: str = ""
    note: str = ""
    lang: str = ""


class Part(NamedTuple):
    """Some lines under a heading, which may be missing."""

    heading: str
    lines: Sequence[Line]


class Sheet(NamedTuple):
    """What a mail says, before it is text or HTML. Words of people are already unlinked."""

    subject: str
    opening: str
    parts: Sequence[Part]
    url: str
    button: str
    why: str
    unsubscribe: str
    lang: str = ""


class Told(NamedTuple):
    """What one person is to be told about one thing, oldest first."""

    person: Person
    thing: Thing
    items: Sequence[Item]

    @property
    def strongest(self) -> Item:
        """The piece of news that the mail is about."""
        return min(self.items, key=lambda item: STRENGTH[Kind(item.kind)])

    @property
    def lines(self) -> Sequence[Item]:
        """What is told one by one."""
        return self.items[:LINES]


class Around(NamedTuple):
    """What the mails of a batch name, quote and lead to, by ids."""

    cards: Cards
    comments: Mapping[int, str]
    reasons: Mapping[int, str]
    excerpts: Mapping[int, str]
    places: Mapping[int, Standing]
    sessions: Mapping[int, Invited]


def about(told: Sequence[Told]) -> list[Letter]:
    """The mails that tell each what is new about a thing. At most six queries for all of them."""
    assert_no_write_open("wrote a mail")
    around = _around(told)
    return [_about(each, around) for each in told]


def _around(told: Sequence[Told]) -> Around:
    lines = [item for each in told for item in each.lines]
    decisions = {item.payload.get("decision") for item in lines if _decides(item)}
    return Around(
        cards_of(lines),
        _comments(comments_of(lines)),
        _reasons({number for number in decisions if isinstance(number, int)}),
        _excerpts({item.object_id for item in lines if _opens(item)}),
        places_of(comments_of(each.strongest for each in told)),
        invitations({each.thing[1] for each in told if each.thing[0] == "training"}),
    )


def _about(told: Told, around: Around) -> Letter:
    with speaking(told.person.locale or site().default_locale):
        thing = f"{told.thing[0]}-{told.thing[1]}"
        letter = put_into_words(told.person, _sheet(told, around), thing=thing)
    invited = around.sessions.get(told.thing[1]) if told.thing[0] == "training" else None
    if invited is None:
        return letter
    return letter._replace(calendar=invitation(told.person, invited))


def _sheet(told: Told, around: Around) -> Sheet:
    person, items, strongest = told.person, told.items, told.strongest
    topic = TOPIC_OF[Kind(strongest.kind)] or Topic.FOLLOWED
    url = absolute(address_among(strongest, around.places))
    lines = [
        Line(unlinked(sentence(item, around.cards)), url, _quote(item, around))
        for item in told.lines
    ]
    if len(items) > LINES:
        lines.append(Line(_("And more on the page."), url))
    return Sheet(
        subject=unlinked(strongest.title),
        opening="",
        parts=[Part("", lines)],
        url=url,
        button=_("Open the standard") if strongest.object_kind == "standard" else _("Open it"),
        why=_("You get this mail because of your choice: %(topic)s.", topic=_named(topic)),
        unsubscribe=absolute(tokens.path_of(person.id, topic)),
        lang=strongest.lang,
    )


def _named(topic: Topic) -> str:
    return f"“{NAMES[topic]}”" if locale_code() == "en" else f"«{NAMES[topic]}»"


def _quote(item: Item, around: Around) -> str:
    """What was said."""
    quote = (
        around.comments.get(item.comment_id or 0)
        or (around.reasons.get(item.payload.get("decision", 0)) if _decides(item) else None)
        or (around.excerpts.get(item.object_id) if _opens(item) else None)
    )
    return unlinked(shortened(quote or ""))


WITH_EXCERPT = (Kind.ANSWER_WANTED, Kind.MENTIONED, Kind.NEW_IDEA)


def _opens(item: Item) -> bool:
    opens = item.kind in WITH_EXCERPT and item.object_kind == "idea"
    return opens and item.comment_id is None


def _decides(item: Item) -> bool:
    return item.kind in (Kind.DECIDED, Kind.OWNERS_TURN) and bool(item.payload)


def _comments(ids: set[int]) -> dict[int, str]:
    query = (
        select(Comment.id, Text.plain)
        .join(Text, Text.id == Comment.text_id)
        .where(Comment.id.in_(ids), Comment.deleted_at.is_(None))
    )
    return dict(db.session.execute(query).all()) if ids else {}


def _reasons(ids: set[int]) -> dict[int, str]:
    query = (
        select(Decision.id, Text.plain)
        .join(Text, Text.id == Decision.reason_id)
        .where(Decision.id.in_(ids))
    )
    return dict(db.session.execute(query).all()) if ids else {}


def _excerpts(ids: set[int]) -> dict[int, str]:
    query = select(Idea.id, Idea.excerpt).where(Idea.id.in_(ids))
    return dict(db.session.execute(query).all()) if ids else {}


def shortened(text: str) -> str:
    """The beginning of a text, in one paragraph, cut at a word."""
    plain = " ".join(text.split())
    return plain if len(plain) <= QUOTED else f"{plain[:QUOTED].rsplit(' ', 1)[0]} …"


def put_into_words(person: Person, sheet: Sheet, *, thing: str) -> Letter:
    """A sheet as the mail that goes out, in the language that is spoken."""
    settings = absolute("/settings/notifications")
    html = current_app.jinja_env.get_template(TEMPLATE).render(
        sheet=sheet, site_name=site().name, accent=site().accent, locale=locale_code(),
        settings_url=settings, home_url=absolute("/"),
    )  # fmt: skip
    return Letter(
        recipient=person.email or "",
        subject=" ".join(sheet.subject.split()),
        body=_as_text(sheet, settings),
        html=html,
        unsubscribe=sheet.unsubscribe,
        person_id=person.id,
        thing=thing,
    )


def _as_text(sheet: Sheet, settings: str) -> str:
    head = [sheet.subject, *([sheet.opening] if sheet.opening else [])]
    parts = [_part_as_text(part) for part in sheet.parts]
    foot = [
        f"{sheet.button}:\n{sheet.url}",
        f"-- \n{site().name}\n{sheet.why}",
        _("Not by mail any more: %(link)s", link=sheet.unsubscribe)
        + "\n"
        + _("Choose what you hear: %(link)s", link=settings),
    ]
    return "\n\n".join([*head, *parts, *foot]) + "\n"


def _part_as_text(part: Part) -> str:
    lines = [_line_as_text(line, linked=bool(part.heading)) for line in part.lines]
    return "\n\n".join([part.heading.upper(), *lines] if part.heading else lines)


def _line_as_text(line: Line, *, linked: bool) -> str:
    """In a mail about one thing its one link is enough."""
    said = [f"– {line.text}"]
    said += [f"  {line.note}"] if line.note else []
    said += [f"  > {line.quote}"] if line.quote else []
    said += [f"  {line.url}"] if linked else []
    return "\n".join(said)
