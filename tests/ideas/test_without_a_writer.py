"""An idea without a name whose text nobody can change: nobody is waited for who cannot come."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask

from forum.core.db import db, transaction
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.turn import Holder
from tests.ideas.turns import turn_of
from tests.ideas.unsigned import post, switch
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


class Unsigned(NamedTuple):
    """An idea without a name of which a department wants a change."""

    idea: int
    representative: int


@pytest.fixture
def unsigned(app: Flask, sign_in: SignIn) -> Unsigned:
    switch(app, "anonymous")
    department, representative = make.represented(app)
    idea, _address = post(sign_in(), departments=[department])
    make.answer(app, idea, department, representative, "needs_change", "Shorter, please.")
    return Unsigned(idea, representative)


def write_along(app: Flask, idea: int) -> int:
    """Somebody writes it too, as by an idea of theirs that became part of it."""
    person = make.person(app)
    with app.app_context(), transaction():
        db.session.add(IdeaAuthor(idea_id=idea, person_id=person))
    return person


def test_a_change_that_nobody_can_make_is_the_moderators_turn(
    app: Flask, sign_in: SignIn, unsigned: Unsigned
) -> None:
    assert turn_of(app, unsigned.idea) == (Holder.MODERATORS, None)
    for address in ("/ideas", f"/ideas/{unsigned.idea}"):
        shown = sign_in().page(address).all("", class_="turn")
        assert "Moderators’ turn" in " ".join(each.text for each in shown)


def test_a_co_author_is_asked_for_the_change(
    app: Flask, sign_in: SignIn, unsigned: Unsigned
) -> None:
    writer = write_along(app, unsigned.idea)

    assert turn_of(app, unsigned.idea) == (Holder.AUTHOR, None)
    assert "A department asks you" in sign_in(writer).page("/").text
    for address in ("/ideas", f"/ideas/{unsigned.idea}"):
        shown = sign_in().page(address).all("", class_="turn")
        assert "Author’s turn" in " ".join(each.text for each in shown)


def test_nothing_is_suggested_to_nobody(app: Flask, sign_in: SignIn, unsigned: Unsigned) -> None:
    browser, address = sign_in(), f"/ideas/{unsigned.idea}/suggest"

    assert not browser.page(f"/ideas/{unsigned.idea}").all("a", href=address)
    assert not browser.page(f"/ideas/{unsigned.idea}/suggestions").all("a", href=address)
    assert browser.get(address).status_code == 403
    assert browser.post(address, {"problem": "Shorter."}).status_code == 403

    write_along(app, unsigned.idea)

    assert browser.page(f"/ideas/{unsigned.idea}").all("a", href=address)
    assert browser.get(address).status_code == 200
