"""The inbox. Looking changes nothing; opening a piece of news or a button marks it as read."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.clock import now
from forum.core.i18n import _
from forum.core.paging import read_moment
from forum.notifications import actions, phrases, queries

bp = Blueprint("notifications", __name__)


@bp.get("/notifications")
def inbox() -> ResponseReturnValue:
    """What is new for the reader."""
    after, unread = request.args.get("after", ""), request.args.get("unread") == "1"
    page = queries.inbox(me(), after=after, unread=unread)
    return render_template(
        "notifications/index.html",
        days=phrases.grouped_by_day(page.rows),
        newest=page.rows[0].at.isoformat() if page.rows and not after else "",
        only_unread=unread,
        first_url=_address(unread) if after else "",
        next_url=_address(unread, page.next) if page.next else "",
    )


def _address(unread: bool, after: str | None = None) -> str:
    pairs = [("unread", "1")] if unread else []
    pairs += [("after", after)] if after else []
    return "/notifications" + "".join(
        ("&" if place else "?") + f"{name}={value}" for place, (name, value) in enumerate(pairs)
    )


@bp.post("/notifications/<int:notification_id>/open")
def open_one(notification_id: int) -> ResponseReturnValue:
    """Mark a piece of news as read and go where it leads."""
    item = queries.item_or_404(me(), notification_id)
    actions.mark_read(me(), item.id)
    return redirect(queries.address_of(item), 303)


@bp.post("/notifications/read")
def read_all() -> ResponseReturnValue:
    """Mark as read what the page showed and what is older, but nothing that came since."""
    actions.mark_all_read(me(), up_to=read_moment(request.form.get("up_to", "")) or now())
    flash(_("Everything is read."), "success")
    return redirect("/notifications", 303)
