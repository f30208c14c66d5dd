"""A tile per affected department: what it answered, or by when it will, and what may be done."""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from typing import Any

from markupsafe import Markup

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.clock import now
from forum.core.i18n import _, local_day, ngettext
from forum.discussion.pages import place_url
from forum.ideas import phrases, policy
from forum.ideas.asked import Slot, slots_of
from forum.ideas.models import AnswerKind, Idea
from forum.ideas.together.queries import co_authors_of

Forms = dict[str, Any]


def tile(
    reader: Person, idea: Idea, slot: Slot, forms: Forms, *, co_authors: Set[int]
) -> dict[str, Any]:
    """A department's tile, for those who may answer with the form they sent."""
    unsettled, until = idea.stage_kind in policy.UNSETTLED, _until(idea)
    answering = frozenset([slot.department_id] if slot.mine else [])
    return {
        "id": slot.department_id,
        "department": {
            "id": slot.department_id,
            "name": slot.name,
            "code": slot.code,
            "hue": slot.hue,
            "url": f"/departments/{slot.slug}",
        },
        "kind": slot.answer,
        "label": _label(slot, unsettled=unsettled),
        "days": _days(slot, until, unsettled=unsettled),
        "late": _silent(slot, until),
        "reason": Markup(slot.reason_html or ""),  # noqa: S704 - sanitised when it was written
        "person": "" if _waits(slot) else shown_name(slot.by),
        "earlier": not _waits(slot) and slot.revision < idea.revision,
        "may_answer": unsettled and policy.may_answer(reader, slot.department_id, answering),
        "notes": _notes(slot, until) if unsettled else [],
        "before": Markup(slot.before_html or ""),  # noqa: S704 - sanitised when it was written
        "question": _question(idea, slot) if unsettled else "",
        "may_ask": not policy.writes(reader, idea, co_authors) and slot.question_id is None,
        "waits": _waits(slot),
        **_of_author(reader, idea, slot, co_authors),
        **_forms(slot, forms),
    }


def _forms(slot: Slot, forms: Forms) -> Forms:
    """The forms that were refused at this tile: its answer, a question, a handover."""
    shown = {}
    for name in ("answer", "question", "handover"):
        at, form = forms.get(name, (None, None))
        shown["form" if name == "answer" else f"{name}_form"] = (
            form if at == slot.department_id else None
        )
    return shown


def _of_author(reader: Person, idea: Idea, slot: Slot, co_authors: Set[int]) -> dict[str, bool]:
    """What its authors may do about a change or question of a department."""
    writes = policy.writes(reader, idea, co_authors)
    unsettled = writes and idea.stage_kind in policy.UNSETTLED
    changes = unsettled and slot.answer == AnswerKind.NEEDS_CHANGE
    may_edit = policy.may_edit(reader, idea, co_authors)
    return {
        "may_change": changes and slot.revision >= idea.revision and may_edit,
        "may_ask_again": changes and slot.revision < idea.revision,
        "may_close": unsettled and _waits(slot) and slot.paused_at is not None,
    }


def tile_of(reader: Person, idea: Idea, department_id: int) -> dict[str, Any]:
    """One affected department's tile. Two queries."""
    slots = slots_of(reader, idea.id)
    shown = next(slot for slot in slots if slot.department_id == department_id)
    return tile(reader, idea, shown, {}, co_authors=co_authors_of(reader, idea))


def _waits(slot: Slot) -> bool:
    return slot.answer == AnswerKind.WAITING


def _until(idea: Idea) -> date:
    """The day that tells whether a department was silent: of the decision, or today."""
    if idea.stage_kind in policy.UNSETTLED:
        return local_day(now())
    return local_day(idea.settled_at or idea.stage_since)


def _silent(slot: Slot, until: date) -> bool:
    """Whether a department's time passed without an answer, while it ran."""
    due = slot.due_on if _waits(slot) and slot.paused_at is None else None
    return due is not None and slot.allowed_days is not None and due < until


def _label(slot: Slot, *, unsettled: bool) -> str:
    if unsettled and _waits(slot) and slot.paused_at is not None:
        return _("Asked the author")
    return str(phrases.ANSWERS[AnswerKind(slot.answer)])


def _days(slot: Slot, until: date, *, unsettled: bool) -> str:
    """How long an answer took, or by when it is due; of a silent department for how long."""
    if not _waits(slot):
        return _took(slot)
    if unsettled and slot.paused_at is not None:
        return _("its time rests")
    if slot.due_on is None or slot.allowed_days is None:
        return _asked(slot)
    if _silent(slot, until):
        return ngettext(
            "did not answer in %(num)d working day",
            "did not answer in %(num)d working days",
            slot.allowed_days,
        )
    return phrases.due(slot.due_on) if unsettled else _asked(slot)


def _took(slot: Slot) -> str:
    days = (local_day(slot.answered_at or now()) - local_day(slot.asked_at)).days
    return ngettext("after %(num)d day", "after %(num)d days", days) if days else _("the same day")


def _asked(slot: Slot) -> str:
    days = (local_day(now()) - local_day(slot.asked_at)).days
    waiting = ngettext("waiting %(num)d day", "waiting %(num)d days", days)
    return waiting if days else _("asked today")


def _notes(slot: Slot, until: date) -> list[str]:
    """How the question came here, and who is to answer it; of who was silent no name is told."""
    notes = []
    if slot.passed_from is not None:
        notes.append(_passed(slot))
    if _waits(slot) and (slot.due_on is None or slot.due_on >= until):
        notes.append(
            _("%(who)s answers for it.", who=shown_name(slot.answerer))
            if slot.answerer
            else _("Nobody answers for it yet.")
        )
    return notes


def _passed(slot: Slot) -> str:
    if slot.passed_by is None:
        return _("%(name)s was asked and became part of it.", name=slot.passed_from)
    return _("%(name)s handed it over.", name=slot.passed_from)


def _question(idea: Idea, slot: Slot) -> str:
    """The address of what the department asked, while it has not answered."""
    if slot.question_id is None or not _waits(slot):
        return ""
    return place_url(f"/ideas/{idea.id}", slot.question_id, far=True)
