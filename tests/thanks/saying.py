"""Saying thank you in tests, as somebody, without a browser."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask

from forum.accounts.models import Person
from forum.core import readers
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.thanks import actions
from forum.thanks.choosing import Chosen
from forum.thanks.subjects import Key


def switch(app: Flask, *modules: str) -> None:
    """Let these modules be on, and no other."""
    with app.app_context(), transaction():
        save_settings({"modules": list(modules)})


def thank(
    app: Flask,
    author: int,
    *,
    people: Sequence[int] = (),
    departments: Sequence[int] = (),
    everyone: bool = False,
    subject: Key | None = None,
    why: str = "You answered on a Sunday.",
    private: bool = False,
) -> int:
    """The number of a thank-you."""
    with app.app_context():
        chosen = Chosen(tuple(people), tuple(departments), everyone)
        wanted = actions.Wanted(chosen, subject, why, private)
        return actions.give(db.session.get_one(Person, author), wanted).id


def tell(app: Flask) -> None:
    """Let the readers of the log catch up."""
    with app.app_context():
        readers.catch_up()
