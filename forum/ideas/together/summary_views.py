"""Writing an idea in short for readers of the other language."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from forum.accounts.guard import me
from forum.core import limits
from forum.core.access import require
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Invalid
from forum.core.forms import BaseForm, area
from forum.core.i18n import _, lazy
from forum.core.numbers import id_or_none, number_or_none
from forum.core.richtext import word_diff
from forum.ideas import showing
from forum.ideas.models import Idea
from forum.ideas.pages import say_with_undo
from forum.ideas.showing import visible
from forum.ideas.together import in_short, summaries
from forum.ideas.together.models import Summary
from forum.ideas.together.policy import may_summarise

bp = Blueprint("idea_summaries", __name__)
RULE = "/ideas/<int:idea_id>/summary/<string:lang>"
HEADINGS = {"en": lazy("In short, in English"), "ru": lazy("In short, in Russian")}


class SummaryForm(BaseForm):
    """Two sentences."""

    text = area(lazy("Two sentences"), limits.SUMMARY, required=True)
    revision = HiddenField()


def _page(idea: Idea, lang: str, form: SummaryForm, *, stale: bool = False) -> str:
    known = summaries.summary_of(idea, lang)
    wordings = in_short.wordings_of(known.id) if known is not None else []
    stands = known is not None and known.removed_at is None
    return render_template(
        "ideas/summary.html",
        idea=idea,
        lang=lang,
        heading=str(HEADINGS[lang]),
        form=form,
        stale=stale,
        revision=number_or_none(form.revision.data) or (known.revision if known else 0),
        wordings=_history(wordings),
        may_write=may_summarise(me(), idea),
        may_remove=stands and known and summaries.may_remove(me(), idea, known),
    )


def _history(wordings: list[in_short.Wording]) -> list[dict[str, Any]]:
    """Every wording, newest first, with what changed from the one before."""
    shown = []
    for place, each in enumerate(wordings):
        before = wordings[place - 1].text if place else ""
        changes = word_diff(before, each.text) if place else [("equal", each.text)]
        shown.append({"number": each.number, "by": each.by, "at": each.at, "changes": changes})
    return shown[::-1]


def _filled(idea: Idea, known: Summary | None) -> SummaryForm:
    if known is None or known.removed_at is not None:
        return SummaryForm.from_request()  # type: ignore[no-any-return]
    said = in_short.wordings_of(known.id)[-1].text
    return SummaryForm.from_request(text=said)  # type: ignore[no-any-return]


def _again(sent: Sent, idea_id: int, lang: str) -> str:
    return _page(visible(idea_id), lang, SummaryForm(sent))


@bp.route(RULE, methods=["GET", "POST"])
@form_again(_again)
def write(idea_id: int, lang: str) -> ResponseReturnValue:
    """Write a summary, or write it anew."""
    idea = visible(idea_id)
    known = summaries.summary_of(idea, lang)
    form = _filled(idea, known)
    if request.method == "GET":
        return _page(idea, lang, form)
    require(may_summarise(me(), idea))
    if not form.validate():
        return _page(idea, lang, form), 422
    sent = number_or_none(form.revision.data)
    seen = sent if sent is not None else (known.revision if known else 0)
    try:
        number = summaries.summarise(me(), idea, lang, form.text.data or "", seen=seen)
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(idea, lang, form), 422
    except Conflict as stale:
        form.reject("text", stale.message)
        form.revision.data = ""
        return _page(idea, lang, form, stale=True), 409
    say_with_undo(
        _("Thank you: readers of that language see it now."),
        f"/ideas/{idea_id}/summary/{lang}/undo?given={number}",
    )
    return showing.to(idea)


@bp.post(f"{RULE}/undo")
def undo(idea_id: int, lang: str) -> ResponseReturnValue:
    """Take one's own wording back."""
    idea = visible(idea_id)
    number = id_or_none(request.args.get("given")) or 0
    summaries.take_back(me(), idea, lang, number=number)
    return showing.to(idea)


@bp.post(f"{RULE}/remove")
def remove(idea_id: int, lang: str) -> ResponseReturnValue:
    """Take it out of sight."""
    idea = visible(idea_id)
    summaries.remove(me(), idea, lang)
    say_with_undo(_("The summary is removed."), f"/ideas/{idea_id}/summary/{lang}/restore")
    return showing.to(idea)


@bp.post(f"{RULE}/restore")
def restore(idea_id: int, lang: str) -> ResponseReturnValue:
    """Undo of removing it."""
    idea = visible(idea_id)
    summaries.restore(me(), idea, lang)
    return showing.to(idea)
