"""The moderators' page of searches that found nothing."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import moderators_only
from forum.core.i18n import _
from forum.ideas.pages import say_with_undo
from forum.search.missed import actions, queries

bp = Blueprint("missed_searches", __name__)


@bp.get("/moderation/searches")
@moderators_only
def index() -> ResponseReturnValue:
    """What several people looked for in vain, most often first. One query, and those of
    searches that find something by now."""
    rows, more = queries.missed_searches(me())
    return render_template("search/missed.html", rows=rows, more=more)


@bp.post("/moderation/searches/<int:missed_id>/dismiss")
@moderators_only
def dismiss(missed_id: int) -> ResponseReturnValue:
    """Put one aside; with undo."""
    actions.dismiss(me(), queries.missed_or_404(missed_id))
    say_with_undo(_("Put aside."), f"/moderation/searches/{missed_id}/take-back")
    return redirect("/moderation/searches", 303)


@bp.post("/moderation/searches/<int:missed_id>/take-back")
@moderators_only
def take_back(missed_id: int) -> ResponseReturnValue:
    """Undo: it waits again."""
    actions.take_back(me(), queries.missed_or_404(missed_id))
    return redirect("/moderation/searches", 303)
