"""What Home says, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from forum.accounts.names import ANONYMOUS, shown_name
from forum.core.clock import now
from forum.core.i18n import _, day, local_day, ngettext, when
from forum.home.queries import WAITS, Fresh, Move, Moved, Wait
from forum.home.queue import Due
from forum.ideas import stage_cards
from forum.ideas.models import AnswerKind
from forum.ideas.phrases import ANSWERS

ORDER = ("author", "answer", "decision", "owner", "date")


def groups_of_waits(waits: Sequence[Wait]) -> list[dict[str, Any]]:
    """What waits, by kind; each group with a link to the rest where there is more."""
    found = []
    for kind in ORDER:
        rows = [wait for wait in waits if wait.kind == kind]
        if rows:
            label, url = _group(kind)
            found.append(
                {
                    "kind": kind,
                    "label": label,
                    "rows": [_wait(wait) for wait in rows[:WAITS]],
                    "more": url if len(rows) > WAITS or kind == "answer" else "",
                }
            )
    return found


def _group(kind: str) -> tuple[str, str]:
    labels: Mapping[str, tuple[str, str]] = {
        "author": (_("A department asks you"), "/ideas?mine=1"),
        "answer": (_("Your department’s answer"), "/answers"),
        "decision": (_("Your decision"), "/moderation"),
        "owner": (_("Carried out by your department"), "/ideas?stage=accepted"),
        "date": (_("Another day is asked for"), "/moderation"),
    }
    return labels[kind]


def _wait(wait: Wait) -> dict[str, Any]:
    return {
        "idea_id": wait.idea_id,
        "title": wait.title,
        "lang": wait.lang,
        "url": f"/ideas/{wait.idea_id}"
        + {"author": "#answers", "answer": "#answers", "decision": "#decide"}.get(wait.kind, ""),
        "department": wait.department,
        "note": _note(wait),
        "late": wait.kind in ("owner", "answer") and _is_late(wait.due_on),
        "no_effect": f"/ideas/{wait.idea_id}/answers/{wait.department.id}?revision={wait.revision}"
        if wait.kind == "answer" and wait.department is not None
        else "",
    }


def _note(wait: Wait) -> str:
    if wait.kind == "date" and wait.due_on is not None:
        return _("asked for: %(day)s", day=day(wait.due_on))
    if wait.kind == "answer" and wait.due_on is not None:
        return _time_left(wait.due_on)
    if wait.kind != "owner":
        return days_waited((local_day(now()) - local_day(wait.since)).days)
    if wait.due_on is None:
        return _("no date yet")
    return _time_left(wait.due_on)


def _is_late(due_on: date | None) -> bool:
    return due_on is not None and due_on < local_day(now())


def _time_left(due_on: date) -> str:
    left = (due_on - local_day(now())).days
    if left < 0:
        return ngettext("%(num)d day late", "%(num)d days late", -left)
    return ngettext("%(num)d day left", "%(num)d days left", left) if left else _("due today")


def days_waited(days: int) -> str:
    """How long something has waited."""
    return ngettext("waiting %(num)d day", "waiting %(num)d days", days) if days else _("new today")


def moved_row(each: Moved) -> dict[str, Any]:
    """A followed idea with its news."""
    return {
        "id": each.id,
        "url": f"/ideas/{each.id}",
        "title": each.title,
        "lang": each.lang,
        "moves": [{"text": _move(move), **_when(move)} for move in each.moves],
    }


def _when(move: Move) -> dict[str, str]:
    """When it moved; what nobody signed to the day."""
    return when(move.at, to_the_day=move.who == ANONYMOUS)


def _move(move: Move) -> str:
    if move.what == "comment":
        return _("%(who)s commented", who=shown_name(move.who))
    if move.what == "answer":
        answer = str(ANSWERS[AnswerKind(move.word or "")]).lower()
        return _("%(department)s answered: %(answer)s", department=move.who, answer=answer)
    return _("Now: %(stage)s", stage=stage_cards.named(move.word or ""))


def fresh_row(row: Fresh) -> dict[str, Any]:
    """A new or rising idea."""
    return {
        "id": row.id,
        "url": f"/ideas/{row.id}",
        "title": row.title,
        "lang": row.lang,
        "stage": row.stage,
        "votes": row.votes,
        "voted": row.voted,
        "support": ngettext("%(num)d supporter", "%(num)d supporters", row.votes)
        if row.votes
        else "",
        "department": row.department,
        **when(row.posted_at, to_the_day=bool(row.anonymous)),
    }


def _due(due: Due) -> str:
    """By when an answer is wanted, and how soon that is; how long it waits without a clock."""
    if due.due_on is None:
        return days_waited((local_day(now()) - local_day(due.asked_at)).days)
    left = _time_left(due.due_on)
    return left if due.due_on == local_day(now()) else f"{left} · {day(due.due_on)}"


def due_row(due: Due) -> dict[str, Any]:
    """An answer that waits, in the representatives' queue."""
    return {
        "key": f"{due.idea_id}-{due.department.id}",
        "idea_id": due.idea_id,
        "url": f"/ideas/{due.idea_id}",
        "title": due.title,
        "lang": due.lang,
        "summary": due.excerpt,
        "department": due.department,
        "post": f"/ideas/{due.idea_id}/answers/{due.department.id}",
        "revision": due.revision,
        "days": _due(due),
        "late": _is_late(due.due_on),
    }
