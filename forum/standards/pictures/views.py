"""The versions of a standard on a line of time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.numbers import number_or_none
from forum.standards import phrases, queries
from forum.standards.addresses import one_address
from forum.standards.models import Standard
from forum.standards.pictures.history import Moment, history_of, told

bp = Blueprint("standard_pictures", __name__)
bp.before_request(one_address)


@bp.get("/standards/<string:number>/history")
def history(number: str) -> ResponseReturnValue:
    """Every version a reader may see, newest first, with what moved."""
    standard = queries.standard_or_404(me(), number)
    before = number_or_none(request.args.get("before"))
    found = history_of(me(), standard, before=before)
    return render_template(
        "standards/pictures/history.html",
        standard=standard,
        moments=[_shown(standard, moment) for moment in found.moments],
        before=found.before,
        first=before is not None,
    )


def _shown(standard: Standard, moment: Moment) -> dict[str, Any]:
    line = phrases.version_line(standard, moment.line)
    pair = f"from={moment.line.number - 1}&to={moment.line.number}"
    return {
        **line,
        "title": moment.title,
        "told": told(moment.counts) if moment.counts is not None else [],
        "compare": f"/standards/{standard.number}/compare?{pair}" if moment.counts else "",
    }
