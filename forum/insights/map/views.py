"""Pages of the map: the matrix, a department's star, lists, the file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.csvfiles import sheet_parts
from forum.core.errors import NotFound
from forum.departments.queries import heir_of
from forum.departments.scope import scope_of
from forum.departments.visibility import visible_department
from forum.insights.map import files, listing, matrix, star
from forum.insights.map.days import read_day
from forum.insights.map.listing import Wanted

bp = Blueprint("map", __name__)


def open_to(_person: Any) -> bool:
    """Everybody; consultants find the list of what touches their departments, and no map."""
    return True


def _reader() -> Person:
    if scope_of(me()).limited:
        raise NotFound
    return me()


@bp.get("/map")
def index() -> ResponseReturnValue:
    """Who serves whom, as a matrix; consultants are led to the list of what they see."""
    if scope_of(me()).limited:
        return redirect("/map/services", 303)
    as_of = read_day(request.args.get("as-of", ""))
    asked = matrix.Asked.read(request.args, as_of)
    drawn = matrix.drawn(_reader(), asked)
    return render_template(
        "insights/map/index.html",
        map=drawn.matrix,
        table=drawn.table,
        measured=drawn.measured,
        earlier=drawn.earlier,
        asked=asked,
        as_of=as_of,
        today=company_day(),
    )


@bp.get("/map/<slug>")
def department(slug: str) -> ResponseReturnValue:
    """Whom a department serves, and who serves it."""
    found = visible_department(_reader(), slug)
    if found.slug != slug:
        return redirect(f"/map/{found.slug}", 301)
    as_of = read_day(request.args.get("as-of", ""))
    drawn = star.drawn(me(), found, as_of)
    return render_template(
        "insights/map/star.html",
        department=found,
        heir=heir_of(found),
        drawn=drawn,
        as_of=as_of,
        today=company_day(),
    )


@bp.get("/map/services")
def services() -> ResponseReturnValue:
    """Services one by one: those of a cell, those not confirmed, those disputed.

    A consultant asks by state alone: which cell a service is in tells of its other side.
    """
    asked = request.args.to_dict()
    limited = scope_of(me()).limited
    if limited:
        asked = {name: asked[name] for name in ("state", "after") if name in asked}
    wanted = Wanted.read(asked, read_day(asked.get("as-of", "")))
    page = listing.lines(me(), wanted)
    return render_template("insights/map/services.html", wanted=wanted, page=page, limited=limited)


@bp.get("/map/services.csv")
def download() -> ResponseReturnValue:
    """The map as a file."""
    lines = sheet_parts(files.COLUMNS, files.rows(_reader()))
    response = Response(stream_with_context(lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="services.csv"'
    return response
