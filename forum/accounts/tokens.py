"""Links and codes that work once: only a digest is stored, the database decides who was first."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from forum.accounts.models import OneTimeToken, Person, Purpose
from forum.accounts.sessions import digest
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import DomainError
from forum.core.i18n import lazy

LIFETIMES = {
    Purpose.INVITATION: timedelta(days=7),
    Purpose.SIGN_IN_CODE: timedelta(days=7),
    Purpose.PASSWORD_RESET: timedelta(days=1),
    Purpose.EMAIL_OLD: timedelta(days=2),
    Purpose.EMAIL_NEW: timedelta(days=2),
}
MAILED = (Purpose.INVITATION, Purpose.PASSWORD_RESET, Purpose.EMAIL_OLD, Purpose.EMAIL_NEW)
"""What may lie in a mailbox that is no longer somebody's."""
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""No letter or digit that is taken for another one on paper."""
CODE_LENGTH = 10
_CYRILLIC = str.maketrans("АВЕКМНРСТХ", "ABEKMHPCTX")


class LinkSpent(DomainError):
    """The link was used, replaced or left too long."""

    status = 410
    sentence = lazy("This link has been used or is too old. Ask for a new one.")


def new_secret() -> str:
    """What a link carries; 256 bits."""
    return secrets.token_urlsafe(32)


def issue(
    purpose: Purpose, person: Person, secret: str, *, by: Person | None = None, **data: Any
) -> None:
    """Make a link's secret valid, in place of earlier ones of its purpose, in the open write."""
    _store(purpose, person, digest(secret), by, data)


def issue_code(person: Person, *, by: Person | None) -> str:
    """A new one-time code such as `K7QPM-2X4RT` (49 bits), in the open write."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    _store(Purpose.SIGN_IN_CODE, person, code_digest(person.id, code), by, {})
    return f"{code[:5]}-{code[5:]}"


def _store(
    purpose: Purpose, person: Person, hashed: str, by: Person | None, data: dict[str, Any]
) -> None:
    revoke(person.id, [purpose])
    db.session.add(
        OneTimeToken(
            purpose=purpose.value,
            token_hash=hashed,
            person_id=person.id,
            created_by_id=by.id if by else None,
            expires_at=now() + LIFETIMES[purpose],
            data=data,
        )
    )
    db.session.flush()


def code_digest(person_id: int, code: str) -> str:
    """How a code is stored: keyed, since 49 bits alone could be searched by a database's thief."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"code:{person_id}:{code}".encode(), "sha256").hexdigest()


def clean_code(typed: str) -> str:
    """A code as it was meant: capitals, without spaces and dashes, also from a Russian keyboard."""
    kept = "".join(char for char in typed[:60].upper() if char.isalnum())
    return kept.translate(_CYRILLIC)


def find(secret: str, *purposes: Purpose) -> tuple[OneTimeToken, Person]:
    """The token behind a link and whom it is for. Raises LinkSpent. One query."""
    return find_by_digest(digest(secret), *purposes)


def find_by_digest(hashed: str, *purposes: Purpose) -> tuple[OneTimeToken, Person]:
    """The token of a digest and its person. Raises LinkSpent. One query."""
    query = (
        select(OneTimeToken, Person)
        .join(Person, Person.id == OneTimeToken.person_id)
        .where(OneTimeToken.token_hash == hashed)
        .where(OneTimeToken.purpose.in_([purpose.value for purpose in purposes]))
        .where(OneTimeToken.used_at.is_(None), OneTimeToken.expires_at > now())
    )
    row = db.session.execute(query).one_or_none()
    if row is None or not row[1].can_sign_in:
        raise LinkSpent
    return row[0], row[1]


def spend(token: OneTimeToken) -> None:
    """Use a token up, in the open write; of two at once only one does. Raises LinkSpent."""
    used = db.session.execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.id == token.id,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now(),
        )
        .values(used_at=now())
    )
    if used.rowcount == 0:  # type: ignore[attr-defined]
        raise LinkSpent


def revoke(person_id: int, purposes: Sequence[Purpose]) -> None:
    """End what is still open of somebody's tokens, in the open write."""
    db.session.execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.person_id == person_id,
            OneTimeToken.purpose.in_([purpose.value for purpose in purposes]),
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now(),
        )
        .values(expires_at=now())
    )
