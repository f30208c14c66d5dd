"""One line of a file, understood: the shape every format is brought to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, Literal, cast

from forum.core.clock import now
from forum.core.i18n import _
from forum.core.limits import TAG, TAGS, TITLE
from forum.core.textcheck import clean_line, clean_text, excerpt
from forum.ideas.models import StageKind

Format = Literal["markdown", "html", "text"]
FORMATS = ("markdown", "html", "text")
STAGES = frozenset(StageKind) - {StageKind.DRAFT, StageKind.MERGED}
LANGUAGE = re.compile(r"[a-z]{2,3}")
SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[ T]+(\d{1,2}):(\d{2}))?")
COUNTED = re.compile(r"\d{9,11}|\d{13}")
LONGEST_ID = 200
LONGEST_TEXT = 200_000
"""Characters; ten times what a form takes, and still rendered in a second."""
MOST_VOTES = 10**9
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
"""How far a moment may lie in the future: clocks and time zones differ."""
NOBODY = "?"
"""The author of what names none."""


class Refused(Exception):
    """A line that cannot be loaded, with the reason as a sentence."""


@dataclass(frozen=True, slots=True)
class ImportedText:
    """A text and how it is written."""

    source: str
    format: Format


@dataclass(frozen=True, slots=True)
class ImportedComment:
    """A comment; `parent` is the source's id of the one it answers."""

    id: str
    author: str
    body: ImportedText
    at: datetime | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class ImportedDecision:
    """Who decided, why and when."""

    by: str
    reason: ImportedText
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportedIdea:
    """Everything a line says about an idea."""

    id: str
    digest: str
    title: str
    problem: ImportedText
    proposal: ImportedText | None
    lang: str
    author: str
    at: datetime | None
    stage: StageKind
    departments: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    counted_votes: int = 0
    votes: tuple[tuple[str, datetime | None], ...] = ()
    comments: tuple[ImportedComment, ...] = field(default=())
    decision: ImportedDecision | None = None


def understand(raw: Mapping[str, Any], digest: str) -> ImportedIdea:
    """A line in our own format. Raises Refused, with a sentence saying what is wrong."""
    source_id = _text(raw, "id")
    whole = clean_line(_text(raw, "title"))
    if not source_id or len(source_id) > LONGEST_ID:
        raise Refused(_("It has no id, or one that is too long."))
    if not whole:
        raise Refused(_("It has no title."))
    written = _format(raw)
    title, problem = _title_and_body(whole, _text(raw, "problem") or _text(raw, "body"), written)
    proposal = _text(raw, "proposal")
    return ImportedIdea(
        id=source_id,
        digest=digest,
        title=title,
        problem=ImportedText(problem, written),
        proposal=ImportedText(proposal, written) if proposal.strip() else None,
        lang=_lang(raw),
        author=clean_line(_text(raw, "author")) or NOBODY,
        at=moment_of(raw.get("created_at")),
        stage=_stage(raw),
        departments=tuple(_words(raw, "departments")),
        tags=_tags(raw),
        counted_votes=_count(raw),
        votes=_votes(raw),
        comments=tuple(_comments(raw)),
        decision=_decision(raw),
    )


def moment_of(value: Any) -> datetime | None:
    """A moment in ISO 8601, as day/month/year, or in seconds since 1970; UTC where no zone is
    given. Raises Refused."""
    if value in (None, ""):
        return None
    text = clean_line(str(value))
    try:
        found = _slashed(text) or _counted(text) or datetime.fromisoformat(text)
        moment = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise Refused(_("“%(text)s” is not a day or a moment.", text=text[:40])) from None
    if not EARLIEST <= moment <= now() + AHEAD:
        raise Refused(_("“%(text)s” lies too far away.", text=text[:40]))
    return moment


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


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        raise Refused(_("“%(name)s” is not a text.", name=name))
    text = str(value)
    if len(text) > LONGEST_TEXT:
        raise Refused(_("“%(name)s” is too long.", name=name))
    return clean_text(text)


def _format(raw: Mapping[str, Any]) -> Format:
    wanted = clean_line(_text(raw, "format")) or "markdown"
    if wanted not in FORMATS:
        raise Refused(_("“%(text)s” is not a format.", text=wanted[:40]))
    return cast(Format, wanted)


def _title_and_body(whole: str, body: str, written: Format) -> tuple[str, str]:
    """A title over the limit is cut at a word and kept whole in the body."""
    if len(whole) <= TITLE.value:
        return whole, body
    head = f"<p>{escape(whole)}</p>\n" if written == "html" else f"{whole}\n\n"
    kept = head + body
    return excerpt(whole, TITLE.value), kept


def _lang(raw: Mapping[str, Any]) -> str:
    found = LANGUAGE.match(_text(raw, "lang").lower())
    return found.group() if found else ""


def _stage(raw: Mapping[str, Any]) -> StageKind:
    wanted = clean_line(_text(raw, "stage")) or "open"
    if wanted not in STAGES:
        raise Refused(_("“%(text)s” is not a stage.", text=wanted[:40]))
    return StageKind(wanted)


def _words(raw: Mapping[str, Any], name: str) -> list[str]:
    """A list, or a text with semicolons, as words without doubles."""
    value = raw.get(name)
    parts = value if isinstance(value, list) else _text(raw, name).split(";")
    if any(isinstance(part, list | dict) for part in parts):
        raise Refused(_("“%(name)s” is not a list of texts.", name=name))
    return list(dict.fromkeys(word for part in parts if (word := clean_line(str(part)))))


def _tags(raw: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(tag[: TAG.value] for tag in _words(raw, "tags"))[: TAGS.value]


def _is_counted(raw: Mapping[str, Any]) -> bool:
    """Whether votes are a number; a text with people in it is a list of them."""
    value = raw.get("votes")
    return not (isinstance(value, list | dict) or (isinstance(value, str) and "@" in value))


def _count(raw: Mapping[str, Any]) -> int:
    value = raw.get("votes")
    if value in (None, "") or not _is_counted(raw):
        return 0
    try:
        number = float(str(value).strip()) if not isinstance(value, bool) else 0.5
    except ValueError:
        number = 0.5
    if not number.is_integer():
        raise Refused(_("“votes” is neither a list nor a number."))
    if abs(number) > MOST_VOTES:
        raise Refused(_("“votes” is too large."))
    return int(number)


def _votes(raw: Mapping[str, Any]) -> tuple[tuple[str, datetime | None], ...]:
    """Who supports it, each once; a list of people, or of objects with a person and a moment."""
    value = raw.get("votes")
    if _is_counted(raw):
        return ()
    entries = value.split(";") if isinstance(value, str) else value
    if not isinstance(entries, list):
        raise Refused(_("“votes” is neither a list nor a number."))
    votes = [each if isinstance(each, dict) else {"person": each} for each in entries]
    found = {clean_line(_text(vote, "person")): moment_of(vote.get("at")) for vote in votes}
    return tuple((person, at) for person, at in found.items() if person)


def _comments(raw: Mapping[str, Any]) -> list[ImportedComment]:
    value = raw.get("comments") or []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Refused(_("“comments” is not a list of comments."))
    found = [_comment(each, position) for position, each in enumerate(value)]
    names = [each.id for each in found]
    if len(set(names)) < len(names):
        raise Refused(_("Two comments have the same id."))
    return _hung_on_top([each for each in found if each.body.source.strip()])


def _comment(raw: Mapping[str, Any], position: int) -> ImportedComment:
    return ImportedComment(
        id=_text(raw, "id")[:LONGEST_ID] or f"#{position}",
        author=clean_line(_text(raw, "author")) or NOBODY,
        body=ImportedText(_text(raw, "body"), _format(raw)),
        at=moment_of(raw.get("created_at")),
        parent=_text(raw, "parent") or None,
    )


def _hung_on_top(comments: list[ImportedComment]) -> list[ImportedComment]:
    """Deeper replies hang on their top comment; a circle or an unknown parent makes a top one."""
    parents = {each.id: each.parent for each in comments}
    tops = [each for each in comments if _top_of(each.id, parents) == each.id]
    names = {each.id for each in tops}
    replies = [each for each in comments if each.id not in names]
    return [_with_parent(each, None) for each in tops] + [
        _with_parent(each, _top_of(each.id, parents)) for each in replies
    ]


def _top_of(comment_id: str, parents: Mapping[str, str | None]) -> str:
    seen = {comment_id}
    here = comment_id
    while (above := parents.get(here)) is not None and above in parents:
        if above in seen:
            return min(seen)
        seen.add(above)
        here = above
    return here


def _with_parent(comment: ImportedComment, parent: str | None) -> ImportedComment:
    return ImportedComment(comment.id, comment.author, comment.body, comment.at, parent)


def _decision(raw: Mapping[str, Any]) -> ImportedDecision | None:
    value = raw.get("decision")
    if not value:
        return None
    if not isinstance(value, dict):
        raise Refused(_("“decision” is not a decision."))
    return ImportedDecision(
        by=clean_line(_text(value, "by")) or NOBODY,
        reason=ImportedText(_text(value, "reason"), "markdown"),
        at=moment_of(value.get("at")),
    )


Adapter = Callable[[Mapping[str, Any]], Mapping[str, Any]]
