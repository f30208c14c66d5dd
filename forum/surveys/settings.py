"""How much may be asked of people: what administrators choose, for all waves from now on."""

from __future__ import annotations

from typing import Any

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.db import transaction
from forum.core.events import record
from forum.core.site import save_settings
from forum.surveys import facts, policy


def save(admin: Person, *, questions: int, requests: int, k: int) -> None:
    """Choose the budget, and k; a wave that has opened keeps the k it opened with."""
    require(policy.may_set(admin))
    with transaction():
        save_settings({"survey_questions": questions, "survey_requests": requests, "survey_k": k})
        chosen: dict[str, Any] = {"questions": questions, "requests": requests, "k": k}
        record(facts.SETTINGS, by=admin, about=("site", 0), **chosen)
