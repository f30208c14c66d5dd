"""The moderators' pages."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import moderators_only
from forum.core.i18n import _
from forum.ideas.pages import say_with_undo
from forum.ideas.queries import idea_or_404
from forum.moderation import actions, queries

bp = Blueprint("moderation", __name__)


@bp.get("/moderation")
@moderators_only
def index() -> ResponseReturnValue:
    """One queue at a time; the first that has work unless another is asked for."""
    known = queries.queues()
    wanted = next((q for q in known if q.name == request.args.get("queue")), known[0])
    rows = queries.rows_of(wanted)
    return render_template(
        "moderation/index.html",
        queues=known,
        current=wanted,
        rows=rows[: queries.SHOWN],
        more=len(rows) > queries.SHOWN,
    )


@bp.post("/ideas/<int:idea_id>/hide")
@moderators_only
def hide(idea_id: int) -> ResponseReturnValue:
    """Hide an idea."""
    actions.hide(me(), idea_or_404(me(), idea_id))
    say_with_undo(_("The idea is hidden."), f"/ideas/{idea_id}/unhide")
    return redirect(f"/ideas/{idea_id}", 303)


@bp.post("/ideas/<int:idea_id>/unhide")
@moderators_only
def unhide(idea_id: int) -> ResponseReturnValue:
    """Show a hidden idea again."""
    actions.show_again(me(), idea_or_404(me(), idea_id))
    return redirect(f"/ideas/{idea_id}", 303)
