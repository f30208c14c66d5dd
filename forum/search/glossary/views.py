"""The moderators' page of the company's own words."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import moderators_only
from forum.core.again import form_again
from forum.core.csvfiles import write_sheet
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _
from forum.core.numbers import number_or_none
from forum.ideas.pages import say_with_undo
from forum.search.glossary import actions, queries
from forum.search.glossary.forms import EntryForm
from forum.search.glossary.models import GlossaryEntry
from forum.search.glossary.sheet import COLUMNS, rows

bp = Blueprint("glossary", __name__)


def _list(form: EntryForm) -> str:
    wanted = queries.read_wanted(request.args)
    page = queries.list_entries(wanted)
    return render_template(
        "search/glossary.html",
        form=form,
        wanted=wanted,
        rows=page.rows,
        total=queries.count(),
        next_url=wanted.query(after=page.next) if page.next else "",
        first_url=wanted.query() if wanted.after else "",
    )


@bp.route("/moderation/glossary", methods=["GET", "POST"])
@moderators_only
@form_again(lambda sent: _list(EntryForm(sent)))
def index() -> ResponseReturnValue:
    """All entries, and a form for another one. Three queries."""
    form = EntryForm.from_request()
    try:
        if form.submitted():
            sides = actions.read_sides(form.same.data or "")
            entry = actions.add(me(), sides=sides, note=form.note.data or "")
            flash(_("%(words)s: added.", words=_named(entry)), "success")
            return redirect("/moderation/glossary", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _list(form), 422 if request.method == "POST" else 200


def _named(entry: GlossaryEntry) -> str:
    return " = ".join(entry.sides[:3])


def _filled(entry: GlossaryEntry) -> EntryForm:
    return EntryForm(data={"same": entry.words, "note": entry.note, "revision": entry.revision})


def _entry(entry: GlossaryEntry, form: EntryForm) -> str:
    return render_template("search/glossary_entry.html", entry=entry, form=form)


@bp.route("/moderation/glossary/<int:entry_id>", methods=["GET", "POST"])
@moderators_only
@form_again(lambda sent, entry_id: _entry(queries.entry_or_404(entry_id), EntryForm(sent)))
def edit(entry_id: int) -> ResponseReturnValue:
    """Change an entry, or take it out."""
    entry = queries.entry_or_404(entry_id)
    if request.method == "GET":
        return _entry(entry, _filled(entry))
    form = EntryForm.from_request()
    try:
        if form.validate():
            _save(entry, form)
            flash(_("%(words)s: saved.", words=_named(entry)), "success")
            return redirect("/moderation/glossary", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    except Conflict as stale:
        form.reject("same", stale.message)
        form.revision.data = str(entry.revision)
        return _entry(entry, form), 409
    return _entry(entry, form), 422


def _save(entry: GlossaryEntry, form: EntryForm) -> None:
    seen = number_or_none(form.revision.data)
    actions.change(
        me(),
        entry,
        sides=actions.read_sides(form.same.data or ""),
        note=form.note.data or "",
        seen=entry.revision if seen is None else seen,
    )


@bp.post("/moderation/glossary/<int:entry_id>/delete")
@moderators_only
def delete(entry_id: int) -> ResponseReturnValue:
    """Take an entry out; one tap puts it back."""
    entry = queries.taken_out_or_404(entry_id)
    named = _named(entry)
    actions.delete(me(), entry)
    say_with_undo(_("%(words)s: deleted.", words=named), f"/moderation/glossary/{entry_id}/restore")
    return redirect("/moderation/glossary", 303)


@bp.post("/moderation/glossary/<int:entry_id>/restore")
@moderators_only
def restore(entry_id: int) -> ResponseReturnValue:
    """Put an entry back."""
    actions.restore(me(), queries.taken_out_or_404(entry_id))
    return redirect("/moderation/glossary", 303)


@bp.get("/moderation/glossary.csv")
@moderators_only
def download() -> ResponseReturnValue:
    """All entries, as the file that `forum import glossary` reads."""
    response = Response(write_sheet(COLUMNS, rows()), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="glossary.csv"'
    return response
