"""The directory, and a person's page."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import slots
from forum.core.access import no_store
from forum.home import people_pages as pages

bp = Blueprint("people", __name__)


@bp.get("/people")
@no_store
def directory() -> ResponseReturnValue:
    """Colleagues, found by name and department."""
    departments = pages.departments_for(me())
    wanted = pages.read_wanted(request.args, departments)
    page = pages.directory(me(), wanted)
    return render_template(
        "people/directory.html",
        page=page,
        wanted=wanted,
        departments=departments,
        next_url=wanted.query(after=page.next) if page.next else "",
        first_url=wanted.query() if wanted.after else "",
        may_manage=me().administers,
    )


@bp.get("/people/<int:person_id>")
@no_store
def show(person_id: int) -> ResponseReturnValue:
    """One person."""
    person = pages.person_or_404(me(), person_id)
    return render_template(
        "people/show.html",
        person=person,
        labels=pages.labels_of(person),
        seats=pages.seats_of(me(), person),
        panels=slots.load("person", me(), [person])[person.id],
        is_me=person.id == me().id,
        may_manage=me().administers,
    )
