"""What the pages of sessions show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.clock import now
from forum.core.db import db
from forum.core.i18n import _, lazy, ngettext, number
from forum.core.site import site
from forum.departments.visibility import choices_for
from forum.training import policy
from forum.training.cases import queries as cases
from forum.training.cases import touching
from forum.training.cases.touching import Named
from forum.training.models import AgendaItem, Case, Outcome, Session
from forum.training.praising import praise_url
from forum.training.sessions import feedback, outcomes, queries
from forum.training.sessions.forms import (
    AttendanceForm,
    CancelForm,
    OutcomeForm,
    PeopleForm,
    SessionForm,
)
from forum.training.sessions.times import local, words

OUTCOMES = {
    Outcome.CLARIFY: lazy("A clause is to be clearer"),
    Outcome.IDEA: lazy("A new idea"),
    Outcome.PRAISE: lazy("Praise"),
    Outcome.NONE: lazy("Nothing changes"),
}
PLACES = {
    "seat": lazy("You have a seat"),
    "waiting": lazy("You are waiting for a seat"),
    "invited": lazy("You are invited"),
    "attended": lazy("You were there"),
}
QUESTIONS = (
    ("useful", lazy("How useful was it for your work?")),
    ("better", lazy("Will something go better between the departments now?")),
)
MARKS = (
    ("1", lazy("1 – not at all")),
    ("2", "2"),
    ("3", "3"),
    ("4", "4"),
    ("5", lazy("5 – very much")),
)


def row_of(row: queries.Row) -> dict[str, Any]:
    """A session as a list shows it."""
    session = row.session
    return {
        "session": session,
        "state": state_of(session),
        "when": words(session.starts_at, session.zone),
        "departments": row.departments,
        "mine": row.mine,
        "said": str(PLACES[row.mine]) if row.mine else "",
        "free": free_words(session, row.taken),
    }


def state_of(session: Session) -> str:
    """`cancelled`, `coming`, `now` or `over`."""
    if session.cancelled_at is not None:
        return "cancelled"
    if policy.is_coming(session, now()):
        return "coming"
    return "now" if now() < policy.ends_at(session) else "over"


def free_words(session: Session, taken: int) -> str:
    """How many seats are free."""
    free = max(0, session.capacity - taken)
    if not free:
        return _("no seat free; there is a waiting list")
    return ngettext("%(num)d seat free", "%(num)d seats free", free)


Forms = Mapping[str, Any]


def session_page(reader: Person, session: Session, forms: Forms | None = None) -> dict[str, Any]:
    """Everything the page of a session shows. Ten queries, and the host's."""
    sent: Forms = forms or {}
    own = queries.own_place(reader, session)
    host = db.session.get_one(Person, session.host_id)
    runs, state = policy.runs(reader, session), state_of(session)
    may_change = policy.may_change(reader, session) and policy.takes_outcomes(session, now())
    items = agenda_rows(reader, session, runs=runs)
    return {
        "session": session,
        "state": state,
        "when": words(session.starts_at, session.zone),
        "linked": session.place.startswith(("https://", "http://")),
        "host": {"name": shown_name(host.name), "url": f"/people/{host.id}"},
        "departments": queries.departments_of([session.id]).get(session.id, []),
        "standards": queries.standards_of(reader, session.id),
        "about": queries.about_of(session),
        "own": own,
        "said": _said(own),
        "free": free_words(session, own.taken),
        "may_join": policy.may_join(reader, session, now()),
        "runs": runs,
        "may_change": may_change,
        "further": queries.further_cases(session) if may_change else [],
        "items": [row for row in items if not row["dropped"]],
        "dropped": [row for row in items if row["dropped"]],
        "outcomes": [(str(kind), str(said)) for kind, said in OUTCOMES.items()],
        "people": queries.list_of(session) if runs else [],
        "invite": sent.get("invite") or PeopleForm(),
        "cancel": sent.get("cancel") or CancelForm(),
        "ending": sent.get("ending") or OutcomeForm(),
        "attendance": sent.get("attendance") or AttendanceForm(),
        "wrong_case": sent.get("case", ""),
        "questions": [(name, str(said)) for name, said in QUESTIONS],
        "marks": [(mark, str(said)) for mark, said in MARKS],
        "may_feed_back": feedback.may_give(reader, session),
        "wrong_feedback": sent.get("feedback", ""),
        "figures": _figures(session, state),
    }


def _said(own: queries.Own) -> str:
    if own.place != "waiting":
        return str(PLACES[own.place]) if own.place else ""
    if not own.ahead:
        return _("You are the first on the waiting list.")
    return ngettext(
        "%(num)d person is ahead of you.", "%(num)d people are ahead of you.", own.ahead
    )


def _figures(session: Session, state: str) -> str:
    """What those who came said of it, or why it is not told."""
    if state != "over":
        return ""
    if now() < policy.ends_at(session) + policy.FEEDBACK_FOR:
        return _("What those who came say of it is told a week after the session.")
    found = feedback.figures(session)
    if found is None:
        return _("Fewer than five said how it was; that is not told.")
    return _(
        "%(count)d answers of 1 to 5: useful %(useful)s, goes better now %(better)s.",
        count=found.answers,
        useful=number(round(found.useful, 1)),
        better=number(round(found.better, 1)),
    )


def agenda_rows(reader: Person, session: Session, *, runs: bool) -> list[dict[str, Any]]:
    """The agenda; three queries, and one for each outcome that a clause waits for."""
    found = queries.agenda_of(session)
    named = touching.named_in(reader, [each.case.id for each in found]) if found else {}
    places = cases.departments_of([each.case.id for each in found])
    return [
        {
            "item": each.item,
            "case": each.case,
            "learned": each.learned or "",
            "dropped": each.item.dropped,
            "departments": places.get(each.case.id, []),
            "outcome": str(OUTCOMES[Outcome(each.item.outcome)]) if each.item.outcome else "",
            "clauses": _clauses(named.get(each.case.id, [])),
            "clause": _clause(each.item, named.get(each.case.id, [])),
            "next": next_step(reader, each.item, each.case, runs=runs),
        }
        for each in found
    ]


def _clauses(named: Sequence[Named]) -> list[tuple[str, str]]:
    return [(str(n.clause_id), f"{n.value} {n.title}".strip()) for n in named if n.clause_id]


def _clause(item: AgendaItem, named: Sequence[Named]) -> Named | None:
    return next((n for n in named if n.clause_id and n.clause_id == item.clause_id), None)


def next_step(reader: Person, item: AgendaItem, case: Case, *, runs: bool) -> tuple[str, str, bool]:
    """What follows from an outcome for this reader: words, address, and whether it is posted."""
    if item.outcome == Outcome.CLARIFY and outcomes.may_clarify(reader, item):
        address = f"/training/{item.session_id}/agenda/{item.id}/clarify"
        return _("Open the clause for change"), address, True
    if item.outcome == Outcome.IDEA and runs:
        return _("Write the idea"), idea_url(item, case), False
    if item.outcome == Outcome.PRAISE:
        url = praise_url(reader, case, item.note if runs else "")
        return (_("Say thank you"), url, False) if url else ("", "", False)
    return "", "", False


def idea_url(item: AgendaItem, case: Case) -> str:
    """The form of a new idea, begun from a case and what was said of it."""
    sent = {"case": case.id, "title": case.title, "problem": item.note}
    return f"/ideas/new?{urlencode({name: value for name, value in sent.items() if value})}"


def write_page(person: Person, form: SessionForm, session: Session | None) -> dict[str, Any]:
    """The page on which a session is planned. One query."""
    chosen = [number for number in form.departments.data or [] if isinstance(number, int)]
    return {
        "form": form,
        "session": session,
        "departments": [card.option for card in choices_for(person, also=chosen)],
        "zone": session.zone if session is not None else site().time_zone,
    }


def filled(person: Person, session: Session, handle: str) -> dict[str, Any]:
    """A session as its form holds it. Three queries."""
    here = local(session.starts_at, session.zone)
    about = queries.about_of(session)
    places = queries.departments_of([session.id]).get(session.id, [])
    standards = queries.standards_of(person, session.id)
    return {
        "title": session.title,
        "on": here.date(),
        "at": here.time(),
        "minutes": session.minutes,
        "place": session.place,
        "capacity": session.capacity,
        "host": handle,
        "departments": [card.id for card in places],
        "touches": ", ".join(standard.number for standard in standards),
        "about": about.source if about is not None else "",
        "confirms": session.confirms,
        "revision": str(session.revision),
    }
