"""Sending versions for approval, answering, and what waits for somebody."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import require
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _
from forum.core.numbers import number_or_none
from forum.core.textcheck import clean_line
from forum.standards import pages, queries
from forum.standards import policy as standards
from forum.standards.addresses import one_address
from forum.standards.approvals import actions, deputies, emergencies, panels
from forum.standards.approvals.forms import days_sent
from forum.standards.approvals.models import Said
from forum.standards.models import Standard, Version, VersionState

bp = Blueprint("standard_approvals", __name__)
bp.before_request(one_address)

SAID = {
    "approve": Said.APPROVED,
    "change": Said.CHANGE,
    "abstain": Said.ABSTAINED,
    "take-back": Said.WAITING,
}


@bp.get("/approvals")
def queue() -> ResponseReturnValue:
    """What waits for the reader's approval, by its day."""
    after = request.args.get("after", "")
    page = panels.queue(me(), after=after)
    return render_template(
        "standards/approvals/queue.html",
        rows=page.rows,
        first_url="/approvals" if after else "",
        next_url=f"/approvals?after={page.next}" if page.next else "",
    )


def _seen() -> int:
    seen = number_or_none(request.form.get("lock"))
    return -1 if seen is None else seen


def _to(standard: Standard, version: Version) -> ResponseReturnValue:
    return redirect(f"/standards/{standard.number}/versions/{version.number}#approvals", 303)


@bp.post("/standards/<string:number>/send-for-approval")
def send(number: str) -> ResponseReturnValue:
    """Send the draft to everybody who has to approve it."""
    standard = queries.standard_or_404(me(), number)
    try:
        version = actions.send(me(), standard, seen=_seen(), days=days_sent(request.form))
    except Invalid as refusal:
        page = pages.draft_again(me(), standard, refusal, send=request.form)
        return render_template("standards/show.html", **page), 422
    flash(_("Sent for approval. Everybody concerned is asked."), "success")
    return _to(standard, version)


@bp.post("/standards/<string:number>/take-back")
def take_back(number: str) -> ResponseReturnValue:
    """Make what is in approval, or waits for its day, a draft again."""
    standard = queries.standard_or_404(me(), number)
    version = actions.take_back(me(), standard, seen=_seen())
    flash(_("It is a draft again."), "success")
    return _to(standard, version)


@bp.post("/standards/<string:number>/approvals/<int:approval_id>")
def answer(number: str, approval_id: int) -> ResponseReturnValue:
    """Approve, ask for a change, abstain, or take that back, for one side."""
    standard = queries.standard_or_404(me(), number)
    said = actions.Answer(
        SAID.get(request.form.get("answer", ""), ""),
        note=clean_line(request.form.get("note", "")),
        clause=number_or_none(request.form.get("clause")),
    )
    sent = number_or_none(request.form.get("sent") or request.args.get("sent"))
    actions.answer(me(), standard, approval_id, said, sent=sent)
    flash(_told(said.said), "success")
    if request.args.get("from") == "queue":
        return redirect("/approvals", 303)
    return redirect(f"/standards/{number}/approval", 303)


def _told(said: str) -> str:
    return {
        Said.APPROVED: _("Noted: you approve it."),
        Said.CHANGE: _("Noted: you ask for a change."),
        Said.ABSTAINED: _("Noted: you abstain."),
    }.get(Said(said), _("Noted: your answer is taken back."))


@bp.get("/standards/<string:number>/approval")
def approval(number: str) -> ResponseReturnValue:
    """The version that is not in force yet, at its approvals; the one in force where none is."""
    standard = queries.standard_or_404(me(), number)
    lines = queries.versions_of(me(), standard)
    newest = lines[0].number if lines else 1
    return redirect(f"/standards/{number}/versions/{newest}#approvals", 303)


@bp.post("/standards/<string:number>/looked-at")
def looked_at(number: str) -> ResponseReturnValue:
    """Say of an emergency publication that it stays."""
    shown = queries.shown_version(me(), number)
    require(me().moderates)
    if shown.version.state != VersionState.IN_FORCE:
        raise Conflict(emergencies.NOTHING)
    note = clean_line(request.form.get("note", ""))
    emergencies.look_back(me(), shown.standard, shown.version, note=note)
    flash(_("Noted: it stays as it is."), "success")
    return redirect(f"/standards/{number}", 303)


@bp.post("/standards/<string:number>/deputy")
def deputy(number: str) -> ResponseReturnValue:
    """Name the owner's deputy, or nobody."""
    standard = queries.standard_or_404(me(), number)
    require(standards.sees_drafts(me(), standard))
    deputies.name_deputy(me(), standard, clean_line(request.form.get("deputy", "")))
    named = standard.deputy_id is not None
    flash(_("The deputy may edit now.") if named else _("Nobody is the deputy now."), "success")
    return redirect(f"/standards/{number}", 303)
