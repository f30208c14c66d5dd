"""From review to what became of it: deciding, carrying out, and the owner's date."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import moderators_only
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Forbidden, Invalid, TooLarge
from forum.core.i18n import _
from forum.core.intake import takes_pictures
from forum.departments.visibility import choices_for
from forum.files.incoming import sent_picture
from forum.ideas import decisions, owning, pages, policy, showing, stages
from forum.ideas.forms import DateForm, DecisionForm, OutcomeForm, OwnerForm
from forum.ideas.models import StageKind
from forum.ideas.showing import visible
from forum.ideas.together.queries import co_authors_of

bp = Blueprint("idea_decisions", __name__)


@bp.post("/ideas/<int:idea_id>/review")
def review(idea_id: int) -> ResponseReturnValue:
    """Take an idea into review."""
    idea = visible(idea_id)
    decisions.begin_review(me(), idea)
    pages.say_with_undo(_("In review now."), f"/ideas/{idea_id}/review/undo")
    return showing.back(idea, "#decide")


@bp.post("/ideas/<int:idea_id>/review/undo")
def end_review(idea_id: int) -> ResponseReturnValue:
    """Put an idea in review back among the open ones."""
    idea = visible(idea_id)
    decisions.end_review(me(), idea)
    pages.say_with_undo(_("Open again."), f"/ideas/{idea_id}/review")
    return showing.back(idea, "#decide")


def _decision_again(sent: Sent, idea_id: int) -> str:
    return showing.page(idea_id, decision=DecisionForm(sent))


@bp.post("/ideas/<int:idea_id>/decision")
@form_again(_decision_again)
def decide(idea_id: int) -> ResponseReturnValue:
    """Accept or decline, in public."""
    idea = visible(idea_id)
    if not policy.may_decide(me(), idea, co_authors_of(me(), idea)):
        raise Forbidden
    form = DecisionForm(request.form)
    try:
        if not form.validate():
            raise Invalid(_("Look at the marked fields."))
        decisions.settle(me(), idea, _verdict(form))
    except Invalid as refusal:
        form.refuse(refusal)
        return showing.again(idea_id, 422, decision=form)
    except decisions.Harms as refusal:
        form.reject("override", refusal.message)
        return showing.again(idea_id, refusal.status, decision=form)
    except Conflict as refusal:
        return showing.refused(idea_id, refusal, typed=form.words)
    said = _("Accepted.") if form.decision.data == "accept" else _("Declined.")
    pages.say_with_undo(said, f"/ideas/{idea_id}/decision/undo")
    return showing.back(idea)


@bp.post("/ideas/<int:idea_id>/decision/undo")
def undo_decision(idea_id: int) -> ResponseReturnValue:
    """Take one's own decision back, minutes after."""
    idea = visible(idea_id)
    decisions.take_back(me(), idea)
    flash(_("The decision is taken back; the idea is in review again."), "info")
    return showing.back(idea, "#decide")


def _verdict(form: DecisionForm) -> decisions.Verdict:
    return decisions.Verdict(
        decision=form.decision.data or "",
        reason=form.reason.data or "",
        revisit=form.revisit.data or "",
        reason_code=form.reason_code.data or "",
        owner_id=form.owner.data,
        due_on=form.due.data,
        override=bool(form.override.data),
        again_on=form.again_on.data,
        again_departments=form.again_departments.data,
    )


@bp.route("/ideas/<int:idea_id>/owner", methods=["GET", "POST"])
@moderators_only
def hand_over(idea_id: int) -> ResponseReturnValue:
    """Give an accepted idea to another department."""
    idea = visible(idea_id)
    if idea.stage_kind != StageKind.ACCEPTED:
        raise Conflict(stages.MOVED_ON)
    form = OwnerForm.from_request(owner=idea.owner_department_id)
    try:
        if form.submitted():
            owning.hand_over(me(), idea, owner_id=form.owner.data, due_on=form.due.data)
            return showing.to(idea)
    except Invalid as refusal:
        form.refuse(refusal)
    page = render_template("ideas/owner.html", idea=idea, form=form, departments=choices_for(me()))
    return page, 422 if request.method == "POST" else 200


@bp.post("/ideas/<int:idea_id>/owner/confirm")
def confirm(idea_id: int) -> ResponseReturnValue:
    """The owner agrees to the day."""
    idea = visible(idea_id)
    form = DateForm(request.form)
    try:
        if not form.validate():
            raise Conflict(stages.MOVED_ON)
        owning.confirm_date(me(), idea, due_on=form.due.data)
    except Conflict as refusal:
        return showing.refused(idea_id, refusal)
    flash(_("Confirmed."), "success")
    return showing.to(idea)


def _move_again(sent: Sent, idea_id: int) -> str:
    return showing.page(idea_id, move=DateForm(sent))


@bp.post("/ideas/<int:idea_id>/owner/move")
@form_again(_move_again)
def move_date(idea_id: int) -> ResponseReturnValue:
    """The owner asks for another day."""
    idea = visible(idea_id)
    form = DateForm(request.form)
    try:
        if not form.validate():
            raise Invalid(_("Look at the marked fields."))
        if form.due.data is None:
            raise Invalid(_("Choose a day."), field="due")
        due_on, reason = form.due.data, form.reason.data or ""
        owning.ask_to_move_date(me(), idea, due_on=due_on, reason=reason)
    except Invalid as refusal:
        form.refuse(refusal)
        return showing.again(idea_id, 422, move=form)
    except Conflict as refusal:
        return showing.refused(idea_id, refusal, typed=form.reason.data or "")
    return showing.to(idea)


@bp.post("/ideas/<int:idea_id>/owner/agree")
def agree(idea_id: int) -> ResponseReturnValue:
    """A moderator agrees to the day the owner asked for."""
    idea = visible(idea_id)
    form = DateForm(request.form)
    if not form.validate():
        return showing.refused(idea_id, Invalid(_("Choose a day.")))
    try:
        owning.agree_to_date(me(), idea, due_on=form.due.data)
    except Conflict as refusal:
        return showing.refused(idea_id, refusal)
    flash(_("Agreed."), "success")
    return showing.back(idea)


def _done_again(sent: Sent, idea_id: int) -> str:
    return showing.page(idea_id, outcome=OutcomeForm(sent))


@bp.post("/ideas/<int:idea_id>/done")
@takes_pictures
@form_again(_done_again)
def done(idea_id: int) -> ResponseReturnValue:
    """Say what changed, with a photo if there is one; the idea is carried out."""
    idea = visible(idea_id)
    form = OutcomeForm(request.form)
    photo = sent_picture("photo")
    try:
        if not form.validate():
            raise Invalid(_("Look at the marked fields."))
        if idea.stage_kind != StageKind.DONE:
            decisions.mark_done(me(), idea, outcome=form.outcome.data or "", photo=photo)
    except (Invalid, TooLarge) as refusal:
        form.refuse(refusal, files="photo")
        return showing.again(idea_id, refusal.status, outcome=form)
    except Conflict as refusal:
        return showing.refused(idea_id, refusal, typed=form.outcome.data or "")
    return showing.to(idea)
