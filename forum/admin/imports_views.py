"""Importing by browser: choose a file, look at what it would do, then apply it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.admin.imports import COUNTED, Plan, carry_out
from forum.admin.imports_departments import COLUMNS as DEPARTMENTS
from forum.admin.imports_departments import plan_departments
from forum.admin.imports_glossary import plan_glossary
from forum.admin.imports_people import COLUMNS as PEOPLE
from forum.admin.imports_people import plan_people
from forum.admin.imports_services import COLUMNS as SERVICES
from forum.admin.imports_services import plan_services
from forum.core.access import admins_only
from forum.core.again import Sent, form_again
from forum.core.csvfiles import decoded
from forum.core.i18n import _, lazy
from forum.core.intake import takes_files
from forum.core.site import site
from forum.search.glossary.sheet import COLUMNS as GLOSSARY

bp = Blueprint("admin_import", __name__)

SHOWN = 200
"""Lines of a preview; the counts are of all."""

Importing = tuple[Any, tuple[str, ...], Callable[[bytes], Plan]]
KINDS: dict[str, Importing] = {
    "people": (lazy("People"), PEOPLE, plan_people),
    "departments": (lazy("Departments"), DEPARTMENTS, plan_departments),
    "services": (lazy("Services: who serves whom"), SERVICES, plan_services),
    "glossary": (lazy("Glossary: words that mean the same"), GLOSSARY, plan_glossary),
}


def offered() -> dict[str, Importing]:
    """What may be chosen: services belong to the map, and are loaded by command while it is off."""
    on = "map" in site().modules
    return {kind: known for kind, known in KINDS.items() if on or kind != "services"}


def _again(sent: Sent) -> str:
    kind, content = sent.get("kind", "people"), sent.get("content", "")
    if kind not in offered() or not content:
        return _page(kind)
    return _page(kind, plan=KINDS[kind][2](content.encode()), content=content)


@bp.route("/admin/import", methods=["GET", "POST"])
@admins_only
@takes_files
@form_again(_again)
def index() -> ResponseReturnValue:
    """Choose a file; once sent, what it would do; once applied, what it did."""
    kind = request.form.get("kind", "people")
    if request.method == "GET":
        return _page(kind)
    content = _content()
    if kind not in offered() or not content:
        return _page(kind, error=_("Choose what to import, and a file.")), 422
    plan = KINDS[kind][2](content)
    if not request.form.get("apply"):
        return _page(kind, plan=plan, content=_as_field(content))
    carry_out(plan, me(), progress=lambda _lines: None)
    if plan.refused:
        return _page(kind, plan=plan, done=True)
    flash(_in_words(plan, done=True), "success")
    return redirect("/admin/import", 303)


def _content() -> bytes:
    file = request.files.get("file")
    if file is None:
        return request.form.get("content", "").encode()
    with closing(file):
        return bytes(file.read())


def _as_field(content: bytes) -> str:
    """The file as it comes back to be applied; nothing where it could not be read anyway."""
    try:
        return decoded(content)
    except UnicodeDecodeError:
        return ""


def _in_words(plan: Plan, *, done: bool) -> str:
    counts = {what: plan.count(what) for what in COUNTED}
    if not done:
        return _(
            "To be added: %(created)d, to be changed: %(updated)d, as they are: %(unchanged)d, "
            "to be left out: %(refused)d.",
            **counts,
        )
    return _(
        "Created %(created)d, updated %(updated)d, unchanged %(unchanged)d, refused %(refused)d.",
        **counts,
    )


def _page(
    kind: str, *, plan: Plan | None = None, content: str = "", done: bool = False, error: str = ""
) -> str:
    return render_template(
        "admin/import.html",
        kind=kind,
        kinds=[(key, label, columns) for key, (label, columns, _plan) in offered().items()],
        plan=plan,
        counts=_in_words(plan, done=done) if plan is not None else "",
        changed=plan.changed[:SHOWN] if plan is not None else [],
        refused=plan.refused[:SHOWN] if plan is not None else [],
        notes=plan.notes[:SHOWN] if plan is not None else [],
        more=plan is not None and len(plan.changed) > SHOWN,
        content=content,
        done=done,
        error=error,
    )
