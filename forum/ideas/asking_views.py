"""Before a department answers: asking the author, handing the question over, being asked again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _
from forum.departments.visibility import choices_for
from forum.ideas import asking, handing_over, pages, queries, showing
from forum.ideas.answers import slot_for
from forum.ideas.forms import HandoverForm, QuestionForm
from forum.ideas.showing import visible

bp = Blueprint("asking", __name__)


def _question_again(form: Sent, idea_id: int, department_id: int) -> str:
    return showing.page(idea_id, question=(department_id, QuestionForm(form)))


@bp.post("/ideas/<int:idea_id>/answers/<int:department_id>/question")
@form_again(_question_again)
def ask(idea_id: int, department_id: int) -> ResponseReturnValue:
    """Ask the author something first; the department's time rests."""
    idea = visible(idea_id)
    form = QuestionForm(request.form)
    typed = form.question.data or ""
    try:
        if not form.validate():
            raise Invalid(_("Look at the marked fields."))
        slot = slot_for(me(), idea, department_id)
        asking.ask_author(me(), idea, slot, question=typed)
    except Invalid as refusal:
        form.refuse(refusal)
        return showing.again(idea_id, 422, question=(department_id, form))
    except Conflict as refusal:
        return showing.refused(idea_id, refusal, typed=typed)
    flash(_("The author is asked; your department’s time rests until the answer."), "success")
    return showing.to(idea, "#answers")


@bp.post("/ideas/<int:idea_id>/answers/<int:department_id>/question/done")
def close(idea_id: int, department_id: int) -> ResponseReturnValue:
    """The author has answered what the department asked."""
    idea = visible(idea_id)
    asking.say_answered(me(), idea, department_id)
    flash(_("The department’s time runs again."), "success")
    return showing.to(idea, "#answers")


@bp.post("/ideas/<int:idea_id>/answers/<int:department_id>/ask-again")
def ask_again(idea_id: int, department_id: int) -> ResponseReturnValue:
    """The author has changed what the department asked to change."""
    idea = visible(idea_id)
    try:
        asking.take_up(me(), idea, department_id)
    except Conflict as refusal:
        return showing.refused(idea_id, refusal)
    flash(_("The department is asked again."), "success")
    return showing.to(idea, "#answers")


def _handover_page(form: HandoverForm, idea_id: int, department_id: int) -> str:
    idea = visible(idea_id)
    slot_for(me(), idea, department_id)
    asked = queries.affected_ids(idea.id)
    return render_template(
        "ideas/hand_over.html",
        form=form,
        idea=idea,
        department_id=department_id,
        departments=[card for card in choices_for(me()) if card.id not in asked],
    )


@bp.route("/ideas/<int:idea_id>/answers/<int:department_id>/hand-over", methods=["GET", "POST"])
@form_again(lambda sent, **where: _handover_page(HandoverForm(sent), **where))
def hand_over(idea_id: int, department_id: int) -> ResponseReturnValue:
    """“Not ours”: choose the department that is asked instead."""
    idea = visible(idea_id)
    form = HandoverForm.from_request()
    if not form.submitted():
        status = 422 if request.method == "POST" else 200
        return _handover_page(form, idea_id, department_id), status
    try:
        slot = slot_for(me(), idea, department_id)
        passed = handing_over.hand_over(me(), idea, slot, to_id=form.to.data or 0)
    except Invalid as refusal:
        form.refuse(refusal)
        return _handover_page(form, idea_id, department_id), 422
    except Conflict as refusal:
        return showing.refused(idea_id, refusal)
    pages.say_with_undo(_("Handed over."), f"/ideas/{idea_id}/handovers/{passed}/undo")
    return showing.to(idea, "#answers")


@bp.post("/ideas/<int:idea_id>/handovers/<int:handover_id>/undo")
def undo_handover(idea_id: int, handover_id: int) -> ResponseReturnValue:
    """Take the question back to one's own department."""
    idea = visible(idea_id)
    handing_over.take_back(me(), idea, handover_id)
    flash(_("Your department is asked again, in the time it had."), "info")
    return redirect(f"/ideas/{idea_id}#answers", 303)
