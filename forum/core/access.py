"""Who may reach a route: signed-in people unless the view says otherwise.

The rule is an attribute of the view function, so the whole table can be read and pinned by a test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

from forum.core.errors import Forbidden, NotFound

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC, SIGNED_IN, MODERATORS, ADMINS = "public", "signed-in", "moderators", "admins"
STORE = "__counterpart_no_store__"
TRACE = "__counterpart_no_trace__"


def _mark(level: str) -> Callable[[View], View]:
    def marked(view: View) -> View:
        view.__dict__["access"] = level
        return view

    return marked


public = _mark(PUBLIC)
moderators_only = _mark(MODERATORS)
admins_only = _mark(ADMINS)


def no_store(view: View) -> View:
    """Mark a page about a person or the administration: nothing may keep a copy of it."""
    view.__dict__[STORE] = True
    return view


def untraced(view: View) -> View:
    """Mark a route whose requests leave no line in the log and no trace on the session: when
    somebody came is theirs."""
    view.__dict__[TRACE] = True
    return view


def is_untraced(view: Callable[..., Any] | None) -> bool:
    """Whether requests of this view leave no line and no trace."""
    return bool(getattr(view, TRACE, False))


def level_of(view: Callable[..., Any] | None) -> str:
    """The access level of a view function."""
    return str(getattr(view, "access", SIGNED_IN))


def is_no_store(view: Callable[..., Any] | None) -> bool:
    """Whether responses of this view may not be stored anywhere."""
    return bool(getattr(view, STORE, False)) or level_of(view) == ADMINS


def route_table(app: Flask) -> list[tuple[str, str, str]]:
    """Every route as (methods, address, level), sorted by address."""
    rows = []
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        rows.append((methods, rule.rule, level_of(app.view_functions[rule.endpoint])))
    return sorted(rows, key=lambda row: (row[1], row[0]))


def require(allowed: bool) -> None:
    """Refuse with 403 unless allowed; for what a person may see but not do."""
    if not allowed:
        raise Forbidden


def require_visible(visible: bool) -> None:
    """Refuse with 404 unless visible; what a person may not see does not exist for them."""
    if not visible:
        raise NotFound
