"""What a service says of itself, cleaned and within its limits."""

from __future__ import annotations

from typing import Any, NamedTuple

from forum.core import limits
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.core.limits import Limit
from forum.core.textcheck import clean_line, clean_text


class Said(NamedTuple):
    """The words of a service; whatever is not its name may be missing."""

    name: str
    delivered: str = ""
    channel: str = ""
    criticality: str = ""

    def values(self) -> dict[str, Any]:
        """By column."""
        return self._asdict()


def clean(said: Said) -> Said:
    """The same, cleaned. Raises Invalid for what is empty or too long."""
    return Said(
        clean_service_name(said.name),
        _within(clean_text(said.delivered), limits.DELIVERED, "delivered"),
        _within(clean_line(said.channel), limits.CHANNEL, "channel"),
        _within(clean_line(said.criticality), limits.CRITICALITY, "criticality"),
    )


def clean_service_name(name: str) -> str:
    """A service's name, cleaned. Raises Invalid when empty or too long."""
    cleaned = clean_line(name)
    if not cleaned or not limits.SERVICE_NAME.allows(cleaned):
        raise Invalid(
            _("Name the service in at most %(limit)d characters.", limit=limits.SERVICE_NAME.value),
            field="name",
        )
    return cleaned


def clean_reason(reason: str) -> str:
    """Why somebody denies or ends a service. Raises Invalid when it is missing or too long."""
    cleaned = clean_text(reason).strip()
    if not cleaned:
        raise Invalid(_("Say why, so that the other side can answer."), field="why")
    return _within(cleaned, limits.NOTE, "why")


def _within(text: str, limit: Limit, field: str) -> str:
    if not limit.allows(text):
        message = _("Shorten this to %(limit)d characters.", limit=limit.value)
        raise Invalid(message, field=field)
    return text
