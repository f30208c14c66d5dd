"""Pages of confirmations: what waits for me, and who has confirmed a standard."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
)
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import require
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.i18n import _, ngettext
from forum.core.numbers import id_or_none, number_or_none
from forum.standards import policy, queries
from forum.standards.addresses import one_address
from forum.standards.confirming import actions, pages
from forum.standards.confirming.forms import PaperForm, RenewalForm
from forum.standards.models import Standard

bp = Blueprint("confirming", __name__)
bp.before_request(one_address)


@bp.get("/standards/pending")
def pending() -> ResponseReturnValue:
    """What I have to confirm, what is due first in front."""
    return render_template("standards/confirming/pending.html", **pages.pending_page(me()))


def _standard(number: str) -> Standard:
    standard = queries.standard_or_404(me(), number)
    require(policy.may_count(me(), standard))
    return standard


def _report_again(sent: Sent, number: str) -> str:
    return _report(_standard(number), PaperForm(sent))


def _report(standard: Standard, form: PaperForm) -> str:
    page = pages.report_page(me(), standard, request.args, form)
    return render_template("standards/confirming/report.html", **page)


@bp.route("/standards/<string:number>/confirmations", methods=["GET", "POST"])
@form_again(_report_again)
def report(number: str) -> ResponseReturnValue:
    """Who has confirmed it and who has not; a moderator enters what was signed on paper."""
    standard = _standard(number)
    form = PaperForm.from_request()
    try:
        if form.submitted():
            return _entered(standard, form)
    except Invalid as refusal:
        form.reject(refusal.field or "people", refusal.message)
    return _report(standard, form), 422 if request.method == "POST" else 200


def _entered(standard: Standard, form: PaperForm) -> ResponseReturnValue:
    version = pages.version_of(standard)
    if version is None or number_or_none(form.version.data) != version.number:
        raise Conflict(_("Another version is in force now. Look again who has signed that."))
    people = form.people.data or []
    new = actions.enter_paper(me(), standard, version, people, on=form.on.data)
    words = ngettext("%(num)d confirmation entered.", "%(num)d confirmations entered.", len(new))
    flash(words, "success")
    return redirect(f"/standards/{standard.number}/confirmations", 303)


@bp.post("/standards/<string:number>/confirmations/undo")
def undo(number: str) -> ResponseReturnValue:
    """Take back a confirmation that was entered from paper by mistake."""
    standard = _standard(number)
    version = pages.version_of(standard)
    person_id = id_or_none(request.form.get("person"))
    if version is None or person_id is None:
        raise NotFound
    actions.take_back_paper(me(), standard, version, person_id)
    flash(_("Taken back."), "success")
    return redirect(f"/standards/{number}/confirmations", 303)


@bp.post("/standards/<string:number>/renewal")
def renewal(number: str) -> ResponseReturnValue:
    """Say after how many months a confirmation counts no more."""
    standard = _standard(number)
    form = RenewalForm(request.form)
    if not form.validate():
        raise Invalid(_("Choose one from the list."), field="months")
    if actions.set_renewal(me(), standard, form.months.data or None):
        flash(_("Saved."), "success")
    return redirect(f"/standards/{number}/confirmations", 303)


@bp.get("/standards/<string:number>/confirmations.csv")
def as_csv(number: str) -> ResponseReturnValue:
    """The report as a file, written while it is read."""
    standard = _standard(number)
    parts = pages.report_parts(standard, request.args)
    response = Response(stream_with_context(parts), mimetype="text/csv")
    name = f"{number}-confirmations.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/standards/<string:number>/confirmations/sheet")
def sheet(number: str) -> ResponseReturnValue:
    """The acquaintance sheet: names and lines to sign on, for paper."""
    page = pages.sheet_page(_standard(number), request.args)
    return render_template("standards/confirming/sheet.html", **page)
