"""What somebody wants to hear: in general, of one thing, and no more by mail."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.invitations import may_mail
from forum.core import csrf
from forum.core.access import no_store, public
from forum.core.again import Sent, form_again
from forum.core.db import transaction
from forum.core.fragments import wants_fragment
from forum.core.i18n import _, locale_code, speaking
from forum.core.modules import is_on
from forum.notifications import tokens, watches, wishes
from forum.notifications.tokens import Unsubscribing
from forum.notifications.topics import (
    CELLS,
    CHANNELS,
    NAMES,
    OF_MODULES,
    WAYS,
    Cell,
    Channel,
    Topic,
)
from forum.notifications.watches import LEVELS, WORDS, Watched

bp = Blueprint("news_choices", __name__)

FIELD = "hear"


def _table(wanted: frozenset[Cell]) -> list[dict[str, Any]]:
    return [
        {
            "topic": topic.value,
            "name": NAMES[topic],
            "cells": [
                {
                    "value": f"{topic}-{channel}",
                    "channel": CHANNELS[channel],
                    "possible": channel in WAYS[topic],
                    "on": (topic, channel) in wanted,
                }
                for channel in Channel
            ],
        }
        for topic in Topic
        if _is_asked(topic)
    ]


def _is_asked(topic: Topic) -> bool:
    return topic not in OF_MODULES or is_on(OF_MODULES[topic])


def _page(wanted: frozenset[Cell]) -> str:
    return render_template(
        "notifications/choices.html",
        field=FIELD,
        table=_table(wanted),
        mailed=bool(me().email and may_mail()),
        watched=watches.all_of(me()),
    )


def _sent(values: list[str]) -> frozenset[Cell]:
    asked = (cell for cell in CELLS if _is_asked(cell[0]))
    known = {f"{topic}-{channel}": (topic, channel) for topic, channel in asked}
    return frozenset(known[value] for value in values if value in known)


def _not_asked() -> frozenset[Cell]:
    """What the table does not show stays as it was chosen."""
    return frozenset(cell for cell in wishes.cells_of(me()) if not _is_asked(cell[0]))


def _again(sent: Sent) -> str:
    return _page(_sent(sent.getlist(FIELD)))


@bp.route("/settings/notifications", methods=["GET", "POST"])
@no_store
@form_again(_again)
def choices() -> ResponseReturnValue:
    """By which way the reader hears of what. Seven queries at most, whatever they watch."""
    if request.method == "POST":
        wishes.choose(me(), _sent(request.form.getlist(FIELD)) | _not_asked())
        flash(_("Saved."), "success")
        return redirect("/settings/notifications", 303)
    return _page(wishes.cells_of(me()))


@bp.post("/settings/notifications/reset")
@no_store
def reset() -> ResponseReturnValue:
    """Hear what everybody of the same role hears who has chosen nothing."""
    with transaction():
        wishes.reset(me().id)
    flash(_("You hear what is usual for your role."), "success")
    return redirect("/settings/notifications", 303)


@bp.route("/watch/<string:kind>/<string:called>", methods=["GET", "POST"])
@no_store
def watch(kind: str, called: str) -> ResponseReturnValue:
    """How much the reader wants to hear of one thing."""
    thing = watches.find(me(), kind, called)
    if request.method == "POST":
        level = request.form.get("level", watches.USUAL)
        watches.set_level(me(), thing, level)
        flash(_("From now on: %(level)s.", level=WORDS[thing.kind][level]), "success")
        return redirect(thing.url, 303)
    return render_template(
        "notifications/_watch.html" if wants_fragment() else "notifications/watch.html",
        thing=thing,
        level=watches.level_of(me(), thing),
        levels=_levels(thing),
    )


def _levels(thing: Watched) -> list[tuple[str, Any]]:
    return [(level, WORDS[thing.kind][level]) for level in LEVELS[thing.kind]]


@bp.route("/unsubscribe/<string:token>", methods=["GET", "POST"])
@public
@csrf.exempt
@no_store
def unsubscribe(token: str) -> ResponseReturnValue:
    """One click, as RFC 8058 has it: looking changes nothing, sending does, without a session."""
    found = tokens.read(token)
    done, undone = request.method == "POST", "undo" in request.form
    if done:
        wishes.turn(found.person, found.cells, on=undone)
    with speaking(found.person.locale or locale_code()):
        return render_template(
            "notifications/unsubscribe.html",
            done=done and not undone,
            undone=undone,
            what=_called(found),
            address=request.path,
        )


def _called(found: Unsubscribing) -> str:
    return _("The weekly mail") if found.what == tokens.WEEKLY else str(NAMES[Topic(found.what)])
