"""The moderators' pages."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.names import shown_name
from forum.core import slots
from forum.core.access import moderators_only
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.departments.visibility import choices_for
from forum.ideas import policy, showing, stage_cards
from forum.ideas.pages import say_with_undo
from forum.ideas.queries import idea_or_404
from forum.ideas.together.queries import co_authors_of
from forum.moderation import actions, newcomers, queries
from forum.moderation.forms import WhyForm
from forum.moderation.work import SHOWN, works

bp = Blueprint("moderation", __name__)


@bp.get("/moderation")
@moderators_only
def index() -> ResponseReturnValue:
    """One queue at a time; the first that has work unless another is asked for. Four queries, or
    five where matters wait, and its panels'."""
    counts = queries.counts(me())
    known = [work for work in works() if counts[work.name] or work.on()]
    first = next((work for work in known if counts[work.name]), known[0])
    wanted = next((work for work in known if work.name == request.args.get("queue")), first)
    rows = wanted.rows(me())
    return render_template(
        "moderation/index.html",
        queues=known,
        counts=counts,
        most=queries.COUNTED,
        days_late=queries.days_late,
        added_stage=stage_cards.added_as,
        shown_name=shown_name,
        current=wanted,
        rows=rows[:SHOWN],
        more=len(rows) > SHOWN,
        lengths=newcomers.DAYS,
        panels=slots.load("moderation", me(), [me()])[me().id],
        departments=choices_for(me()) if wanted.decides and rows else [],
    )


@bp.post("/ideas/<int:idea_id>/hide")
@moderators_only
def hide(idea_id: int) -> ResponseReturnValue:
    """Hide an idea, telling its author why."""
    idea = idea_or_404(me(), idea_id)
    form = WhyForm.from_request()
    if not form.validate():
        raise Invalid(" ".join(str(e) for e in form.why.errors))
    actions.hide(me(), idea, why=form.why.data or "")
    if policy.may_show_again(me(), idea, co_authors_of(me(), idea)):
        say_with_undo(_("The idea is hidden."), f"/ideas/{idea_id}/unhide")
    else:
        flash(_("The idea is hidden. Another moderator can show it again."), "info")
    return showing.back(idea)


@bp.post("/ideas/<int:idea_id>/unhide")
@moderators_only
def unhide(idea_id: int) -> ResponseReturnValue:
    """Show a hidden idea again."""
    idea = idea_or_404(me(), idea_id)
    actions.show_again(me(), idea)
    return showing.back(idea)
