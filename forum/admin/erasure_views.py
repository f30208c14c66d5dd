"""The page on which somebody is erased: what will be lost, and what stays."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.queries import person_or_404
from forum.admin.erasure import erase
from forum.core.access import admins_only
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import _
from forum.departments import hooks

bp = Blueprint("admin_erasure", __name__)


@bp.route("/admin/people/<int:person_id>/erase", methods=["GET", "POST"])
@admins_only
def page(person_id: int) -> ResponseReturnValue:
    """Ask for the name to be typed, since nothing can bring it back."""
    person = person_or_404(person_id)
    if person.erased_at is not None:
        raise NotFound
    error, status = "", 200
    if request.method == "POST":
        try:
            _erase(person_id)
        except Invalid as refusal:
            error, status = str(refusal.message), 422
        else:
            flash(_("The person is erased."), "success")
            return redirect("/admin/people", 303)
    seats = hooks.seats_of(person_id)
    shown = render_template("admin/erase.html", person=person, seats=seats, error=error)
    return shown, status


def _erase(person_id: int) -> None:
    person = person_or_404(person_id)
    typed = " ".join(request.form.get("name", "").split()).casefold()
    if typed != " ".join(person.name.split()).casefold():
        raise Invalid(_("Type the name as it stands above."))
    erase(me(), person, blank_texts=bool(request.form.get("blank_texts")))
