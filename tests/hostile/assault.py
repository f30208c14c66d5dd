"""Sending strings to places, and noting what was answered wrongly or late."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.hostile.forum import Forum
from tests.hostile.look import complaints
from tests.hostile.places import Place, fill_in, send

SLOW = 2.0
"""Seconds of this process's time; the machine may be busy with other things."""
ACCEPTS: tuple[dict[str, str], ...] = (
    {"Accept": "text/html"},
    {"Accept": "text/html", "HX-Request": "true"},
    {"Accept": "application/json"},
)
AGAIN = 12 if os.environ.get("FORUM_TEST_FULL") else 4
"""How often a place is put back as it was, because what was sent there was done."""


@dataclass(slots=True)
class Report:
    """How many were sent, how they were answered, what was wrong."""

    sent: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    def note(self, what: str, ask: Callable[..., Any], *words: Any, **more: Any) -> int:
        """Ask, look and count; a bug's own exception is an answer too."""
        began = time.process_time()
        try:
            response = ask(*words, **more)
        except Exception as bug:
            self.wrong.append(f"{what}: {type(bug).__name__}: {str(bug)[:200]}")
            return 500
        spent = time.process_time() - began
        self.sent += 1
        self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1
        self.slowest = max(self.slowest, (spent, what))
        self.wrong += [f"{what}: {complaint}" for complaint in complaints(response)]
        if spent > SLOW:
            self.wrong.append(f"{what}: {spent:.1f} s")
        return int(response.status_code)


def attack(
    place: Place,
    fresh: Callable[[], Forum],
    forum: Forum,
    values: Sequence[str],
    report: Report,
    *,
    once: bool = False,
) -> Forum:
    """Send every value to a place in every one of its fields, or once each; the forum it leaves."""
    left = AGAIN
    for number, fields in enumerate(filled(place, values, once=once)):
        for _attempt in range(2):
            address = place.address(forum)
            what = f"{place} {_shown(fields)}"
            browser, headers = forum.browsers[place.who], ACCEPTS[number % len(ACCEPTS)]
            status = report.note(
                what, send, browser, place.method, address, fields, headers=headers
            )
            over = status in (401, 409) or (status in (403, 404) and place.method == "POST")
            if not over or not left:
                break
            left, forum = left - 1, fresh()
    return forum


def filled(place: Place, values: Sequence[str], *, once: bool = False) -> Iterator[dict[str, str]]:
    """What is sent: a value in each text with the rest as the form has it, else in everything.

    The values rotate over the fields, so that every field gets every value; or they are dealt to
    the fields, so that the place gets every value `once`.
    """
    writes = bool(place.texts) and place.method == "POST"
    names = sorted(place.texts if writes else place.names)
    for turn in range(0, len(values), len(names) if once else 1):
        yield {**(place.fields if writes else {}), **_rotated(names, values, turn)}


def everywhere(place: Place, values: Sequence[str]) -> Iterator[dict[str, str]]:
    """A value in every field at once, those that hold no text too."""
    names = sorted(place.names)
    return (_rotated(names, values, turn) for turn in range(len(values)))


def _rotated(names: Sequence[str], values: Sequence[str], turn: int) -> dict[str, str]:
    return {name: values[(turn + n) % len(values)] for n, name in enumerate(names)}


def attack_everywhere(place: Place, forum: Forum, values: Sequence[str], report: Report) -> None:
    """Send every value in every field at once."""
    for number, fields in enumerate(everywhere(place, values)):
        browser, address = forum.browsers[place.who], place.address(forum)
        headers = ACCEPTS[number % len(ACCEPTS)]
        what = f"{place} everywhere {_shown(fields)}"
        report.note(what, send, browser, place.method, address, fields, headers=headers)


def attack_path(
    rule: str, argument: str, forum: Forum, values: Sequence[str], report: Report
) -> None:
    """Put every value into an argument of an address."""
    for value in values:
        raw = value.encode("utf-8", "surrogatepass")
        address = fill_in(rule, {**forum.sets[0], argument: quote(raw, safe="")})
        browser = forum.browsers["admin"]
        report.note(f"GET {rule} {value[:40]!r}", browser.client.get, address)


def _shown(fields: dict[str, str]) -> str:
    return repr({name: value[:40] for name, value in fields.items()})[:400]
