"""The pages of those who look after standards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.names import shown_name
from forum.core.access import moderators_only
from forum.core.again import form_again
from forum.core.errors import Invalid
from forum.core.i18n import _, ngettext
from forum.core.site import site
from forum.ideas.pages import say_with_undo
from forum.standards import editing
from forum.standards.curating import owners, queries, spreading, words
from forum.standards.curating.forms import ChosenForm, GiveForm, RenameForm, SpreadForm, locks_of
from forum.standards.curating.words import Found, Renaming
from forum.standards.difference import changes
from forum.standards.links.queries import broken_links
from forum.standards.review import actions as reviews

bp = Blueprint("standard_curating", __name__)
ADDRESS = "/standards/curating"
PREVIEW = 100
"""Standards shown in a preview; the rest is only counted."""


def _html(part: str, **more: Any) -> str:
    parts = [
        ("due", _("Reviews due"), ADDRESS),
        ("owners", _("Owner has left"), f"{ADDRESS}/owners"),
        ("dates", _("Review dates"), f"{ADDRESS}/dates"),
        ("words", _("Renamed"), f"{ADDRESS}/words"),
        ("links", _("Broken links"), f"{ADDRESS}/links"),
    ]
    tabs = [{"label": words, "url": url, "current": name == part} for name, words, url in parts]
    return render_template(
        f"standards/curating/{part}.html", tabs=tabs, shown_name=shown_name, **more
    )


@bp.get(ADDRESS)
@moderators_only
def index() -> ResponseReturnValue:
    """What is to be reviewed within a month, to be ticked off together."""
    return _due(ChosenForm())


def _due(form: ChosenForm) -> str:
    return _html("due", form=form, **_cut(queries.due_soon()))


def _cut(rows: Sequence[Any]) -> dict[str, Any]:
    return {"rows": rows[: queries.MOST], "more": len(rows) > queries.MOST}


@bp.post(ADDRESS)
@moderators_only
@form_again(lambda sent: _due(ChosenForm(sent)))
def valid() -> ResponseReturnValue:
    """Say of those ticked that they are valid as they are."""
    form = ChosenForm.from_request()
    chosen = queries.chosen(form.standards.data or []) if form.validate() else []
    if not chosen:
        form.complain("standards", owners.CHOOSE)
        return _due(form), 422
    done = reviews.conclude_all(me(), chosen, seen=form.seen)
    _tell_left_out(done.left_out)
    if done.batch is not None:
        many = len(done.reviewed)
        said = ngettext(
            "%(num)d standard is valid as it is.", "%(num)d standards are valid as they are.", many
        )
        say_with_undo(said, f"/standards/reviews/{done.batch}/undo")
    return redirect(ADDRESS, 303)


def _tell_left_out(left_out: Sequence[tuple[str, str]]) -> None:
    for number, why in left_out[:10]:
        flash(f"{number}: {why}", "warning")


@bp.route(f"{ADDRESS}/owners", methods=["GET", "POST"])
@moderators_only
@form_again(lambda sent: _owners(GiveForm(sent)))
def give() -> ResponseReturnValue:
    """Standards whose owner has left, and who gets them."""
    form = GiveForm.from_request()
    try:
        if form.submitted():
            chosen = queries.chosen(form.standards.data or [])
            given = owners.give(me(), chosen, owner_id=form.owner.data)
            _say_given(given)
            return redirect(f"{ADDRESS}/owners", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _owners(form), 422 if request.method == "POST" else 200


def _say_given(many: int) -> None:
    said = ngettext(
        "%(num)d standard has another owner.", "%(num)d standards have another owner.", many
    )
    flash(said, "success")


def _owners(form: GiveForm) -> str:
    people = editing.owner_choices(form.owner.data)
    return _html("owners", form=form, people=people, **_cut(queries.owner_left()))


@bp.route(f"{ADDRESS}/dates", methods=["GET", "POST"])
@moderators_only
@form_again(lambda sent: _dates(SpreadForm(sent)))
def dates() -> ResponseReturnValue:
    """Spread review dates over a cycle: a preview by GET, done by POST."""
    asked = {"months": request.args.get("months") or site().review_months}
    form = SpreadForm(request.form or None, data={**asked, "which": request.args.get("which", "")})
    if request.method == "POST" and form.validate():
        moved, left = spreading.spread(
            me(), form.months.data or 0, form.which.data or "", seen=form.seen.data or ""
        )
        _say_spread(moved, left)
        return redirect(f"{ADDRESS}/dates", 303)
    return _dates(form), 422 if request.method == "POST" else 200


def _say_spread(moved: int, left: int) -> None:
    flash(ngettext("%(num)d date moved.", "%(num)d dates moved.", moved), "success")
    if left:
        said = ngettext(
            "%(num)d date is left: somebody changed it meanwhile.",
            "%(num)d dates are left: somebody changed them meanwhile.",
            left,
        )
        flash(said, "warning")


def _dates(form: SpreadForm) -> str:
    try:
        found = spreading.plan(int(form.months.data or 0), form.which.data or spreading.ALL)
    except (Invalid, ValueError):
        form.complain("months", reviews.WRONG_MONTHS)
        found = spreading.Plan([])
    return _html("dates", form=form, plan=found, most=PREVIEW)


@bp.route(f"{ADDRESS}/words", methods=["GET", "POST"])
@moderators_only
@form_again(lambda sent: _words(RenameForm(sent)))
def rename() -> ResponseReturnValue:
    """A renamed department or term: a preview by GET, changed in drafts by POST."""
    if request.method == "GET":
        return _words(RenameForm(request.args))
    form = RenameForm.from_request()
    try:
        if form.validate():
            _rename(form)
            return redirect(f"{ADDRESS}/words", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _words(form), 422


def _rename(form: RenameForm) -> None:
    seen = locks_of(request.form.getlist("standards"))
    chosen = queries.chosen(list(seen))
    if not chosen:
        raise Invalid(owners.CHOOSE, field="old")
    done = words.rename(me(), _renaming(form), chosen, seen=seen)
    _tell_left_out(done.left)
    many = len(done.changed)
    if many:
        said = ngettext(
            "Changed in the draft of %(num)d standard. Publish it to put it in force.",
            "Changed in the drafts of %(num)d standards. Publish them to put them in force.",
            many,
        )
        flash(said, "success")


def _renaming(form: RenameForm) -> Renaming:
    return Renaming(form.old.data or "", form.new.data or "")


def _words(form: RenameForm) -> str:
    found: list[Found] = []
    waiting = 0
    if form.old.data or form.new.data:
        try:
            found, waiting = words.find(_renaming(form)) if form.validate() else ([], 0)
        except Invalid as refusal:
            form.complain(refusal.field or "old", refusal.message)
    shown = [(each, _changes(each)) for each in found[: queries.MOST]]
    asked = bool(form.old.data and form.new.data and not form.errors)
    many, most = len(found), queries.MOST
    return _html(
        "words", form=form, shown=shown, many=many, most=most, asked=asked, waiting=waiting
    )


def _changes(found: Found) -> list[Any]:
    return [paragraph for old, new in found.lines for paragraph in changes(old, new)]


@bp.get(f"{ADDRESS}/links")
@moderators_only
def links() -> ResponseReturnValue:
    """Links in texts in force that lead nowhere."""
    whys = {
        "missing": _("there is no such standard"),
        "draft": _("it was never in force"),
        "retired": _("it is retired"),
        "clause": _("this clause is gone"),
    }
    return _html("links", broken=broken_links(), whys=whys)
