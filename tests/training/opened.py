"""Calendar files as two well-known libraries read them, in the same words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import icalendar
import vobject


@dataclass(frozen=True, slots=True)
class Meeting:
    """What somebody's calendar shows of one meeting; what is not told is empty."""

    uid: str
    sequence: int
    status: str
    summary: str
    starts_at: datetime
    ends_at: datetime
    location: str
    description: str
    url: str
    organizer: str
    host: str
    attendee: str
    guest: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """A file: what it asks of the calendar that opens it, and its meetings."""

    method: str
    name: str
    meetings: list[Meeting]

    @property
    def meeting(self) -> Meeting:
        """The only one."""
        [only] = self.meetings
        return only


Reader = Callable[[str], Calendar]


def by_icalendar(text: str) -> Calendar:
    """As the library reads that also writes them."""
    calendar: Any = icalendar.Calendar.from_ical(text)
    meetings = [_of_icalendar(event) for event in calendar.walk("VEVENT")]
    return Calendar(str(calendar["METHOD"]), str(calendar.get("X-WR-CALNAME", "")), meetings)


def _of_icalendar(event: Any) -> Meeting:
    attendee = event.get("ATTENDEE", "")
    return Meeting(
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        status=str(event["STATUS"]),
        summary=str(event["SUMMARY"]),
        starts_at=event["DTSTART"].dt,
        ends_at=event["DTEND"].dt,
        location=str(event.get("LOCATION", "")),
        description=str(event.get("DESCRIPTION", "")),
        url=str(event.get("URL", "")),
        organizer=str(event["ORGANIZER"]),
        host=str(event["ORGANIZER"].params.get("CN", "")),
        attendee=str(attendee),
        guest=str(attendee.params["CN"]) if attendee else "",
    )


def by_vobject(text: str) -> Calendar:
    """As one reads that knows nothing of how they were written."""
    calendar = vobject.readOne(text)
    meetings = [_of_vobject(event) for event in calendar.contents.get("vevent", ())]
    return Calendar(calendar.method.value, _told(calendar, "x-wr-calname"), meetings)


def _of_vobject(event: Any) -> Meeting:
    return Meeting(
        uid=event.uid.value,
        sequence=int(event.sequence.value),
        status=event.status.value,
        summary=event.summary.value,
        starts_at=event.dtstart.value,
        ends_at=event.dtend.value,
        location=_told(event, "location"),
        description=_told(event, "description"),
        url=_told(event, "url"),
        organizer=event.organizer.value,
        host=_name(event, "organizer"),
        attendee=_told(event, "attendee"),
        guest=_name(event, "attendee"),
    )


def _told(part: Any, name: str) -> str:
    return "".join(line.value for line in part.contents.get(name, ()))


def _name(part: Any, name: str) -> str:
    return "".join(line.params["CN"][0] for line in part.contents.get(name, ()))
