"""Suspending somebody, and letting them write again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.models import Person
from forum.accounts.queries import person_or_404
from forum.core.access import moderators_only, no_store, require
from forum.core.again import Sent, form_again
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.ideas.pages import say_with_undo
from forum.moderation import newcomers, policy
from forum.moderation.forms import SuspendForm

bp = Blueprint("people_moderation", __name__)


def _page(person: Person, form: SuspendForm) -> str:
    return render_template(
        "moderation/suspend.html", person=person, form=form, lengths=newcomers.DAYS
    )


def _suspendable(person_id: int) -> Person:
    person = person_or_404(person_id)
    require(policy.may_suspend(me(), person))
    return person


@bp.route("/moderation/people/<int:person_id>/suspend", methods=["GET", "POST"])
@moderators_only
@no_store
@form_again(lambda sent, person_id: _again(sent, person_id))
def suspend(person_id: int) -> ResponseReturnValue:
    """Let somebody read but not write for some days."""
    person = _suspendable(person_id)
    form = SuspendForm.from_request()
    if not form.submitted():
        return _page(person, form), 422 if form.errors else 200
    try:
        newcomers.suspend(me(), person, days=form.days.data or 0, why=form.why.data or "")
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(person, form), 422
    say_with_undo(_("They can read but not write."), f"/moderation/people/{person_id}/readmit")
    return redirect(f"/people/{person_id}", 303)


def _again(sent: Sent, person_id: int) -> str:
    return _page(_suspendable(person_id), SuspendForm(sent))


@bp.post("/moderation/people/<int:person_id>/readmit")
@moderators_only
def readmit(person_id: int) -> ResponseReturnValue:
    """Let somebody write again."""
    newcomers.readmit(me(), _suspendable(person_id))
    flash(_("They can write again."), "success")
    return redirect(f"/people/{person_id}", 303)
