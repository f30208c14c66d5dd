"""Pages of search, and the answers given while somebody types."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.errorpages import wants_json
from forum.core.errors import Invalid
from forum.core.fragments import wants_fragment
from forum.core.i18n import _, locale_code
from forum.core.limits import QUERY, TEXT
from forum.core.numbers import id_or_none
from forum.core.textcheck import clean_line
from forum.search import addresses, asked, completion, hits, queries, related
from forum.search.asked import Asked
from forum.search.bar import bar_of
from forum.search.filters.values import KINDS, NAMED_DAYS, SORTS, STAGES, VERSIONS
from forum.search.hits import Found
from forum.search.names import KIND_OF_ONE
from forum.search.offered import offered
from forum.search.queries import Hit, Results
from forum.search.recent.starting import starts_for
from forum.search.visibility import kinds_on, operators_for
from forum.standards.queries import standard_or_404

bp = Blueprint("search", __name__)

NUMBERS = ["20", ">20", "<=20", "5..10"]
"""Ways to write a number behind a colon."""


@bp.get("/search")
def results() -> ResponseReturnValue:
    """Look for something."""
    cards = hits.all_cards()
    wish = asked.read(request.args)
    if not QUERY.allows(wish.q):
        return _too_long(wish)
    found = queries.search(
        me(),
        wish.q,
        wish.filters,
        cards,
        limit=wish.limit,
        cursor=wish.cursor or None,
        exact=wish.exact,
        why=_wants_why(),
    )
    return jsonify(_as_json(found)) if wants_json() else _page(wish, found)


def _wants_why() -> bool:
    """Whether an administrator asks why these are the hits."""
    return me().administers and request.args.get("why") == "1"


def _too_long(wish: Asked) -> ResponseReturnValue:
    sentence = _(
        "Shorten this to %(limit)d characters; it has %(length)d now.",
        limit=QUERY.value,
        length=len(wish.q),
    )
    if wants_json():
        raise Invalid(sentence, field="q")
    return _page(wish, Results(wish.q), error=sentence), 422


def _page(wish: Asked, found: Results, error: str = "") -> str:
    address = addresses.kept(wish) if wish.q or wish.narrowed else ""
    return render_template(
        "search/results.html",
        wish=wish,
        found=found,
        error=error,
        bar=bar_of(wish, found),
        kind_names=KIND_OF_ONE,
        next_url=wish.query(cursor=found.next) if found.next else "",
        why_url=f"{wish.query(cursor=wish.cursor)}&why=1" if me().administers else "",
        first_url=wish.query() if wish.cursor else "",
        address=address,
        starts=None if address else starts_for(me()),
    )


def _as_json(found: Results) -> dict[str, Any]:
    return {
        "query": found.query,
        "total": found.total,
        "took_ms": found.took_ms,
        "suggestion": found.suggestion,
        "relaxed": found.relaxed,
        "hits": [_hit(hit) for hit in found.hits],
        "facets": {
            name: [{"value": f.value, "label": f.label, "count": f.count} for f in values]
            for name, values in found.facets.items()
        },
        "next": found.next,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "kind": hit.found.kind,
        "id": str(hit.found.id),
        "title": hit.found.title,
        "url": hit.found.url,
        "score": hit.score,
        "snippet": hit.snippet,
    }


@bp.get("/search/similar")
def similar() -> ResponseReturnValue:
    """Ideas and standards like the one being written; for its page ready to stand beside it."""
    title = clean_line(request.args.get("title", ""))[: QUERY.value]
    body = clean_line(request.args.get("body", ""))[: TEXT.value]
    if wants_fragment():
        own = id_or_none(request.args.get("own"))
        beside = offered(me(), title, body, ("idea", own) if own is not None else None)
        response = make_response(render_template("search/_similar.html", offered=beside))
        response.vary.add("HX-Request")
        return response
    return jsonify(hits=[_hit(hit) for hit in related.similar(me(), title, body)])


@bp.get("/search/suggest")
def suggest() -> ResponseReturnValue:
    """What the reader may be about to type; with `filters=1` also how a filter may go on."""
    typed = request.args.get("q", "")
    text = clean_line(typed)[: QUERY.value]
    unfinished = request.args.get("filters") and not typed.endswith(" ")
    filters = completion.proposals(me(), text) if unfinished else []
    # Whoever types the value of a filter is not looking for a title.
    found = queries.suggest(me(), text) if not any(one.ends for one in filters) else []
    return jsonify(
        items=[
            *({"kind": "filter", **one.item} for one in filters),
            *(_answer(one) for one in found),
        ]
    )


def _answer(found: Found) -> dict[str, Any]:
    """A thing that is offered while somebody types."""
    label = str(KIND_OF_ONE[found.kind])
    return {"kind": found.kind, "title": found.title, "url": found.url, "label": label}


@bp.get("/search/help")
def explained() -> ResponseReturnValue:
    """How to search: every mark and every filter, with examples that are links."""
    locale = locale_code()
    return render_template(
        "search/help.html",
        operators=[(one, one.word(locale), one.example(locale)) for one in operators_for(me())],
        values=values_explained(locale),
    )


def values_explained(locale: str) -> dict[str, list[str]]:
    """What may stand behind the colons where there is more than an example can show."""
    named = [(english, russian)[locale == "ru"] for english, russian, _days in NAMED_DAYS]
    return {
        "kind": [KINDS.word(kind, locale) for kind in kinds_on()],
        "stage": [STAGES.word(stage, locale) for stage in STAGES.values],
        "votes": NUMBERS,
        "comments": NUMBERS,
        "after": ["2026-05-17", "2026-05", "2026", "10д" if locale == "ru" else "10d", *named],
        "version": [*(VERSIONS.word(which, locale) for which in VERSIONS.values), "2"],
        "sort": [SORTS.word(order, locale) for order in SORTS.values],
    }


@bp.get("/search/related/idea/<int:idea_id>")
def related_to_idea(idea_id: int) -> ResponseReturnValue:
    """What says much the same as an idea."""
    return _related("idea", idea_id)


@bp.get("/search/related/standard/<string:number>")
def related_to_standard(number: str) -> ResponseReturnValue:
    """What says much the same as a standard."""
    return _related("standard", standard_or_404(me(), number).id)


def _related(kind: str, thing_id: int) -> ResponseReturnValue:
    """A page; for the thing's own page only the list."""
    thing, found = related.related(me(), kind, thing_id)
    template = "search/_related.html" if wants_fragment() else "search/related.html"
    page = render_template(template, thing=thing, found=found, kind_names=KIND_OF_ONE)
    response = make_response(page)
    response.vary.add("HX-Request")
    return response
