"""The trail of privileged actions, for administrators: a page, and files of it."""

from __future__ import annotations

import json
from itertools import islice

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.names import shown_name
from forum.core.access import admins_only
from forum.core.csvfiles import write_sheet
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.moderation import audit_log, audit_phrases
from forum.moderation.audit_log import Act

bp = Blueprint("audit", __name__)
MOST = 50_000
"""Lines of one file."""
COLUMNS = (
    "id", "at", "actor", "actor_name", "type", "kind", "number", "before", "after", "payload",
    "address", "digest",
)  # fmt: skip


@bp.get("/admin/audit")
@admins_only
def index() -> ResponseReturnValue:
    """What administrators and moderators did, newest first."""
    wanted = audit_log.read_wanted(request.args)
    page = audit_log.page_of_acts(wanted)
    return render_template(
        "moderation/audit.html",
        wanted=wanted,
        acts=[_shown(act) for act in page.rows],
        types=audit_phrases.to_choose(audit_log.privileged()),
        kinds=audit_phrases.kinds_to_choose(),
        next_url=wanted.query(after=page.next) if page.next else "",
        first_url=wanted.query() if wanted.after else "",
    )


def _shown(act: Act) -> dict[str, object]:
    return {
        "id": act.event.id,
        "at": act.event.at,
        "who": shown_name(act.actor) if act.event.actor_id is not None else "",
        "what": audit_phrases.sentence(act),
        "thing": audit_phrases.thing(act),
        "url": act.url,
        "before": act.before,
        "after": act.after,
        "details": audit_phrases.details(act),
        "address": act.address,
    }


@bp.get("/admin/audit.csv")
@admins_only
def as_csv() -> ResponseReturnValue:
    """The trail as it is asked for, oldest first, as a sheet."""
    lines = [
        list({**line, "payload": json.dumps(line["payload"], ensure_ascii=False)}.values())
        for line in _lines()
    ]
    return _file(write_sheet(COLUMNS, lines), "text/csv", "audit.csv")


@bp.get("/admin/audit.json")
@admins_only
def as_json() -> ResponseReturnValue:
    """The trail as it is asked for, oldest first, as a list with an object a line."""
    lines = [json.dumps(line, ensure_ascii=False) for line in _lines()]
    return _file("[" + ",\n".join(lines) + "]\n", "application/json", "audit.json")


def _lines() -> list[dict[str, object]]:
    """What one file holds; Invalid where it would be too much for one."""
    acts = list(islice(audit_log.all_acts(audit_log.read_wanted(request.args)), MOST + 1))
    if len(acts) > MOST:
        raise Invalid(_("This is too much for one file. Choose fewer days."))
    return [_line(act) for act in acts]


def _line(act: Act) -> dict[str, object]:
    event = act.event
    return {
        "id": event.id,
        "at": event.at.isoformat(),
        "actor": event.actor_id,
        "actor_name": act.actor,
        "type": event.type,
        "kind": event.object_kind,
        "number": event.object_id,
        "before": act.before,
        "after": act.after,
        "payload": event.payload,
        "address": act.address,
        "digest": act.digest,
    }


def _file(text: str, mimetype: str, name: str) -> Response:
    response = Response(text, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
