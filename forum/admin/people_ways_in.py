"""Letting many people in at once: links to send, or a sheet of codes to print and cut."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts import invitations
from forum.accounts.guard import me
from forum.accounts.models import Person
from forum.admin import people_pages as pages
from forum.core.access import admins_only
from forum.core.site import absolute

bp = Blueprint("admin_ways_in", __name__)
MOST = 200


@bp.post("/admin/people/invitations")
@admins_only
def invite() -> ResponseReturnValue:
    """Invite the chosen people; links that could not be mailed are shown for copying."""
    made = invitations.invite(me(), _chosen())
    return render_template("admin/invitations.html", made=made)


@bp.post("/admin/people/sign-in-sheet")
@admins_only
def sheet() -> ResponseReturnValue:
    """One-time codes for the chosen people; shown this once."""
    lines = invitations.sign_in_sheet(me(), _chosen())
    return render_template("admin/sign_in_sheet.html", lines=lines, address=absolute("/welcome"))


def _chosen() -> list[Person]:
    sent = request.form.getlist("people")[:MOST]
    ids = [int(i) for i in sent if i.isascii() and i.isdigit() and len(i) < 18]
    return pages.people_by_id(ids)
