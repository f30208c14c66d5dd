"""Answering: one write of who took part and of what was said, tied by nothing but that write.

Each value gets a random key of its own, and rows are inserted in random order. The key of a text is
the digest of a secret, with which its author alone can be asked about it (`relay`). No event, no
counter and no limit on attempts is written: taking part once is limit enough.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Any

from sqlalchemy import select, text

from forum.accounts.models import Person
from forum.accounts.tokens import new_secret
from forum.core import limits
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.i18n import _, lazy
from forum.core.textcheck import clean_text, detect_lang
from forum.surveys import policy
from forum.surveys.models import (
    ItemKind,
    SurveyAnswer,
    SurveyText,
    Wave,
    WaveParticipation,
    WaveRequest,
    WaveState,
)
from forum.surveys.relay.keys import key_of
from forum.surveys.rows import add_missing
from forum.surveys.wordings import Asked

RANGES = {ItemKind.SCALE: range(1, 6), ItemKind.RECOMMEND: range(11)}
NOT_YET = lazy("This survey has not opened yet.")
OVER = lazy("This survey has ended. Your answers were not taken.")
TWICE = lazy("You have answered already. Answers cannot be changed: nobody knows which are yours.")
NOT_ASKED = lazy("This survey does not ask you. A colleague’s link opens your own questions only.")
OTHERS = lazy("You were not asked about one of these services.")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of one service: values and words by the version of the item."""

    values: Mapping[int, str] = field(default_factory=dict)
    words: Mapping[int, str] = field(default_factory=dict)


def answer(
    person: Person,
    wave: Wave,
    items: Mapping[int, Asked],
    sample: frozenset[int],
    said: Mapping[int, Said],
) -> list[tuple[int, str]]:
    """Take somebody's answers about the services they chose, none of them included; for each text
    its service and the secret that its author is shown this once, and that is kept nowhere.

    Raises Conflict before, after, or the second time; Forbidden for who was not asked; Invalid for
    what cannot be an answer.
    """
    require(policy.may_see(person))
    check_open(wave)
    answers, texts = _rows(wave, items, sample, said)
    told = [(row["service_id"], row.pop("secret")) for row in texts]
    with transaction():
        if db.engine.dialect.name == "sqlite":
            db.session.execute(text("PRAGMA secure_delete=ON"))
        _hold_open(wave)
        if db.session.get(WaveRequest, (wave.id, person.id), populate_existing=True) is None:
            raise Forbidden(NOT_ASKED)
        row = {"wave_id": wave.id, "person_id": person.id}
        if not add_missing(WaveParticipation, [row], WaveParticipation.person_id):
            raise Conflict(TWICE)
        add_missing(SurveyAnswer, answers)
        add_missing(SurveyText, texts)
    return told


def check_open(wave: Wave) -> None:
    """Raises Conflict before it opens and after it ends."""
    if wave.state == WaveState.PLANNED or now() < wave.opens_at:
        raise Conflict(NOT_YET)
    if not policy.is_open(wave, now()):
        raise Conflict(OVER)


def _hold_open(wave: Wave) -> None:
    """Refuse a wave that closed meanwhile, and let none close before the write ends."""
    query = select(Wave.id).where(
        Wave.id == wave.id, Wave.state == WaveState.RUNNING, Wave.closes_at > now()
    )
    if db.session.scalar(query.with_for_update(read=True)) is None:
        raise Conflict(OVER)


Rows = list[dict[str, Any]]


def _rows(
    wave: Wave, items: Mapping[int, Asked], sample: frozenset[int], said: Mapping[int, Said]
) -> tuple[Rows, Rows]:
    if not sample:
        raise Forbidden(NOT_ASKED)
    if not sample.issuperset(said):
        raise Invalid(OTHERS, field="services")
    answers: Rows = []
    texts: Rows = []
    for service_id, each in said.items():
        about = {"wave_id": wave.id, "service_id": service_id}
        for version_id, typed in each.values.items():
            value = _value(service_id, items.get(version_id), typed)
            answers.append({**about, "key": _key(), "version_id": version_id, "value": value})
        for version_id, typed in each.words.items():
            body = _words(service_id, items.get(version_id), typed)
            texts.append({**about, **_text(body), "version_id": version_id})
    shuffle = SystemRandom().shuffle
    shuffle(answers)
    shuffle(texts)
    return answers, texts


def _key() -> str:
    """128 random bits: all that an answer is called."""
    return secrets.token_hex(16)


def _text(body: str) -> dict[str, Any]:
    secret = new_secret()
    return {
        "secret": secret,
        "key": key_of(secret),
        "lang": detect_lang(body, ""),
        "body": body,
    }


def field_of(service_id: int, version_id: int) -> str:
    """How an item about a service is called in the form."""
    return f"s{service_id}-{version_id}"


def _value(service_id: int, item: Asked | None, typed: str) -> int:
    within = RANGES.get(ItemKind(item.kind)) if item is not None else None
    if item is None or within is None:
        raise Invalid(_("This question is not asked here."), field="services")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 3 and int(typed) in within):
        raise Invalid(_("Choose one of the numbers."), field=field_of(service_id, item.version_id))
    return int(typed)


def _words(service_id: int, item: Asked | None, typed: str) -> str:
    if item is None or item.kind != ItemKind.TEXT:
        raise Invalid(_("This question is not asked here."), field="services")
    body = clean_text(typed)
    if not limits.REASON.allows(body):
        raise Invalid(
            _("Shorten this to %(limit)d characters.", limit=limits.REASON.value),
            field=field_of(service_id, item.version_id),
        )
    return body
