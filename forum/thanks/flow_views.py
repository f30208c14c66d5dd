"""The flow of thanks between departments, as a picture with its table."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.errors import NotFound
from forum.core.i18n import lazy, locale_code
from forum.thanks import flow, policy
from forum.thanks.drawing import draw

bp = Blueprint("thanks_flow", __name__)
WORDS = {1: lazy("now and then"), 2: lazy("often"), 3: lazy("very often")}


@bp.get("/thanks/flow")
def show() -> ResponseReturnValue:
    """Which department thanks which, in words and widths."""
    if not policy.may_see_flow(me()):
        raise NotFound
    arrows = flow.arrows()
    rows = [(a, str(WORDS[a.width]), ", ".join(map(_month, a.months))) for a in arrows]
    return render_template("thanks/flow.html", picture=draw(arrows), rows=rows, fewest=flow.FEWEST)


def _month(month: flow.Month) -> str:
    return str(format_date(date(*month, 1), "LLLL y", locale=locale_code()))
