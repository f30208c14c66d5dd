"""A form that was refused before its view could take it, shown again with everything in it.

A view says with `form_again` how its page is drawn with a form that was sent. Refusals of another
kind than the form's own (an expired token, a lost session, a full disk, a conflict) then show that
page rather than one about the failure.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from flask import current_app, g
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict

from forum.core.access import PUBLIC, level_of
from forum.core.errors import DomainError

View = TypeVar("View", bound=Callable[..., Any])
Sent = MultiDict[str, str]
Page = Callable[..., str]


def form_again(page: Page) -> Callable[[View], View]:
    """Mark a view with the function `(sent, **arguments) -> html` that shows its form again."""

    def marked(view: View) -> View:
        view.__dict__["form_again"] = page
        return view

    return marked


def filled(
    endpoint: str | None,
    arguments: Mapping[str, Any] | None,
    pairs: Sequence[tuple[str, str]],
    sentence: str,
) -> str | None:
    """The page of the form with what was sent and why it is back; None where it cannot be shown.

    Also None when a text would be missing from it: nothing that was typed is lost.
    """
    view = current_app.view_functions.get(endpoint or "")
    page: Page | None = getattr(view, "form_again", None)
    known = g.get("me_view") is not None or level_of(view) == PUBLIC
    if page is None or not known or g.get("away"):
        return None
    g.refusal = sentence
    try:
        shown = page(MultiDict(pairs), **(arguments or {}))
    except (DomainError, DBAPIError):
        g.refusal = ""
        return None
    if not _holds(shown, [value for _name, value in pairs]):
        g.refusal = ""
        return None
    return shown


def _holds(page: str, values: Sequence[str]) -> bool:
    text = _plain(html.unescape(page))
    return all(_plain(value) in text for value in values)


def _plain(text: str) -> str:
    return " ".join(text.split())
