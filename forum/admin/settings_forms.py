"""Forms of the site's settings, a page each."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel.dates import get_timezone
from wtforms import BooleanField, IntegerField, PasswordField, StringField
from wtforms.validators import AnyOf, NumberRange, Optional, Regexp, ValidationError

from forum.accounts.addresses import clean_domain, clean_email
from forum.admin.colours import DARK, ENOUGH, LIGHT, clean_hex, weakest_contrast
from forum.core import calendar
from forum.core.again import Sent
from forum.core.config import MODULES
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import LOCALES, _, lazy
from forum.core.limits import EMAIL, LABEL, NOTE, SITE_NAME, TEXT
from forum.core.site import locked_names
from forum.core.textcheck import word_set

ONE_OF_THESE = lazy("Choose one from the list.")
WHOLE = lazy("Give a whole number.")


class SettingsForm(BaseForm):
    """Settings by their names; what the environment has locked has no field."""

    @classmethod
    def open(cls, **known: Any) -> Any:
        """The form without locked fields."""
        return cls._unlocked(cls.from_request(**known))

    @classmethod
    def again(cls, sent: Sent) -> Any:
        """The form as it was sent, without locked fields."""
        return cls._unlocked(cls(sent))

    @staticmethod
    def _unlocked(form: Any) -> Any:
        for name in locked_names() & set(form.data):
            del form[name]
        return form


@cache
def zones() -> list[str]:
    """Time zones by their place, and UTC."""
    named = [zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")]
    return ["UTC", *sorted(named)]


def check_zone(_form: BaseForm, field: StringField) -> None:
    """A zone that every part of the forum knows."""
    try:
        known = field.data in zones() and get_timezone(field.data) is not None
    except LookupError:
        known = False
    if not known:
        raise ValidationError(str(ONE_OF_THESE))


def check_accent(_form: BaseForm, field: StringField) -> None:
    """A colour whose accent can be read in both themes."""
    colour = clean_hex(field.data or "")
    if colour is None:
        raise ValidationError(_("Give a colour such as #11615f."))
    weakest = min(weakest_contrast(colour, theme) for theme in (LIGHT, DARK))
    if weakest < ENOUGH:
        text = _(
            "This colour cannot be read: its contrast is %(found)s, it takes %(needed)s.",
            found=f"{weakest:.1f}",
            needed=f"{ENOUGH:.1f}",
        )
        raise ValidationError(text)
    field.data = colour


class GeneralForm(SettingsForm):
    """What the site is called and looks like."""

    name = line(lazy("Name of the forum"), SITE_NAME, required=True)
    accent = StringField(lazy("Accent colour"), [check_accent])
    default_locale = StringField(lazy("Language"), [AnyOf(LOCALES, ONE_OF_THESE)])
    time_zone = StringField(lazy("Time zone of the company"), [check_zone])
    classification = line(lazy("Classification on printed standards"), LABEL)
    welcome_en = area(lazy("Welcome, in English"), NOTE)
    welcome_ru = area(lazy("Welcome, in Russian"), NOTE)


class TextsForm(SettingsForm):
    """What stands on every page, and the pages the law asks for."""

    announcement_en = line(lazy("Announcement, in English"), NOTE)
    announcement_ru = line(lazy("Announcement, in Russian"), NOTE)
    signature_en = line(lazy("What a confirmation is worth, in English"), NOTE)
    signature_ru = line(lazy("What a confirmation is worth, in Russian"), NOTE)
    privacy_en = area(lazy("Privacy, in English"), TEXT)
    privacy_ru = area(lazy("Privacy, in Russian"), TEXT)
    imprint_en = area(lazy("Imprint, in English"), TEXT)
    imprint_ru = area(lazy("Imprint, in Russian"), TEXT)


def check_domains(form: BaseForm, field: StringField) -> None:
    """Domains by commas or spaces; at least one where they may register."""
    typed = sorted(word_set((field.data or "").replace(",", " ").replace(";", " ").lower()))
    cleaned = [clean_domain(word.removeprefix("@")) for word in typed]
    for word, domain in zip(typed, cleaned, strict=True):
        if domain is None:
            raise ValidationError(_("%(word)s is not a domain.", word=word[:60]))
    if not cleaned and form["registration"].data == "domain":
        raise ValidationError(_("Name at least one domain, such as example.com."))
    field.data = " ".join(domain for domain in cleaned if domain)


class AccessForm(SettingsForm):
    """Who may come in by themselves, what waits for moderators, how long things are kept."""

    registration = StringField(lazy("Registration"), [AnyOf(("closed", "domain"), ONE_OF_THESE)])
    registration_domains = StringField(lazy("Domains"), [check_domains])
    idle_minutes = IntegerField(
        lazy("Minutes until a shared terminal signs out"),
        [NumberRange(1, 240, lazy("Between 1 and 240 minutes."))],
    )
    newcomers_wait = BooleanField(lazy("First posts of newcomers wait for a moderator"))
    heads_decide = BooleanField(
        lazy("A head may decide on ideas that touch their department alone")
    )
    retention_days = IntegerField(
        lazy("Days to keep what is finished"),
        [NumberRange(0, 3650, lazy("Between 0 and 3650 days."))],
    )


def check_country(_form: BaseForm, field: StringField) -> None:
    """By the language, none, or a country whose holidays are known."""
    known = {"", calendar.BY_LANGUAGE, *(code for code, _name in calendar.countries())}
    if (field.data or "") not in known:
        raise ValidationError(str(ONE_OF_THESE))


def check_free_days(_form: BaseForm, field: StringField) -> None:
    """Days and breaks that can be read."""
    try:
        field.data = " ".join(calendar.read_free_days(field.data or ""))
    except ValueError as slip:
        raise ValidationError(_("%(word)s is not a day.", word=str(slip)[:40])) from slip


class AnswersForm(SettingsForm):
    """How long departments have to answer, and which days count."""

    answer_days = IntegerField(
        lazy("Working days to answer"), [NumberRange(1, 90, lazy("Between 1 and 90 days."))]
    )
    approval = StringField(
        lazy("Approval of standards before they are published"),
        [Optional(), AnyOf(("when-asked", "always"), ONE_OF_THESE)],
    )
    confirm_days = IntegerField(
        lazy("Working days to confirm a standard"),
        [Optional(), NumberRange(1, 90, lazy("Between 1 and 90 days."))],
    )
    holidays = StringField(lazy("Public holidays"), [check_country])
    free_days = StringField(lazy("Your own free days"), [check_free_days])


class StandardsForm(SettingsForm):
    """How standards are numbered, and how often they are looked at again."""

    number_prefix = StringField(
        lazy("Letters before the number"),
        [Regexp(r"[A-Za-z]{1,8}\Z", message=lazy("One to eight Latin capitals."))],
        filters=[lambda typed: (typed or "").strip()],
    )
    number_digits = IntegerField(
        lazy("Digits of the number"), [NumberRange(1, 6, lazy("Between 1 and 6 digits."))]
    )
    review_months = IntegerField(
        lazy("Months between reviews"), [NumberRange(1, 120, lazy("Between 1 and 120 months."))]
    )

    @property
    def prefix(self) -> str:
        """The letters as they are kept, in capitals however they were typed."""
        return (self.number_prefix.data or "").upper()


def check_email(_form: BaseForm, field: StringField) -> None:
    """An address, if any."""
    if field.data and clean_email(field.data) is None:
        raise ValidationError(_("Check this address; it is not complete."))


class MailForm(BaseForm):
    """The mail server, and where links in mails lead."""

    host = StringField(lazy("Mail server"))
    port = IntegerField(
        lazy("Port"), [Optional(), NumberRange(1, 65535, lazy("Between 1 and 65535."))]
    )
    tls = StringField(lazy("Encryption"), [AnyOf(("starttls", "tls"), ONE_OF_THESE)])
    user = StringField(lazy("User"))
    smtp_password = PasswordField(lazy("Password"))
    mail_from = line(lazy("Mails come from"), EMAIL)
    address = StringField(lazy("Address of the forum"))

    validate_mail_from = staticmethod(check_email)


class ModulesForm(SettingsForm):
    """Whether the forum takes changes; the modules themselves are a list of names."""

    read_only = BooleanField(lazy("Read-only"))


def known_modules(names: list[str]) -> tuple[str, ...]:
    """The modules among the names, in their order."""
    return tuple(module for module in MODULES if module in names)
