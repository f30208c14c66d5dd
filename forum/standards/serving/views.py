"""The page that says which services go by a standard."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import moderators_only
from forum.core.errors import NotFound
from forum.core.i18n import _
from forum.core.numbers import number_or_none
from forum.core.site import site
from forum.standards import queries as of_standards
from forum.standards.addresses import one_address
from forum.standards.serving import actions, queries

bp = Blueprint("standard_serving", __name__)
bp.before_request(one_address)


@bp.route("/standards/<string:number>/services", methods=["GET", "POST"])
@moderators_only
def services(number: str) -> ResponseReturnValue:
    """Which services go by a standard; there only with the map."""
    if not queries.are_shown():
        raise NotFound
    standard = of_standards.standard_or_404(me(), number)
    if request.method == "POST":
        chosen = {number_or_none(each) or 0 for each in request.form.getlist("services")}
        everybody = "everybody" in request.form
        actions.govern(me(), standard, chosen, everybody=everybody)
        flash(_("Saved."), "success")
        return redirect(f"/standards/{standard.number}/services", 303)
    return render_template(
        "standards/serving/services.html",
        standard=standard,
        rows=queries.to_choose(standard),
        everybody=site().serving_standard == standard.id,
    )
