"""What the forum knows about its reader, as a page and as JSON."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import no_store
from forum.core.personal import known_about

bp = Blueprint("people_data", __name__)

SHOWN = 100
"""Rows of a table on the page; the JSON has all."""


@bp.get("/settings/data")
@no_store
def page() -> ResponseReturnValue:
    """Every row about me, by feature."""
    return render_template("people/data.html", known=known_about(me().id), shown=SHOWN)


@bp.get("/settings/data.json")
@no_store
def as_json() -> ResponseReturnValue:
    """The same, complete, to keep."""
    answer = jsonify(known_about(me().id))
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer
