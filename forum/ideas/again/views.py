"""Still needing a declined idea, and answering when it comes back."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.models import Person
from forum.core.errors import Conflict
from forum.core.i18n import _
from forum.ideas import pages, showing
from forum.ideas.again import actions
from forum.ideas.models import Idea
from forum.ideas.showing import visible

bp = Blueprint("idea_conditions", __name__)


def _done(idea_id: int, act: Callable[[Person, Idea], None]) -> ResponseReturnValue | None:
    """Do it; the page with the reason where it is refused."""
    try:
        act(me(), visible(idea_id))
    except Conflict as refusal:
        return showing.refused(idea_id, refusal)
    return None


@bp.post("/ideas/<int:idea_id>/still-need")
def still_need(idea_id: int) -> ResponseReturnValue:
    """Say that one still needs a declined idea."""
    return _done(idea_id, actions.still_need) or showing.to(visible(idea_id))


@bp.post("/ideas/<int:idea_id>/need-no-more")
def need_no_more(idea_id: int) -> ResponseReturnValue:
    """Take that back."""
    return _done(idea_id, actions.need_no_more) or showing.to(visible(idea_id))


@bp.post("/ideas/<int:idea_id>/reopen")
def reopen(idea_id: int) -> ResponseReturnValue:
    """Take an idea that came back into review."""
    refused = _done(idea_id, actions.reopen)
    if refused is None:
        flash(_("In review again; the No stays in its history."), "success")
    return refused or showing.back(visible(idea_id), "#decide")


@bp.post("/ideas/<int:idea_id>/leave-declined")
def leave_declined(idea_id: int) -> ResponseReturnValue:
    """Leave an idea that came back at its No."""
    refused = _done(idea_id, actions.leave_declined)
    if refused is None:
        undo = f"/ideas/{idea_id}/leave-declined/undo"
        pages.say_with_undo(_("It stays declined, and does not come back again."), undo)
    return refused or showing.back(visible(idea_id))


@bp.post("/ideas/<int:idea_id>/leave-declined/undo")
def take_back_leaving(idea_id: int) -> ResponseReturnValue:
    """Undo: it waits again."""
    return _done(idea_id, actions.take_back_leaving) or showing.back(visible(idea_id))
