"""What moderators do to an idea on its own page: trash, lock, pin."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import moderators_only
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.ideas import showing
from forum.ideas.pages import say_with_undo
from forum.ideas.queries import idea_or_404
from forum.moderation import marks, trash
from forum.moderation.forms import WhyForm

bp = Blueprint("idea_moderation", __name__)


@bp.post("/ideas/<int:idea_id>/trash")
@moderators_only
def put_in_trash(idea_id: int) -> ResponseReturnValue:
    """Put an idea in the trash, telling its author why."""
    idea = idea_or_404(me(), idea_id)
    form = WhyForm.from_request()
    if not form.validate():
        raise Invalid(" ".join(str(e) for e in form.why.errors))
    trash.put_in_trash(me(), idea, why=form.why.data or "")
    say_with_undo(_("The idea is in the trash for 30 days."), f"/ideas/{idea_id}/restore")
    return showing.back(idea)


@bp.post("/ideas/<int:idea_id>/restore")
@moderators_only
def restore(idea_id: int) -> ResponseReturnValue:
    """Take an idea out of the trash."""
    idea = idea_or_404(me(), idea_id)
    trash.restore(me(), idea)
    flash(_("The idea is back as it was."), "info")
    return showing.back(idea)


@bp.post("/ideas/<int:idea_id>/lock")
@moderators_only
def lock(idea_id: int) -> ResponseReturnValue:
    """Close the comments of an idea."""
    idea = idea_or_404(me(), idea_id)
    marks.set_locked(me(), idea, locked=True)
    say_with_undo(_("Comments are closed; support goes on."), f"/ideas/{idea_id}/unlock")
    return showing.back(idea)


@bp.post("/ideas/<int:idea_id>/unlock")
@moderators_only
def unlock(idea_id: int) -> ResponseReturnValue:
    """Open the comments of an idea again."""
    idea = idea_or_404(me(), idea_id)
    marks.set_locked(me(), idea, locked=False)
    return showing.back(idea)


@bp.post("/ideas/<int:idea_id>/pin")
@moderators_only
def pin(idea_id: int) -> ResponseReturnValue:
    """Put an idea on top of the list."""
    idea = idea_or_404(me(), idea_id)
    marks.pin(me(), idea)
    say_with_undo(_("Pinned to the top of the list."), f"/ideas/{idea_id}/unpin")
    return showing.back(idea)


@bp.post("/ideas/<int:idea_id>/unpin")
@moderators_only
def unpin(idea_id: int) -> ResponseReturnValue:
    """Take an idea from the top of the list."""
    idea = idea_or_404(me(), idea_id)
    marks.unpin(me(), idea)
    return showing.back(idea)
