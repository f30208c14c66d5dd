"""The pages of reviews."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import moderators_only, require
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.i18n import _, day, ngettext
from forum.ideas.pages import say_with_undo
from forum.standards import drafts, editing
from forum.standards import queries as of_standards
from forum.standards.addresses import one_address
from forum.standards.models import Standard
from forum.standards.policy import sees_drafts
from forum.standards.review import actions, evidence, phrases, policy, queries
from forum.standards.review.actions import Verdict
from forum.standards.review.forms import PlanForm, ReviewForm, day_shown
from forum.standards.review.models import Outcome
from forum.standards.review.queries import standings

bp = Blueprint("standard_reviews", __name__)
bp.before_request(one_address)
ALL = 200
"""Reviews in the history of one standard."""


def _standard(number: str) -> Standard:
    """The standard, where this reader may review it; others are told that they may not."""
    standard = of_standards.standard_or_404(me(), number)
    stands_in = queries.stands_in(me(), standard)
    require(policy.may_review(me(), standard, stands_in=stands_in))
    if not policy.is_due(standard):
        raise Conflict(actions.NOT_IN_FORCE)
    return standard


@bp.route("/standards/<string:number>/review", methods=["GET", "POST"])
@form_again(lambda sent, number: _form_page(_standard(number), ReviewForm(sent)))
def review(number: str) -> ResponseReturnValue:
    """Look at a standard again, with what speaks for it."""
    standard = _standard(number)
    due = standard.review_on.isoformat() if standard.review_on else ""
    form = ReviewForm.from_request(due=due)
    try:
        if form.submitted():
            return _concluded(standard, form)
    except Invalid as refusal:
        form.reject(refusal.field or "outcome", refusal.message)
    return _form_page(standard, form), 422 if request.method == "POST" else 200


def _concluded(standard: Standard, form: ReviewForm) -> ResponseReturnValue:
    outcome = form.outcome.data or ""
    verdict = Verdict(outcome, form.note.data or "", form.idea_id, day_shown(form.due.data))
    done = actions.conclude(me(), standard, verdict)
    until = day(done.due_after) if done.due_after else ""
    if outcome == Outcome.VALID:
        words = _("Noted: valid as it is. The next review is on %(day)s.", day=until)
        say_with_undo(words, f"/standards/reviews/{done.id}/undo")
        return redirect(f"/standards/{standard.number}", 303)
    writes = done.idea_id is None and sees_drafts(me(), standard)
    if writes and not editing.editable(standard).waits:
        flash(_("Noted. Here is the next version to write."), "success")
        return redirect(f"/standards/{standard.number}/edit", 303)
    flash(_("Noted. The next review is on %(day)s.", day=until), "success")
    if writes:
        flash(str(drafts.WAITS), "info")
    return redirect(f"/standards/{standard.number}", 303)


def _form_page(standard: Standard, form: ReviewForm, plan: PlanForm | None = None) -> str:
    """Six queries, and those of its evidence."""
    [standing] = standings([standard.id])
    return render_template(
        "standards/review/review.html",
        standard=standard,
        form=form,
        plan=plan or _plan_form(standard),
        late=phrases.days_late(standard),
        evidence=evidence.told(me(), standing),
        since=standing.since,
        outcomes=list(phrases.OUTCOMES.items()),
        lines=phrases.lines(queries.history(me(), [standard.id], ALL).get(standard.id, [])),
        may_plan=policy.may_plan(me()),
    )


def _plan_form(standard: Standard) -> PlanForm:
    care = actions.care_of(standard.id)
    months = care.every_months if care else None
    return PlanForm(data={"due_on": standard.review_on, "every_months": months})


def _plan_again(sent: Sent, number: str) -> str:
    standard = _standard(number)
    due = standard.review_on.isoformat() if standard.review_on else ""
    return _form_page(standard, ReviewForm(data={"due": due}), PlanForm(sent))


@bp.post("/standards/<string:number>/review/plan")
@moderators_only
@form_again(_plan_again)
def plan(number: str) -> ResponseReturnValue:
    """Say when a standard is looked at next, and how often."""
    standard = _standard(number)
    form = PlanForm.from_request()
    if not form.validate():
        return _plan_again(request.form, number), 422
    months: Any = form.every_months.data
    actions.plan(me(), standard, due_on=form.due_on.data, every_months=months)
    flash(_("Saved."), "success")
    return redirect(f"/standards/{number}/review", 303)


@bp.post("/standards/reviews/<int:review_id>/undo")
def undo(review_id: int) -> ResponseReturnValue:
    """Take back what one has just said was valid: one review, or all of a batch."""
    reviews = queries.of_batch(me(), review_id)
    if not reviews:
        raise NotFound
    undone = actions.take_back(me(), reviews)
    flash(ngettext("%(num)d review taken back.", "%(num)d reviews taken back.", undone), "info")
    return redirect("/standards", 303)
