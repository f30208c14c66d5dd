"""What people do to an idea: support, follow, comment, answer, decide, carry out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import richtext
from forum.core.errors import Forbidden, Invalid
from forum.core.i18n import _
from forum.discussion import actions as discussion
from forum.discussion.forms import CommentForm
from forum.discussion.models import Comment
from forum.ideas import actions, answers, decisions, pages, policy, queries, votes
from forum.ideas.forms import AnswerForm, DateForm, DecisionForm, OutcomeForm
from forum.ideas.models import Idea, StageKind

bp = Blueprint("idea_acts", __name__)


def _visible(idea_id: int) -> Idea:
    return queries.idea_or_404(me(), idea_id)


def _show(idea_id: int, status: int, **forms: Any) -> ResponseReturnValue:
    """The idea's page again, with what was typed."""
    return render_template("ideas/show.html", **pages.idea_page(me(), idea_id, **forms)), status


def _wants_fragment() -> bool:
    return request.headers.get("HX-Request") == "true"


def _fragment(template: str, **shown: Any) -> ResponseReturnValue:
    return render_template(template, **shown), 200, {"Vary": "HX-Request"}


def _to(idea: Idea, anchor: str = "") -> ResponseReturnValue:
    return redirect(f"/ideas/{idea.id}{anchor}", 303)


@bp.post("/ideas/<int:idea_id>/vote")
def vote(idea_id: int) -> ResponseReturnValue:
    """Support an idea."""
    idea = _visible(idea_id)
    new = votes.cast_vote(me(), idea)
    return _supported(idea, voted=True, step=int(new))


@bp.post("/ideas/<int:idea_id>/unvote")
def unvote(idea_id: int) -> ResponseReturnValue:
    """Take support back."""
    idea = _visible(idea_id)
    gone = votes.take_back_vote(me(), idea)
    return _supported(idea, voted=False, step=-int(gone))


def _supported(idea: Idea, *, voted: bool, step: int) -> ResponseReturnValue:
    if not _wants_fragment():
        return redirect(pages.back_to(idea), 303)
    return _fragment("ideas/_support.html", idea=idea, votes=idea.vote_count + step, voted=voted)


@bp.post("/ideas/<int:idea_id>/follow")
def follow(idea_id: int) -> ResponseReturnValue:
    """Hear what happens to an idea."""
    idea = _visible(idea_id)
    votes.follow(me(), idea)
    return _followed(idea, follows=True)


@bp.post("/ideas/<int:idea_id>/unfollow")
def unfollow(idea_id: int) -> ResponseReturnValue:
    """Hear no more of it."""
    idea = _visible(idea_id)
    votes.unfollow(me(), idea)
    return _followed(idea, follows=False)


def _followed(idea: Idea, *, follows: bool) -> ResponseReturnValue:
    if not _wants_fragment():
        return _to(idea)
    return _fragment("ideas/_follow.html", idea=idea, follows=follows)


@bp.post("/ideas/<int:idea_id>/comments")
def comment(idea_id: int) -> ResponseReturnValue:
    """Comment, or reply."""
    idea = _visible(idea_id)
    form = CommentForm(request.form)
    try:
        if form.validate():
            new = discussion.comment(
                me(),
                "idea",
                idea,
                idea.thread_id,
                richtext.compose(form.body.data or ""),
                parent_id=pages.id_or_none(form.parent.data),
            )
            return _commented(idea, new)
    except Invalid as refusal:
        form.reject("body", refusal.message)
    return _show(idea_id, 422, comment=form)


def _commented(idea: Idea, new: Comment) -> ResponseReturnValue:
    if not _wants_fragment():
        return _to(idea, f"#comment-{new.id}")
    return _fragment("ideas/_comment.html", entry=pages.entry_of(me(), idea, new.id))


@bp.post("/ideas/<int:idea_id>/answers/<int:department_id>")
def answer(idea_id: int, department_id: int) -> ResponseReturnValue:
    """Answer for a department."""
    idea = _visible(idea_id)
    form = AnswerForm(request.form)
    try:
        if not form.validate():
            raise Invalid(" ".join(str(e) for e in form.reason.errors), field="reason")
        answers.give_answer(
            me(), idea, department_id, answer=form.answer.data or "", reason=form.reason.data or ""
        )
    except Invalid as refusal:
        form.reject("reason", refusal.message)
        return _show(idea_id, 422, answer=(department_id, form))
    if _wants_fragment():
        return _tile(idea, department_id)
    pages.say_with_undo(_("Answered."), f"/ideas/{idea.id}/answers/{department_id}/undo")
    return redirect(pages.back_to(idea, "#answers"), 303)


def _tile(idea: Idea, department_id: int) -> ResponseReturnValue:
    return _fragment("ideas/_answer.html", idea=idea, slot=pages.tile_of(me(), idea, department_id))


@bp.post("/ideas/<int:idea_id>/answers/<int:department_id>/undo")
def undo_answer(idea_id: int, department_id: int) -> ResponseReturnValue:
    """Take an answer back; the slot waits again."""
    idea = _visible(idea_id)
    answers.take_back_answer(me(), idea, department_id)
    if _wants_fragment():
        return _tile(idea, department_id)
    flash(_("The answer is taken back."), "info")
    return redirect(pages.back_to(idea, "#answers"), 303)


@bp.post("/ideas/<int:idea_id>/departments")
def departments(idea_id: int) -> ResponseReturnValue:
    """Choose the affected departments."""
    idea = _visible(idea_id)
    ids = [
        found for sent in request.form.getlist("departments") if (found := pages.id_or_none(sent))
    ]
    actions.tag_departments(me(), idea, ids)
    return _to(idea, "#answers")


@bp.post("/ideas/<int:idea_id>/review")
def review(idea_id: int) -> ResponseReturnValue:
    """Take an idea into review."""
    idea = _visible(idea_id)
    decisions.begin_review(me(), idea)
    return _to(idea, "#decide")


@bp.post("/ideas/<int:idea_id>/decision")
def decide(idea_id: int) -> ResponseReturnValue:
    """Accept or decline, in public."""
    idea = _visible(idea_id)
    if not policy.may_decide(me(), idea):
        raise Forbidden
    form = DecisionForm(request.form)
    try:
        if not form.validate():
            raise Invalid(_("Look at the marked fields."))
        decisions.settle(me(), idea, _verdict(form))
    except Invalid as refusal:
        if refusal.field is not None and refusal.field in form._fields:
            form.reject(refusal.field, refusal.message)
        return _show(idea_id, 422, decision=form)
    except decisions.Harms as refusal:
        form.reject("override", refusal.message)
        return _show(idea_id, refusal.status, decision=form)
    return _to(idea)


def _verdict(form: DecisionForm) -> decisions.Verdict:
    return decisions.Verdict(
        decision=form.decision.data or "",
        reason=form.reason.data or "",
        revisit=form.revisit.data or "",
        reason_code=form.reason_code.data or "",
        owner_id=form.owner.data,
        due_on=form.due.data,
        override=bool(form.override.data),
    )


@bp.post("/ideas/<int:idea_id>/owner/confirm")
def confirm(idea_id: int) -> ResponseReturnValue:
    """The owner agrees to the day."""
    idea = _visible(idea_id)
    decisions.confirm_date(me(), idea)
    flash(_("Confirmed."), "success")
    return _to(idea)


@bp.post("/ideas/<int:idea_id>/owner/move")
def move_date(idea_id: int) -> ResponseReturnValue:
    """The owner asks for another day."""
    idea = _visible(idea_id)
    form = DateForm(request.form)
    if not form.validate() or form.due.data is None:
        raise Invalid(_("Choose a day."))
    decisions.ask_to_move_date(me(), idea, due_on=form.due.data, reason=form.reason.data or "")
    return _to(idea)


@bp.post("/ideas/<int:idea_id>/owner/agree")
def agree(idea_id: int) -> ResponseReturnValue:
    """A moderator agrees to the day the owner asked for."""
    idea = _visible(idea_id)
    decisions.agree_to_date(me(), idea)
    return _to(idea)


@bp.post("/ideas/<int:idea_id>/done")
def done(idea_id: int) -> ResponseReturnValue:
    """Say what changed; the idea is carried out."""
    idea = _visible(idea_id)
    form = OutcomeForm(request.form)
    try:
        if not form.validate():
            raise Invalid(" ".join(str(e) for e in form.outcome.errors), field="outcome")
        if idea.stage_kind != StageKind.DONE:
            decisions.mark_done(me(), idea, outcome=form.outcome.data or "")
    except Invalid as refusal:
        form.reject("outcome", refusal.message)
        return _show(idea_id, 422, outcome=form)
    return _to(idea)
