"""Letting many people in at once, and nobody twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import OneTimeToken
from forum.core.clock import now
from forum.core.db import db
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


@pytest.fixture
def crowd(app: Flask) -> dict[str, int]:
    """People as a list shows them: with a password, without, gone, and without a handle."""
    return {
        "here": make.person(app, name="Here Already", password_hash="x"),  # noqa: S106
        "new": make.person(app, name="New One"),
        "second": make.person(app, name="Second One", email=None, login="4711"),
        "gone": make.person(app, name="Gone Away", deactivated_at=now()),
        "bare": make.person(app, name="Bare Name", email=None, imported_from="old forum"),
    }


def _ways_in(app: Flask) -> dict[int, str]:
    with app.app_context():
        return {t.person_id: t.purpose for t in db.session.scalars(select(OneTimeToken))}


@pytest.mark.parametrize(
    ("address", "purpose", "said"),
    [("invitations", "invitation", "2 people are invited."), ("sign-in-sheet", "sign-in-code", "")],
)
def test_whoever_is_chosen_with_everybody_but_can_come_in_is_left_out_and_named(
    app: Flask, sign_in: SignIn, crowd: dict[str, int], address: str, purpose: str, said: str
) -> None:
    admin = sign_in(make.admin(app))

    answer = admin.post(f"/admin/people/{address}", {"people": list(crowd.values())})

    assert answer.status_code == 200
    assert _ways_in(app) == {crowd["new"]: purpose, crowd["second"]: purpose}
    assert said in answer.text
    left = answer.text.partition("Not invited<")[2]
    assert 'Here Already</a> <span class="meta">has a password already' in left
    assert 'Gone Away</a> <span class="meta">is deactivated' in left
    assert "Bare Name</a>" in left
    assert "New One" not in left


@pytest.mark.parametrize("address", ["invitations", "sign-in-sheet"])
def test_when_nobody_needs_a_way_in_the_page_says_so(
    app: Flask, sign_in: SignIn, crowd: dict[str, int], address: str
) -> None:
    admin = sign_in(make.admin(app))

    answer = admin.post(f"/admin/people/{address}", {"people": [crowd["here"]]})
    nobody = admin.post(f"/admin/people/{address}", {"people": ["x", str(2**70)]})

    assert (answer.status_code, nobody.status_code) == (200, 422)
    assert "has a password already" in answer.text
    assert _ways_in(app) == {}


def test_one_person_may_be_given_a_code_in_place_of_a_forgotten_password(
    app: Flask, sign_in: SignIn, crowd: dict[str, int]
) -> None:
    admin = sign_in(make.admin(app))

    sheet = admin.post(f"/admin/people/{crowd['here']}/sign-in-sheet")
    gone = admin.post(f"/admin/people/{crowd['gone']}/sign-in-sheet")

    assert "Here Already" in sheet.text
    assert _ways_in(app) == {crowd["here"]: "sign-in-code"}
    assert gone.status_code == 409


def test_no_link_is_made_for_somebody_who_is_kept_out(
    app: Flask, sign_in: SignIn, crowd: dict[str, int]
) -> None:
    admin = sign_in(make.admin(app))

    answer = admin.post(f"/admin/people/{crowd['gone']}/reset-link")

    assert answer.status_code == 409
    assert _ways_in(app) == {}
