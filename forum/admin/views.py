"""The administration's first page."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.admin.checklist import first_steps
from forum.core.access import admins_only
from forum.core.i18n import _, ngettext
from forum.files.lines import size_of
from forum.files.queries import space_used

bp = Blueprint("admin", __name__)


class Place(NamedTuple):
    """A part of the administration."""

    label: str
    hint: str
    url: str


@bp.get("/admin")
@admins_only
def index() -> ResponseReturnValue:
    """What to do first, and the way to every part."""
    steps = first_steps(me())
    return render_template(
        "admin/index.html",
        steps=steps,
        to_do=sum(not step.done for step in steps),
        places=_places(),
        space=_space(),
    )


def _space() -> str:
    """What pictures and documents take up."""
    number, size = space_used()
    kept = ngettext("%(num)d picture or document", "%(num)d pictures and documents", number)
    return f"{kept}, {size_of(size)}" if number else ""


def _places() -> list[Place]:
    """The parts that exist, in the order of use."""
    known = {rule.rule for rule in current_app.url_map.iter_rules()}
    places = (
        Place(_("People"), _("Add, invite, give roles, deactivate."), "/admin/people"),
        Place(_("Departments"), _("The tree, heads and representatives."), "/admin/departments"),
        Place(_("Import"), _("People and departments from a file."), "/admin/import"),
        Place(
            _("Site settings"),
            _("Name, texts, coming in, mail, modules."),
            "/admin/settings",
        ),
        Place(_("Stages"), _("More steps on the way of an idea."), "/admin/stages"),
        Place(_("Mails that do not arrive"), _("Why, and trying again."), "/admin/mails"),
        Place(_("Audit"), _("What administrators and moderators did."), "/admin/audit"),
    )
    return [place for place in places if place.url in known]
