"""Pages of home."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    """What waits, what moved, what is new."""
    return render_template("home/index.html")
