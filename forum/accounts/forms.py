"""Forms of signing in, arriving, and of a person's own settings."""

from typing import Any

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import AnyOf, InputRequired

from forum.accounts.actions import THEMES
from forum.core.forms import BaseForm, line
from forum.core.i18n import LOCALES, lazy
from forum.core.limits import EMAIL, PERSON_NAME

FILL = lazy("Fill this in.")
ONE_OF_THESE = lazy("Choose one from the list.")


def handle(**options: Any) -> StringField:
    """An e-mail or staff number, as somebody signs in with it."""
    return StringField(lazy("E-mail or staff number"), [InputRequired(FILL)], **options)


class SignInForm(BaseForm):
    """E-mail or staff number, and the password."""

    email = handle()
    password = PasswordField(lazy("Password"), [InputRequired(FILL)])
    shared = BooleanField(lazy("This is a shared terminal"))


class NewPasswordForm(BaseForm):
    """A password to choose."""

    password = PasswordField(lazy("New password"), [InputRequired(FILL)])


class ArriveForm(NewPasswordForm):
    """A password to choose on arrival, perhaps at a terminal that others use too."""

    shared = BooleanField(lazy("This is a shared terminal"))


class CodeForm(ArriveForm):
    """A code from the sign-in sheet, and the password to choose."""

    email = handle()
    code = StringField(lazy("Code from your sheet"), [InputRequired(FILL)])


class ResetForm(BaseForm):
    """Who forgot their password."""

    email = handle()


class RegisterForm(BaseForm):
    """Who wants to come in."""

    name = line(lazy("Your name"), PERSON_NAME, required=True)
    email = line(lazy("E-mail"), EMAIL, required=True)


class ChangePasswordForm(NewPasswordForm):
    """The password so far, and the one to come."""

    current_password = PasswordField(lazy("Current password"), [InputRequired(FILL)])


class ChangeEmailForm(BaseForm):
    """The address to come."""

    email = line(lazy("New e-mail"), EMAIL, required=True)
    current_password = PasswordField(lazy("Current password"), [InputRequired(FILL)])


class ChoicesForm(BaseForm):
    """How the forum looks and behaves for one person."""

    locale = StringField(lazy("Language"), [AnyOf(LOCALES, ONE_OF_THESE)])
    theme = StringField(lazy("Theme"), [AnyOf(THEMES, ONE_OF_THESE)])
    shortcuts = BooleanField(lazy("Keyboard shortcuts"))
