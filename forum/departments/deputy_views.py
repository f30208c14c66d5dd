"""While I am away: who answers in my place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import DateField
from wtforms.validators import Optional

from forum.accounts.guard import me
from forum.accounts.models import Person
from forum.core import limits, slots
from forum.core.access import no_store
from forum.core.again import form_again
from forum.core.calendar import company_day
from forum.core.errors import Invalid
from forum.core.forms import BaseForm, line
from forum.core.i18n import _, lazy
from forum.departments import deputies
from forum.departments.queries import answers_for

bp = Blueprint("deputies", __name__)


class DeputyForm(BaseForm):
    """A colleague, and from when until when."""

    deputy = line(lazy("Who answers in your place"), limits.EMAIL)
    since = DateField(lazy("From"), [Optional()])
    until = DateField(lazy("Until, that day included"), [Optional()])


def _page(form: DeputyForm) -> str:
    named = deputies.deputy_of(me().id)
    return render_template("departments/deputy.html", form=form, named=named)


@bp.route("/settings/deputy", methods=["GET", "POST"])
@no_store
@form_again(lambda sent: _page(DeputyForm(sent)))
def settings() -> ResponseReturnValue:
    """Name a deputy for the time one is away."""
    form = DeputyForm.from_request(since=company_day())
    if form.submitted():
        since, until = form.since.data, form.until.data
        try:
            deputies.name_deputy(me(), form.deputy.data or "", since=since, until=until)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "success")
            return redirect("/settings/deputy", 303)
    return _page(form), 422 if request.method == "POST" else 200


@bp.post("/settings/deputy/end")
@no_store
def end() -> ResponseReturnValue:
    """Back again: nobody stands in any more."""
    deputies.be_back(me())
    flash(_("Nobody answers in your place any more."), "success")
    return redirect("/settings/deputy", 303)


def beside_settings(reader: Person, people: Sequence[Any]) -> dict[int, bool]:
    """The way to the page, for those who answer for a department. One query."""
    return {person.id: True for person in people if answers_for(reader.id)}


def install() -> None:
    """Put the way to the page among the settings."""
    slots.fill("settings", slots.Panel("deputy", "departments/_deputy.html", beside_settings))
