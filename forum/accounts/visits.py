"""When somebody was last here: a session notes it once in half a day, so that a weekly mail does
not tell people what they have seen."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import DBAPIError

from forum.accounts.models import Person, PersonSession
from forum.core.access import is_untraced
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import DomainError
from forum.core.site import site

log = structlog.get_logger(__name__)

OFTEN = timedelta(hours=12)
"""A visit is noted no more often, so that reading pages hardly ever writes."""


def install(app: Flask) -> None:
    """Look at the session after each request."""
    app.after_request(_note_visit)


def _note_visit(response: Response) -> Response:
    session: PersonSession | None = g.get("person_session")
    if session is None or response.status_code >= 500 or _is_untraced():
        return response
    late = session.seen_at is None or session.seen_at < now() - OFTEN
    if late and not site().read_only:
        _note(session.id)
    return response


def _is_untraced() -> bool:
    """Where nobody is to know when somebody came, what is written beside would tell it."""
    return is_untraced(current_app.view_functions.get(request.endpoint or ""))


def _note(session_id: int) -> None:
    """Of two requests at once one writes; a page is never lost because it could not be noted."""
    late = (PersonSession.seen_at.is_(None)) | (PersonSession.seen_at < now() - OFTEN)
    try:
        with transaction():
            db.session.execute(
                update(PersonSession)
                .where(PersonSession.id == session_id, late)
                .values(seen_at=now())
                .execution_options(synchronize_session=False)
            )
    except (DBAPIError, DomainError, OSError) as trouble:
        log.warning("visit.not.noted", error=type(trouble).__name__)


def last_seen() -> ColumnElement[datetime | None]:
    """When a person was last here, as a subquery over `Person`; sessions are kept long enough to
    tell of the last weeks."""
    return (
        select(func.max(PersonSession.seen_at))
        .where(PersonSession.person_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )
