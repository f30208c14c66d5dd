"""Asking who wrote a text, and the author's page, whose requests leave no line in the log."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import limits
from forum.core.access import no_store, public, untraced
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.core.i18n import _
from forum.core.modules import is_on
from forum.departments.queries import speaks_for
from forum.ideas.anonymous.forms import RelayForm
from forum.surveys.relay import actions, policy, queries
from forum.surveys.relay.queries import Own, Voice
from forum.surveys.results.told import Told, wave_or_404
from forum.surveys.waves import last_of

bp = Blueprint("survey_relay", __name__)


@bp.before_request
def only_while_on() -> None:
    """Nothing of it is there while the module is off."""
    if not is_on("surveys"):
        raise NotFound


def _asked(wave_id: int, text_key: str) -> tuple[Told, Voice]:
    told = wave_or_404(me(), wave_id)
    voice = queries.voice_or_404(told, text_key)
    if not policy.may_ask(me(), voice.provider_id, speaks_for(me().id)):
        raise Forbidden
    return told, voice


def _ask_page(told: Told, voice: Voice, typed: str, refusal: str = "") -> str:
    return render_template(
        "surveys/relay/ask.html",
        wave=told.wave,
        voice=voice,
        back=_back(told, voice),
        typed=typed,
        errors=[refusal] if refusal else [],
        exchange=queries.exchange_of(voice.key),
        limit=limits.REASON.value,
    )


def _back(told: Told, voice: Voice) -> str:
    """The page on which the text stands."""
    alone = voice.scope == "service"
    part = f"service/{voice.service_id}" if alone else f"provider/{voice.provider_id}"
    return f"/surveys/{told.wave.id}/results/{part}"


def _ask_again(sent: Sent, wave_id: int, text_key: str) -> str:
    return _ask_page(*_asked(wave_id, text_key), sent.get("question", ""))


@bp.route("/surveys/<int:wave_id>/ask/<string:text_key>", methods=["GET", "POST"])
@form_again(_ask_again)
def ask(wave_id: int, text_key: str) -> ResponseReturnValue:
    """Ask whoever wrote a text one `question`, for the department that serves."""
    told, voice = _asked(wave_id, text_key)
    if request.method == "GET":
        return _ask_page(told, voice, "")
    typed = request.form.get("question", "")
    try:
        actions.ask(me(), told, voice, typed)
    except (Invalid, Conflict) as refusal:
        return _ask_page(told, voice, typed, str(refusal)), refusal.status
    flash(_("Asked. Whoever wrote it finds the question at the address they kept."), "success")
    return redirect(_back(told, voice), 303)


def _address(secret: str) -> str:
    return f"/surveys/relay/{secret}"


def _own_page(own: Own, secret: str, form: RelayForm | None = None) -> str:
    exchange = queries.exchange_of(own.key) if own.ended else None
    return render_template(
        "surveys/relay/own.html",
        own=own,
        last=last_of(own.wave.closes_at),
        exchange=exchange,
        address=_address(secret),
        form=form,
    )


def _own_again(sent: Sent, text_secret: str) -> str:
    return _own_page(queries.own_by_secret(text_secret), text_secret, RelayForm(sent))


@bp.route("/surveys/relay/<string:text_secret>", methods=["GET", "POST"])
@public
@untraced
@no_store
@form_again(_own_again)
def own(text_secret: str) -> ResponseReturnValue:
    """For whoever keeps the secret, signed in or not: what was asked, and one `answer`."""
    own = queries.own_by_secret(text_secret)
    if request.method == "GET":
        return _own_page(own, text_secret)
    form = RelayForm(request.form)
    try:
        if not form.validate():
            raise Invalid(_("Look at the marked fields."))
        asked = own.ended and queries.exchange_of(own.key) is not None
        actions.answer(own, asked=asked, body=form.answer.data or "")
    except Invalid as refusal:
        form.refuse(refusal)
        return _own_page(own, text_secret, form), 422
    except Conflict as refusal:
        form.reject("answer", refusal.message)
        return _own_page(own, text_secret, form), 409
    flash(_("Your answer stands beside what you wrote, without your name and without a time."))
    return redirect(_address(text_secret), 303)
