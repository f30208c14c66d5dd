"""Signing in and out, and a person's own settings."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from forum.accounts import actions, sessions
from forum.accounts.forms import SignInForm
from forum.accounts.guard import me_or_none
from forum.core.access import no_store, public
from forum.core.db import db, transaction
from forum.core.errorpages import CARRY_LIMIT, answer, kept_fields, wants_json
from forum.core.errors import Invalid
from forum.core.i18n import LOCALES, _
from forum.core.urls import safe_next

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@no_store
def sign_in() -> ResponseReturnValue:
    """Sign in by e-mail or staff number."""
    target = safe_next(request.values.get("next"))
    if request.method == "GET" and me_or_none() is not None:
        return redirect(target, 303)
    form = SignInForm.from_request()
    if form.submitted():
        try:
            _sign_in(form)
        except Invalid as refusal:
            form.reject("password", refusal.message)
        else:
            return _resume(target)
    status = 422 if request.method == "POST" else 200
    return _form_page(form, target, _carried()), status


def _sign_in(form: SignInForm) -> None:
    user = actions.sign_in(
        form.email.data or "",
        form.password.data or "",
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
        shared=bool(form.shared.data),
        throttle=current_app.config["RATE_LIMITS"],
    )
    sessions.put_in_cookie(user, locale=session.get("locale"))


def _form_page(form: SignInForm, target: str, carried: str) -> str:
    return render_template("accounts/sign_in.html", form=form, next=target, carried=carried)


def _carried() -> str:
    carried = request.form.get("carried", "")
    return carried if len(carried) <= CARRY_LIMIT * 2 else ""


def _resume(target: str) -> ResponseReturnValue:
    """Go on; a form that was sent without a session is shown again, filled."""
    kept = _kept(_carried())
    if kept is None:
        return redirect(target, 303)
    page = render_template(
        "errors/refused.html",
        status=200,
        sentence=_("You are signed in again. Check what you typed and send it."),
        kept=kept,
    )
    return page, 200


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
    kept = kept_fields()
    carried = json.dumps([kept["action"], kept["pairs"]]) if kept else ""
    g.no_store = True
    target = safe_next(request.path if request.method == "GET" else None)
    return _form_page(SignInForm(), target, carried), 401


@bp.post("/sign-out")
@no_store
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    actions.sign_out(g.person, g.person_session.id)
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
        with transaction():
            person.locale = locale
    return redirect(_back(), 303)


@bp.post("/settings/theme")
def set_theme() -> ResponseReturnValue:
    """Remember light, dark or the device's own."""
    theme = request.form.get("theme", "")
    if theme not in ("auto", "light", "dark"):
        raise Invalid(_("Choose light, dark or automatic."))
    with transaction():
        g.person.theme = theme
        db.session.flush()
    return redirect(_back(), 303)


def _back() -> str:
    return safe_next(request.form.get("next") or _referring_path())


def _referring_path() -> str:
    referrer = request.referrer or ""
    own = request.host_url
    return "/" + referrer.removeprefix(own) if referrer.startswith(own) else "/"
