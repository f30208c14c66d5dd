"""iCalendar (RFC 5545, 5546): the one place that names the library which writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a calendar keeps of a session. `serial` grows with every change of it, `uid` stays."""

    uid: str
    serial: int
    title: str
    starts_at: datetime
    minutes: int
    changed_at: datetime
    cancelled: bool
    place: str = ""
    about: str = ""
    url: str = ""
    host: str = ""


def write(
    meetings: Sequence[Meeting],
    *,
    method: str,
    organizer: str,
    attendee: tuple[str, str] | None = None,
    name: str = "",
) -> str:
    """Meetings as a file; `attendee` is the name and address of whom an invitation is for.

    All times are in UTC, so that no calendar needs to know our zone's rules.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Counterpart//Training//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for meeting in meetings:
        calendar.add_component(_event(meeting, organizer, attendee))
    return str(calendar.to_ical().decode())


def _event(meeting: Meeting, organizer: str, attendee: tuple[str, str] | None) -> Event:
    event = Event()
    starts_at = meeting.starts_at.astimezone(UTC)
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.serial)
    event.add("dtstamp", meeting.changed_at.astimezone(UTC))
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + timedelta(minutes=meeting.minutes))
    event.add("summary", meeting.title)
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    for field, value in (
        ("location", meeting.place),
        ("description", meeting.about),
        ("url", meeting.url),
    ):
        if value:
            event.add(field, value)
    event["organizer"] = _address(meeting.host, organizer)
    if attendee is not None:
        person = _address(*attendee)
        person.params["ROLE"] = vText("REQ-PARTICIPANT")
        person.params["PARTSTAT"] = vText("NEEDS-ACTION")
        person.params["RSVP"] = vText("FALSE")
        event.add("attendee", person, encode=False)
    return event


def _address(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    if name:
        address.params["CN"] = vText(name.replace('"', "’"))
    return address
