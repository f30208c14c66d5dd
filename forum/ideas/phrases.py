"""What pages say about ideas: stages, answers, whose turn it is, in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from flask import current_app
from markupsafe import Markup

from forum.core.calendar import company_day, working_days
from forum.core.clock import now
from forum.core.i18n import (
    _,
    company_zone,
    day,
    lazy,
    local_day,
    locale_code,
    ngettext,
    when,
)
from forum.departments.mine import opened
from forum.ideas import stage_cards
from forum.ideas.badges import BadgeCard
from forum.ideas.listing import ListedIdea
from forum.ideas.models import VOTABLE, AnswerKind, StageKind
from forum.ideas.moving import Way
from forum.ideas.turn import Asked, Holder, Place, Turn, whose_turn

ANSWERS = {
    AnswerKind.WAITING: lazy("No answer yet"),
    AnswerKind.HELPS: lazy("Helps us"),
    AnswerKind.NO_EFFECT: lazy("No effect on us"),
    AnswerKind.NEEDS_CHANGE: lazy("Needs a change"),
    AnswerKind.HARMS: lazy("Harms us"),
}


class Answered(Protocol):
    """An affected department with its answer."""

    @property
    def code(self) -> str: ...

    @property
    def answer(self) -> str: ...


def days_over(stage_id: int, since: datetime) -> str:
    """How many working days an idea has been in its stage beyond what that allows; empty within."""
    allowed = stage_cards.days_of(stage_id)
    if allowed is None:
        return ""
    days = working_days(company_day(since), company_day())
    if days <= allowed:
        return ""
    return ngettext(
        "%(num)d working day over the time allowed",
        "%(num)d working days over the time allowed",
        days - allowed,
    )


def answers_sentence(departments: Sequence[Answered]) -> str:
    """“2 of 3 answered; IT: needs a change”."""
    if not departments:
        return ""
    given = [d for d in departments if d.answer != AnswerKind.WAITING]
    sentence = _("%(given)d of %(all)d answered", given=len(given), all=len(departments))
    worries = [
        f"{d.code}: {str(ANSWERS[AnswerKind(d.answer)]).lower()}"
        for d in given
        if d.answer in (AnswerKind.NEEDS_CHANGE, AnswerKind.HARMS)
    ]
    return "; ".join([sentence, *worries])


def turn(
    place: AcceptedOrNot,
    slots: Sequence[Asked],
    *,
    owner: str | None,
    today: date,
    rewritable: bool,
) -> str:
    """Whose turn it is and for how long; empty in a final stage, and for a draft."""
    held = whose_turn(place, slots, today, rewritable=rewritable)
    if held is None or place.stage_kind == StageKind.DRAFT:
        return ""
    days = (today - held.since).days
    if not days:
        return _holder(held, place, owner)
    age = (
        ngettext("%(num)d day late", "%(num)d days late", days)
        if held.late
        else ngettext("%(num)d day", "%(num)d days", days)
    )
    return f"{_holder(held, place, owner)} · {age}"


class AcceptedOrNot(Place, Protocol):
    """An idea, with the day its owner promised."""

    @property
    def due_on(self) -> date | None: ...


def _holder(held: Turn, place: AcceptedOrNot, owner: str | None) -> str:
    if held.holder == Holder.OWNER:
        return _owners_turn(owner, place.due_on)
    if held.holder == Holder.AUTHOR:
        return _("Author’s turn")
    if held.slot is not None:
        return _("%(code)s has the turn", code=held.slot.code)
    in_review = place.stage_kind == StageKind.REVIEW
    return _("Moderators decide") if in_review else _("Moderators’ turn")


def due(on: date) -> str:
    """By when something is wanted."""
    return _("due today") if on == local_day(now()) else _("due %(day)s", day=day(on))


def _owners_turn(owner: str | None, due_on: date | None) -> str:
    if owner is None:
        return _("Moderators choose who carries it out")
    if due_on is None:
        return _("%(who)s carries it out", who=owner)
    return _("%(who)s carries it out by %(day)s", who=owner, day=day(due_on))


def stage_said(kind: str, stage_id: int) -> tuple[str, str]:
    """What an idea's stage is called, and the class that colours it."""
    return stage_cards.shown(kind, stage_id), stage_cards.look(kind, stage_id)


Reading = tuple[str, str, frozenset[int] | None]


def _reading() -> Reading:
    """What else decides the words of a row, and which departments it leads to."""
    return locale_code(), company_zone(), opened()


def list_row(listed: ListedIdea, *, may_vote: bool = True) -> Markup:
    """A row of a list, drawn; the same row for the same readers' words is drawn only once."""
    row = listed.row
    departments, age, today = tuple(listed.departments), _posted(row)["age"], local_day(now())
    stage = stage_said(row.stage_kind, row.stage_id)
    return _drawn_row(tuple(row), departments, age, today, may_vote, stage, _reading())


def _posted(row: Any) -> dict[str, str]:
    """When an idea was posted; without a name to the day."""
    return when(row.posted_at, to_the_day=bool(row.anonymous))


def board_card(listed: ListedIdea, ways: Sequence[Way]) -> Markup:
    """A card of the board, drawn; as with rows, the same one only once."""
    departments, age = tuple(listed.departments), _posted(listed.row)["age"]
    today = local_day(now())
    values = tuple(listed.row)[: len(RowValues._fields)]
    stage = stage_said(listed.row.stage_kind, listed.row.stage_id)
    late = days_over(listed.row.stage_id, listed.row.stage_since)
    return _drawn_card(values, departments, age, today, tuple(ways), (*stage, late), _reading())


@lru_cache(2048)
def _drawn_card(
    values: tuple[Any, ...],
    departments: tuple[BadgeCard, ...],
    age: str,
    today: date,
    ways: tuple[Way, ...],
    stage: tuple[str, str, str],
    _how: Reading,
) -> Markup:
    name, look, late = stage
    shown = row_view(RowValues._make(values), departments, age, today, (name, look), may_vote=False)
    component = current_app.jinja_env.get_template("components/board_card.html").module
    return Markup(component.board_card(shown, ways, late))  # type: ignore[attr-defined]  # noqa: S704


class RowValues(NamedTuple):
    """The columns of a row, in the order in which `listing` selects them."""

    id: int
    title: str
    excerpt: str
    lang: str
    stage_kind: str
    stage_id: int
    stage_since: datetime
    vote_count: int
    imported_votes: int
    support: int
    balanced: float
    comment_count: int
    posted_at: datetime
    active_at: datetime
    due_on: date | None
    author_id: int
    revision: int
    owner_code: str | None
    voted: bool
    short: str | None
    improved: bool
    anonymous: str
    rewritable: bool


@lru_cache(2048)
def _drawn_row(
    values: tuple[Any, ...],
    departments: tuple[BadgeCard, ...],
    age: str,
    today: date,
    may_vote: bool,
    stage: tuple[str, str],
    _how: Reading,
) -> Markup:
    shown = row_view(RowValues._make(values), departments, age, today, stage, may_vote=may_vote)
    component = current_app.jinja_env.get_template("components/idea_row.html").module
    return Markup(component.idea_row(shown))  # type: ignore[attr-defined]  # noqa: S704


def row_view(
    row: RowValues,
    departments: Sequence[BadgeCard],
    age: str,
    today: date,
    stage: tuple[str, str],
    *,
    may_vote: bool,
) -> dict[str, Any]:
    """A row as the component shows it."""
    return {
        "id": row.id,
        "url": f"/ideas/{row.id}",
        "title": row.title,
        "lang": row.lang,
        "summary": row.short or row.excerpt,
        "summary_lang": locale_code() if row.short else row.lang,
        "stage": row.stage_kind,
        "stage_label": _("Already done here") if row.improved else stage[0],
        "look": stage[1],
        "votes": row.vote_count,
        "voted": bool(row.voted),
        "may_vote": may_vote and row.stage_kind in VOTABLE,
        "departments": departments,
        "answers_sentence": answers_sentence(departments),
        "comments": row.comment_count,
        **_posted(row),
        "age": age,
        "turn": turn(
            row, departments, owner=row.owner_code, today=today, rewritable=bool(row.rewritable)
        ),
    }
