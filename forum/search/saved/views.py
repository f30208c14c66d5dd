"""Pages of saved searches, and their feeds."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.invitations import may_mail
from forum.core.access import no_store, public
from forum.core.again import form_again
from forum.core.errors import Invalid
from forum.core.i18n import _, speaking, when
from forum.core.limits import SEARCH_NAME
from forum.core.site import absolute, site
from forum.ideas.pages import say_with_undo
from forum.search import addresses, asked, hits
from forum.search.hits import Cards
from forum.search.names import KIND_OF_ONE
from forum.search.saved import actions, feed, queries
from forum.search.saved.forms import ALERTS, ALERTS_WITHOUT_MAIL, SavedForm
from forum.search.saved.matching import entries
from forum.search.saved.models import Alert, SavedSearch

bp = Blueprint("saved_searches", __name__)

NEWEST = 20
"""Results on the page of a saved search."""


@bp.get("/search/saved")
@no_store
def index() -> ResponseReturnValue:
    """The reader's saved searches, last used first. Two queries."""
    saved = queries.saved_searches(me())
    cards = hits.seen_cards(me(), hits.all_cards()) if saved else {}
    alerts = dict(_alerts())
    rows = [
        {
            "id": each.id,
            "name": each.name,
            "words": addresses.in_words(each.address, cards),
            "alert": alerts[each.alert],
            "quiet": each.alert == Alert.NEVER,
        }
        for each in saved
    ]
    return render_template("search/saved.html", rows=rows)


def _alerts() -> list[tuple[str, Any]]:
    mailed = me().email and may_mail()
    return [(key.value, name) for key, name in (ALERTS if mailed else ALERTS_WITHOUT_MAIL)]


def _new_page(form: SavedForm) -> str:
    address, words = _asked()
    return render_template(
        "search/save.html", form=form, alerts=_alerts(), address=address, words=words
    )


def _asked() -> tuple[str, str]:
    """What is to be kept: the address as it is understood, and the same in words."""
    cards = hits.seen_cards(me(), hits.all_cards())
    wish = asked.read(request.args)
    address = addresses.kept(wish) if wish.q or wish.narrowed else ""
    return address, addresses.in_words(address, cards)


@bp.route("/search/saved/new", methods=["GET", "POST"])
@no_store
@form_again(lambda sent: _new_page(SavedForm(sent)))
def new() -> ResponseReturnValue:
    """Keep the search that this address asks for, under a name that is proposed."""
    address, words = _asked()
    form = SavedForm.from_request(name=words[: SEARCH_NAME.value], alert=Alert.NEVER)
    if form.submitted():
        try:
            saved = actions.save(me(), address, name=form.name.data, alert=Alert(form.alert.data))
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("The search is saved."), "success")
            return redirect(f"/search/saved/{saved.id}", 303)
    return _new_page(form), _status()


def _status() -> int:
    return 422 if request.method == "POST" else 200


def _page(form: SavedForm, saved: SavedSearch) -> str:
    cards = hits.all_cards()
    return render_template(
        "search/saved_one.html",
        saved=saved,
        form=form,
        alerts=_alerts(),
        words=addresses.in_words(saved.address, hits.seen_cards(me(), cards)),
        feed_url=absolute(feed.path_of(me(), saved)),
        newest=_newest(saved, cards),
        kind_names=KIND_OF_ONE,
    )


def _newest(saved: SavedSearch, cards: Cards) -> list[dict[str, Any]] | None:
    found = entries(me(), saved.address, cards, NEWEST)
    if found is None:
        return None
    return [{"found": one.found, **when(one.moment)} for one in found]


@bp.route("/search/saved/<int:saved_id>", methods=["GET", "POST"])
@no_store
@form_again(lambda sent, saved_id: _page(SavedForm(sent), queries.saved_or_404(me(), saved_id)))
def show(saved_id: int) -> ResponseReturnValue:
    """What it has found lately, its name, alert and feed."""
    saved = queries.saved_or_404(me(), saved_id)
    form = SavedForm.from_request(name=saved.name, alert=saved.alert)
    if form.submitted():
        actions.change(me(), saved, name=form.name.data, alert=Alert(form.alert.data))
        flash(_("Saved."), "success")
        return redirect(f"/search/saved/{saved_id}", 303)
    return _page(form, saved), _status()


@bp.post("/search/saved/<int:saved_id>/open")
@no_store
def open_one(saved_id: int) -> ResponseReturnValue:
    """Ask it again."""
    saved = queries.saved_or_404(me(), saved_id)
    actions.use(me(), saved)
    return redirect(addresses.url_of(saved.address), 303)


@bp.post("/search/saved/<int:saved_id>/delete")
@no_store
def delete(saved_id: int) -> ResponseReturnValue:
    """Keep it no more; with undo."""
    saved = queries.saved_or_404(me(), saved_id)
    actions.delete(me(), saved)
    say_with_undo(_("The saved search is deleted."), f"/search/saved/{saved_id}/restore")
    return redirect("/search/saved", 303)


@bp.post("/search/saved/<int:saved_id>/restore")
@no_store
def restore(saved_id: int) -> ResponseReturnValue:
    """Undo: keep it again."""
    actions.restore(me(), queries.saved_or_404(me(), saved_id, deleted=True))
    return redirect("/search/saved", 303)


@bp.post("/search/saved/<int:saved_id>/feed")
@no_store
def renew_feed(saved_id: int) -> ResponseReturnValue:
    """Another address for the feed."""
    actions.renew_feed(me(), queries.saved_or_404(me(), saved_id))
    flash(_("The feed has a new address. The one before stopped working."), "success")
    return redirect(f"/search/saved/{saved_id}", 303)


@bp.get("/feeds/<string:secret>/search.atom")
@public
@no_store
def atom(secret: str) -> ResponseReturnValue:
    """A saved search as a feed, read with its owner's eyes of this moment."""
    saved, person = feed.read(secret)
    found = entries(person, saved.address, hits.all_cards(), feed.ENTRIES)
    if found is None:
        return Response(status=503, headers={"Retry-After": "60"})
    with speaking(person.locale or site().default_locale):
        body = feed.atom(request.path, saved, found, person.locale or site().default_locale)
    answer = Response(body, mimetype="application/atom+xml")
    answer.add_etag()
    answer.last_modified = max([one.moment for one in found], default=saved.created_at)
    return answer.make_conditional(request)
