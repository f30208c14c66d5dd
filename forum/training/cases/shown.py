"""What the pages of cases show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel.dates import format_date
from markupsafe import Markup, escape

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.i18n import lazy, locale_code
from forum.core.texts import Text
from forum.departments.services import between
from forum.departments.visibility import choices_for
from forum.training import policy
from forum.training.cases import queries, touching
from forum.training.cases.forms import CaseForm, CheckForm
from forum.training.cases.names import marked
from forum.training.models import Case, CaseState, Check, Outcome
from forum.training.sessions import times
from forum.training.sessions.queries import sessions_of_case
from forum.training.sessions.shown import OUTCOMES

STATES = {
    CaseState.DRAFT: lazy("Draft"),
    CaseState.CHECKING: lazy("Being checked"),
    CaseState.OPEN: lazy("For everybody to read"),
}
ANSWERS = {
    Check.WAITING: lazy("not looked at yet"),
    Check.FINE: lazy("it is right and names nobody"),
    Check.CHANGE: lazy("asks for a change"),
}
HEADINGS = (
    ("situation", lazy("The situation")),
    ("happened", lazy("What happened")),
    ("learned", lazy("What we learned")),
)


def month_of(case: Case) -> str:
    """The month in which it was, as this reader writes it."""
    if case.month is None:
        return ""
    return str(format_date(case.month, "LLLL y", locale=locale_code()))


def rows_of(found: Sequence[queries.Row]) -> list[dict[str, Any]]:
    """Cases as a list shows them."""
    return [
        {
            "case": row.case,
            "state": str(STATES[CaseState(row.case.state)]),
            "month": month_of(row.case),
            "begins": row.begins.partition("\n")[0][:200],
            "departments": row.departments,
        }
        for row in found
    ]


def case_page(reader: Person, case: Case, form: CheckForm | None = None) -> dict[str, Any]:
    """Everything the page of a case shows. Ten queries, and those of its checks."""
    words = queries.words_of(case)
    settled = case.state == CaseState.OPEN
    names = [] if settled else queries.suspicious(case, words)
    checks = [] if settled else queries.checks_of(case)
    asked = queries.asked_of(reader, case)
    touches = touching.named_in(reader, [case.id]).get(case.id, [])
    return {
        "case": case,
        "state": str(STATES[CaseState(case.state)]),
        "month": month_of(case),
        "parts": [
            (name, str(label), _html(text, names))
            for (name, label), text in zip(HEADINGS, words, strict=True)
        ],
        "names": names,
        "open_names": [word for word in names if word not in case.confirmed.split(" ")],
        "departments": queries.departments_of([case.id]).get(case.id, []),
        "services": touching.services_seen(reader, case.id),
        "touches": touches,
        "sessions": _sessions(case, touches) if settled else [],
        "ideas": queries.ideas_of(reader, case.id),
        "checks": [
            {
                "department": each.department,
                "answer": each.answer,
                "words": str(ANSWERS[each.answer]),
                "by": shown_name(each.by) if each.by_id is not None else "",
                "note": each.note,
            }
            for each in checks
        ],
        "asked": [each.department for each in checks if each.department.id in asked],
        "form": form or CheckForm(),
        "writes": policy.writes(reader, case),
        "may_edit": policy.may_edit(reader, case),
    }


def _sessions(case: Case, touches: Sequence[touching.Named]) -> list[dict[str, Any]]:
    """The sessions a case stands in, and how it ended there, as their pages tell it."""
    clauses = {each.clause_id: each for each in touches if each.clause_id}
    return [
        {
            "session": session,
            "when": times.words(session.starts_at, session.zone),
            "outcome": str(OUTCOMES[Outcome(item.outcome)]) if item.outcome else "",
            "note": item.note,
            "clause": clauses.get(item.clause_id or 0),
        }
        for session, item in sessions_of_case(case.id)
    ]


def _html(text: Text | None, names: Sequence[str]) -> Markup:
    if text is None:
        return Markup()
    return Markup(marked(text.html, [str(escape(name)) for name in names]))  # noqa: S704 - sanitised


def write_page(writer: Person, form: CaseForm, case: Case | None) -> dict[str, Any]:
    """The page on which a case is written. At most four queries."""
    chosen = [number for number in form.departments.data or [] if isinstance(number, int)]
    services = between.among(chosen) if chosen else []
    names = queries.suspicious(case, queries.words_of(case)) if case is not None else []
    sent = [word for word in form.confirmed.data or [] if word not in names]
    return {
        "form": form,
        "case": case,
        "departments": [card.option for card in choices_for(writer, also=chosen)],
        "services": [(str(card.id), card.label) for card in services],
        "names": [(word, word) for word in (*names, *sent)],
    }
