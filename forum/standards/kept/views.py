"""Saying that a promise was kept or broken, and how often each is."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import slots
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import _
from forum.core.numbers import number_or_none
from forum.standards import queries
from forum.standards.addresses import one_address
from forum.standards.clauses.known import Standing, clauses_of
from forum.standards.document import Document, lay_out
from forum.standards.kept import marking, shown
from forum.standards.kept import queries as marks
from forum.standards.kept.counting import counts_of
from forum.standards.kept.sides import sees_names, sides_of
from forum.standards.queries import Shown
from forum.standards.structure.known import places_for
from forum.standards.tongues.spoken import spoken

bp = Blueprint("promises", __name__)
bp.before_request(one_address)


@bp.get("/standards/<string:number>/kept")
def kept(number: str) -> ResponseReturnValue:
    """How often each promise is kept, by side and month, with a way to say so oneself."""
    key = number_or_none(request.args.get("clause"))
    return _page(queries.shown_version(me(), number), key)


def _page(found: Shown, key: int | None, *, error: str = "") -> str:
    """The page; `key` is the clause that somebody speaks of. At most eleven queries, one of them
    for a translation."""
    standard, standing = found.standard, clauses_of(found.version.id)
    document = _document(found, standing)
    tongue = spoken(me(), found, standing, asked=request.args.get("lang", ""))
    called = shown.named_in(document, tongue)
    clauses = shown.asked_clauses(document, key)
    audience = [card.id for card in queries.audience_of(found.version.id)]
    counts = counts_of(standard.id, since=shown.since(), groups=True)
    places = places_for(me())
    boxes = shown.boxes_of(me(), found, clauses, places, audience, counts)
    kept = shown.kept_today(found, clauses, places, boxes, key)
    names = sees_names(me(), standard)
    return render_template(
        "standards/kept/kept.html",
        standard=standard,
        title=tongue.title,
        boxes=shown.in_tongue(boxes, called),
        figures={k: shown.table_of(each) for k, each in marks.figures_of(counts).items()},
        after=slots.load("promise-kept", me(), kept).get(standard.id, ()),
        asked=key,
        few=shown.few(),
        names=shown.names_of(me(), marks.marks_of(standard.id), document, called) if names else [],
        note=request.form.get("note", ""),
        error=error,
    )


def _document(found: Shown, standing: Sequence[Standing]) -> Document:
    return lay_out(found.html).keyed([clause.key for clause in standing])


@bp.post("/standards/<string:number>/kept")
def mark(number: str) -> ResponseReturnValue:
    """Say that a clause was `kept` (1) or broken (0), with a `note` if one likes."""
    found = queries.shown_version(me(), number)
    key = number_or_none(request.form.get("clause")) or 0
    document = _document(found, clauses_of(found.version.id))
    clause = next((c for c in document.clauses if c.key == key), None)
    said = request.form.get("kept", "")
    if clause is None or said not in ("0", "1"):
        raise NotFound
    audience = [card.id for card in queries.audience_of(found.version.id)]
    owner = found.version.owner_department_id
    sides = sides_of(clause, places_for(me()), owner_department=owner, audience=audience)
    clause_id, note = marks.clause_id_or_404(found.standard, key), request.form.get("note", "")
    try:
        marking.mark(me(), found.standard, clause_id, sides, kept=said == "1", note=note)
    except Invalid as refusal:
        return _page(found, key, error=str(refusal)), 422
    flash(_("Noted: kept today.") if said == "1" else _("Noted: broken today."), "success")
    return redirect(f"/standards/{number}/kept?clause={key}", 303)


@bp.post("/standards/<string:number>/kept/undo")
def undo(number: str) -> ResponseReturnValue:
    """Take back what one said of a clause today."""
    standard = queries.standard_or_404(me(), number)
    key = number_or_none(request.form.get("clause")) or 0
    if marking.take_back(me(), standard, marks.clause_id_or_404(standard, key)):
        flash(_("Taken back."), "success")
    return redirect(f"/standards/{number}/kept?clause={key}", 303)
