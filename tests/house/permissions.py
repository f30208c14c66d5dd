"""Who may do what, found by trying: every route as everybody, in a small company."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import delete

from forum.accounts import standing
from forum.accounts.models import Person
from forum.core.access import route_table
from forum.core.db import db, transaction
from forum.departments.models import Department, Representative
from tests.hostile.forum import Forum, fill
from tests.hostile.places import LEFT_OUT, Place, discover, fill_in, send
from tests.support import make
from tests.support.browser import Browser
from tests.support.forums import Prepared
from tests.support.shares import share

ROLES = (
    "employee", "author", "representative", "moderator", "admin", "consultant", "stranger",
    "deactivated",
)  # fmt: skip
OFFERED_TO_SOME = frozenset({"official"})
"""Boxes that the forms of others do not have; who may tick them is told by routes of their own."""
YES, REFUSED, ABSENT, DOOR = "yes", "no", "–", "sign in"
HEAD = """# Who may do what

Made by trying every route as everybody in a small company; `make permissions` makes it anew, and
a test holds it to the code. The *author* wrote the idea, the comment and the draft that the address
names; the *representative* answers for its department; the *consultant* is attached to that
department; a *stranger* has not signed in; somebody *deactivated* had a session when they were.
Moderators here are others than the author.

- **yes**: the page, or the change is taken up (it may still find a form incomplete, or that
  something has moved on)
- **no**: they see the thing but may not do this: 403
- **–**: for them there is nothing: 404
- **sign in**: first to the door, and then back

| method | address | level | {roles} |
|---|---|---|{lines}|
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A method at an address, as somebody."""

    method: str
    rule: str
    role: str


def table(prepared: Prepared, database: str) -> dict[Cell, str]:
    """What each role is answered everywhere; each change is tried in a company of its own.

    Each day a third of the routes is tried on the second database.
    """
    app = prepared.app
    prepared.reset()
    forum = fill(app)
    prepared.keep("looked-at")
    places = {(place.method, place.rule): place for place in discover(app, forum)}
    prepared.bring_back("looked-at")
    browsers = _everybody(app, forum)
    holding = {who: dict(each.client._cookies) for who, each in browsers.items()}
    prepared.keep("permissions")

    def afresh() -> None:
        prepared.bring_back("permissions")
        for who, cookies in holding.items():
            browsers[who].client._cookies = dict(cookies)

    routes = share(route_table(app), database, of=3)
    return dict(_tried(routes, forum, places, browsers, afresh))


def _everybody(app: Flask, forum: Forum) -> dict[str, Browser]:
    place = int(forum.sets[0]["department_id"])
    with app.app_context(), transaction():
        db.session.execute(delete(Representative))
        db.session.get_one(Department, place).head_id = None
    people = {
        "employee": make.person(app),
        "representative": make.person(app, department=place),
        "consultant": make.person(app, kind="consultant", attached=[place]),
        "deactivated": make.person(app),
    }
    make.represent(app, people["representative"], place)
    browsers = {who: forum.browsers[who] for who in ("author", "moderator", "admin")}
    browsers["stranger"] = forum.browsers["nobody"]
    for who, number in people.items():
        browsers[who] = Browser(app)
        browsers[who].enter_as(number)
    with app.app_context():
        standing.deactivate(None, db.session.get_one(Person, people["deactivated"]))
    return browsers


def _tried(
    routes: Iterable[tuple[str, str, str]],
    forum: Forum,
    places: dict[tuple[str, str], Place],
    browsers: dict[str, Browser],
    afresh: Callable[[], None],
) -> Iterator[tuple[Cell, str]]:
    for methods, rule, _level in routes:
        if rule in LEFT_OUT:
            continue
        for method in methods.split(","):
            place = places.get((method, rule)) or places.get(("POST", rule))
            words = _words(forum, rule, method, place, browsers, afresh)
            yield from ((Cell(method, rule, role), word) for role, word in words.items())


def _words(
    forum: Forum,
    rule: str,
    method: str,
    place: Place | None,
    browsers: dict[str, Browser],
    afresh: Callable[[], None],
) -> dict[str, str]:
    """What each role is answered; where all are refused, once more where things stand otherwise."""
    words: dict[str, str] = {}
    filled = place.fields if place is not None and method == "POST" else {}
    fields = {name: value for name, value in filled.items() if name not in OFFERED_TO_SOME}
    first = place.number if place is not None else 0
    changed = True
    for number in dict.fromkeys((first, *range(len(forum.sets)))):
        for role in ROLES:
            if changed:
                afresh()
            address = fill_in(rule, forum.sets[number])
            words[role] = word_for(send(browsers[role], method, address, fields))
            changed = method == "POST" and words[role] == YES
        if YES in words.values():
            break
    return words


def word_for(response: object) -> str:
    """The class of an answer."""
    status = getattr(response, "status_code", 0)
    to_the_door = status == 303 and "/sign-in?" in (getattr(response, "location", "") or "")
    if status == 401 or to_the_door:
        return DOOR
    return {403: REFUSED, 404: ABSENT}.get(status, YES)


def as_markdown(app: Flask, found: dict[Cell, str]) -> str:
    """The page."""
    levels = {rule: level for _methods, rule, level in route_table(app)}
    head = HEAD.format(roles=" | ".join(ROLES), lines="---|" * (len(ROLES) - 1) + "---")
    rows = dict.fromkeys((cell.method, cell.rule) for cell in found)
    lines = [
        f"| {method} | `{rule}` | {levels[rule]} | "
        + " | ".join(found[Cell(method, rule, role)] for role in ROLES)
        + " |"
        for method, rule in rows
    ]
    return head + "\n".join(lines) + "\n"
