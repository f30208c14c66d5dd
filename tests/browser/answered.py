"""Pages of results, of replies to them, and of what ideas changed."""

from __future__ import annotations

from sqlalchemy import select

from forum.core.db import db
from forum.ideas.models import Idea
from forum.surveys.change.models import IdeaMeasure
from forum.surveys.loop.models import Reply
from forum.surveys.models import Purpose, Wave, WaveState
from tests.browser.stops import Stop

RULE = "/surveys/<int:wave_id>/results"
PART = f"{RULE}/<string:scope>/<int:one>"


def results() -> list[Stop]:
    """A survey that ended and one that runs, a department's part, its reply, and an idea's page."""
    regular = select(Wave.id).where(Wave.purpose == Purpose.REGULAR).order_by(Wave.id)
    ended = db.session.scalars(regular.where(Wave.state == WaveState.CLOSED)).first()
    runs = db.session.scalars(regular.where(Wave.state == WaveState.RUNNING)).first()
    owed = db.session.scalars(select(Reply).where(Reply.wave_id == ended)).first()
    measured = db.session.scalars(select(IdeaMeasure.idea_id)).first()
    accepted = db.session.scalars(select(Idea.id).where(Idea.stage_kind == "accepted")).first()
    assert owed is not None
    base, department = f"/surveys/{ended}/results", owed.department_id
    return [
        Stop(RULE, base, "anna"),
        Stop(RULE, f"/surveys/{runs}/results", "anna"),
        *(Stop(PART, f"{base}/{scope}/{department}", "anna") for scope in ("provider", "tree")),
        Stop(
            "/surveys/<int:wave_id>/replies/<int:department_id>",
            f"/surveys/{ended}/replies/{department}",
            "moderator",
        ),
        Stop("/surveys/changes", "/surveys/changes", "anna"),
        Stop("/ideas/<int:idea_id>", f"/ideas/{measured}", "boris"),
        Stop("/ideas/<int:idea_id>/promises", f"/ideas/{accepted}/promises", "moderator"),
    ]
