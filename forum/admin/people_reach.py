"""Limiting a moderator to subtrees of departments, from the page of a person."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.admin import people_pages as pages
from forum.core.access import admins_only
from forum.core.errors import Invalid
from forum.departments import reach

bp = Blueprint("admin_reach", __name__)


@bp.post("/admin/people/<int:person_id>/reach")
@admins_only
def limit(person_id: int) -> ResponseReturnValue:
    """Let a moderator act in a subtree, and nowhere but in those given."""
    person = pages.person_to_manage(person_id)
    department_id = pages.read_department(request.form.get("department", ""))
    if department_id is None:
        raise Invalid(reach.UNKNOWN, field="department")
    reach.limit(me(), person, department_id)
    return redirect(f"/admin/people/{person_id}#reach", 303)


@bp.post("/admin/people/<int:person_id>/reach/<int:department_id>/end")
@admins_only
def unlimit(person_id: int, department_id: int) -> ResponseReturnValue:
    """Take a subtree away; with the last one the limit ends."""
    reach.unlimit(me(), pages.person_to_manage(person_id), department_id)
    return redirect(f"/admin/people/{person_id}#reach", 303)
