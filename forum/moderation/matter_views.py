"""Matters: one with everything known of it, and what moderators do with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import moderators_only
from forum.core.again import Sent, form_again
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import _, lazy, ngettext
from forum.core.numbers import id_or_none
from forum.ideas.pages import say_with_undo
from forum.moderation import desk, matters, newcomers, policy
from forum.moderation.forms import DecideForm, NoteForm, SuspendForm
from forum.moderation.models import FIRST_POST, Matter, Outcome, State
from forum.moderation.things import co_authors_of, thing_or_404

bp = Blueprint("matters", __name__)

DONE = {
    "hidden": lazy("Hidden. Its author is told, and may repair it once."),
    "disagreed": lazy("The flag is put aside: nothing is wrong with it."),
    "ignored": lazy("Set aside."),
    "deleted": lazy("Deleted."),
    "approved": lazy("Everybody sees it now."),
}


@bp.get("/moderation/matters/<int:matter_id>")
@moderators_only
def show(matter_id: int) -> ResponseReturnValue:
    """A matter with its flags, notes and history. Eight queries."""
    return _page(matters.matter_or_404(me(), matter_id))


def _page(matter: Matter, *, note: NoteForm | None = None, **typed: str) -> str:
    try:
        thing = thing_or_404(me(), matter.thing_kind, matter.thing_id)
    except NotFound:
        thing = None
    may = policy.may_handle(me(), matter, co_authors_of(matter))
    return render_template(
        "moderation/matter.html",
        row=matters.row_of(me(), matter),
        matter=matter,
        thing=thing,
        may=may,
        outcomes=desk.outcomes(matter, thing) if thing is not None and may else (),
        source=desk.source_of(thing) if thing is not None else "",
        flags=matters.flags_of(matter.id) if matter.author_id != me().id else [],
        notes=matters.notes_of(matter.id),
        history=matters.history_of(matter.id),
        note=note or NoteForm(),
        typed=typed,
    )


def _decide_again(sent: Sent, matter_id: int) -> str:
    return _page(matters.matter_or_404(me(), matter_id), why=sent.get("why", ""))


@bp.post("/moderation/matters/<int:matter_id>/decide")
@moderators_only
@form_again(_decide_again)
def decide(matter_id: int) -> ResponseReturnValue:
    """Agree and hide, disagree, ignore, delete, or let it be seen; with undo."""
    matter = matters.matter_or_404(me(), matter_id)
    form = DecideForm.from_request()
    if not form.validate():
        raise Invalid(" ".join(str(e) for e in form.why.errors))
    outcome = form.outcome.data or ""
    desk.decide(me(), matter, outcome, why=form.why.data or "")
    say_with_undo(_done(matter, outcome), f"/moderation/matters/{matter_id}/undo")
    return _back(matter)


def _done(matter: Matter, outcome: str) -> str:
    """What is said of a decision; that somebody may repair it only where it waits for them."""
    if outcome == Outcome.HIDDEN and matter.state != State.AUTHOR:
        return _("Hidden.")
    if outcome == Outcome.APPROVED and matter.thing_kind == "thanks":
        return _("Those it is meant for see it again.")
    return str(DONE[outcome])


def _back(matter: Matter) -> ResponseReturnValue:
    queue = "first-posts" if matter.kind == FIRST_POST else "flags"
    return redirect(f"/moderation?queue={queue}", 303)


@bp.post("/moderation/matters/<int:matter_id>/undo")
@moderators_only
def undo(matter_id: int) -> ResponseReturnValue:
    """Take one's own decision back."""
    matter = matters.matter_or_404(me(), matter_id)
    desk.take_back(me(), matter)
    flash(_("Taken back: it waits again."), "info")
    return _back(matter)


@bp.post("/moderation/matters/<int:matter_id>/claim")
@moderators_only
def claim(matter_id: int) -> ResponseReturnValue:
    """Take a matter, so that others see who."""
    matter = matters.matter_or_404(me(), matter_id)
    desk.claim(me(), matter)
    say_with_undo(_("It is yours for an hour."), f"/moderation/matters/{matter_id}/let-go")
    return _stay(matter)


@bp.post("/moderation/matters/<int:matter_id>/let-go")
@moderators_only
def let_go(matter_id: int) -> ResponseReturnValue:
    """Give a matter back to all."""
    matter = matters.matter_or_404(me(), matter_id)
    desk.let_go(me(), matter)
    return _stay(matter)


def _stay(matter: Matter) -> ResponseReturnValue:
    here = f"/moderation/matters/{matter.id}"
    return redirect(here, 303) if (request.referrer or "").endswith(here) else _back(matter)


def _note_again(sent: Sent, matter_id: int) -> str:
    return _page(matters.matter_or_404(me(), matter_id), note=NoteForm(sent))


@bp.post("/moderation/matters/<int:matter_id>/notes")
@moderators_only
@form_again(_note_again)
def note(matter_id: int) -> ResponseReturnValue:
    """Leave a note for the other moderators."""
    matter = matters.matter_or_404(me(), matter_id)
    form = NoteForm.from_request()
    try:
        if form.validate():
            desk.note(me(), matter, form.note.data or "")
            return redirect(f"/moderation/matters/{matter_id}#notes", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _page(matter, note=form), 422


@bp.post("/moderation/first-posts")
@moderators_only
def bulk() -> ResponseReturnValue:
    """Approve and trust, or decline and suspend, several at once."""
    ids = _ids(request.form.getlist("matter"))
    done: Any
    if request.form.get("act") == "approve":
        done = newcomers.approve_and_trust(me(), ids)
        said = ngettext("%(num)d post is shown.", "%(num)d posts are shown.", done)
    else:
        form = SuspendForm.from_request()
        form.validate()
        done = newcomers.decline_and_suspend(
            me(), ids, days=form.days.data or 0, why=form.why.data or ""
        )
        said = ngettext("%(num)d post is deleted.", "%(num)d posts are deleted.", done)
    undone = urlencode([("matter", number) for number in ids])
    say_with_undo(said, f"/moderation/first-posts/undo?{undone}")
    return redirect("/moderation?queue=first-posts", 303)


@bp.post("/moderation/first-posts/undo")
@moderators_only
def undo_bulk() -> ResponseReturnValue:
    """Take back what one has just done to several."""
    done = newcomers.take_back(me(), _ids(request.args.getlist("matter")))
    said = ngettext("%(num)d post waits again.", "%(num)d posts wait again.", done)
    flash(said, "info")
    return redirect("/moderation?queue=first-posts", 303)


def _ids(typed: list[str]) -> list[int]:
    return [number for each in typed if (number := id_or_none(each)) is not None]
