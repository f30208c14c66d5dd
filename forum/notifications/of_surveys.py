"""News of surveys that wait for somebody: one for all of them, and gone when they end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import and_, delete, select

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, end_read, transaction, zero_what_goes
from forum.core.i18n import _, ngettext
from forum.core.mail import HUSHED, OutboxMail
from forum.notifications import elsewhere
from forum.notifications.elsewhere import Called, Given
from forum.notifications.kinds import Kind, Thing
from forum.notifications.models import DueMail, Notification
from forum.surveys import asking, closing
from forum.surveys.models import Wave, WaveRequest, WaveState
from forum.surveys.queries import Waiting, waiting_for

SURVEYS: Thing = ("surveys", 0)
WHY = {"asked": Kind.SURVEY_ASKS, "due": Kind.SURVEY_DUE}
PEOPLE = 200
MAILS = OutboxMail.thing == f"{SURVEYS[0]}-{SURVEYS[1]}"


def install() -> None:
    """Hear whom surveys ask and remind, and which have ended."""
    if _tell not in asking.TELL:
        asking.TELL.append(_tell)
    if _forget not in closing.CLOSED:
        closing.CLOSED.append(_forget)
    HUSHED.add(SURVEYS[0])
    elsewhere.name(SURVEYS[0], called, module="surveys")


def _tell(why: str, people: Sequence[int]) -> None:
    elsewhere.tell([(person_id, WHY[why], SURVEYS) for person_id in people], at=now())


def called(reader: Person, rows: Sequence[Given]) -> dict[int, Called]:
    """What waits for somebody now, whenever they were asked. One query."""
    found = waiting_for(reader)
    title = found[0].title if len(found) == 1 else _("Surveys to answer")
    url = f"/surveys/{found[0].id}/answer" if len(found) == 1 else "/surveys"
    said = Called(title, _sentence(found), url)
    return {row.id: said for row in rows}


def _sentence(found: Sequence[Waiting]) -> str:
    if not found:
        return _("Nothing waits any more")
    if len(found) == 1:
        return _("Your answers are wanted by %(day)s", day=found[0].until)
    return ngettext(
        "%(num)d survey waits for your answers, the first until %(day)s",
        "%(num)d surveys wait for your answers, the first until %(day)s",
        len(found),
        day=found[0].until,
    )


def _forget(wave_id: int) -> None:
    """Take back the news and the mails of those whom it asked: when somebody was reminded tells
    until when they had not answered."""
    position = 0
    while people := _next_people(wave_id, position):
        end_read()
        with transaction():
            zero_what_goes()
            asked = _asked_elsewhere(people)
            _take_all([each for each in people if each not in asked])
            _take_reminders(asked)
        position = people[-1]


def _next_people(wave_id: int, position: int) -> list[int]:
    query = select(WaveRequest.person_id).where(
        WaveRequest.wave_id == wave_id, WaveRequest.person_id > position
    )
    return list(db.session.scalars(query.order_by(WaveRequest.person_id).limit(PEOPLE)))


def _asked_elsewhere(people: Sequence[int]) -> dict[int, set[date]]:
    """On which days other surveys, which run still, asked these people. One query."""
    query = (
        select(WaveRequest.person_id, WaveRequest.asked_on)
        .join(Wave, Wave.id == WaveRequest.wave_id)
        .where(WaveRequest.person_id.in_(people), Wave.state == WaveState.RUNNING)
    )
    found: dict[int, set[date]] = defaultdict(set)
    for person_id, asked_on in db.session.execute(query):
        found[person_id].add(asked_on)
    return found


def _take_all(people: Sequence[int]) -> None:
    """Nothing waits for them."""
    elsewhere.take_back(SURVEYS, people=people)
    for model, about in ((DueMail, DueMail.object_kind == SURVEYS[0]), (OutboxMail, MAILS)):
        db.session.execute(delete(model).where(about, model.person_id.in_(people)))


def _take_reminders(asked: Mapping[int, Collection[date]]) -> None:
    """Leave what all of them were told alike: that they are asked, with the time of that. A mail
    of another day is a reminder."""
    elsewhere.leave_one(SURVEYS, _invitations(asked), people=list(asked))
    due = and_(DueMail.object_kind == SURVEYS[0], DueMail.kind == Kind.SURVEY_DUE)
    db.session.execute(delete(DueMail).where(due, DueMail.person_id.in_(asked)))
    mails = select(OutboxMail.id, OutboxMail.person_id, OutboxMail.created_at)
    written = db.session.execute(mails.where(MAILS, OutboxMail.person_id.in_(asked)))
    late = [row[0] for row in written if company_day(row[2]) not in asked.get(row[1] or 0, ())]
    db.session.execute(delete(OutboxMail).where(OutboxMail.id.in_(late)))


def _invitations(asked: Mapping[int, Collection[date]]) -> list[int]:
    """For each person the notice that they were asked by a survey that runs, as far as they have
    it. One query."""
    query = select(Notification.id, Notification.person_id, Notification.at).where(
        Notification.object_kind == SURVEYS[0],
        Notification.kind == Kind.SURVEY_ASKS,
        Notification.person_id.in_(asked),
    )
    found: dict[int, tuple[bool, datetime, int]] = {}
    for number, person_id, at in db.session.execute(query):
        this = (company_day(at) in asked[person_id], at, number)
        found[person_id] = max(this, found.get(person_id, this))
    return [number for _runs, _at, number in found.values()]
