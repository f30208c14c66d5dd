"""Pages of confirmations: what waits for me, and who has confirmed a standard."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.standards.addresses import one_address
from forum.standards.confirming import pages

bp = Blueprint("confirming", __name__)
bp.before_request(one_address)


@bp.get("/standards/pending")
def pending() -> ResponseReturnValue:
    """What I have to confirm, what is due first in front."""
    return render_template("standards/confirming/pending.html", **pages.pending_page(me()))
