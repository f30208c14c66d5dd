"""Coming in by a link or a code: invitations, registration, a forgotten password, a new address."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from forum.accounts import (
    email_change,
    invitations,
    passwords,
    recovery,
    registration,
    sessions,
    tokens,
)
from forum.accounts.forms import ArriveForm, CodeForm, RegisterForm, ResetForm
from forum.accounts.models import Person, Purpose
from forum.core.access import no_store, public, require_visible
from forum.core.again import Sent, form_again
from forum.core.errors import Invalid
from forum.core.i18n import _, locale_code

bp = Blueprint("arrival", __name__)


@bp.route("/welcome/<string:secret>", methods=["GET", "POST"])
@public
@no_store
@form_again(lambda sent, secret: _again(sent, secret, Purpose.INVITATION))
def welcome(secret: str) -> ResponseReturnValue:
    """Accept an invitation: choose a password and come in."""
    return _choose_password(secret, Purpose.INVITATION)


@bp.route("/password-reset/<string:secret>", methods=["GET", "POST"])
@public
@no_store
@form_again(lambda sent, secret: _again(sent, secret, Purpose.PASSWORD_RESET))
def reset(secret: str) -> ResponseReturnValue:
    """Choose a new password and come in."""
    return _choose_password(secret, Purpose.PASSWORD_RESET)


def _choose_password(secret: str, purpose: Purpose) -> ResponseReturnValue:
    token, person = tokens.find(secret, purpose)
    form = ArriveForm.from_request()
    if form.submitted():
        try:
            user = invitations.accept(
                token,
                person,
                form.password.data,
                user_agent=request.user_agent.string,
                shared=form.shared.data,
            )
        except Invalid as refusal:
            form.reject("password", refusal.message)
        else:
            return _come_in(user, shared=form.shared.data)
    return _password_page(form, person, purpose), _status()


def _again(sent: Sent, secret: str, purpose: Purpose) -> str:
    _token, person = tokens.find(secret, purpose)
    return _password_page(ArriveForm(sent), person, purpose)


def _password_page(form: ArriveForm, person: Person, purpose: Purpose) -> str:
    return render_template(
        "accounts/choose_password.html",
        form=form,
        name=person.name,
        handle=person.email or person.login or "",
        is_new=purpose == Purpose.INVITATION,
        rules=passwords.rules(),
    )


def _come_in(user: sessions.SessionUser, *, shared: bool) -> ResponseReturnValue:
    sessions.put_in_cookie(user, locale=session.get("locale"), shared=shared)
    return redirect("/", 303)


def _status() -> int:
    return 422 if request.method == "POST" else 200


def _code_page(form: CodeForm) -> str:
    return render_template("accounts/code.html", form=form, rules=passwords.rules())


@bp.route("/welcome", methods=["GET", "POST"])
@public
@no_store
@form_again(lambda sent: _code_page(CodeForm(sent)))
def welcome_by_code() -> ResponseReturnValue:
    """Come in with a code from the printed sheet."""
    form = CodeForm.from_request()
    if form.submitted():
        try:
            user = invitations.accept_code(
                form.email.data,
                form.code.data,
                form.password.data,
                address=request.remote_addr or "",
                user_agent=request.user_agent.string,
                shared=form.shared.data,
            )
        except Invalid as refusal:
            form.reject(refusal.field or "code", refusal.message)
        else:
            return _come_in(user, shared=form.shared.data)
    return _code_page(form), _status()


def _forgotten_page(form: ResetForm) -> str:
    may_mail = invitations.may_mail()
    return render_template("accounts/forgotten.html", form=form, may_mail=may_mail)


@bp.route("/password-reset", methods=["GET", "POST"])
@public
@no_store
@form_again(lambda sent: _forgotten_page(ResetForm(sent)))
def forgotten() -> ResponseReturnValue:
    """Ask for a link to choose a new password; the answer never tells who has an account."""
    form = ResetForm.from_request()
    if form.submitted():
        recovery.request_reset(form.email.data, address=request.remote_addr or "")
        return render_template(
            "accounts/sent.html",
            heading=_("Look into your mail"),
            sentence=_(
                "If somebody is known by this, a link is on its way to their address. "
                "It works once, for one day."
            ),
        )
    return _forgotten_page(form), _status()


def _confirm_page(secret: str) -> str:
    token, _person = tokens.find(secret, *email_change.BOTH)
    return render_template("accounts/confirm_email.html", email=token.data["email"])


@bp.route("/confirm-email/<string:secret>", methods=["GET", "POST"])
@public
@no_store
@form_again(lambda _sent, secret: _confirm_page(secret))
def confirm_email(secret: str) -> ResponseReturnValue:
    """Agree to a new address; by a button, since mail programs open links by themselves."""
    if request.method == "GET":
        return _confirm_page(secret)
    done = email_change.confirm(secret)
    if done:
        sentence = _("Sign in with it from now on.")
    else:
        sentence = _("Now open the link that went to the other address.")
    heading = _("Your address is changed") if done else _("Half of it is done")
    return render_template("accounts/sent.html", heading=heading, sentence=sentence)


def _register_page(form: RegisterForm) -> str:
    require_visible(registration.is_open())
    return render_template("accounts/register.html", form=form)


@bp.route("/register", methods=["GET", "POST"])
@public
@no_store
@form_again(lambda sent: _register_page(RegisterForm(sent)))
def register() -> ResponseReturnValue:
    """Ask to come in with an address of the company; 404 unless registration is open."""
    require_visible(registration.is_open())
    form = RegisterForm.from_request()
    if form.submitted():
        try:
            registration.request_registration(
                form.name.data,
                form.email.data,
                locale=locale_code(),
                address=request.remote_addr or "",
            )
        except Invalid as refusal:
            form.reject(refusal.field or "email", refusal.message)
        else:
            return render_template(
                "accounts/sent.html",
                heading=_("Look into your mail"),
                sentence=_("A link is on its way to you. It works once, for one day."),
            )
    return _register_page(form), _status()


def _finish_again(sent: Sent, secret: str) -> str:
    require_visible(registration.is_open())
    return _finish_page(ArriveForm(sent), registration.find(secret))


def _finish_page(form: ArriveForm, wanted: registration.Registration) -> str:
    return render_template(
        "accounts/choose_password.html",
        form=form,
        name=wanted.name,
        handle=wanted.email,
        is_new=True,
        rules=passwords.rules(),
    )


@bp.route("/register/<string:secret>", methods=["GET", "POST"])
@public
@no_store
@form_again(_finish_again)
def finish_registration(secret: str) -> ResponseReturnValue:
    """Choose a password and come in for the first time."""
    require_visible(registration.is_open())
    wanted = registration.find(secret)
    form = ArriveForm.from_request()
    if form.submitted():
        try:
            user = registration.register(
                wanted,
                form.password.data,
                user_agent=request.user_agent.string,
                shared=form.shared.data,
            )
        except Invalid as refusal:
            form.reject("password", refusal.message)
        else:
            return _come_in(user, shared=form.shared.data)
    return _finish_page(form, wanted), _status()
