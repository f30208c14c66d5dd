"""News of surveys that wait for somebody: one for all of them, and gone when they end."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.i18n import _, ngettext
from forum.notifications import elsewhere
from forum.notifications.elsewhere import Called, Given
from forum.notifications.kinds import Kind, Thing
from forum.notifications.models import DueMail
from forum.surveys import asking, closing
from forum.surveys.models import Wave, WaveRequest, WaveState
from forum.surveys.queries import Waiting, waiting_for

SURVEYS: Thing = ("surveys", 0)
WHY = {"asked": Kind.SURVEY_ASKS, "due": Kind.SURVEY_DUE}
PEOPLE = 200


def install() -> None:
    """Hear whom surveys ask and remind, and which have ended."""
    if _tell not in asking.TELL:
        asking.TELL.append(_tell)
    if _forget not in closing.CLOSED:
        closing.CLOSED.append(_forget)
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
    """Take back the news of those whom no other survey asks: when somebody was reminded tells
    until when they had not answered."""
    position = 0
    while people := _next_people(wave_id, position):
        end_read()
        with transaction():
            closing.zero_what_goes()
            elsewhere.take_back(SURVEYS, people=people)
            waiting = DueMail.object_kind == SURVEYS[0]
            db.session.execute(delete(DueMail).where(waiting, DueMail.person_id.in_(people)))
        position = people[-1]


def _next_people(wave_id: int, position: int) -> list[int]:
    other = aliased(WaveRequest)
    asked_elsewhere = (
        select(other.person_id)
        .join(Wave, Wave.id == other.wave_id)
        .where(other.person_id == WaveRequest.person_id, Wave.state == WaveState.RUNNING)
        .exists()
    )
    query = select(WaveRequest.person_id).where(
        WaveRequest.wave_id == wave_id, WaveRequest.person_id > position, ~asked_elsewhere
    )
    return list(db.session.scalars(query.order_by(WaveRequest.person_id).limit(PEOPLE)))
