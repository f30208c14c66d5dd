"""Editing and deleting comments, and previews of Markdown."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import richtext
from forum.core.access import require
from forum.core.again import Sent, form_again
from forum.core.db import db
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.core.intake import takes_pictures
from forum.core.limits import STANDARD_TEXT
from forum.core.textcheck import clean_text
from forum.core.texts import Text
from forum.discussion import actions, pages, policy, queries
from forum.discussion.forms import CommentForm
from forum.discussion.marks import columns_of
from forum.discussion.models import Comment
from forum.discussion.pages import place_url
from forum.discussion.subjects import SUBJECTS
from forum.files import lines
from forum.files.attaching import take_in

bp = Blueprint("discussion", __name__)


def comment_address(kind: str, subject: object, comment: Comment) -> str:
    """Where a comment stands. One query."""
    return place_url(SUBJECTS[kind].url(subject), comment.id, far=queries.is_far_back(comment.id))


@bp.get("/comments/<int:comment_id>")
def show(comment_id: int) -> ResponseReturnValue:
    """Lead to a comment where it stands."""
    comment, kind, subject = queries.comment_or_404(me(), comment_id)
    return redirect(comment_address(kind, subject, comment), 303)


def _edit_again(sent: Sent, comment_id: int) -> str:
    comment, kind, subject = queries.comment_or_404(me(), comment_id)
    require(policy.may_edit(me(), comment))
    return _edit_page(CommentForm(sent), comment, kind, subject)


@bp.route("/comments/<int:comment_id>/edit", methods=["GET", "POST"])
@takes_pictures
@form_again(_edit_again)
def edit(comment_id: int) -> ResponseReturnValue:
    """Edit an own comment."""
    comment, kind, subject = queries.comment_or_404(me(), comment_id)
    require(policy.may_edit(me(), comment))
    form = _filled_form(comment)
    if form.submitted():
        try:
            take_in(me(), form.body)
            values = _marks(form, comment, kind, subject)
            actions.edit_comment(me(), comment, richtext.compose(form.body.data), values=values)
        except Invalid as refusal:
            form.reject("body", refusal.message)
        else:
            return redirect(comment_address(kind, subject, comment), 303)
    page = _edit_page(form, comment, kind, subject)
    return page, 422 if request.method == "POST" else 200


def _marks(
    form: CommentForm, comment: Comment, kind: str, subject: object
) -> dict[str, Any] | None:
    """The marks a form has a place for; a client that sends words alone changes none."""
    if not form.more.data:
        return None
    return columns_of(me(), kind, subject, form.marks, before=comment)


def _filled_form(comment: Comment) -> Any:
    return CommentForm.from_request(
        body=db.session.get_one(Text, comment.text_id).source,
        question=bool(comment.question),
        official=comment.official_at is not None,
        side=comment.side,
    )


def _edit_page(form: CommentForm, comment: Comment, kind: str, subject: object) -> str:
    speaks = comment.official_at is not None or SUBJECTS[kind].speaks(me(), subject)
    return render_template(
        "discussion/edit.html",
        form=form,
        comment=comment,
        back=comment_address(kind, subject, comment),
        speaks=speaks,
        takes_sides=SUBJECTS[kind].takes_sides,
    )


@bp.post("/comments/<int:comment_id>/delete")
def delete(comment_id: int) -> ResponseReturnValue:
    """Delete a comment, leaving a trace."""
    comment, kind, subject = queries.comment_or_404(me(), comment_id)
    actions.delete_comment(me(), kind, subject, comment)
    flash(f"{_('The comment is deleted.')}\n/comments/{comment_id}/restore", "undo")
    return redirect(comment_address(kind, subject, comment), 303)


@bp.post("/comments/<int:comment_id>/restore")
def restore(comment_id: int) -> ResponseReturnValue:
    """Bring a deleted comment back."""
    comment, kind, subject = queries.comment_or_404(me(), comment_id)
    actions.restore_comment(me(), kind, subject, comment)
    return redirect(comment_address(kind, subject, comment), 303)


@bp.get("/comments/<int:comment_id>/history")
def history(comment_id: int) -> ResponseReturnValue:
    """Every version of a comment."""
    comment, kind, subject = queries.comment_or_404(me(), comment_id)
    return render_template(
        "discussion/history.html",
        comment=comment,
        versions=[] if comment.deleted_at else pages.history_of(comment_id),
        back=comment_address(kind, subject, comment),
    )


@bp.post("/preview")
def preview() -> ResponseReturnValue:
    """What a text will look like; nothing is kept."""
    source = clean_text(request.form.get("text", ""))
    if len(source) > STANDARD_TEXT.value:
        raise Invalid
    html = lines.previewed(me(), richtext.render(source, limit=STANDARD_TEXT))
    return render_template("discussion/preview.html", html=html)
