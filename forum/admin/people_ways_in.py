"""Letting many people in at once: links to send, or a sheet of codes to print and cut."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts import invitations
from forum.accounts.guard import me
from forum.accounts.invitations import LeftOut, SheetLine
from forum.accounts.models import Person
from forum.admin import people_pages as pages
from forum.core.access import admins_only
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.core.numbers import id_or_none
from forum.core.site import absolute

bp = Blueprint("admin_ways_in", __name__)
MOST = 200


@bp.post("/admin/people/invitations")
@admins_only
def invite() -> ResponseReturnValue:
    """Invite the chosen who cannot come in yet; links that were not mailed are shown to copy."""
    fit, left = invitations.newcomers(_chosen())
    made = invitations.invite(me(), fit) if fit else []
    return render_template("admin/invitations.html", made=made, left=left)


@bp.post("/admin/people/sign-in-sheet")
@admins_only
def sheet() -> ResponseReturnValue:
    """One-time codes for the chosen who cannot come in yet; shown this once."""
    fit, left = invitations.newcomers(_chosen())
    return _sheet(invitations.sign_in_sheet(me(), fit) if fit else [], left)


@bp.post("/admin/people/<int:person_id>/sign-in-sheet")
@admins_only
def sheet_for_one(person_id: int) -> ResponseReturnValue:
    """A code for one person, also in place of a password they forgot."""
    return _sheet(invitations.sign_in_sheet(me(), [pages.person_to_manage(person_id)]), [])


def _sheet(lines: list[SheetLine], left: list[LeftOut]) -> str:
    address = absolute("/welcome")
    return render_template("admin/sign_in_sheet.html", lines=lines, left=left, address=address)


def _chosen() -> list[Person]:
    """The people who were ticked. Raises Invalid for nobody."""
    sent = request.form.getlist("people")[:MOST]
    ids = map(id_or_none, sent)
    found = pages.people_by_id([each for each in ids if each is not None])
    if not found:
        raise Invalid(_("Choose between 1 and 200 people."))
    return found
