"""The page of a clause: why it exists."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import require
from forum.core.again import Sent, form_again
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import _
from forum.core.numbers import id_or_none
from forum.standards import policy, queries
from forum.standards.addresses import one_address
from forum.standards.why import linking, shown
from forum.standards.why.forms import SourceForm
from forum.standards.why.queries import clause_or_404

bp = Blueprint("standard_clauses", __name__)
bp.before_request(one_address)


@bp.get("/standards/<string:number>/clauses/<int:clause>")
def story(number: str, clause: int) -> ResponseReturnValue:
    """What a clause came from, and how it was worded."""
    return _page(number, clause, SourceForm())


def _page(number: str, clause: int, form: SourceForm) -> str:
    page = shown.clause_page(me(), queries.standard_or_404(me(), number), clause)
    return render_template("standards/why/clause.html", form=form, **page)


def _again(sent: Sent, number: str, clause: int) -> str:
    return _page(number, clause, SourceForm(sent))


@bp.post("/standards/<string:number>/clauses/<int:clause>/link")
@form_again(_again)
def link(number: str, clause: int) -> ResponseReturnValue:
    """Say what else the clause came from."""
    standard = queries.standard_or_404(me(), number)
    found, standings = clause_or_404(me(), standard, clause)
    require(policy.may_edit(me(), standard))
    form = SourceForm(request.form)
    try:
        if form.validate():
            linking.link(me(), standard, found, form.address.data or "", standings[-1].version_id)
            flash(_("Noted where it came from."), "success")
            return redirect(f"/standards/{number}/clauses/{clause}", 303)
    except Invalid as refusal:
        form.reject("address", refusal.message)
    return _page(number, clause, form), 422


@bp.post("/standards/<string:number>/clauses/<int:clause>/unlink")
def unlink(number: str, clause: int) -> ResponseReturnValue:
    """Say that it did not come from something."""
    standard = queries.standard_or_404(me(), number)
    found, _standings = clause_or_404(me(), standard, clause)
    source = id_or_none(request.form.get("source"))
    if source is None:
        raise NotFound
    linking.unlink(me(), standard, found, request.form.get("kind", ""), source)
    flash(_("Noted: it did not come from there."), "success")
    return redirect(f"/standards/{number}/clauses/{clause}", 303)
