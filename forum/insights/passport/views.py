"""A department's passport as a page and as PDF."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.calendar import company_day
from forum.core.errors import NotFound
from forum.core.i18n import day
from forum.core.modules import is_on
from forum.departments.models import Department
from forum.departments.scope import scope_of
from forum.departments.visibility import visible_department
from forum.insights.paper import print_page
from forum.insights.passport.registry import passport_of

bp = Blueprint("passport", __name__)


def _department(slug: str) -> Department:
    if not is_on("insights"):
        raise NotFound
    return visible_department(me(), slug)


def _facts(department: Department) -> dict[str, Any]:
    return {
        "department": department,
        **passport_of(me(), department)._asdict(),
        "printed": day(company_day()),
    }


@bp.get("/departments/<slug>/passport")
def show(slug: str) -> ResponseReturnValue:
    """What a newcomer or a new head needs to know of a department."""
    department = _department(slug)
    if department.slug != slug:
        return redirect(f"/departments/{department.slug}/passport", 301)
    on_map = is_on("map") and not scope_of(me()).limited
    star_url = f"/map/{department.slug}" if on_map else ""
    return render_template("insights/passport/show.html", star_url=star_url, **_facts(department))


@bp.get("/departments/<slug>/passport.pdf")
def pdf(slug: str) -> ResponseReturnValue:
    """The same on paper."""
    department = _department(slug)
    made = print_page("insights/passport/paper.html", **_facts(department))
    response = Response(made, mimetype="application/pdf")
    name = f'inline; filename="passport-{department.slug}.pdf"'
    response.headers["Content-Disposition"] = name
    return response
