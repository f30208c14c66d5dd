"""Forms of signing in and of a person's own settings."""

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired

from forum.core.forms import BaseForm
from forum.core.i18n import lazy


class SignInForm(BaseForm):
    """E-mail or staff number, and the password."""

    email = StringField(
        lazy("E-mail or staff number"), [InputRequired(lazy("Fill this in."))]
    )
    password = PasswordField(lazy("Password"), [InputRequired(lazy("Fill this in."))])
    shared = BooleanField(lazy("This is a shared terminal"))
