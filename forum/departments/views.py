"""Pages of the tree and of a department."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import slots
from forum.core.db import db
from forum.core.errors import NotFound
from forum.departments import mentions, pages, posters
from forum.departments.history import history_of
from forum.departments.models import Department
from forum.departments.queries import heir_of
from forum.departments.scope import scope_of
from forum.departments.visibility import check_visible, visible_department

bp = Blueprint("departments", __name__)


@bp.get("/departments")
def index() -> ResponseReturnValue:
    """The company's tree."""
    limited = scope_of(me()).limited
    return render_template(
        "departments/index.html",
        nodes=pages.tree(me()),
        archived=[] if limited else pages.archived(),
        limited=limited,
        may_manage=me().administers,
    )


@bp.get("/departments/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One department."""
    department = visible_department(me(), slug)
    if department.slug != slug:
        return redirect(f"/departments/{department.slug}", 301)
    limited = scope_of(me()).limited
    members = pages.members_of(department.id)
    return render_template(
        "departments/show.html",
        department=department,
        trail=pages.trail_of(me(), department),
        below=pages.below(me(), department.id),
        head=pages.head_of(department),
        representatives=pages.representatives_of(department.id),
        members=members[: pages.MEMBERS_SHOWN],
        more_members=len(members) > pages.MEMBERS_SHOWN,
        size=pages.sentence_of_size(members),
        past=[] if limited else pages.past_members(department.id),
        heir=_heir(department, limited=limited),
        history=history_of(department.id, limited=limited),
        panels=slots.load("department", me(), [department])[department.id],
        ways=slots.load("ways-of-department", me(), [department])[department.id],
        beside=slots.load("beside-department", me(), [department])[department.id],
        may_manage=me().administers,
    )


def _heir(department: Department, *, limited: bool) -> object:
    return None if limited else heir_of(department)


@bp.get("/departments/by-id/<int:department_id>")
def by_id(department_id: int) -> ResponseReturnValue:
    """Where a mention leads, whatever the department is called today."""
    found = db.session.get(Department, department_id)
    if found is None:
        raise NotFound
    check_visible(me(), found.id)
    return redirect(f"/departments/{found.slug}", 303)


@bp.get("/departments/<slug>/poster")
def poster(slug: str) -> ResponseReturnValue:
    """A page to print and hang up."""
    department = visible_department(me(), slug)
    return render_template(
        "departments/poster.html",
        department=department,
        address=posters.idea_address(department.slug),
    )


@bp.get("/departments/<slug>/qr")
def qr(slug: str) -> ResponseReturnValue:
    """The poster's code as a picture."""
    department = visible_department(me(), slug)
    picture = posters.qr_picture(posters.idea_address(department.slug))
    return Response(picture, mimetype="image/svg+xml")


@bp.get("/mentions")
def suggest() -> ResponseReturnValue:
    """People and departments to call, as JSON."""
    return jsonify(items=mentions.callable_by(me(), request.args.get("q", "")))
