"""The moderators' pages."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import slots
from forum.core.access import moderators_only
from forum.core.i18n import _
from forum.departments.visibility import choices_for
from forum.ideas import showing
from forum.ideas.pages import say_with_undo
from forum.ideas.queries import idea_or_404
from forum.moderation import actions, queries

bp = Blueprint("moderation", __name__)


@bp.get("/moderation")
@moderators_only
def index() -> ResponseReturnValue:
    """One queue at a time; the first that has work unless another is asked for. Four queries and
    its panels'."""
    known, counts = queries.queues(me()), queries.counts(me())
    first = next((q for q in known if counts[q.name]), known[0])
    wanted = next((q for q in known if q.name == request.args.get("queue")), first)
    rows = queries.rows_of(wanted)
    return render_template(
        "moderation/index.html",
        queues=known,
        counts=counts,
        most=queries.COUNTED,
        days_late=queries.days_late,
        current=wanted,
        rows=rows[: queries.SHOWN],
        more=len(rows) > queries.SHOWN,
        panels=slots.load("moderation", me(), [me()])[me().id],
        departments=choices_for(me()) if wanted.decides and rows else [],
    )


@bp.post("/ideas/<int:idea_id>/hide")
@moderators_only
def hide(idea_id: int) -> ResponseReturnValue:
    """Hide an idea."""
    idea = idea_or_404(me(), idea_id)
    actions.hide(me(), idea)
    say_with_undo(_("The idea is hidden."), f"/ideas/{idea_id}/unhide")
    return showing.back(idea)


@bp.post("/ideas/<int:idea_id>/unhide")
@moderators_only
def unhide(idea_id: int) -> ResponseReturnValue:
    """Show a hidden idea again."""
    idea = idea_or_404(me(), idea_id)
    actions.show_again(me(), idea)
    return showing.back(idea)
