"""What people do to an idea: support, follow, comment, answer, choose departments."""

from __future__ import annotations

from flask import Blueprint, flash, redirect
from flask import request as sent
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import richtext
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Invalid
from forum.core.fragments import fragment, wants_fragment
from forum.core.i18n import _
from forum.core.intake import takes_pictures
from forum.core.numbers import id_or_none, number_or_none
from forum.discussion import actions as discussion
from forum.discussion.forms import CommentForm
from forum.discussion.models import Comment
from forum.discussion.pages import entry_of
from forum.files.attaching import take_in
from forum.ideas import affected, answers, pages, showing, votes
from forum.ideas.forms import AnswerForm, TagsForm
from forum.ideas.models import Idea
from forum.ideas.showing import visible
from forum.ideas.tiles import tile_of

bp = Blueprint("idea_acts", __name__)


@bp.post("/ideas/<int:idea_id>/vote")
def vote(idea_id: int) -> ResponseReturnValue:
    """Support an idea."""
    idea = visible(idea_id)
    new = votes.cast_vote(me(), idea)
    return _supported(idea, voted=True, step=int(new))


@bp.post("/ideas/<int:idea_id>/unvote")
def unvote(idea_id: int) -> ResponseReturnValue:
    """Take support back."""
    idea = visible(idea_id)
    gone = votes.take_back_vote(me(), idea)
    return _supported(idea, voted=False, step=-int(gone))


def _supported(idea: Idea, *, voted: bool, step: int) -> ResponseReturnValue:
    if not wants_fragment():
        return redirect(pages.back_to(idea), 303)
    return fragment("ideas/_support.html", idea=idea, votes=idea.vote_count + step, voted=voted)


@bp.post("/ideas/<int:idea_id>/follow")
def follow(idea_id: int) -> ResponseReturnValue:
    """Hear what happens to an idea."""
    idea = visible(idea_id)
    votes.follow(me(), idea)
    return _followed(idea, follows=True)


@bp.post("/ideas/<int:idea_id>/unfollow")
def unfollow(idea_id: int) -> ResponseReturnValue:
    """Hear no more of it."""
    idea = visible(idea_id)
    votes.unfollow(me(), idea)
    return _followed(idea, follows=False)


def _followed(idea: Idea, *, follows: bool) -> ResponseReturnValue:
    if not wants_fragment():
        return showing.to(idea)
    return fragment("ideas/_follow.html", idea=idea, follows=follows)


def _comment_again(form: Sent, idea_id: int) -> str:
    return showing.page(idea_id, comment=CommentForm(form))


@bp.post("/ideas/<int:idea_id>/comments")
@takes_pictures
@form_again(_comment_again)
def comment(idea_id: int) -> ResponseReturnValue:
    """Comment, or reply."""
    idea = visible(idea_id)
    form = CommentForm(sent.form)
    try:
        if form.validate():
            take_in(me(), form.body)
            new = discussion.comment(
                me(),
                "idea",
                idea,
                idea.thread_id,
                richtext.compose(form.body.data or ""),
                parent_id=form.parent_id,
                marked=form.marks,
            )
            return _commented(idea, new)
    except Invalid as refusal:
        form.refuse(refusal)
    return showing.again(idea_id, 422, comment=form)


def _commented(idea: Idea, new: Comment) -> ResponseReturnValue:
    if not wants_fragment():
        if new.official_at:
            pages.say_with_undo(_("It is an official update."), f"/comments/{new.id}/plain")
        return showing.to(idea, f"#comment-{new.id}")
    return fragment("discussion/_comment.html", entry=entry_of(me(), "idea", idea, new.id))


def _answer_again(form: Sent, idea_id: int, department_id: int) -> str:
    return showing.page(idea_id, answer=(department_id, AnswerForm(form)))


@bp.post("/ideas/<int:idea_id>/answers/<int:department_id>")
@form_again(_answer_again)
def answer(idea_id: int, department_id: int) -> ResponseReturnValue:
    """Answer for a department."""
    idea = visible(idea_id)
    form = AnswerForm(sent.form)
    try:
        if not form.validate():
            raise Invalid(" ".join(str(e) for e in form.reason.errors), field="reason")
        given = _give(idea, department_id, form)
    except Invalid as refusal:
        form.complain("reason", refusal.message)
        return showing.again(idea_id, 422, answer=(department_id, form))
    except Conflict as refusal:
        return showing.refused(idea_id, refusal, typed=form.reason.data or "")
    if wants_fragment():
        return _tile(idea, department_id)
    undo = f"/ideas/{idea.id}/answers/{department_id}/undo?given={given}"
    pages.say_with_undo(_("Answered."), undo)
    return redirect(pages.back_to(idea, "#answers"), 303)


def _give(idea: Idea, department_id: int, form: AnswerForm) -> int:
    return answers.give_answer(
        me(),
        idea,
        department_id,
        answer=form.answer.data or "",
        reason=form.reason.data or "",
        seen=form.seen or number_or_none(sent.args.get("revision")),
    )


def _tile(idea: Idea, department_id: int) -> ResponseReturnValue:
    return fragment("ideas/_answer.html", idea=idea, slot=tile_of(me(), idea, department_id))


@bp.post("/ideas/<int:idea_id>/answers/<int:department_id>/undo")
def undo_answer(idea_id: int, department_id: int) -> ResponseReturnValue:
    """Take an answer back; the slot says what it said before."""
    idea = visible(idea_id)
    given = id_or_none(sent.args.get("given"))
    answers.take_back_answer(me(), idea, department_id, given=given)
    if wants_fragment():
        return _tile(idea, department_id)
    flash(_("The answer is taken back."), "info")
    return redirect(pages.back_to(idea, "#answers"), 303)


@bp.post("/ideas/<int:idea_id>/departments")
def departments(idea_id: int) -> ResponseReturnValue:
    """Choose the affected departments."""
    idea = visible(idea_id)
    form = TagsForm(sent.form)
    try:
        if not form.validate():
            raise Invalid(affected.UNKNOWN)
        chosen, filed = form.departments.data or [], form.filed.data or ""
        affected.tag_departments(me(), idea, chosen, filed=filed)
    except Invalid as refusal:
        form.complain("departments", refusal.message)
        return showing.again(idea_id, 422, tags=form)
    except Conflict as refusal:
        return showing.refused(idea_id, refusal)
    return showing.to(idea, "#answers")
