"""What happens in a session and after it: the agenda, outcomes, who came, how it was."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.again import Sent, form_again
from forum.core.db import db
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _
from forum.core.numbers import id_or_none, number_or_none
from forum.ideas.pages import say_with_link, say_with_undo
from forum.standards.clarifying import Opened
from forum.training.models import AgendaItem, Case, Outcome
from forum.training.praising import praise_url
from forum.training.sessions import agenda, attendance, feedback, outcomes, queries, shown
from forum.training.sessions.forms import AttendanceForm, OutcomeForm
from forum.training.sessions.people import read_people
from forum.training.sessions.views import page_of

bp = Blueprint("training_meeting", __name__)
_CASE = re.compile(r"(?:.*/training/cases/|#)?(\d+)/?(?:[?#].*)?")
"""A case by its number or its address."""


@bp.post("/training/<int:training_id>/agenda")
def add(training_id: int) -> ResponseReturnValue:
    """Put a `case` on the agenda, by its number."""
    session = queries.session_or_404(me(), training_id)
    sent = _CASE.fullmatch(request.form.get("case", "").strip())
    try:
        agenda.add(me(), session, id_or_none(sent[1]) if sent else None)
    except Invalid as refusal:
        return page_of(session, case=str(refusal)), 422
    flash(_("It is on the agenda."), "success")
    return redirect(f"/training/{training_id}#agenda", 303)


@bp.post("/training/<int:training_id>/agenda/<int:item_id>/drop")
def drop(training_id: int, item_id: int) -> ResponseReturnValue:
    """Take a case off; with undo."""
    session = queries.session_or_404(me(), training_id)
    agenda.drop(me(), session, queries.item_or_404(session, item_id).id)
    undo = f"/training/{training_id}/agenda/{item_id}/restore"
    say_with_undo(_("It is off the agenda."), undo)
    return redirect(f"/training/{training_id}#agenda", 303)


@bp.post("/training/<int:training_id>/agenda/<int:item_id>/restore")
def restore(training_id: int, item_id: int) -> ResponseReturnValue:
    """Put it back."""
    session = queries.session_or_404(me(), training_id)
    agenda.drop(me(), session, queries.item_or_404(session, item_id).id, back=True)
    return redirect(f"/training/{training_id}#agenda", 303)


@bp.post("/training/<int:training_id>/agenda/<int:item_id>/up")
def move_up(training_id: int, item_id: int) -> ResponseReturnValue:
    """Look at it before the one above."""
    session = queries.session_or_404(me(), training_id)
    agenda.move_up(me(), session, queries.item_or_404(session, item_id).id)
    return redirect(f"/training/{training_id}#agenda", 303)


def _settle_again(sent: Sent, training_id: int, item_id: int) -> str:
    session = queries.session_or_404(me(), training_id)
    return page_of(session, ending=_of_item(OutcomeForm(sent), item_id))


def _of_item(form: OutcomeForm, item_id: int) -> OutcomeForm:
    form.item_id = item_id
    return form


@bp.post("/training/<int:training_id>/agenda/<int:item_id>/outcome")
@form_again(_settle_again)
def settle(training_id: int, item_id: int) -> ResponseReturnValue:
    """End a case, and go on to what follows from it."""
    session = queries.session_or_404(me(), training_id)
    item = queries.item_or_404(session, item_id)
    form = _of_item(OutcomeForm.from_request(), item_id)
    try:
        if form.validate():
            clause = id_or_none(form.clause.data)
            outcome, note = form.outcome.data or "", form.note.data or ""
            ended = outcomes.settle(me(), session, item, outcome, note=note, clause_id=clause)
            _say_what_is_left(ended)
            return redirect(_onward(training_id, item_id), 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return page_of(session, ending=form), 422


def _say_what_is_left(ended: outcomes.Ended) -> None:
    """What became of the words that an ending before put into a draft."""
    if number := ended.taken_out:
        flash(_("The draft of %(number)s is without the words of this case again.", number=number))
    if number := ended.left_in:
        said = _("The words of this case still stand in the text of %(number)s.", number=number)
        say_with_link(said, _("Open the standard"), f"/standards/{number}", warns=True)


def _onward(training_id: int, item_id: int) -> str:
    """The draft, the idea or the thank-you that follows; otherwise back to the agenda."""
    session = queries.session_or_404(me(), training_id)
    item = queries.item_or_404(session, item_id)
    case = db.session.get_one(Case, item.case_id)
    if item.outcome == Outcome.CLARIFY and outcomes.may_clarify(me(), item):
        return _draft_of(item)
    if item.outcome == Outcome.IDEA:
        _say_noted(item, _("Noted on the agenda. Here the idea begins."))
        return shown.idea_url(item, case)
    if item.outcome == Outcome.PRAISE and (url := praise_url(me(), case, item.note)):
        _say_noted(item, _("Noted on the agenda. Here you say thank you."))
        return url
    flash(_("Noted."), "success")
    return _agenda(item)


def _agenda(item: AgendaItem) -> str:
    return f"/training/{item.session_id}#agenda"


def _say_noted(item: AgendaItem, sentence: str) -> None:
    say_with_link(sentence, _("Back to the agenda"), _agenda(item))


def _draft_of(item: AgendaItem) -> str:
    """The draft at the clause; the outcome stands even where there can be none just now."""
    try:
        opened = outcomes.clarify(me(), item)
    except Conflict as refusal:
        flash(str(refusal), "warning")
        return _agenda(item)
    _say_noted(item, _where(opened))
    return f"/standards/{opened.number}/edit"


def _where(opened: Opened) -> str:
    """Where what was learned stands now."""
    if opened.under:
        return _("Noted. What was learned stands under clause %(clause)s.", clause=opened.clause)
    if opened.stands:
        return _("Noted. What was learned stands in this text, at the end if nobody moved it.")
    return _("Noted. To be clearer: clause %(clause)s.", clause=opened.clause)


@bp.post("/training/<int:training_id>/agenda/<int:item_id>/clarify")
def clarify(training_id: int, item_id: int) -> ResponseReturnValue:
    """Open the clause for change."""
    session = queries.session_or_404(me(), training_id)
    return redirect(_draft_of(queries.item_or_404(session, item_id)), 303)


def _attended_again(sent: Sent, training_id: int) -> str:
    session = queries.session_or_404(me(), training_id)
    return page_of(session, attendance=AttendanceForm(sent))


@bp.post("/training/<int:training_id>/attendance")
@form_again(_attended_again)
def attended(training_id: int) -> ResponseReturnValue:
    """Note who came."""
    session = queries.session_or_404(me(), training_id)
    form = AttendanceForm.from_request()
    try:
        if form.validate():
            more = read_people(form.people.data or "", field="people")
            attendance.note(me(), session, form.came.data or [], more)
            flash(_("Noted who came."), "success")
            return redirect(f"/training/{training_id}", 303)
    except Invalid as refusal:
        form.reject("people", str(refusal))
    return page_of(session, attendance=form), 422


@bp.post("/training/<int:training_id>/feedback")
def give_feedback(training_id: int) -> ResponseReturnValue:
    """Say how it was."""
    session = queries.session_or_404(me(), training_id)
    said = {name: number_or_none(request.form.get(name)) for name, _said in shown.QUESTIONS}
    try:
        feedback.give(me(), session, **said)
    except Invalid as refusal:
        return page_of(session, feedback=str(refusal)), 422
    flash(_("Thank you. Nobody can tell what you said."), "success")
    return redirect(f"/training/{training_id}", 303)
