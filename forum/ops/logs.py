"""Log lines as JSON: one a request, without names, addresses of people or what they looked for.

A line holds the route, never the address: with an id in it, a log of votes would name voters.
"""

from __future__ import annotations

import logging
import secrets
import sys
import time
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    g,
    got_request_exception,
    request,
    request_started,
)

from forum.core.access import is_untraced

log = structlog.get_logger("forum.request")

DEEPEST = 12
"""Frames of a bug that are logged, the innermost ones."""
QUIET = {"static", "health.live", "health.ready"}


def install(app: Flask) -> None:
    """Set the log up and write a line a request."""
    configure("ERROR" if app.testing else app.config["LOG_LEVEL"])
    request_started.connect(_begin, app)
    app.after_request(_end)
    got_request_exception.connect(_broke, app)
    # Flask's own line would name the address and quote the error.
    if not (app.config["DEVELOPMENT"] or app.testing):
        app.logger.addFilter(lambda _record: False)


def configure(level: str) -> None:
    """JSON on stderr, ours and that of the libraries that warn."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _outline,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=_stderr,
        cache_logger_on_first_use=False,
    )
    logging.getLogger("huey").setLevel(logging.ERROR)


def _stderr(*_names: object) -> structlog.WriteLogger:
    return structlog.WriteLogger(sys.stderr)


def _begin(_app: Flask, **_extra: object) -> None:
    g.request_id = request.headers.get("X-Request-Id", "")[:64] or secrets.token_hex(8)
    if not g.request_id.replace("-", "").isalnum():
        g.request_id = secrets.token_hex(8)
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    if "request_id" not in g or _untraced():
        return response
    response.headers["X-Request-Id"] = g.request_id
    if request.endpoint not in QUIET:
        log.info(
            "request",
            id=g.request_id,
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            ms=round((time.perf_counter() - g.began) * 1000, 1),
        )
    return response


def _broke(_app: Flask, exception: BaseException, **_extra: object) -> None:
    log.error("bug", id=None if _untraced() else g.get("request_id"), exc_info=exception)


def _untraced() -> bool:
    return is_untraced(current_app.view_functions.get(request.endpoint or ""))


def _outline(_logger: object, _method: str, line: MutableMapping[str, Any]) -> Any:
    """An error's kind and where it arose, not its message, which may quote what somebody wrote."""
    found = line.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found
    if isinstance(error, BaseException):
        line["error"] = type(error).__name__
        line["frames"] = [
            f"{Path(frame.filename).name}:{frame.lineno}:{frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-DEEPEST:]
        ]
    return line
