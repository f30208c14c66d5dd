"""Asking whoever wrote a text, and answering: once each, as the database decides.

Answering writes one row and nothing else: no event, no counter, no time. Who comes with the secret
is not asked who they are.
"""

from __future__ import annotations

from typing import Any

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.core.textcheck import clean_text, detect_lang
from forum.departments.queries import speaks_for
from forum.surveys.relay import facts, policy
from forum.surveys.relay.models import VoiceAnswer, VoiceQuestion
from forum.surveys.relay.queries import Own, Voice
from forum.surveys.results.told import Told
from forum.surveys.rows import add_missing

ASKED = lazy("This was asked about already. One question is all there is.")
NOTHING = lazy("Nobody has asked about this text.")
USED = lazy("You have answered this already. An answer cannot be changed.")


def ask(person: Person, told: Told, voice: Voice, body: str) -> None:
    """Ask who wrote a text one question. Raises Invalid, and Conflict where one was asked."""
    require(policy.may_ask(person, voice.provider_id, speaks_for(person.id)))
    words = _checked(body, "question", _("Write the question first."))
    row = {
        "key": voice.key,
        "wave_id": told.wave.id,
        "department_id": voice.provider_id,
        "by_id": person.id,
        "at": now(),
        **words,
    }
    with transaction():
        if not add_missing(VoiceQuestion, [row], VoiceQuestion.key):
            raise Conflict(ASKED)
        record(facts.ASKED, by=person, about=("wave", told.wave.id), department=voice.provider_id)


def answer(own: Own, *, asked: bool, body: str) -> None:
    """Answer for whoever keeps the secret, by which the caller has found the text. Raises Invalid,
    and Conflict where nothing was asked or this was answered."""
    if not asked:
        raise Conflict(NOTHING)
    row = {"key": own.key, **_checked(body, "answer", _("Write an answer first."))}
    with transaction():
        if not add_missing(VoiceAnswer, [row], VoiceAnswer.key):
            raise Conflict(USED)


def _checked(typed: str, field: str, empty: str) -> dict[str, Any]:
    body = clean_text(typed).strip()
    if not body:
        raise Invalid(empty, field=field)
    if not limits.REASON.allows(body):
        raise Invalid(
            _("Shorten this to %(limit)d characters.", limit=limits.REASON.value), field=field
        )
    return {"body": body, "lang": detect_lang(body, "")}
