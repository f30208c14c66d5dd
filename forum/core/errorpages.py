"""One handler for every refusal: a page that keeps what was typed, or `problem+json`."""

from __future__ import annotations

import errno
import sqlite3
from typing import Any

from flask import Flask, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from forum.core import errors
from forum.core.again import filled
from forum.core.csrf import FIELD
from forum.core.db import db
from forum.core.fragments import wants_fragment
from forum.core.i18n import _, lazy
from forum.core.site import know_something

SENTENCES = {
    400: lazy("This request cannot be understood."),
    404: errors.NotFound.sentence,
    405: lazy("This address does not take that."),
    413: errors.TooLarge.sentence,
    415: lazy("This kind of content is not taken here."),
}
AGAIN = {400, 409, 429, 503, 507}
"""Refusals that say nothing against the form itself."""
OVERTAKEN = ("40001", "40P01")
"""Serialisation failure and deadlock: the other write was kept, sending this again may help."""
NO_ROOM = ("53100", sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
"""A quota that is used up is an input or output error to SQLite."""
BROKEN = lazy("Something broke here. It is noted; try again in a moment.")
AWAY_S = 10
"""When to try again while the database is away."""
CARRY_LIMIT = 200_000
"""Most bytes of typed text an error page carries along."""


def install(app: Flask) -> None:
    """Handle our refusals, werkzeug's, a full disk, and bugs."""
    app.register_error_handler(errors.DomainError, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(DBAPIError, database_error)
    app.register_error_handler(OSError, disk_error)
    app.register_error_handler(500, broken)


def wants_json() -> bool:
    """Whether this client asked for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    speaks = request.is_json or request.path.startswith("/api/")
    return speaks or best == "application/json"


def refused(error: errors.DomainError) -> ResponseReturnValue:
    """A refusal as a page in the reader's language, or as problem+json."""
    db.session.rollback()
    return answer(error.status, str(error.message), retry_after=error.retry_after)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """What werkzeug refuses, in our words."""
    status = error.code or 500
    if status < 400:
        return error
    response = make_response(answer(status, str(SENTENCES.get(status, _("This did not work.")))))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def database_error(error: DBAPIError) -> ResponseReturnValue:
    """A full disk is 507, two writes in each other's way are a conflict; the rest is a bug."""
    db.session.rollback()
    original = error.orig
    code = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorcode", None)
    if isinstance(code, int):
        code &= 0xFF  # what an extended code of SQLite is a case of
    if code in OVERTAKEN:
        return refused(errors.Conflict())
    if code in NO_ROOM:
        return refused(errors.DiskFull())
    if _is_away(error, code):
        return answer(503, str(BROKEN), retry_after=AWAY_S)
    raise error


def _is_away(error: DBAPIError, code: Any) -> bool:
    """Whether the database cannot be reached; psycopg has no code where nobody answered."""
    if error.connection_invalidated or code == sqlite3.SQLITE_CANTOPEN:
        return True
    silent = code is None and isinstance(error, OperationalError)
    return silent or str(code).startswith(("08", "57P"))


def disk_error(error: OSError) -> ResponseReturnValue:
    """A full disk under an upload or the index."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return refused(errors.DiskFull())
    raise error


def broken(error: Exception) -> ResponseReturnValue:
    """A bug: say so without telling anything about it."""
    db.session.rollback()
    return answer(500, str(BROKEN))


def answer(status: int, sentence: str, *, retry_after: int | None = None) -> ResponseReturnValue:
    """The response for a refusal."""
    if wants_json():
        body = jsonify(type="about:blank", title=sentence, detail=sentence, status=status)
        body.content_type = "application/problem+json"
        response = make_response(body, status)
    else:
        response = make_response(_page(status, sentence), status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    g.no_store = True
    return response


def _page(status: int, sentence: str) -> str:
    """A notice for a small exchange, else the form itself again, else a page with what was typed.

    A form comes back only where sending it again may help.
    """
    know_something()
    if wants_fragment():
        return render_template("errors/_refused.html", status=status, sentence=sentence)
    kept = kept_fields()
    if kept is not None and status in AGAIN:
        page = filled(request.endpoint, request.view_args, kept["pairs"], sentence)
        if page is not None:
            return page
    return render_template("errors/refused.html", status=status, sentence=sentence, kept=kept)


def kept_fields() -> dict[str, Any] | None:
    """What was typed, to be sent again: None unless this was a form within the carrying limit."""
    if request.method != "POST" or request.mimetype not in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        return None
    try:
        pairs = [(name, value) for name, value in request.form.items(multi=True) if name != FIELD]
    except HTTPException:
        return None
    if sum(len((name + value).encode()) for name, value in pairs) > CARRY_LIMIT:
        return None
    hidden = [pair for pair in pairs if "password" not in pair[0]]
    return {"action": request.full_path.rstrip("?"), "pairs": hidden}
