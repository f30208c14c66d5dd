"""The moderators' page of ideas that probably say the same."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import moderators_only
from forum.core.i18n import _
from forum.ideas.pages import say_with_undo
from forum.search.likely import actions, queries

bp = Blueprint("likely_duplicates", __name__)


@bp.get("/moderation/duplicates")
@moderators_only
def index() -> ResponseReturnValue:
    """The likeliest first. One query."""
    pairs, more = queries.pairs(me())
    return render_template("search/likely.html", pairs=pairs, more=more)


@bp.post("/moderation/duplicates/<int:pair_id>/dismiss")
@moderators_only
def dismiss(pair_id: int) -> ResponseReturnValue:
    """Not the same; with undo."""
    actions.dismiss(me(), queries.pair_or_404(pair_id))
    say_with_undo(_("Not the same, then."), f"/moderation/duplicates/{pair_id}/take-back")
    return redirect("/moderation/duplicates", 303)


@bp.post("/moderation/duplicates/<int:pair_id>/take-back")
@moderators_only
def take_back(pair_id: int) -> ResponseReturnValue:
    """Undo: on the list again."""
    actions.take_back(me(), queries.pair_or_404(pair_id))
    return redirect("/moderation/duplicates", 303)
