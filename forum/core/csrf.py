"""One CSRF token per session, as form field, meta tag and header.

The token is random and lives in the signed session cookie; sign-in starts a new session and so a
new token. A refused form is answered with everything that was typed and a fresh token.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request, session

from forum.core.errors import DomainError
from forum.core.i18n import lazy
from forum.core.intake import READS

View = TypeVar("View", bound=Callable[..., Any])

FIELD, HEADER = "csrf_token", "X-CSRF-Token"


class TokenExpired(DomainError):
    """The form's token is missing or of another session; nothing was changed."""

    status = 400
    sentence = lazy("This page was open too long. Check what you typed and send it again.")


def install(app: Flask) -> None:
    """Give templates `csrf_token()`."""
    app.jinja_env.globals["csrf_token"] = csrf_token


def csrf_token() -> str:
    """This session's token, made on first use."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def exempt(view: View) -> View:
    """Mark a view whose address itself is a signed single-purpose token."""
    view.__dict__["csrf_exempt"] = True
    return view


def check() -> None:
    """Refuse a change without this session's token."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in READS or view is None or getattr(view, "csrf_exempt", False):
        return
    sent = request.headers.get(HEADER) or request.form.get(FIELD, "")
    known = session.get("csrf", "")
    if not known or not hmac.compare_digest(sent.encode(), known.encode()):
        raise TokenExpired
