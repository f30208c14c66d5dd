"""`/health/live` and `/health/ready`: what a supervisor or load balancer asks."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from forum.core.access import public
from forum.core.db import db
from forum.core.schema import schema_state

bp = Blueprint("health", __name__)
CHECKS: dict[str, Callable[[], str]] = {}
"""Further parts of the answer, such as the index and the jobs; they never make it 503."""


def install(app: Flask) -> None:
    """Serve the two addresses."""
    app.register_blueprint(bp)


@bp.get("/health/live")
@public
def live() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/health/ready")
@public
def ready() -> ResponseReturnValue:
    """Whether requests can be served: 503 only when the database or its schema is not there."""
    answer = {"database": _database(), "migrations": "unknown", "index": "none", "jobs": "none"}
    if answer["database"] == "ok":
        answer["migrations"] = schema_state()
    answer.update({name: check() for name, check in CHECKS.items()})
    fine = answer["database"] == "ok" and answer["migrations"] == "ok"
    return jsonify(answer), 200 if fine else 503


def _database() -> str:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return "failed"
    return "ok"
