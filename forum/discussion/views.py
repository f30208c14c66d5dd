"""Editing and deleting comments, and previews of Markdown."""

from __future__ import annotations

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
from forum.core.limits import TEXT
from forum.core.textcheck import clean_text
from forum.core.texts import Text
from forum.discussion import actions, pages, policy, queries
from forum.discussion.forms import CommentForm
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
    back = comment_address(kind, subject, comment)
    return render_template(
        "discussion/edit.html", form=CommentForm(sent), comment=comment, back=back
    )


@bp.route("/comments/<int:comment_id>/edit", methods=["GET", "POST"])
@takes_pictures
@form_again(_edit_again)
def edit(comment_id: int) -> ResponseReturnValue:
    """Edit an own comment."""
    comment, kind, subject = queries.comment_or_404(me(), comment_id)
    require(policy.may_edit(me(), comment))
    form = CommentForm.from_request(body=db.session.get_one(Text, comment.text_id).source)
    if form.submitted():
        try:
            take_in(me(), form.body)
            actions.edit_comment(me(), comment, richtext.compose(form.body.data))
        except Invalid as refusal:
            form.reject("body", refusal.message)
        else:
            return redirect(comment_address(kind, subject, comment), 303)
    back = comment_address(kind, subject, comment)
    page = render_template("discussion/edit.html", form=form, comment=comment, back=back)
    return page, 422 if request.method == "POST" else 200


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
    if len(source) > TEXT.value:
        raise Invalid
    html = lines.previewed(me(), richtext.render(source))
    return render_template("discussion/preview.html", html=html)
