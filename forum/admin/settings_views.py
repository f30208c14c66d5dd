"""The administrator's settings of the site, a calm page for each part."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.addresses import clean_email
from forum.accounts.guard import me
from forum.admin import logo, settings
from forum.admin.colours import DARK, LIGHT, weakest_contrast
from forum.admin.mail_server import MailServer, clean_address, try_out
from forum.admin.settings_forms import (
    AccessForm,
    AnswersForm,
    GeneralForm,
    MailForm,
    ModulesForm,
    SettingsForm,
    StandardsForm,
    TextsForm,
    known_modules,
    zones,
)
from forum.core.access import admins_only
from forum.core.again import Sent, form_again
from forum.core.calendar import countries
from forum.core.clock import now
from forum.core.config import MODULES
from forum.core.errors import Invalid, TooLarge
from forum.core.i18n import _
from forum.core.intake import takes_pictures, works_read_only
from forum.core.site import LOCKED_BY, locked_names, site
from forum.files.incoming import sent_picture

bp = Blueprint("admin_settings", __name__)


@bp.route("/admin/settings", methods=["GET", "POST"])
@admins_only
@takes_pictures
@form_again(lambda sent: _html("general", GeneralForm.again(sent)))
def general() -> ResponseReturnValue:
    """Name, logo, accent, language, time zone, welcome."""
    form = GeneralForm.open(
        **_now("name accent classification default_locale time_zone welcome_en welcome_ru")
    )
    if form.submitted():
        try:
            _save_general(form)
        except (Invalid, TooLarge) as refusal:
            return _page("general", form, status=refusal.status, logo_error=str(refusal.message))
        return _saved()
    return _page("general", form)


def _save_general(form: GeneralForm) -> None:
    upload = request.files.get("logo")
    if upload is not None and upload.filename:
        settings.save_with_logo(me(), form.data, logo.encode(sent_picture("logo")))
    elif request.form.get("no_logo"):
        settings.save_with_logo(me(), form.data, None)
    else:
        settings.save(me(), form.data)


@bp.route("/admin/settings/texts", methods=["GET", "POST"])
@admins_only
@form_again(lambda sent: _html("texts", TextsForm.again(sent)))
def texts() -> ResponseReturnValue:
    """Announcement, privacy, imprint."""
    form = TextsForm.open(
        **_now(
            "announcement_en announcement_ru signature_en signature_ru "
            "privacy_en privacy_ru imprint_en imprint_ru"
        )
    )
    if form.submitted():
        settings.save(me(), form.data)
        return _saved()
    return _page("texts", form)


@bp.route("/admin/settings/access", methods=["GET", "POST"])
@admins_only
@form_again(lambda sent: _html("access", AccessForm.again(sent)))
def access() -> ResponseReturnValue:
    """Registration, shared terminals, retention."""
    known = _now("registration idle_minutes retention_days heads_decide")
    known["newcomers_wait"] = bool(site().newcomers_from)
    form = AccessForm.open(**known, registration_domains=" ".join(site().registration_domains))
    if form.submitted():
        domains = tuple(form.registration_domains.data.split())
        settings.save(me(), {**_with_newcomers(form.data), "registration_domains": domains})
        return _saved()
    return _page("access", form)


@bp.route("/admin/settings/answers", methods=["GET", "POST"])
@admins_only
@form_again(lambda sent: _html("answers", AnswersForm.again(sent), countries=countries()))
def answers() -> ResponseReturnValue:
    """How long departments have to answer, and which days are free."""
    known = _now("answer_days approval confirm_days holidays")
    form = AnswersForm.open(**known, free_days=" ".join(site().free_days))
    if form.submitted():
        free_days = tuple((form.free_days.data or "").split())
        settings.save(me(), {**_given(form.data), "free_days": free_days})
        return _saved()
    return _page("answers", form, countries=countries())


def _given(data: dict[str, Any]) -> dict[str, Any]:
    """Without what a form does not say of standards."""
    unsaid = {name for name in ("approval", "confirm_days") if not data[name]}
    return {name: value for name, value in data.items() if name not in unsaid}


def _with_newcomers(data: dict[str, Any]) -> dict[str, Any]:
    """Who comes from now on is a newcomer; whoever is here when it is switched on is not."""
    since = site().newcomers_from or now().isoformat()
    wait = data.pop("newcomers_wait")
    return {**data, "newcomers_from": since if wait else ""}


def _mail_again(sent: Sent) -> str:
    server = MailServer.of(site().mail_url)
    return _html("mail", MailForm(sent), keeps_password=bool(server.password))


@bp.route("/admin/settings/mail", methods=["GET", "POST"])
@admins_only
@form_again(_mail_again)
def mail() -> ResponseReturnValue:
    """The mail server, with a test mail."""
    server = MailServer.of(site().mail_url)
    form = MailForm.from_request(
        host=server.host,
        port=server.port,
        tls=server.tls,
        user=server.user,
        mail_from=site().mail_from,
        address=site().address or request.host_url.rstrip("/"),
    )
    if form.submitted():
        try:
            settings.save(me(), _mail_changes(form, server))
            _test_if_asked()
        except Invalid as refusal:
            form.reject(refusal.field or "host", refusal.message)
        else:
            return _saved()
    return _page("mail", form, keeps_password=bool(server.password))


def _mail_changes(form: MailForm, before: MailServer) -> dict[str, Any]:
    """What the form says; an empty password keeps the one there is, for the same server alone."""
    host, user = (form.host.data or "").strip(), (form.user.data or "").strip()
    same = host == before.host and user == before.user
    tls = str(form.tls.data)
    server = MailServer(
        host=host,
        port=form.port.data or (465 if tls == "tls" else 587),
        tls=tls,
        user=user,
        password=form.smtp_password.data or (before.password if same else ""),
    )
    return {
        "mail_url": server.url,
        "mail_from": clean_email(form.mail_from.data or "") or "",
        "address": clean_address(form.address.data or ""),
    }


def _test_if_asked() -> None:
    if request.form.get("action") != "test":
        return
    trouble = try_out(me())
    if trouble:
        flash(_("The test mail was not sent. The server said: %(words)s", words=trouble), "error")
    else:
        flash(_("A test mail is on its way to %(email)s.", email=me().email), "success")


@bp.route("/admin/settings/standards", methods=["GET", "POST"])
@admins_only
@form_again(lambda sent: _html("standards", StandardsForm.again(sent)))
def standards() -> ResponseReturnValue:
    """How standards are numbered, and how often they are looked at again."""
    form = StandardsForm.open(**_now("number_prefix number_digits review_months"))
    if form.submitted():
        settings.save(me(), {**form.data, "number_prefix": form.prefix})
        return _saved()
    return _page("standards", form)


def _modules_again(sent: Sent) -> str:
    chosen = known_modules(sent.getlist("modules"))
    return _html("modules", ModulesForm.again(sent), all_modules=MODULES, chosen=chosen)


@bp.route("/admin/settings/modules", methods=["GET", "POST"])
@admins_only
@works_read_only
@form_again(_modules_again)
def modules() -> ResponseReturnValue:
    """Modules, and whether the forum takes changes."""
    form = ModulesForm.open(**_now("read_only"))
    if form.submitted():
        chosen = known_modules(request.form.getlist("modules"))
        settings.save(me(), {**form.data, "modules": chosen})
        return _saved()
    return _page("modules", form, all_modules=MODULES, chosen=site().modules)


def _now(names: str) -> dict[str, Any]:
    return {name: getattr(site(), name) for name in names.split()}


def _saved() -> ResponseReturnValue:
    flash(_("Saved."), "success")
    return redirect(request.path, 303)


def _page(
    part: str, form: SettingsForm | MailForm, *, status: int = 422, **more: Any
) -> ResponseReturnValue:
    return _html(part, form, **more), status if request.method == "POST" else 200


def _html(part: str, form: SettingsForm | MailForm, **more: Any) -> str:
    return render_template(
        f"admin/settings_{part}.html",
        form=form,
        tabs=_tabs(part),
        locked=_locked(),
        contrasts=_contrasts(),
        zones=[(zone, zone) for zone in zones()] if part == "general" else [],
        **{"logo_error": "", "keeps_password": False, **more},
    )


def _tabs(current: str) -> list[dict[str, Any]]:
    parts = [
        ("general", _("Look"), "/admin/settings"),
        ("texts", _("Texts"), "/admin/settings/texts"),
        ("access", _("Coming in"), "/admin/settings/access"),
        ("answers", _("Time to answer"), "/admin/settings/answers"),
        ("standards", _("Standards"), "/admin/settings/standards"),
        ("mail", _("Mail"), "/admin/settings/mail"),
        ("modules", _("Modules"), "/admin/settings/modules"),
    ]
    return [{"label": words, "url": url, "current": part == current} for part, words, url in parts]


def _locked() -> dict[str, str]:
    """Locked settings, with the environment variable that holds each."""
    return {name: f"FORUM_{LOCKED_BY[name]}" for name in sorted(locked_names())}


def _contrasts() -> dict[str, float]:
    accent = site().accent
    return {
        "light": weakest_contrast(accent, LIGHT),
        "dark": weakest_contrast(accent, DARK),
    }


@bp.context_processor
def _module_words() -> dict[str, Any]:
    """What each module adds, in a sentence."""
    return {
        "module_words": {
            "map": (_("Map"), _("Who serves whom, as a matrix.")),
            "surveys": (_("Surveys"), _("Measure how well departments serve each other.")),
            "training": (_("Training"), _("Meet about real cases and learn from them.")),
            "thanks": (_("Thanks"), _("Thank a colleague in public.")),
            "insights": (_("Insights"), _("Figures about ideas and answers.")),
            "campaigns": (_("Campaigns"), _("Ask for ideas on one question for a while.")),
            "scorecards": (_("Scorecards"), _("Experts rate an idea, each by themselves.")),
            "anonymous": (_("Anonymous posts"), _("Post without a name.")),
        }
    }
