"""Marking comments: official updates, and questions that are resolved."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.models import Person
from forum.core.i18n import _
from forum.discussion import marks, queries
from forum.discussion.models import Comment
from forum.discussion.views import comment_address

bp = Blueprint("comment_marks", __name__)
Act = Callable[[Person, str, object, Comment], None]


def _act(comment_id: int, act: Act, sentence: str, undo: str) -> ResponseReturnValue:
    """Do it, say so, and offer the way back."""
    comment, kind, subject = queries.comment_or_404(me(), comment_id)
    act(me(), kind, subject, comment)
    flash(f"{sentence}\n/comments/{comment_id}/{undo}", "undo")
    return redirect(comment_address(kind, subject, comment), 303)


@bp.post("/comments/<int:comment_id>/resolve")
def resolve(comment_id: int) -> ResponseReturnValue:
    """Say that a question is answered."""
    return _act(comment_id, marks.resolve, _("The question is resolved."), "reopen")


@bp.post("/comments/<int:comment_id>/reopen")
def reopen(comment_id: int) -> ResponseReturnValue:
    """Open a resolved question again."""
    return _act(comment_id, marks.reopen, _("The question is open again."), "resolve")


@bp.post("/comments/<int:comment_id>/official")
def official(comment_id: int) -> ResponseReturnValue:
    """Make an own comment an official update."""
    return _act(comment_id, marks.make_official, _("It is an official update."), "plain")


@bp.post("/comments/<int:comment_id>/plain")
def plain(comment_id: int) -> ResponseReturnValue:
    """Make an official update a plain comment again."""
    sentence = _("It is no official update any more.")
    return _act(comment_id, marks.make_plain, sentence, "official")
