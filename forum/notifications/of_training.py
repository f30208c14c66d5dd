"""News of cases to check, and of sessions: invitations, changes, a free seat, the day before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from forum.accounts.models import Person
from forum.core.events import Event
from forum.core.i18n import _, day
from forum.core.modules import is_on
from forum.notifications.elsewhere import Called, Given
from forum.notifications.kinds import Kind
from forum.training import facts, news
from forum.training.calendar import files

Reasons = Iterator[tuple[int, Kind]]


def _named(kind: Kind, event: Event, _scene: object) -> Reasons:
    """Whom the payload names, while the module is on."""
    if is_on("training"):
        yield from ((person_id, kind) for person_id in event.payload.get("people") or ())


def _writer(event: Event, _scene: object) -> Reasons:
    """Who wrote the case: of a wish for a change, of its opening, and that it was taken back."""
    if is_on("training") and event.payload.get("answer", "change") == "change":
        yield event.payload.get("writer") or 0, Kind.CASE_ANSWERED


RULES: dict[str, Callable[[Event, Any], Reasons]] = {
    facts.SENT.name: partial(_named, Kind.CASE_TO_CHECK),
    facts.CHECKED.name: _writer,
    facts.OPENED.name: _writer,
    facts.TAKEN_BACK.name: _writer,
    facts.INVITED.name: partial(_named, Kind.TRAINING_INVITED),
    facts.MOVED.name: partial(_named, Kind.TRAINING_CHANGED),
    facts.CANCELLED.name: partial(_named, Kind.TRAINING_CHANGED),
    facts.SEATED.name: partial(_named, Kind.TRAINING_SEATED),
    facts.REMINDED.name: partial(_named, Kind.TRAINING_SOON),
}


def cases_called(reader: Person, rows: Sequence[Given]) -> dict[int, Called]:
    """What becomes of cases, as far as the reader sees them. Three queries."""
    known = news.cases(reader, {row.object_id for row in rows})
    found = {}
    for row in rows:
        if row.object_id in known:
            each = known[row.object_id]
            found[row.id] = Called(
                each.title, _of_case(row, each), f"/training/cases/{row.object_id}"
            )
    return found


def _of_case(row: Given, case: news.ToldOfCase) -> str:
    if row.kind == Kind.CASE_TO_CHECK:
        if case.asked:
            return _("Your department is asked whether this case is right and names nobody")
        return _("This case was checked")
    return _of_own_case(case)


def _of_own_case(case: news.ToldOfCase) -> str:
    if case.state == "open":
        return _("Everybody may read your case now")
    if case.state == "checking":
        return _("Your case is being checked")
    if case.wanted:
        return _("A department asks for a change of your case")
    if case.gone:
        return _("A department that was to check your case is gone; choose again whom to ask")
    return _("Your case is a draft again")


def sessions_called(reader: Person, rows: Sequence[Given]) -> dict[int, Called]:
    """What becomes of sessions. One query."""
    known = news.sessions(reader, {row.object_id for row in rows})
    return {
        row.id: Called(each.title, _of_session(row, each), f"/training/{row.object_id}")
        for row in rows
        if (each := known.get(row.object_id)) is not None
    }


def _of_session(row: Given, each: news.Told) -> str:
    if each.off:
        return _("This session was called off: %(why)s", why=each.why)
    if row.kind == Kind.TRAINING_INVITED:
        return _("You are invited: %(when)s", when=each.when)
    if row.kind == Kind.TRAINING_SEATED:
        return _("A seat is yours now: %(when)s", when=each.when)
    return _("This session was changed; it is on %(when)s", when=each.when)


def days_called(reader: Person, rows: Sequence[Given]) -> dict[int, Called]:
    """All the reader's sessions of a day. One query a day."""
    found = {}
    for row in rows:
        on = date.fromordinal(row.object_id)
        titles = news.on_day(reader, on)
        if titles:
            words = _("On %(day)s: %(titles)s", day=day(on), titles=", ".join(titles))
            found[row.id] = Called(_("Your training sessions"), words, "/training")
    return found


def invitations(session_ids: Collection[int]) -> Mapping[int, files.Known]:
    """What mails about sessions bring along. One query, none for none."""
    return files.known(session_ids) if session_ids and is_on("training") else {}
