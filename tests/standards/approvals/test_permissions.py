"""Who may do what with a version in approval: everybody by what they are to it, on every route."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.core.db import db, transaction
from forum.standards.approvals.models import Side
from forum.standards.models import Standard
from tests.house.permissions import word_for
from tests.standards.approvals import approving
from tests.standards.approvals.approving import Scene, SignIn
from tests.support import make

ADDRESSES = (
    *(("GET", page) for page in ("", "/approval", "/versions/2", "/compare?from=1&to=2", "/edit")),
    *(("POST", act) for act in ("/send-for-approval", "/take-back", "/approvals/{it}")),
    *(("POST", act) for act in ("/publish", "/looked-at", "/deputy", "/retire")),
)
EVERYTHING = {address for _method, address in ADDRESSES}
READING = {"", "/approval"}
ASKED = READING | {"/versions/2", "/compare?from=1&to=2"}
EDITING = ASKED | {"/edit", "/send-for-approval", "/take-back"}
MAY = {
    "author": EVERYTHING - {"/approvals/{it}"},
    "reviewer": EVERYTHING - {"/approvals/{it}"},
    "owner": EDITING | {"/deputy"},
    "deputy": EDITING,
    "head": ASKED,
    "of_it": ASKED | {"/approvals/{it}"},
    "of_warehouse": ASKED,
    "audience": READING,
    "other": READING,
    "board": READING,
    "consultant": READING,
}
"""What each may do: the rest they see and may not, or do not see."""


def _people(app: Flask, scene: Scene) -> dict[str, int]:
    more: dict[str, Callable[[], int]] = {
        "audience": lambda: make.person(app, department=scene.it),
        "other": lambda: make.person(app),
        "board": lambda: make.person(app, kind="board"),
        "consultant": lambda: make.person(app, kind="consultant", attached=[scene.it]),
        "deputy": lambda: make.person(app),
    }
    return {who: more[who]() if who in more else getattr(scene, who) for who in MAY}


@pytest.mark.parametrize("who", MAY)
def test_a_version_in_approval_is_everybodys_as_far_as_it_is_theirs(
    app: Flask, sign_in: SignIn, who: str
) -> None:
    scene = approving.scene(app, in_force=True)
    people = _people(app, scene)
    with app.app_context(), transaction():
        db.session.query(Standard).one().deputy_id = people["deputy"]
    scene.send()
    it, browser = scene.row(Side.DEPARTMENT, scene.it), sign_in(people[who])

    may = set()
    for method, address in ADDRESSES:
        place = f"/standards/{scene.number}{address.format(it=it)}"
        # Nothing is meant by what is sent: a form that is refused does not change what follows.
        sent = browser.get(place) if method == "GET" else browser.post(place, {"lock": "0"})
        if word_for(sent) == "yes":
            may.add(address)

    assert may == MAY[who]


@pytest.mark.parametrize("who", sorted(MAY.keys() - {"author", "reviewer", "owner", "deputy"}))
def test_who_neither_edits_nor_is_asked_does_not_see_a_first_version_in_approval(
    app: Flask, sign_in: SignIn, who: str
) -> None:
    scene = approving.scene(app)
    people = _people(app, scene)
    scene.send()
    asked = who in ("head", "of_it", "of_warehouse")

    answer = sign_in(people[who]).get(f"/standards/{scene.number}")

    assert answer.status_code == (200 if asked else 404)
