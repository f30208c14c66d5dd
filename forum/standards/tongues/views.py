"""Where one translates a standard."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import require
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, NotFound
from forum.core.i18n import LOCALES, locale_code, ngettext
from forum.core.numbers import number_or_none
from forum.standards import policy, queries
from forum.standards.addresses import one_address
from forum.standards.clauses.known import clauses_of
from forum.standards.models import Standard, Version, VersionState
from forum.standards.tongues import actions, phrases
from forum.standards.tongues.actions import Overtaken, Refused
from forum.standards.tongues.forms import typed
from forum.standards.tongues.page import Refusal, fields_of, pages_of
from forum.standards.tongues.parts import Original, originals
from forum.standards.tongues.policy import languages_for
from forum.standards.tongues.queries import known_parts, text_of
from forum.standards.tongues.sources import sources

bp = Blueprint("translations", __name__)
bp.before_request(one_address)
NOTHING = Refusal({})


@dataclass(frozen=True, slots=True)
class Work:
    """What is translated, and into which language."""

    standard: Standard
    version: Version
    parts: list[Original]
    lang: str


def _work(number: str, sent: str | None) -> Work:
    """The version that the form was made for, else the one in force. Three queries."""
    standard = queries.standard_or_404(me(), number)
    require(policy.sees_drafts(me(), standard))
    if standard.state != VersionState.IN_FORCE or standard.in_force is None:
        raise Conflict(actions.NOT_IN_FORCE)
    wanted = number_or_none(sent) or standard.in_force
    found = text_of(standard, wanted)
    if found is None:
        raise NotFound
    version, html, source = found
    parts = originals(version, html, clauses_of(version.id), sources(source, html))
    return Work(standard, version, parts, _language(version.lang))


def _language(main: str) -> str:
    """The one asked for, else the reader's, else the other."""
    offered = languages_for(main)
    for wanted in (request.args.get("lang"), locale_code()):
        if wanted in offered:
            return wanted
    return offered[0]


def _page_number() -> int:
    return number_or_none(request.args.get("page")) or 1


def _page(work: Work, refusal: Refusal = NOTHING, sentence: str = "") -> str:
    """Five queries, two more where something is behind."""
    standard, lang = work.standard, work.lang
    known = known_parts(standard, work.version, lang, work.parts, for_form=True)
    shown, last = pages_of(work.parts, _page_number())
    at = min(max(_page_number(), 1), last)
    there = {place: each for place, each in known.items() if not each.says_nothing}
    return render_template(
        "standards/tongues/translate.html",
        standard=standard,
        version=work.version,
        lang=lang,
        heading=phrases.into(lang, standard.number),
        fields=fields_of(standard, shown, known, refusal),
        done=sum(not each.behind for each in there.values()),
        late=sum(each.behind > 0 for each in there.values()),
        total=len(work.parts),
        languages=[
            (code, phrases.into(code, standard.number))
            for code in LOCALES
            if code not in (lang, work.version.lang)
        ],
        at=at,
        last=last,
        sentence=sentence,
        overtaken=bool(refusal.theirs),
    )


def _again(sent: Sent, number: str) -> str:
    work = _work(number, sent.get("version"))
    said = typed(work.parts, sent)
    return _page(work, Refusal({each.place: each for each in said}))


@bp.route("/standards/<string:number>/translate", methods=["GET", "POST"])
@form_again(_again)
def translate(number: str) -> ResponseReturnValue:
    """Translate a standard's parts into the other language."""
    if request.method == "GET":
        return _page(_work(number, None))
    work = _work(number, request.form.get("version"))
    said = typed(work.parts, request.form)
    by_place = {each.place: each for each in said}
    try:
        new = actions.translate(me(), work.standard, work.version, work.parts, work.lang, said)
    except Overtaken as overtaken:
        refusal = Refusal(by_place, theirs=overtaken.theirs)
        return _page(work, refusal, str(overtaken)), overtaken.status
    except Refused as refused:
        return _page(work, Refusal(by_place, wrong=refused.wrong), str(refused)), 422
    flash(ngettext("%(num)d part saved.", "%(num)d parts saved.", new), "success")
    return redirect(f"/standards/{number}/translate?lang={work.lang}&page={_page_number()}", 303)
