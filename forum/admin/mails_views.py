"""Mails that were given up, for whoever can mend the address or the server."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from forum.core import jobs, mail
from forum.core.access import admins_only
from forum.core.db import transaction
from forum.core.i18n import _, ngettext
from forum.core.modules import is_on

bp = Blueprint("admin_mails", __name__)

SHOWN = 100


@bp.get("/admin/mails")
@admins_only
def index() -> ResponseReturnValue:
    """The newest that were given up, without their texts: a link in one lets somebody in. Two
    queries."""
    return render_template(
        "admin/mails.html",
        mails=mail.stuck(most=SHOWN),
        count=mail.stuck_mails(),
        surveys=is_on("surveys"),
    )


@bp.post("/admin/mails/<int:mail_id>/again")
@admins_only
def again(mail_id: int) -> ResponseReturnValue:
    """Try one of them again."""
    with transaction():
        count = mail.try_again(mail_id)
    return _renewed(count)


@bp.post("/admin/mails/again")
@admins_only
def all_again() -> ResponseReturnValue:
    """Try all of them again, and those that are not shown."""
    with transaction():
        count = mail.try_all_again()
    return _renewed(count)


def _renewed(count: int) -> ResponseReturnValue:
    jobs.wake()
    sentence = ngettext("%(num)d mail is tried again.", "%(num)d mails are tried again.", count)
    if not count and is_on("surveys"):
        sentence = _("What was given up is tried again.")
    flash(sentence, "success" if count else "info")
    return redirect("/admin/mails", 303)
