"""Reading standards: the list, one standard, its versions, a comparison, paper."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import richtext
from forum.core.access import require
from forum.core.again import Sent, form_again
from forum.core.clock import now
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.i18n import _, day, local_day
from forum.core.intake import takes_pictures
from forum.core.numbers import number_or_none
from forum.departments.queries import current_cards
from forum.discussion import actions as discussion
from forum.discussion.forms import CommentForm
from forum.files.attaching import take_in
from forum.standards import actions, editing, listing, pages, phrases, policy, queries
from forum.standards.addresses import one_address
from forum.standards.categories.queries import category_tree
from forum.standards.difference import comparison
from forum.standards.forms import RetireForm

bp = Blueprint("standards", __name__)
bp.before_request(one_address)


@bp.get("/standards")
def index() -> ResponseReturnValue:
    """The list of standards."""
    departments = pages.choices(me(), current_cards())
    categories = category_tree()
    wanted = listing.read_filter(request.args, departments, categories)
    page = listing.list_standards(me(), wanted)
    return render_template(
        "standards/index.html",
        rows=[phrases.list_row(listed) for listed in page.rows],
        wanted=wanted,
        chips=pages.filter_chips(me(), wanted, departments, categories),
        next_url=wanted.query(after=page.next) if page.next else "",
        first_url=wanted.query() if wanted.after else "",
        may_begin=policy.may_begin(me()),
    )


@bp.get("/standards/<string:number>")
def show(number: str) -> ResponseReturnValue:
    """The version in force, or with `as-of` the one that was in force on a day."""
    asked = request.args.get("as-of", "").strip()
    if not asked:
        return _page(queries.shown_version(me(), number))
    as_of = _day(asked)
    if as_of is None or as_of > local_day(now()):
        flash(_("This day is not known or lies ahead; you see what is in force today."), "warning")
        return _page(queries.shown_version(me(), number))
    standard = queries.standard_or_404(me(), number)
    found = queries.number_as_of(standard, as_of)
    if found is None:
        page = render_template("standards/nothing.html", standard=standard, day=day(as_of))
        return page, 404
    return _page(queries.shown_version(me(), number, found), as_of=as_of)


def _day(sent: str) -> date | None:
    try:
        return date.fromisoformat(sent)
    except ValueError:
        return None


def _page(shown: queries.Shown, *, as_of: date | None = None, old: bool = False) -> str:
    lang = request.args.get("lang", "")
    page = pages.standard_page(me(), shown, as_of=as_of, is_old_address=old, lang=lang)
    return render_template("standards/show.html", **page)


@bp.get("/standards/<string:number>/versions/<int:version>")
def version(number: str, version: int) -> ResponseReturnValue:
    """One version, readable forever; a draft only for its editors."""
    return _page(queries.shown_version(me(), number, version), old=True)


@bp.get("/standards/<string:number>/compare")
def compare(number: str) -> ResponseReturnValue:
    """Two versions, word by word; without `from` and `to` the last change."""
    standard = queries.standard_or_404(me(), number)
    newest = standard.in_force or 1
    new = _number("to", newest)
    old = _number("from", max(1, new - 1))
    sides = editing.compared(me(), standard, [old, new])
    if old not in sides or new not in sides:
        raise NotFound
    found = comparison(sides[old], sides[new], standard.lang)
    numbers = [(v.number, str(v.number)) for v in queries.versions_of(me(), standard)]
    return render_template("standards/compare.html", standard=standard, numbers=numbers, **found)


def _number(name: str, otherwise: int) -> int:
    sent = request.args.get(name, "").strip()
    if not sent:
        return otherwise
    found = number_or_none(sent)
    if found is None:
        raise NotFound
    return found


@bp.post("/standards/<string:number>/acknowledge")
def acknowledge(number: str) -> ResponseReturnValue:
    """Say that one has read the version in force."""
    shown = queries.shown_version(me(), number)
    read = number_or_none(request.form.get("version"))
    if actions.acknowledge(me(), shown.standard, shown.version, read=read):
        flash(_("Noted: you have read version %(number)d.", number=shown.version.number), "success")
    if request.form.get("from") == "pending":
        return redirect("/standards/pending", 303)
    return redirect(f"/standards/{number}#acknowledge", 303)


def _comment_again(sent: Sent, number: str) -> str:
    page = pages.standard_page(me(), queries.shown_version(me(), number), comment=CommentForm(sent))
    return render_template("standards/show.html", **page)


@bp.post("/standards/<string:number>/comments")
@takes_pictures
@form_again(_comment_again)
def comment(number: str) -> ResponseReturnValue:
    """Comment, or reply."""
    shown = queries.shown_version(me(), number)
    standard = shown.standard
    form = CommentForm(request.form)
    try:
        if form.validate():
            take_in(me(), form.body)
            new = discussion.comment(
                me(),
                "standard",
                standard,
                standard.thread_id,
                richtext.compose(form.body.data or ""),
                parent_id=form.parent_id,
                marked=form.marks,
            )
            return redirect(f"/standards/{number}#comment-{new.id}", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    page = pages.standard_page(me(), shown, comment=form)
    return render_template("standards/show.html", **page), 422


@bp.route("/standards/<string:number>/retire", methods=["GET", "POST"])
def retire(number: str) -> ResponseReturnValue:
    """Take a standard out of force, with a line why."""
    standard = queries.standard_or_404(me(), number)
    require(me().moderates)
    if not policy.may_retire(me(), standard):
        raise Conflict(actions.NOT_IN_FORCE)
    form = RetireForm.from_request()
    try:
        if form.submitted():
            actions.retire(me(), standard, why=form.why.data)
            flash(_("%(number)s is retired.", number=number), "success")
            return redirect(f"/standards/{number}", 303)
    except Invalid as refusal:
        form.reject("why", refusal.message)
    page = render_template("standards/retire.html", standard=standard, form=form)
    return page, 422 if request.method == "POST" else 200
