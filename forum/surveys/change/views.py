"""What ideas promise to move, and the library of what they changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import moderators_only
from forum.core.again import Sent, form_again
from forum.core.csvfiles import write_sheet
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.core.i18n import _
from forum.core.modules import is_on
from forum.core.numbers import id_or_none
from forum.departments.queries import answers_for
from forum.ideas.models import Idea
from forum.ideas.showing import visible
from forum.surveys import wordings
from forum.surveys.change import again, phrases, policy, promising, queries, sheet
from forum.surveys.models import ItemKind, Purpose
from forum.surveys.policy import may_see

bp = Blueprint("survey_changes", __name__)
MOST = 50
"""Services and questions that are read of one form; far fewer may be promised."""


@bp.before_request
def only_while_on() -> None:
    """Nothing of it is there while the module is off."""
    if not is_on("surveys"):
        raise NotFound


@bp.get("/surveys/changes")
def changes() -> ResponseReturnValue:
    """What accepted ideas really changed, failures included."""
    if not may_see(me()):
        raise NotFound
    after = request.args.get("after", "")
    page = queries.measured_ideas(me(), after=after)
    known = phrases.shown(page.rows, named=True)
    rows = [known[number] for number in page.rows if number in known]
    return render_template(
        "surveys/change/library.html",
        rows=rows,
        next=page.next,
        summary=phrases.summary(rows),
        partly=bool(after or page.next),
    )


@bp.get("/surveys/changes.csv")
def download() -> ResponseReturnValue:
    """The same as a file."""
    if not may_see(me()):
        raise NotFound
    text = write_sheet(sheet.COLUMNS, sheet.rows(queries.every_measured(me())))
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="changes.csv"'
    return response


def _idea(idea_id: int) -> Idea:
    idea = visible(idea_id)
    may = policy.may_promise(me(), idea, answers_for(me().id), measured=False)
    if not may_see(me()):
        raise NotFound
    if not may:
        raise Forbidden
    return idea


def _again(_sent: Sent, idea_id: int) -> str:
    return _page(_idea(idea_id), None)


def _page(idea: Idea, wrong: Invalid | Conflict | None) -> str:
    cells = queries.promised(idea.id)
    sent = request.method == "POST"
    chosen: dict[str, Any] = {
        "services": _numbers("services") if sent else [cell[0] for cell in cells],
        "items": _numbers("items") if sent else [cell[1] for cell in cells],
    }
    items = [
        (str(each.item_id), each.words) for each in wordings.current() if each.kind != ItemKind.TEXT
    ]
    return render_template(
        "surveys/change/promise.html",
        idea=idea,
        services=phrases.options(promising.offered(idea)),
        items=items,
        chosen={name: [str(each) for each in numbers] for name, numbers in chosen.items()},
        errors={wrong.field or "services": [str(wrong)]} if wrong is not None else {},
    )


def _numbers(name: str) -> list[int]:
    found = [id_or_none(each) for each in request.form.getlist(name)[:MOST]]
    return [each for each in found if each is not None]


def _chosen(name: str) -> list[int]:
    """The same, where nothing else was sent: what is no id would take back what was promised.
    Raises Invalid."""
    found = _numbers(name)
    if len(found) < len(request.form.getlist(name)):
        raise Invalid(_("Choose one from the list."), field=name)
    return found


@bp.route("/ideas/<int:idea_id>/promises", methods=["GET", "POST"])
@form_again(_again)
def promise(idea_id: int) -> ResponseReturnValue:
    """Say which `services` and `items` an accepted idea should move."""
    idea = _idea(idea_id)
    if request.method == "GET":
        return _page(idea, None)
    try:
        services, items = _chosen("services"), _chosen("items")
        promising.promise(me(), idea, services=services, items=items)
    except (Invalid, Conflict) as refusal:
        return _page(idea, refusal), refusal.status
    nothing = _("Saved. It promises nothing now, so nobody is asked.")
    told = _("Saved. Once its standard is in force, customers are asked again.")
    flash(told if services else nothing, "success")
    return redirect(f"/ideas/{idea_id}", 303)


@bp.post("/ideas/<int:idea_id>/surveys")
@moderators_only
def plan_again(idea_id: int) -> ResponseReturnValue:
    """Plan a survey for an idea again that was cancelled; `purpose` says which."""
    idea, purpose = visible(idea_id), request.form.get("purpose", "")
    if purpose not in (Purpose.BASELINE, Purpose.AFTER):
        raise Invalid(_("Choose one from the list."))
    wave = again.plan_again(me(), idea, Purpose(purpose))
    flash(_("Planned again. It asks about the same services as the one that was cancelled."))
    return redirect(f"/surveys/{wave.id}", 303)
