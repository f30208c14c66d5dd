"""Lines of other kinds of sources, brought to our own names; docs/import.md shows each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Line = Mapping[str, Any]
Adapter = Callable[[Line], Line]
DONE = ("status-completed", "status-implemented", "responded", "done", "completed")
DECLINED = ("status-declined", "declined", "rejected")
WITHDRAWN = ("withdrawn", "retired", "closed")
REVIEW = ("pending response", "under review")


def own(raw: Line) -> Line:
    """Our own format."""
    return raw


def decide(raw: Line) -> Line:
    """Citizens' proposals: raw HTML, up-votes as a number, days as day/month/year."""
    html = raw.get("html") or ""
    return {
        **_shared(raw),
        "body": html or raw.get("text"),
        "format": "html" if html else "text",
        "stage": "withdrawn" if raw.get("retired") else "open",
    }


def petitions(raw: Line) -> Line:
    """Petitions: plain text, signatures as a number, a status in words."""
    return {
        **_shared(raw),
        "body": raw.get("text"),
        "format": "text",
        "tags": _tags(raw),
        "stage": _stage([str(raw.get("status") or "")]),
    }


def issues(raw: Line) -> Line:
    """Issues of a tracker: a title, Markdown and labels."""
    tags = [*_tags(raw), *_list(raw.get("label")), *_list(raw.get("labels"))]
    body = raw.get("markdown")
    return {**_shared(raw), "body": body, "format": "markdown", "tags": tags}


def threads(raw: Line) -> Line:
    """Whole discussions: HTML, tags, answers and comments, each with comments of its own."""
    tags = _tags(raw)
    return {
        **_shared(raw),
        "body": raw.get("html"),
        "format": "html",
        "author": _author(raw),
        "tags": tags,
        "stage": _stage([str(tag) for tag in tags]),
        "comments": list(_contributions(raw)),
    }


def _contributions(raw: Line) -> Iterator[Line]:
    for comment in _dicts(raw.get("comments")):
        yield _comment(raw, comment, name=_named("c", comment))
    for place, answer in enumerate(_dicts(raw.get("answers"))):
        name = _named("a", answer) or f"answer {place}"
        yield {**_comment(raw, answer, name=name), "format": "html"}
        for comment in _dicts(answer.get("comments")):
            yield _comment(raw, comment, name=_named("c", comment), parent=name)


def _named(kind: str, raw: Line) -> str | None:
    """Answers and comments are numbered apart, so a letter keeps them apart here."""
    return f"{kind}{raw['id']}" if raw.get("id") is not None else None


def _comment(
    thread: Line, raw: Line, *, name: str | None, parent: str | None = None
) -> dict[str, Any]:
    return {
        "id": name,
        "author": _author({**raw, "source": thread.get("source")}),
        "body": raw.get("html") or raw.get("text") or raw.get("markdown"),
        "format": "html" if raw.get("html") else "markdown",
        "created_at": raw.get("created") or raw.get("created_at"),
        "parent": parent,
    }


def _tags(raw: Line) -> list[Any]:
    return _list(raw.get("tags"))


def _list(value: Any) -> list[Any]:
    """A list as it is, a text as words between semicolons, anything else as nothing."""
    if isinstance(value, str):
        return value.split(";")
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[Line]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _author(raw: Line) -> str:
    user = raw.get("user")
    return f"{raw.get('source') or 'user'} {user}" if user else ""


def _shared(raw: Line) -> dict[str, Any]:
    return {
        "id": raw.get("id"),
        "title": raw.get("title"),
        "lang": raw.get("lang"),
        "created_at": raw.get("created") or raw.get("created_at"),
        "votes": raw.get("votes"),
    }


def _stage(words: list[str]) -> str:
    said = {word.strip().lower() for word in words}
    known = {"done": DONE, "declined": DECLINED, "withdrawn": WITHDRAWN, "review": REVIEW}
    for stage, names in known.items():
        if said.intersection(names):
            return stage
    return "open"


ADAPTERS: dict[str, Adapter] = {
    "own": own,
    "decide": decide,
    "petitions": petitions,
    "issues": issues,
    "threads": threads,
}


def detect(raw: Line) -> str:
    """Which kind of source a line comes from, by the names it uses."""
    if {"problem", "proposal", "body", "created_at", "departments", "stage"} & raw.keys():
        return "own"
    if "answers" in raw and not any("department" in each for each in _dicts(raw["answers"])):
        return "threads"
    if "markdown" in raw:
        return "issues"
    if "html" in raw:
        return "decide"
    return "petitions" if "text" in raw else "own"
