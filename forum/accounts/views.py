"""Signing in and out, and the language before it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from forum.accounts import actions, registration, sessions
from forum.accounts.forms import SignInForm
from forum.accounts.guard import let_in, may_reach, me, me_or_none
from forum.core.access import level_of, no_store, public
from forum.core.again import Sent, filled, form_again
from forum.core.errorpages import CARRY_LIMIT, answer, kept_fields, wants_json
from forum.core.errors import Invalid, TooMany
from forum.core.i18n import LOCALES, _
from forum.core.intake import works_read_only
from forum.core.urls import safe_next

bp = Blueprint("accounts", __name__)


def _again(sent: Sent) -> str:
    return _form_page(SignInForm(sent), safe_next(sent.get("next")), _carried())


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@no_store
@works_read_only
@form_again(_again)
def sign_in() -> ResponseReturnValue:
    """Sign in by e-mail or staff number."""
    target = safe_next(request.values.get("next"))
    if request.method == "GET" and me_or_none() is not None:
        return redirect(target, 303)
    form = SignInForm.from_request()
    if form.submitted():
        try:
            key = _sign_in(form)
        except Invalid as refusal:
            form.reject("password", refusal.message)
        except TooMany as refusal:
            return _slow_down(form, target, refusal)
        else:
            return _resume(target, key)
    status = 422 if request.method == "POST" else 200
    return _form_page(form, target, _carried()), status


def _sign_in(form: SignInForm) -> str:
    shared = bool(form.shared.data)
    user = actions.sign_in(
        form.email.data or "",
        form.password.data or "",
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
        shared=shared,
    )
    sessions.put_in_cookie(user, locale=session.get("locale"), shared=shared)
    return user.id


def _slow_down(form: SignInForm, target: str, refusal: TooMany) -> ResponseReturnValue:
    """The form again with what it carries, and when to try it."""
    if wants_json():
        raise refusal
    form.reject("password", refusal.message)
    page = _form_page(form, target, _carried())
    return page, 429, {"Retry-After": str(refusal.retry_after)}


def _form_page(form: SignInForm, target: str, carried: str) -> str:
    return render_template(
        "accounts/sign_in.html",
        form=form,
        next=target,
        carried=carried,
        may_register=registration.is_open(),
    )


def _carried() -> str:
    carried = request.form.get("carried", "")
    return carried if len(carried) <= CARRY_LIMIT * 2 else ""


def _resume(target: str, key: str) -> ResponseReturnValue:
    """Go on; a form that was sent without a session is shown again, filled."""
    kept = _kept(_carried())
    if kept is None:
        return redirect(target, 303)
    let_in(key)
    sentence = _("You are signed in again. Check what you typed and send it.")
    page = _form_at(kept["action"], kept["pairs"], sentence)
    if page is None:
        page = render_template("errors/refused.html", status=200, sentence=sentence, kept=kept)
    return page, 200


def _form_at(action: str, pairs: list[tuple[str, str]], sentence: str) -> str | None:
    """The filled form of an address, for those who may reach it."""
    try:
        found = current_app.url_map.bind("").match(urlsplit(action).path, method="POST")
    except HTTPException:
        return None
    endpoint, arguments = found
    person = me_or_none()
    if person is None or not may_reach(person, level_of(current_app.view_functions[endpoint])):
        return None
    return filled(endpoint, arguments, pairs, sentence)


def _kept(carried: str) -> dict[str, Any] | None:
    try:
        action, pairs = json.loads(carried)
        clean = [(str(name), str(value)) for name, value in pairs]
    except (ValueError, TypeError, RecursionError):
        return None
    return {"action": safe_next(str(action)), "pairs": clean} if clean else None


def sign_in_again() -> ResponseReturnValue:
    """The answer to a change without a session: 401 with the fields kept for afterwards."""
    if wants_json():
        return answer(401, _("Sign in first."))
    if request.endpoint == "accounts.sign_out":
        return redirect("/sign-in", 303)
    kept = kept_fields()
    carried = ""
    if kept and kept["pairs"]:
        carried = json.dumps([kept["action"], kept["pairs"]], ensure_ascii=False)
    g.no_store = True
    target = safe_next(request.path if request.method == "GET" else None)
    return _form_page(SignInForm(), target, carried), 401


@bp.post("/sign-out")
@no_store
@works_read_only
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    actions.sign_out(me(), g.person_session.id)
    sessions.forget_cookie()
    return redirect("/sign-in", 303)


@bp.post("/settings/language")
@public
def set_language() -> ResponseReturnValue:
    """Remember a language, in the browser and for the person."""
    locale = request.form.get("locale", "")
    if locale not in LOCALES:
        raise Invalid(_("Choose English or Russian."))
    session["locale"] = locale
    person = me_or_none()
    if person is not None:
        actions.choose(person, locale=locale)
    return redirect(_back(), 303)


@bp.post("/settings/theme")
def set_theme() -> ResponseReturnValue:
    """Remember light, dark or the device's own."""
    actions.choose(me(), theme=request.form.get("theme", ""))
    return redirect(_back(), 303)


def _back() -> str:
    return safe_next(request.form.get("next") or _referring_path())


def _referring_path() -> str:
    referrer = request.referrer or ""
    own = request.host_url
    return "/" + referrer.removeprefix(own) if referrer.startswith(own) else "/"
