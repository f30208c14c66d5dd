"""`/metrics`: figures for a monitor on this machine, or for an administrator."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me_or_none
from forum.core import events, mail, readers
from forum.core.access import no_store, public
from forum.core.errors import NotFound

bp = Blueprint("metrics", __name__)

LOOPBACK = {"127.0.0.1", "::1"}


def install(app: Flask) -> None:
    """Serve the address."""
    app.register_blueprint(bp)


@bp.get("/metrics")
@public
@no_store
def show() -> ResponseReturnValue:
    """The figures in the text format that Prometheus reads; 404 to everybody else."""
    person = me_or_none()
    if not (_from_this_machine() or (person is not None and person.administers)):
        raise NotFound
    return Response(_render(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _from_this_machine() -> bool:
    """Not through a proxy that runs here too and speaks for the whole world."""
    forwarded = request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded")
    return request.remote_addr in LOOPBACK and not forwarded


def _render() -> str:
    lines = []
    for name, sentence, rows in _figures():
        lines += [f"# HELP {name} {sentence}", f"# TYPE {name} gauge"]
        lines += [f"{name}{labels} {value}" for labels, value in rows]
    return "\n".join([*lines, ""])


def _figures() -> list[tuple[str, str, list[tuple[str, int]]]]:
    newest = events.last_id()
    lags = [
        (f'{{reader="{name}"}}', newest - readers.position_of(name))
        for name in sorted(readers.READERS)
    ]
    return [
        ("forum_events", "Events in the log.", [("", newest)]),
        ("forum_reader_lag", "Events a reader of the log has still to read.", lags),
        ("forum_mails_waiting", "Mails due and not yet delivered.", [("", mail.waiting_mails())]),
        ("forum_mails_stuck", "Mails given up on.", [("", mail.stuck_mails())]),
    ]
