"""`/styleguide`: every component in its states, served in development only."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue

from forum.core.access import public

bp = Blueprint("styleguide", __name__)


def install(app: Flask) -> None:
    """Serve the page where `FORUM_DEVELOPMENT` is on."""
    if app.config["DEVELOPMENT"]:
        app.register_blueprint(bp)


@bp.get("/styleguide")
@public
def index() -> ResponseReturnValue:
    """The design system on one page."""
    return render_template("styleguide/index.html")
