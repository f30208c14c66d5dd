"""What the search box offers before anybody types, and the page where recent searches are kept."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import no_store
from forum.core.i18n import _, when
from forum.search import addresses, hits
from forum.search.missed import actions as missed
from forum.search.recent import actions, queries
from forum.search.recent.starting import starts_for
from forum.search.saved import actions as saved_actions
from forum.search.saved.queries import with_key

bp = Blueprint("recent_searches", __name__)


@bp.get("/search/starts")
@no_store
def starts() -> ResponseReturnValue:
    """Saved and recent searches, for the empty search box. Three queries."""
    offered = starts_for(me())
    items = [{**asdict(one), "label": _("Saved search")} for one in offered.saved]
    items += [{**asdict(one), "label": ""} for one in offered.recent]
    if items:
        items.append({"title": _("All your searches"), "url": "/settings/searches", "label": ""})
    return jsonify(items=items)


@bp.post("/search/finished")
@no_store
def finished() -> ResponseReturnValue:
    """The reader has seen a page of results: remember the search, and count one made in vain."""
    wish = addresses.understood(request.form.get("address", "")[:10_000])
    address = addresses.kept(wish) if wish.q or wish.narrowed else ""
    saved = with_key(me(), addresses.key_of(address))
    if saved is not None:
        saved_actions.use(me(), saved)
    actions.remember(me(), address)
    if request.form.get("found") == "0":
        missed.note(me(), wish)
    return "", 204


def _page() -> str:
    recent = queries.recent_searches(me())
    cards = hits.seen_cards(me(), hits.all_cards()) if recent else {}
    rows = [
        {
            "id": one.id,
            "words": addresses.in_words(one.address, cards),
            "url": addresses.url_of(one.address),
            **when(one.at),
        }
        for one in recent
    ]
    return render_template("search/recent.html", rows=rows, are_kept=queries.are_kept(me()))


@bp.get("/settings/searches")
@no_store
def index() -> ResponseReturnValue:
    """The reader's recent searches, and whether they are kept. Three queries."""
    return _page()


@bp.post("/settings/searches")
@no_store
def choose() -> ResponseReturnValue:
    """Keep them or not."""
    if request.form.get("keep") == "1":
        actions.keep(me())
        flash(_("Your searches are kept from now on, for you alone."), "success")
    else:
        actions.keep_none(me())
        flash(_("Your searches are forgotten, and none is kept any more."), "success")
    return redirect("/settings/searches", 303)


@bp.post("/settings/searches/<int:recent_id>/forget")
@no_store
def forget(recent_id: int) -> ResponseReturnValue:
    """Forget one."""
    actions.forget(me(), recent_id)
    return redirect("/settings/searches", 303)


@bp.post("/settings/searches/forget")
@no_store
def forget_all() -> ResponseReturnValue:
    """Forget all."""
    actions.forget_all(me())
    flash(_("Your recent searches are forgotten."), "success")
    return redirect("/settings/searches", 303)
