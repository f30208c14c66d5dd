"""What people choose about: a few topics, each by up to three ways; every kind has its topic."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from forum.accounts.models import Kind as PersonKind
from forum.accounts.models import Person, Role
from forum.core.i18n import lazy
from forum.notifications.kinds import Kind


class Topic(StrEnum):
    """The rows of the table of preferences, in its order."""

    ASKED = "asked"
    MENTIONED = "mentioned"
    DECIDED = "decided"
    ANSWERED = "answered"
    FOLLOWED = "followed"
    STANDARDS = "standards"
    POPULAR = "popular"
    THANKED = "thanked"


class Channel(StrEnum):
    """The ways in which somebody hears of something."""

    INBOX = "inbox"
    MAIL = "mail"
    WEEKLY = "weekly"


TOPIC_OF: dict[Kind, Topic | None] = {
    Kind.ANSWER_WANTED: Topic.ASKED,
    Kind.ESCALATED: Topic.ASKED,
    Kind.ANSWER_DUE: Topic.ASKED,
    Kind.ASKED_AUTHOR: Topic.ASKED,
    Kind.TO_MODERATE: Topic.ASKED,
    Kind.OWNERS_TURN: Topic.ASKED,
    Kind.DATE_ASKED: Topic.ASKED,
    Kind.INVITED: Topic.ASKED,
    Kind.SCORE_WANTED: Topic.ASKED,
    Kind.APPROVAL_WANTED: Topic.ASKED,
    Kind.APPROVAL_DUE: Topic.ASKED,
    Kind.CHANGE_WANTED: Topic.ASKED,
    Kind.APPROVED: Topic.ASKED,
    Kind.TAKEN_BACK: Topic.ASKED,
    Kind.REVIEW_OVERDUE: Topic.ASKED,
    Kind.REVIEW_OPENED: Topic.ASKED,
    Kind.REVIEW_DUE: Topic.ASKED,
    Kind.STANDARD_GIVEN: Topic.ASKED,
    Kind.TO_CONFIRM: Topic.ASKED,
    Kind.CASE_TO_CHECK: Topic.ASKED,
    Kind.TRAINING_CHANGED: Topic.ASKED,
    Kind.TRAINING_SEATED: Topic.ASKED,
    Kind.TRAINING_SOON: Topic.ASKED,
    Kind.TRAINING_INVITED: Topic.ASKED,
    Kind.CASE_ANSWERED: Topic.ANSWERED,
    Kind.SERVICE_ASKED: Topic.ASKED,
    Kind.SERVICE_TOLD: Topic.ASKED,
    Kind.SURVEY_ASKS: Topic.ASKED,
    Kind.SURVEY_DUE: Topic.ASKED,
    Kind.SURVEY_HELD: Topic.ASKED,
    Kind.REPLY_DUE: Topic.ASKED,
    Kind.REPLY_LATE: Topic.ASKED,
    Kind.MENTIONED: Topic.MENTIONED,
    Kind.REPLIED: Topic.MENTIONED,
    Kind.RESOLVED: Topic.MENTIONED,
    Kind.DECIDED: Topic.DECIDED,
    Kind.MODERATED: Topic.DECIDED,
    Kind.RETURNED: Topic.DECIDED,
    Kind.CLAUSE_DROPPED: Topic.DECIDED,
    Kind.OFFICIAL: Topic.DECIDED,
    Kind.MERGED: Topic.DECIDED,
    Kind.UNMERGED: Topic.DECIDED,
    Kind.DONE: Topic.DECIDED,
    Kind.STANDARDISED: Topic.DECIDED,
    Kind.ANSWERED: Topic.ANSWERED,
    Kind.PROMISE_BROKEN: Topic.ANSWERED,
    Kind.COMMENTED: Topic.ANSWERED,
    Kind.SUGGESTED: Topic.ANSWERED,
    Kind.SUGGESTION_TAKEN: Topic.ANSWERED,
    Kind.SUGGESTION_LEFT: Topic.ANSWERED,
    Kind.JOINED: Topic.ANSWERED,
    Kind.ADOPTED: Topic.ANSWERED,
    Kind.COMMENTED_FOLLOWED: Topic.FOLLOWED,
    Kind.TOOK_IN: Topic.FOLLOWED,
    Kind.ANSWERED_FOLLOWED: Topic.FOLLOWED,
    Kind.NEW_IDEA: Topic.FOLLOWED,
    Kind.PUBLISHED: Topic.STANDARDS,
    Kind.THANKED: Topic.THANKED,
    Kind.THANKED_UNSIGNED: None,
    Kind.FOUND: None,
    Kind.ASKED_UNSIGNED: None,
}
"""The topic of every kind. None: chosen elsewhere, as the alert of each saved search is, or told in
the inbox alone, because a mailbox would tell who posted without a name."""

AT_ONCE = frozenset(
    kind
    for kind, topic in TOPIC_OF.items()
    if topic in (Topic.ASKED, Topic.DECIDED) or kind == Kind.MENTIONED
)
"""What is told the moment it happens; the rest is gathered."""
GATHERED_FOR = timedelta(minutes=30)
"""One notice and one mail about a thing within this time."""

NAMES = {
    Topic.ASKED: lazy("Your department is asked, or it is your turn"),
    Topic.MENTIONED: lazy("Somebody mentions you or replies"),
    Topic.DECIDED: lazy("Decisions on your ideas and those you follow"),
    Topic.ANSWERED: lazy("Answers and comments on your ideas"),
    Topic.FOLLOWED: lazy("What happens where you follow"),
    Topic.STANDARDS: lazy("New standards for your department"),
    Topic.POPULAR: lazy("Popular ideas of other departments"),
    Topic.THANKED: lazy("Somebody thanks you or your department"),
}
CHANNELS = {
    Channel.INBOX: lazy("Inbox"),
    Channel.MAIL: lazy("Mail"),
    Channel.WEEKLY: lazy("Weekly mail"),
}
ALL_WAYS = frozenset(Channel)
WAYS: dict[Topic, frozenset[Channel]] = {
    **dict.fromkeys(Topic, ALL_WAYS),
    Topic.MENTIONED: ALL_WAYS - {Channel.WEEKLY},
    Topic.POPULAR: frozenset({Channel.WEEKLY}),
    Topic.THANKED: ALL_WAYS - {Channel.WEEKLY},
}
"""By which ways a topic can come at all."""
OF_MODULES = {Topic.THANKED: "thanks"}
"""Topics of modules: while one is off, nobody is asked about it, and what they chose is kept."""

Cell = tuple[Topic, Channel]
CELLS: tuple[Cell, ...] = tuple(
    (topic, channel) for topic in Topic for channel in Channel if channel in WAYS[topic]
)


def defaults(person: Person) -> frozenset[Cell]:
    """What somebody hears who has chosen nothing, by what they are."""
    return defaults_of(person.role, person.kind)


def defaults_of(role: str, kind: str) -> frozenset[Cell]:
    """The same for a role and kind: a mail for what concerns oneself, the rest in the inbox.

    Moderators look in every day, so decisions do not go by mail to those who make them; consultants
    are guests and are shown no other departments; boards are not asked, and read what was decided.
    """
    silent = {(Topic.FOLLOWED, Channel.MAIL), (Topic.STANDARDS, Channel.MAIL)}
    if role in (Role.MODERATOR, Role.ADMIN):
        silent |= {(Topic.DECIDED, Channel.MAIL), (Topic.ANSWERED, Channel.MAIL)}
    if kind == PersonKind.CONSULTANT:
        silent.add((Topic.POPULAR, Channel.WEEKLY))
    return frozenset(CELLS) - silent
