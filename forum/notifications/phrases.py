"""News in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from forum.accounts.names import ANONYMOUS, shown_name
from forum.core.clock import now
from forum.core.i18n import _, ago, day, lazy, local_day, moment, ngettext
from forum.core.modules import is_on
from forum.departments.queries import DepartmentCard, cards_by_id
from forum.ideas.models import AnswerKind
from forum.ideas.phrases import ANSWERS
from forum.notifications.kinds import Kind
from forum.notifications.queries import Item

ICONS = {
    Kind.ANSWER_WANTED: "answer-waiting",
    Kind.ANSWER_DUE: "answer-waiting",
    Kind.ESCALATED: "answer-waiting",
    Kind.ASKED_AUTHOR: "comment",
    Kind.ASKED_UNSIGNED: "comment",
    Kind.OWNERS_TURN: "stage-accepted",
    Kind.DATE_ASKED: "stage-accepted",
    Kind.SCORE_WANTED: "check",
    Kind.APPROVAL_WANTED: "standard",
    Kind.APPROVAL_DUE: "standard",
    Kind.CHANGE_WANTED: "compare",
    Kind.APPROVED: "check",
    Kind.TAKEN_BACK: "undo",
    Kind.REVIEW_OVERDUE: "standard",
    Kind.REVIEW_OPENED: "standard",
    Kind.REVIEW_DUE: "standard",
    Kind.STANDARD_GIVEN: "standard",
    Kind.TO_CONFIRM: "standard",
    Kind.CASE_TO_CHECK: "check",
    Kind.TRAINING_CHANGED: "people",
    Kind.TRAINING_SEATED: "people",
    Kind.TRAINING_SOON: "people",
    Kind.TRAINING_INVITED: "people",
    Kind.CASE_ANSWERED: "check",
    Kind.SERVICE_ASKED: "department",
    Kind.SERVICE_TOLD: "department",
    Kind.SURVEY_ASKS: "answer-waiting",
    Kind.SURVEY_DUE: "answer-waiting",
    Kind.SURVEY_HELD: "warning",
    Kind.REPLY_DUE: "answer-waiting",
    Kind.REPLY_LATE: "answer-waiting",
    Kind.MENTIONED: "mention",
    Kind.DECIDED: "stage-review",
    Kind.ANSWERED: "answer-helps",
    Kind.ANSWERED_FOLLOWED: "answer-helps",
    Kind.NEW_IDEA: "stage-open",
    Kind.DONE: "stage-done",
    Kind.STANDARDISED: "stage-standardised",
    Kind.RETURNED: "history",
    Kind.MERGED: "stage-merged",
    Kind.UNMERGED: "undo",
    Kind.TOOK_IN: "stage-merged",
    Kind.INVITED: "people",
    Kind.CLAUSE_DROPPED: "standard",
    Kind.OFFICIAL: "info",
    Kind.SUGGESTED: "compare",
    Kind.SUGGESTION_TAKEN: "check",
    Kind.SUGGESTION_LEFT: "compare",
    Kind.JOINED: "people",
    Kind.ADOPTED: "check",
    Kind.RESOLVED: "check",
    Kind.THANKED: "check",
    Kind.THANKED_UNSIGNED: "check",
    Kind.PROMISE_BROKEN: "standard",
    Kind.PUBLISHED: "standard",
    Kind.FOUND: "search",
    Kind.MODERATED: "moderation",
    Kind.TO_MODERATE: "moderation",
}

ANSWERS_TOLD = (Kind.ANSWERED, Kind.ANSWERED_FOLLOWED)
REVIEWS = (Kind.REVIEW_OVERDUE, Kind.REVIEW_OPENED, Kind.REVIEW_DUE)
ASKED_FOR_THANKS = lazy("You can say thank you there")
TOLD = 3
"""Sentences in one notice; the page it leads to has the rest."""
Cards = Mapping[int, DepartmentCard]


def cards_of(items: Sequence[Item]) -> Cards:
    """The departments that answered. One query, none without answers."""
    every = [each for item in items for each in (item, *item.behind)]
    answered = {item.payload.get("department") for item in every if item.kind in ANSWERS_TOLD}
    return cards_by_id([d for d in answered if isinstance(d, int)]) if answered else {}


def grouped_by_day(items: Sequence[Item]) -> list[dict[str, Any]]:
    """News under the day it is of. One query, for the departments that answered."""
    cards = cards_of(items)
    days = groupby(items, key=lambda item: local_day(item.at))
    return [
        {"label": _day_name(on), "rows": [row(item, cards) for item in of_day]}
        for on, of_day in days
    ]


def _day_name(on: Any) -> str:
    distance = (local_day(now()) - on).days
    return {0: _("Today"), 1: _("Yesterday")}.get(distance) or day(on)


def row(item: Item, cards: Cards) -> dict[str, Any]:
    """One piece of news as its row shows it."""
    return {
        "id": item.id,
        "kind": item.kind,
        "icon": _icon(item),
        "title": item.title,
        "lang": item.lang,
        "text": sentence(item, cards),
        "unread": item.read_at is None,
        "at": item.at.isoformat(timespec="seconds"),
        "at_exact": moment(item.at),
        "age": ago(item.at),
    }


def _icon(item: Item) -> str:
    if item.kind == Kind.DECIDED:
        accepted = item.payload.get("outcome") == "accept"
        return "stage-accepted" if accepted else "stage-declined"
    return ICONS.get(Kind(item.kind), "comment")


def sentence(item: Item, cards: Cards) -> str:
    """Why this is news for the reader."""
    if item.called is not None:
        told = item.called.sentence
        return _("%(news)s and more", news=told) if item.behind else told
    said = list(dict.fromkeys(_sentence(each, cards) for each in (item, *item.behind)))
    if len(said) <= TOLD:
        return " · ".join(said)
    return _("%(news)s and more", news=" · ".join(said[:TOLD]))


def _sentence(item: Item, cards: Cards) -> str:
    who = shown_name(ANONYMOUS if item.actor is None else item.actor)
    if item.kind in ANSWERS_TOLD:
        return _answered(item, cards)
    if item.kind == Kind.DECIDED:
        accepted = item.payload.get("outcome") == "accept"
        return _("The idea was accepted") if accepted else _("The idea was declined")
    if item.kind == Kind.APPROVAL_DUE:
        due_on = date.fromisoformat(item.payload["due"])
        return _("Your approval is wanted by %(day)s", day=day(due_on))
    if item.kind in (Kind.ANSWER_DUE, Kind.ESCALATED):
        return _of_the_clock(item)
    if item.kind in REVIEWS:
        return _of_a_review(item)
    said = SENTENCES[Kind(item.kind)](who)
    return f"{said}. {ASKED_FOR_THANKS}" if _asks_for_thanks(item) else said


def _asks_for_thanks(item: Item) -> bool:
    """Where something was done, the way to say so leads over its page."""
    return item.kind in (Kind.DONE, Kind.STANDARDISED) and is_on("thanks")


def _of_the_clock(item: Item) -> str:
    """By when a department is to answer, or for how long it has not."""
    if item.kind == Kind.ANSWER_DUE:
        due_on = date.fromisoformat(item.payload["due"])
        return _("Your department’s answer is wanted by %(day)s", day=day(due_on))
    return ngettext(
        "Your department did not answer in %(num)d working day",
        "Your department did not answer in %(num)d working days",
        item.payload["days"],
    )


def _of_a_review(item: Item) -> str:
    """By when a standard is to be looked at, or since when that is late."""
    due_on = day(date.fromisoformat(item.payload["due"]))
    if "version" in item.payload:
        return _("Published in an emergency; it was to be looked at by %(day)s", day=due_on)
    if item.kind == Kind.REVIEW_OVERDUE:
        return _("A standard of your department was to be reviewed by %(day)s", day=due_on)
    if item.kind == Kind.REVIEW_OPENED:
        return _("Something speaks for changing your standard; review it by %(day)s", day=due_on)
    return _("Your standard is to be reviewed by %(day)s", day=due_on)


def _answered(item: Item, cards: Cards) -> str:
    card = cards.get(item.payload.get("department", 0))
    answer = str(ANSWERS[AnswerKind(item.payload.get("answer", AnswerKind.WAITING))])
    name = card.name if card is not None else _("A department")
    return _("%(department)s answered: %(answer)s", department=name, answer=answer.lower())


SENTENCES: dict[Kind, Callable[[str], str]] = {
    Kind.ANSWER_WANTED: lambda who: _("Your department’s answer is wanted"),
    Kind.ASKED_AUTHOR: lambda who: _("%(who)s asks you something before answering", who=who),
    Kind.ASKED_UNSIGNED: lambda who: _("A department asks you; answer without your name"),
    Kind.OWNERS_TURN: lambda who: _("Accepted: your department carries it out"),
    Kind.DATE_ASKED: lambda who: _("%(who)s asks for another day", who=who),
    Kind.SCORE_WANTED: lambda who: _("Your marks are wanted"),
    Kind.APPROVAL_WANTED: lambda who: _("Your approval of its next version is wanted"),
    Kind.CHANGE_WANTED: lambda who: _("%(who)s asks for a change before approving", who=who),
    Kind.APPROVED: lambda who: _("Everybody has approved it; it can be published"),
    Kind.TAKEN_BACK: lambda who: _("Its text is changing since you answered; you will be asked"),
    Kind.STANDARD_GIVEN: lambda who: _("%(who)s gave you this standard to look after", who=who),
    Kind.MENTIONED: lambda who: _("%(who)s mentioned you", who=who),
    Kind.DONE: lambda who: _("It was carried out"),
    Kind.STANDARDISED: lambda who: _("It became a standard"),
    Kind.RETURNED: lambda who: _("The condition of the No came true; moderators look at it again"),
    Kind.MERGED: lambda who: _("%(who)s merged an idea you care about into this one", who=who),
    Kind.UNMERGED: lambda who: _("%(who)s let this idea stand by itself again", who=who),
    Kind.TOOK_IN: lambda who: _("%(who)s merged another idea into yours", who=who),
    Kind.INVITED: lambda who: _("%(who)s asks you to write this idea together", who=who),
    Kind.CLAUSE_DROPPED: lambda who: _("A clause that came from your idea was dropped"),
    Kind.OFFICIAL: lambda who: _("Official update by %(who)s", who=who),
    Kind.SUGGESTED: lambda who: _("%(who)s suggests an edit", who=who),
    Kind.SUGGESTION_TAKEN: lambda who: _("%(who)s took your suggested edit", who=who),
    Kind.SUGGESTION_LEFT: lambda who: _("%(who)s left your suggested edit, with a reason", who=who),
    Kind.JOINED: lambda who: _("%(who)s writes it with you now", who=who),
    Kind.ADOPTED: lambda who: _("Another department does it too"),
    Kind.RESOLVED: lambda who: _("%(who)s resolved your question", who=who),
    Kind.REPLIED: lambda who: _("%(who)s replied to you", who=who),
    Kind.PROMISE_BROKEN: lambda who: _("A promise was found broken"),
    Kind.COMMENTED: lambda who: _("%(who)s commented", who=who),
    Kind.COMMENTED_FOLLOWED: lambda who: _("%(who)s commented on what you follow", who=who),
    Kind.MODERATED: lambda who: _("A moderator put it in the trash"),
    Kind.NEW_IDEA: lambda who: _("%(who)s posted a new idea", who=who),
    Kind.PUBLISHED: lambda who: _("A standard for your department is in force"),
}
