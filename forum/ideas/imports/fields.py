"""Values of a line, each read in its own way; what cannot be read is refused in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, NamedTuple, cast

from forum.core.clock import now
from forum.core.i18n import _
from forum.core.numbers import number_or_none
from forum.core.textcheck import clean_line, clean_text
from forum.ideas import stage_cards
from forum.ideas.models import StageKind

Format = Literal["markdown", "html", "text"]
FORMATS = ("markdown", "html", "text")
SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[ T]+(\d{1,2}):(\d{2}))?")
COUNTED = re.compile(r"\d{9,11}|\d{13}")
UNIVERSAL = re.compile(r"(?:UTC|GMT)$", re.IGNORECASE)
LONGEST_TEXT = 200_000
"""Characters; ten times what a form takes, and still rendered in a second."""
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = date(2200, 1, 1)
AHEAD = timedelta(days=1)
"""How far a moment may lie in the future: clocks and time zones differ."""
MOST_WORDINGS = 10**6
NOBODY = "?"
"""The author of what names none."""
Raw = Mapping[str, Any]


class Refused(Exception):
    """A line that cannot be loaded, with the reason as a sentence."""


@dataclass(frozen=True, slots=True)
class ImportedText:
    """A text and how it is written."""

    source: str
    format: Format


def text_of(raw: Raw, name: str) -> str:
    """A text, cleaned; empty when it is missing. Raises Refused."""
    value = raw.get(name)
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        raise Refused(_("“%(name)s” is not a text.", name=name))
    text = str(value)
    if len(text) > LONGEST_TEXT:
        raise Refused(_("“%(name)s” is too long.", name=name))
    return clean_text(text)


def markdown_of(raw: Raw, name: str) -> ImportedText | None:
    """A short text in Markdown, such as a reason; None when it says nothing. Raises Refused."""
    source = text_of(raw, name)
    return ImportedText(source, "markdown") if source.strip() else None


def line_of(raw: Raw, name: str) -> str:
    """A text without line ends. Raises Refused."""
    return clean_line(text_of(raw, name))


def person_of(raw: Raw, name: str) -> str:
    """Whom a line names, or nobody. Raises Refused."""
    return line_of(raw, name) or NOBODY


def format_of(raw: Raw) -> Format:
    """How its texts are written. Raises Refused."""
    wanted = line_of(raw, "format") or "markdown"
    if wanted not in FORMATS:
        raise Refused(_("“%(text)s” is not a format.", text=wanted[:40]))
    return cast(Format, wanted)


class Stand(NamedTuple):
    """A kind of stages, and the added one of them that is meant, if it is."""

    kind: StageKind
    added: int | None = None


def stage_of(raw: Raw) -> Stand | None:
    """A stage by its slug; None when it is missing. Raises Refused."""
    wanted = line_of(raw, "stage")
    if not wanted or wanted in frozenset(StageKind):
        return Stand(StageKind(wanted)) if wanted else None
    card = stage_cards.added_called(wanted)
    if card is None:
        raise Refused(_("“%(text)s” is not a stage.", text=wanted[:40]))
    return Stand(StageKind(card.kind), card.id)


def words_of(raw: Raw, name: str) -> list[str]:
    """A list, or a text with semicolons, as words without doubles. Raises Refused."""
    value = raw.get(name)
    parts = value if isinstance(value, list) else text_of(raw, name).split(";")
    if any(isinstance(part, list | dict) for part in parts):
        raise Refused(_("“%(name)s” is not a list of texts.", name=name))
    return list(dict.fromkeys(word for part in parts if (word := clean_line(str(part)))))


def objects_of(raw: Raw, name: str) -> Iterator[Raw]:
    """A list of objects, empty when it is missing. Raises Refused."""
    value = raw.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Refused(_("“%(name)s” is not a list of objects.", name=name))
    return iter(value)


def yes_of(raw: Raw, name: str) -> bool:
    """Yes or no; missing is no. Raises Refused."""
    value = str(raw.get(name) or "").strip().lower()
    if value not in ("", "0", "1", "false", "true"):
        raise Refused(_("“%(name)s” is neither true nor false.", name=name))
    return value in ("1", "true")


def revision_of(raw: Raw) -> int:
    """Which of its wordings a text is; missing is the first. Raises Refused."""
    value = raw.get("revision")
    found = 1 if value in (None, "") else number_or_none(value)
    if found is None or not 1 <= found <= MOST_WORDINGS:
        raise Refused(_("“%(text)s” is no number of a wording.", text=str(value)[:40]))
    return found


def moment_of(value: Any) -> datetime | None:
    """A moment in ISO 8601, as day/month/year, or in seconds since 1970; UTC where no zone is
    given. Raises Refused."""
    if value in (None, ""):
        return None
    text = clean_line(str(value))
    moment = _read(text)
    if not EARLIEST <= moment <= now() + AHEAD:
        raise Refused(_("“%(text)s” lies too far away.", text=text[:40]))
    return moment


def day_of(value: Any) -> date | None:
    """A day, which may lie ahead. Raises Refused."""
    if value in (None, ""):
        return None
    text = clean_line(str(value))
    day = _read(text).date()
    if not EARLIEST.date() <= day <= LATEST:
        raise Refused(_("“%(text)s” lies too far away.", text=text[:40]))
    return day


def _read(text: str) -> datetime:
    plain = UNIVERSAL.sub("", text).rstrip()
    try:
        found = _slashed(plain) or _counted(plain) or datetime.fromisoformat(plain)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise Refused(_("“%(text)s” is not a day or a moment.", text=text[:40])) from None


def _slashed(text: str) -> datetime | None:
    parts = SLASHED.fullmatch(text)
    if parts is None:
        return None
    day, month, year, hour, minute = (int(part or 0) for part in parts.groups())
    if month > 12 >= day:
        day, month = month, day
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def _counted(text: str) -> datetime | None:
    """Seconds, or milliseconds, since 1970; eight digits are a day written without dashes."""
    if not COUNTED.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text) / (1000 if len(text) > 11 else 1), UTC)
