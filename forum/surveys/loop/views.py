"""The page on which a department replies to its result."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.again import Sent, form_again
from forum.core.errors import Forbidden, Invalid, NotFound
from forum.core.i18n import _
from forum.core.modules import is_on
from forum.core.numbers import id_or_none
from forum.departments.queries import speaks_for
from forum.surveys.loop import actions, policy, queries
from forum.surveys.loop.models import Reply
from forum.surveys.results.told import wave_or_404

bp = Blueprint("survey_replies", __name__)
_LINK = re.compile(r"(?:.*/)?ideas/(\d{1,18})/?(?:[?#].*)?", re.ASCII)


@bp.before_request
def only_while_on() -> None:
    """Nothing of it is there while the module is off."""
    if not is_on("surveys"):
        raise NotFound


def _owed(wave_id: int, department_id: int) -> Reply:
    if wave_or_404(me(), wave_id).report is None:
        raise NotFound
    owed = queries.owed_or_404(wave_id, department_id)
    if not policy.may_reply(me(), department_id, speaks_for(me().id)):
        raise Forbidden
    return owed


def _again(sent: Sent, wave_id: int, department_id: int) -> str:
    return _page(_owed(wave_id, department_id), sent)


def _page(owed: Reply, sent: Mapping[str, str] | None, wrong: Invalid | None = None) -> str:
    said = queries.of_wave(me(), owed.wave_id, owed.department_id)[0]
    kept = {**said.source, "ideas": ", ".join(str(number) for number, *_rest in said.ideas)}
    errors = {wrong.field or "heard": [str(wrong)]} if wrong is not None else {}
    return render_template(
        "surveys/loop/reply.html", said=said, sent=kept if sent is None else sent, errors=errors
    )


@bp.route("/surveys/<int:wave_id>/replies/<int:department_id>", methods=["GET", "POST"])
@form_again(_again)
def reply(wave_id: int, department_id: int) -> ResponseReturnValue:
    """Say `heard`, `will` and `will_not`, with the numbers of `ideas` or links to them."""
    owed = _owed(wave_id, department_id)
    if request.method == "GET":
        return _page(owed, None)
    sent = request.form
    try:
        words = actions.Words(
            sent.get("heard", ""), sent.get("will", ""), sent.get("will_not", ""), _numbers(sent)
        )
        actions.reply(me(), owed, words)
    except Invalid as refusal:
        return _page(owed, sent, refusal), 422
    flash(_("Said. Everybody reads it beside the result, and before they answer next time."))
    return redirect(f"/surveys/{wave_id}/results/provider/{department_id}", 303)


def _numbers(sent: Mapping[str, str]) -> list[int]:
    words = [word.strip("#") for word in re.split(r"[\s,;]+", sent.get("ideas", ""))]
    numbers = [_number(word) for word in words if word]
    if None in numbers:
        said = _("Give links to ideas or their numbers, with commas between.")
        raise Invalid(said, field="ideas")
    return [number for number in numbers if number is not None]


def _number(word: str) -> int | None:
    linked = _LINK.fullmatch(word)
    return id_or_none(linked.group(1) if linked else word)
