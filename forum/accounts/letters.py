"""The mails about getting in, each in its recipient's language."""

from __future__ import annotations

from forum.accounts.models import Person
from forum.core.i18n import _
from forum.core.mail import Letter, write
from forum.core.site import absolute, site
from forum.core.unlinked import unlinked


def invitation(person: Person, path: str) -> Letter:
    """The link that lets somebody choose a password and come in."""

    def words() -> tuple[str, str]:
        text = _(
            "Hello %(name)s,\n\nyou are invited to %(site)s. Open this link to choose a password "
            "and come in:\n\n%(link)s\n\nIt works once, for seven days.",
            name=unlinked(person.name),
            site=site().name,
            link=absolute(path),
        )
        return _("Your invitation to %(site)s", site=site().name), text

    return write(person.email or "", person.locale, words)


def password_reset(person: Person, path: str) -> Letter:
    """The link that sets a new password."""

    def words() -> tuple[str, str]:
        text = _(
            "Hello %(name)s,\n\nopen this link to choose a new password:\n\n%(link)s\n\nIt works "
            "once, for one day. If you did not ask for it, you can ignore this mail.",
            name=unlinked(person.name),
            link=absolute(path),
        )
        return _("Choose a new password"), text

    return write(person.email or "", person.locale, words)


def email_change_old(person: Person, new: str, path: str) -> Letter:
    """To the address so far: agree that mail goes elsewhere."""

    def words() -> tuple[str, str]:
        text = _(
            "Hello %(name)s,\n\nyour address is about to change to %(new)s. Open this link to "
            "agree:\n\n%(link)s\n\nIt works once, for two days. If this was not you, ignore this "
            "mail and change your password.",
            name=unlinked(person.name),
            new=new,
            link=absolute(path),
        )
        return _("Agree to your new address"), text

    return write(person.email or "", person.locale, words)


def email_change_new(person: Person, new: str, path: str) -> Letter:
    """To the new address: prove that it is theirs."""

    def words() -> tuple[str, str]:
        text = _(
            "Hello %(name)s,\n\nopen this link to confirm that this address is yours:\n\n"
            "%(link)s\n\nIt works once, for two days.",
            name=unlinked(person.name),
            link=absolute(path),
        )
        return _("Confirm your new address"), text

    return write(new, person.locale, words)


def registration(email: str, path: str, locale: str) -> Letter:
    """The link that finishes a registration.

    It says no name: a stranger typed it, and could say anything to a colleague in our mail.
    """

    def words() -> tuple[str, str]:
        text = _(
            "Hello,\n\nopen this link to finish your registration at %(site)s:\n\n"
            "%(link)s\n\nIt works once, for one day. If you did not ask for it, you can ignore "
            "this mail.",
            site=site().name,
            link=absolute(path),
        )
        return _("Finish your registration at %(site)s", site=site().name), text

    return write(email, locale, words)


def known_already(person: Person) -> Letter:
    """To somebody who registers with an address that has an account."""

    def words() -> tuple[str, str]:
        text = _(
            "Hello %(name)s,\n\nsomebody, probably you, tried to register at %(site)s with this "
            "address, which has an account already. Sign in here, or ask for a new password:\n\n"
            "%(link)s",
            name=unlinked(person.name),
            site=site().name,
            link=absolute("/sign-in"),
        )
        return _("You have an account at %(site)s", site=site().name), text

    return write(person.email or "", person.locale, words)
