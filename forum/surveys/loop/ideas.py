"""The idea that a reply becomes: the link names the reply, the idea's write keeps both together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import delete, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.events import record
from forum.core.modules import is_on
from forum.core.numbers import id_or_none
from forum.departments.queries import speaks_for
from forum.ideas.extras import Extra, Keep
from forum.ideas.models import Idea, StageKind
from forum.surveys.loop import facts, policy, queries
from forum.surveys.loop.models import Reply, ReplyIdea
from forum.surveys.rows import add_missing


def _named(author: Person, sent: str | int | None) -> Reply | None:
    """The reply that a link names, if the author may speak for it. Two queries at most."""
    number = id_or_none(str(sent or ""))
    if number is None or not is_on("surveys"):
        return None
    reply = db.session.get(Reply, number)
    if reply is None or not policy.may_reply(author, reply.department_id, speaks_for(author.id)):
        return None
    return reply


def _of(author: Person, idea: Idea | None) -> Reply | None:
    if idea is None or not is_on("surveys"):
        return None
    query = select(ReplyIdea.reply_id).where(ReplyIdea.idea_id == idea.id).order_by("reply_id")
    return _named(author, db.session.scalars(query).first())


def begun(author: Person, sent: Mapping[str, str]) -> dict[str, Any]:
    """What was said, as the beginning of an idea. Four queries; none where no reply is named."""
    reply = _named(author, sent.get("reply"))
    if reply is None:
        return {}
    said = queries.of_wave(author, reply.wave_id, reply.department_id)[0]
    return {
        "problem": said.source["heard"],
        "proposal": said.source["will"],
        "departments": [reply.department_id],
    }


def shown(author: Person, idea: Idea | None, sent: Mapping[str, str]) -> Markup:
    """A ticked box with the result; nothing where no reply is meant."""
    named = sent.get("reply-shown") or sent.get("reply")
    reply = _named(author, named) if named else _of(author, idea)
    if reply is None:
        return Markup()
    said = queries.of_wave(author, reply.wave_id, reply.department_id)[0]
    ticked = "reply-shown" not in sent or "reply" in sent
    page = render_template("surveys/loop/_of_reply.html", said=said, ticked=ticked)
    return Markup(page)  # noqa: S704 - ours


def read(author: Person, sent: Mapping[str, str]) -> Keep | None:
    """What was ticked; a box that was shown and is not ticked parts the two."""
    reply = _named(author, sent.get("reply-shown"))
    if reply is None:
        return None
    wanted, number, wave = bool(sent.get("reply")), reply.id, reply.wave_id
    return lambda idea: _keep(idea, number, wave, wanted=wanted)


def _keep(idea: Idea, reply: int, wave: int, *, wanted: bool) -> None:
    """Of an idea without its author's name nothing is kept: few may reply for a department."""
    if not wanted or idea.anonymous:
        _part(ReplyIdea.reply_id == reply, ReplyIdea.idea_id == idea.id)
        return
    row = {"reply_id": reply, "idea_id": idea.id}
    new = add_missing(ReplyIdea, [row], ReplyIdea.idea_id)
    if new and idea.stage_kind != StageKind.DRAFT:
        _came(idea, wave)


def posted(idea: Idea) -> None:
    """The log tells of no draft: it may be deleted, or posted without a name. One query."""
    if is_on("surveys"):
        query = select(Reply.wave_id).join(ReplyIdea, ReplyIdea.reply_id == Reply.id)
        for wave in db.session.scalars(query.where(ReplyIdea.idea_id == idea.id)):
            _came(idea, wave)


def _came(idea: Idea, wave: int) -> None:
    record(facts.IDEA_CAME, by=None, about=("wave", wave), idea=idea.id)


def drop(idea_id: int) -> None:
    """Forget the replies of a deleted draft."""
    _part(ReplyIdea.idea_id == idea_id)


def _part(*which: Any) -> None:
    db.session.execute(delete(ReplyIdea).where(*which).execution_options(synchronize_session=False))


EXTRA = Extra(shown, read, drop, begun=begun, posted=posted)
