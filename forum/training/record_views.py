"""The page of who is trained in what, and its file."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.errors import NotFound
from forum.training import policy, record

bp = Blueprint("training_record", __name__)


@bp.get("/training/record")
def show() -> ResponseReturnValue:
    """Shares of departments, and what the reader was trained in."""
    if not policy.may_see(me()):
        raise NotFound
    return render_template("training/record.html", shares=record.shares(me()), own=record.own(me()))


@bp.get("/training/record.csv")
def as_csv() -> ResponseReturnValue:
    """The shares as a file."""
    if not policy.may_see(me()):
        raise NotFound
    response = Response(record.as_csv(me()), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="training.csv"'
    return response
