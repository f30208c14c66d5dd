"""The page on which somebody flags an idea, a comment or a thank-you."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import require
from forum.core.again import Sent, form_again
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import _, lazy
from forum.core.modules import is_on
from forum.moderation import flags, policy
from forum.moderation.forms import FlagForm
from forum.moderation.things import Thing, authors_for, thing_or_404

bp = Blueprint("flags", __name__)
TITLES = {
    "idea": lazy("Flag an idea"),
    "comment": lazy("Flag a comment"),
    "thanks": lazy("Flag a thank-you"),
}


def _page(thing: Thing, form: FlagForm) -> str:
    return render_template(
        "moderation/flag.html",
        thing=thing,
        title=str(TITLES[thing.kind]),
        form=form,
        reasons=[(key.value, words) for key, words in flags.REASONS.items()],
    )


def _flaggable(kind: str, number: int) -> Thing:
    if kind == "thanks" and not is_on("thanks"):
        raise NotFound
    thing = thing_or_404(me(), kind, number)
    require(policy.may_flag(me(), authors_for(me(), thing)) and not thing.hidden)
    return thing


def _idea_again(sent: Sent, idea_id: int) -> str:
    return _page(_flaggable("idea", idea_id), FlagForm(sent))


def _comment_again(sent: Sent, comment_id: int) -> str:
    return _page(_flaggable("comment", comment_id), FlagForm(sent))


def _thanks_again(sent: Sent, thanks_id: int) -> str:
    return _page(_flaggable("thanks", thanks_id), FlagForm(sent))


@bp.route("/ideas/<int:idea_id>/flag", methods=["GET", "POST"])
@form_again(_idea_again)
def idea(idea_id: int) -> ResponseReturnValue:
    """Flag an idea."""
    return _flag(_flaggable("idea", idea_id))


@bp.route("/comments/<int:comment_id>/flag", methods=["GET", "POST"])
@form_again(_comment_again)
def comment(comment_id: int) -> ResponseReturnValue:
    """Flag a comment, under an idea or a standard."""
    return _flag(_flaggable("comment", comment_id))


@bp.route("/thanks/<int:thanks_id>/flag", methods=["GET", "POST"])
@form_again(_thanks_again)
def thanks(thanks_id: int) -> ResponseReturnValue:
    """Flag a thank-you, a private one too: then moderators read it."""
    return _flag(_flaggable("thanks", thanks_id))


def _flag(thing: Thing) -> ResponseReturnValue:
    form = FlagForm.from_request()
    if request.method == "GET":
        return _page(thing, form)
    try:
        if form.validate():
            flags.flag(me(), thing, reason=form.reason.data or "", note=form.note.data or "")
            flash(_("Thank you. Moderators will look at it; nobody else learns of it."), "success")
            return redirect(thing.url, 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _page(thing, form), 422
