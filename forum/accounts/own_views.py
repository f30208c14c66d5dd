"""A person's own settings: looks, password, address, sessions."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from forum.accounts import actions, email_change, invitations, passwords, queries, sessions
from forum.accounts.browsers import describe
from forum.accounts.forms import ChangeEmailForm, ChangePasswordForm, ChoicesForm
from forum.accounts.guard import me
from forum.core import slots
from forum.core.access import no_store
from forum.core.again import form_again
from forum.core.errors import Invalid
from forum.core.i18n import _, locale_code

bp = Blueprint("own", __name__)


def _settings_page(form: ChoicesForm) -> str:
    panels = slots.load("settings", me(), [me()])[me().id]
    return render_template("accounts/settings.html", form=form, person=me(), panels=panels)


@bp.route("/settings", methods=["GET", "POST"])
@no_store
@form_again(lambda sent: _settings_page(ChoicesForm(sent)))
def settings() -> ResponseReturnValue:
    """Language, theme, shortcuts, and the way to the rest."""
    person = me()
    form = ChoicesForm.from_request(
        locale=person.locale or locale_code(), theme=person.theme, shortcuts=person.shortcuts
    )
    if form.submitted():
        actions.choose(person, **form.data)
        session["locale"] = form.locale.data
        flash(_("Saved."), "success")
        return redirect("/settings", 303)
    return _settings_page(form), _status()


def _status() -> int:
    return 422 if request.method == "POST" else 200


def _password_page(form: ChangePasswordForm) -> str:
    return render_template(
        "accounts/password.html",
        form=form,
        handle=me().email or me().login or "",
        rules=passwords.rules(),
    )


@bp.route("/settings/password", methods=["GET", "POST"])
@no_store
@form_again(lambda sent: _password_page(ChangePasswordForm(sent)))
def password() -> ResponseReturnValue:
    """Choose a new password; other browsers are signed out."""
    form = ChangePasswordForm.from_request()
    if form.submitted():
        try:
            _change_password(form)
        except Invalid as refusal:
            form.reject(refusal.field or "password", refusal.message)
        else:
            flash(_("Your password is changed. Every other browser is signed out."), "success")
            return redirect("/settings", 303)
    return _password_page(form), _status()


def _change_password(form: ChangePasswordForm) -> None:
    shared = g.person_session.shared
    user = actions.change_password(
        me(),
        form.current_password.data or "",
        form.password.data or "",
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
        shared=shared,
    )
    sessions.put_in_cookie(user, locale=session.get("locale"), shared=shared)


def _email_page(form: ChangeEmailForm) -> str:
    may_mail = invitations.may_mail()
    return render_template("accounts/email.html", form=form, now_used=me().email, may_mail=may_mail)


@bp.route("/settings/email", methods=["GET", "POST"])
@no_store
@form_again(lambda sent: _email_page(ChangeEmailForm(sent)))
def email() -> ResponseReturnValue:
    """Ask for another address; both have to agree."""
    form = ChangeEmailForm.from_request()
    if form.submitted():
        try:
            email_change.request_change(
                me(),
                form.email.data,
                form.current_password.data,
                address=request.remote_addr or "",
            )
        except Invalid as refusal:
            form.reject(refusal.field or "email", refusal.message)
        else:
            flash(_("Now open the links in the mails that were sent to confirm it."), "success")
            return redirect("/settings", 303)
    return _email_page(form), _status()


@bp.get("/settings/sessions")
@no_store
def own_sessions() -> ResponseReturnValue:
    """Where this person is signed in."""
    rows = [
        {
            "id": row.id,
            "browser": describe(row.user_agent),
            "since": row.created_at,
            "shared": row.shared,
            "here": row.id == g.person_session.id,
        }
        for row in queries.open_sessions(me())
    ]
    return render_template("accounts/sessions.html", sessions=rows)


@bp.post("/settings/sessions/<int:session_id>/end")
@no_store
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out one browser; this one too, if that is what was asked."""
    actions.sign_out(me(), session_id)
    if session_id == g.person_session.id:
        sessions.forget_cookie()
        return redirect("/sign-in", 303)
    flash(_("Signed out there."), "success")
    return redirect("/settings/sessions", 303)


@bp.post("/settings/sessions/end-others")
@no_store
def end_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere else."""
    actions.sign_out_elsewhere(me(), g.person_session.id)
    flash(_("Signed out everywhere else."), "success")
    return redirect("/settings/sessions", 303)
