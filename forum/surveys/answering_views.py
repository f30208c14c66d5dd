"""The page on which somebody answers. Its requests leave no line in the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import limits, slots
from forum.core.access import no_store, untraced
from forum.core.again import Sent, form_again
from forum.core.clock import now
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.i18n import _, ngettext
from forum.core.numbers import id_or_none
from forum.core.site import absolute
from forum.surveys import answering, policy, queries
from forum.surveys.answering import Said, field_of
from forum.surveys.models import ItemKind, Wave, WaveState
from forum.surveys.waves import last_of
from forum.surveys.wordings import Asked

bp = Blueprint("survey_answers", __name__)
ADDRESSES, NAME = 12, 60
"""Of how many texts addresses are shown, and how much of a service's name: a cookie holds 4 KB."""
SERVICES = 200
"""Services one form may name; nobody is asked about as many."""


def _again(sent: Sent, wave_id: int) -> str:
    wave = queries.wave_or_404(me(), wave_id)
    return _page(wave, queries.place_of(me(), wave), queries.items_of(wave_id), sent=sent)


@bp.route("/surveys/<int:wave_id>/answer", methods=["GET", "POST"])
@untraced
@no_store
@form_again(_again)
def answer(wave_id: int) -> ResponseReturnValue:
    """Say how well one is served: which services one worked with, then a minute about each."""
    wave = queries.wave_or_404(me(), wave_id)
    place, items = queries.place_of(me(), wave), queries.items_of(wave_id)
    if request.method == "GET":
        return _page(wave, place, items)
    try:
        _check_place(wave, place)
        said = _read(request.form, items, place.sample)
        known = {item.version_id: item for item in items}
        told = answering.answer(me(), wave, known, place.sample, said)
    except (Conflict, Forbidden) as refusal:
        return _closed(wave, str(refusal)), refusal.status
    except Invalid as refusal:
        return _page(wave, place, items, sent=request.form, refusal=refusal), 422
    flash(_("Thank you. Nobody can tell which answers are yours, so they cannot be changed."))
    _show_addresses(place, told)
    return redirect(f"/surveys/{wave_id}", 303)


def _show_addresses(place: queries.Place, told: Sequence[tuple[int, str]]) -> None:
    """Show whoever wrote texts where they can be asked about them: this once, and from their own
    browser alone, since what is shown next travels in its cookie."""
    if not told:
        return
    g.no_store = True
    names = {each.service_id: each.name for each in place.services}
    lines = [
        f"{names[number][:NAME]}\t{absolute(f'/surveys/relay/{secret}')}"
        for number, secret in told[:ADDRESSES]
    ]
    flash("\n".join(sorted(lines)), "addresses")
    left = len(told) - len(lines)
    if left:
        more = ngettext(
            "At most %(limit)d addresses are shown: %(num)d more text goes without, and nobody can "
            "ask you about it.",
            "At most %(limit)d addresses are shown: %(num)d more texts go without, and nobody can "
            "ask you about them.",
            left,
            limit=ADDRESSES,
        )
        flash(more)


def _check_place(wave: Wave, place: queries.Place) -> None:
    if place.took_part:
        raise Conflict(answering.TWICE)
    if not place.asked and policy.is_open(wave, now()):
        raise Forbidden(answering.NOT_ASKED)
    answering.check_open(wave)


def _read(sent: Mapping[str, Any], items: list[Asked], sample: frozenset[int]) -> dict[int, Said]:
    """What was said of each service that was chosen. Raises Invalid where nothing was, or where
    something was sent that is none of these services: it could not be said again."""
    chosen = _chosen(sample)
    if "none" in sent:
        _check_none(sent, chosen, items)
        return {}
    if not chosen:
        raise Invalid(
            _("Choose what you worked with, or say that it was none of them."), field="services"
        )
    return {number: _said(sent, number, items) for number in chosen}


def _chosen(sample: frozenset[int]) -> list[int]:
    sent = request.form.getlist("services")
    numbers = [id_or_none(each) for each in sent[:SERVICES]]
    chosen = [number for number in numbers if number is not None]
    if len(chosen) < len(sent):
        raise Invalid(_("Choose one from the list."), field="services")
    if not sample.issuperset(chosen):
        raise Invalid(answering.OTHERS, field="services")
    return chosen


def _check_none(sent: Mapping[str, Any], chosen: list[int], items: list[Asked]) -> None:
    """Let nobody throw away by a slip what they answered: it could not be said again."""
    for number in chosen:
        if _typed(sent, number, items):
            raise Invalid(
                _("You have answered about this. Send it, or untick it if it was none of them."),
                field=f"s{number}",
            )


def _typed(sent: Mapping[str, Any], service_id: int, items: list[Asked]) -> dict[int, str]:
    typed = {i.version_id: str(sent.get(field_of(service_id, i.version_id), "")) for i in items}
    return {version_id: words.strip() for version_id, words in typed.items() if words.strip()}


def _said(sent: Mapping[str, Any], service_id: int, items: list[Asked]) -> Said:
    given = _typed(sent, service_id, items)
    texts = {item.version_id for item in items if item.kind == ItemKind.TEXT}
    values = {each: words for each, words in given.items() if each not in texts}
    if not given:
        raise Invalid(
            _("Answer at least one question about it, or untick it."), field=f"s{service_id}"
        )
    return Said(values, {each: words for each, words in given.items() if each in texts})


def _closed(wave: Wave, sentence: str) -> str:
    return render_template("surveys/answer.html", wave=wave, sentence=sentence, services=[])


def _why_not(wave: Wave, place: queries.Place) -> str:
    """Why somebody cannot answer now, as a sentence; empty where they can."""
    if place.took_part:
        return str(answering.TWICE)
    if not policy.is_open(wave, now()):
        waits = wave.state == WaveState.PLANNED or now() < wave.opens_at
        return str(answering.NOT_YET if waits else answering.OVER)
    return "" if place.asked else str(answering.NOT_ASKED)


def _page(
    wave: Wave,
    place: queries.Place,
    items: list[Asked],
    *,
    sent: Sent | None = None,
    refusal: Invalid | None = None,
) -> str:
    sentence = _why_not(wave, place)
    if sentence:
        return _closed(wave, sentence)
    only = str(place.services[0].service_id) if len(place.services) == 1 else ""
    chosen = sent.getlist("services") if sent is not None else [only]
    return render_template(
        "surveys/answer.html",
        wave=wave,
        sentence="",
        services=place.services,
        panels=slots.load("wave-answer", me(), [wave])[wave.id],
        items=[(item, item.words) for item in items],
        chosen=chosen,
        sent=defaultdict(str, sent or {}),
        wrong=_wrong(refusal),
        question=_which(wave.months),
        limit=limits.REASON.value,
        until=last_of(wave.closes_at),
        field_of=field_of,
    )


def _wrong(refusal: Invalid | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    if refusal is not None:
        found[refusal.field or "services"].append(str(refusal))
    return found


def _which(months: int) -> str:
    return ngettext(
        "Which of these did you work with in the last %(num)d month?",
        "Which of these did you work with in the last %(num)d months?",
        months,
    )
