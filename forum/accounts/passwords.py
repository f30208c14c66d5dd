"""Passwords: argon2id, and the same time spent whoever is asked for."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from forum.accounts.models import Person
from forum.core.db import assert_no_write_open
from forum.core.errors import Invalid
from forum.core.i18n import _, ngettext
from forum.core.limits import PASSWORD
from forum.core.textcheck import word_set

SHORTEST, LONGEST = 10, PASSWORD.value
DIFFERENT = 4
"""Fewest different characters; fewer is a key held down."""
COMMON = word_set(
    "1234567890 0123456789 12345678910 123456789a 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty1234 "
    "qwerty12345 qwerty123456 password12 password123 password1234 password2025 password2026 "
    "passw0rd123 welcome123 welcome1234 welcome2026 admin12345 iloveyou123 abcdefghij abc1234567 "
    "letmein123 changeme123 administrator йцукенгшщз йцукен1234 йцукен12345 пароль1234 пароль12345 "
    "пароль2026 привет1234 любимая123 demo-password counterpart"
)
"""What everybody tries first, of those that are long enough."""
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    """The argon2id hash, about 25 ms."""
    assert_no_write_open("hashed a password")
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def matches(stored: str | None, password: str) -> bool:
    """Whether it is the password; takes as long when there is none to compare with."""
    assert_no_write_open("checked a password")
    try:
        return _hasher.verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def rules() -> str:
    """What a new password has to be, for the page that asks for one."""
    return ngettext(
        "At least %(num)d character. A sentence that only you would write is easy to remember.",
        "At least %(num)d characters. A sentence that only you would write is easy to remember.",
        SHORTEST,
    )


def check_new(password: str, *, names: tuple[str, ...] = ()) -> None:
    """Refuse what is too short, too long, or simply the person's own name. Raises Invalid."""
    if len(password) < SHORTEST:
        text = ngettext(
            "Use at least %(num)d character.", "Use at least %(num)d characters.", SHORTEST
        )
        raise Invalid(text, field="password")
    if len(password) > LONGEST:
        raise Invalid(_("This password is too long."), field="password")
    if len(set(password)) < DIFFERENT:
        raise Invalid(_("Use more different characters."), field="password")
    if password.casefold() in COMMON:
        raise Invalid(_("This is one of the passwords that everybody tries."), field="password")
    if password.casefold() in {name.casefold() for name in names if name}:
        raise Invalid(_("Choose something other than your name or address."), field="password")


def hash_new(person: Person, password: str) -> str:
    """The hash of a password that this person may have. Raises Invalid."""
    check_new(password, names=(person.name, person.email or "", person.login or ""))
    return hash_password(password)
