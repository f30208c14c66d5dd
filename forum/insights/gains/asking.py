"""The optional field on the page where ideas are written, and what an idea's page says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template
from markupsafe import Markup

from forum.accounts.models import Person
from forum.core.modules import is_on
from forum.ideas.extras import Extra, Keep
from forum.ideas.gains import GAINS, read_gains
from forum.ideas.models import Idea

FIELD = "gains"


def shown(_author: Person, idea: Idea | None, sent: Mapping[str, str]) -> Markup:
    """The field, closed until it is used; nothing while the module is off."""
    if not is_on("insights"):
        return Markup()
    chosen = read_gains(sent[FIELD]) if FIELD in sent else idea.gains if idea is not None else ""
    options = [(name, str(words)) for name, words in GAINS.items()]
    page = render_template("insights/_gains_field.html", chosen=chosen, options=options)
    return Markup(page)  # noqa: S704 - ours


def read(_author: Person, sent: Mapping[str, str]) -> Keep | None:
    """What was chosen; a form without the field changes nothing."""
    if FIELD not in sent or not is_on("insights"):
        return None
    chosen = read_gains(sent[FIELD])
    return lambda idea: _keep(idea, chosen)


def _keep(idea: Idea, chosen: str) -> None:
    idea.gains = chosen


def on_ideas(_reader: Person, ideas: Sequence[Any]) -> dict[int, str]:
    """Who gains, in words, of ideas that say so. No query."""
    if not is_on("insights"):
        return {}
    return {idea.id: str(GAINS[idea.gains]) for idea in ideas if read_gains(idea.gains)}


EXTRA = Extra(shown, read, lambda _idea_id: None, below=True)
