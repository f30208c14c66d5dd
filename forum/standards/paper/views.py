"""A standard outside the forum: PDF of any version, other files, and the list of all versions."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.clock import now
from forum.core.errors import NotFound
from forum.core.fragments import fragment, wants_fragment
from forum.core.i18n import local_day
from forum.core.numbers import number_or_none
from forum.standards import pages, queries
from forum.standards.addresses import one_address
from forum.standards.paper import kept, leaving, queue
from forum.standards.paper.printing import print_out
from forum.standards.paper.sheet import Sheet, sheet_of
from forum.standards.queries import Shown

bp = Blueprint("standard_paper", __name__)
bp.before_request(one_address)


def _wanted(number: str) -> Shown:
    """The version that the address or the form names, else the one in force."""
    sent = request.values.get("version", "").strip()
    version = number_or_none(sent) if sent else None
    if sent and version is None:
        raise NotFound
    return queries.shown_version(me(), number, version)


def _today() -> date:
    return local_day(now())


@bp.get("/standards/<string:number>.pdf")
def pdf(number: str) -> ResponseReturnValue:
    """A version on paper; a long one is printed in a job first."""
    shown = _wanted(number)
    sheet = sheet_of(shown, today=_today())
    made = kept.read(sheet.digest)
    if made is None and sheet.is_long:
        return redirect(_print_address(shown), 303)
    name = f"{number}-v{shown.version.number}.pdf"
    return _file(made or _print(sheet), "application/pdf", name, inline=True)


def _print(sheet: Sheet) -> bytes:
    made = print_out(sheet.html, sheet.style, standard_id=sheet.standard_id)
    kept.keep(sheet.digest, made)
    return made


def _print_address(shown: Shown) -> str:
    return f"/standards/{shown.standard.number}/print?version={shown.version.number}"


def _file(content: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    response = Response(content, mimetype=media_type)
    kind = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f'{kind}; filename="{name}"'
    return response


@bp.get("/standards/<string:number>/print")
def printing(number: str) -> ResponseReturnValue:
    """How far the PDF of a long version is."""
    shown = _wanted(number)
    digest = sheet_of(shown, today=_today()).digest
    asked = queue.asked_for(digest)
    page = {"shown": shown, "asked": asked, "ready": kept.has(digest)}
    if wants_fragment():
        return fragment("standards/paper/_printing.html", **page)
    return render_template("standards/paper/printing.html", **page)


@bp.post("/standards/<string:number>/print")
def ask(number: str) -> ResponseReturnValue:
    """Have a long version printed."""
    shown = _wanted(number)
    queue.ask(me(), shown.version, sheet_of(shown, today=_today()))
    return redirect(_print_address(shown), 303)


@bp.get("/standards/<string:number>/export")
def export(number: str) -> ResponseReturnValue:
    """A version as a file in a format, or the formats there are."""
    shown = _wanted(number)
    wanted = request.args.get("format", "")
    maker = leaving.MAKERS.get(wanted)
    if maker is None:
        return render_template("standards/paper/export.html", shown=shown, unknown=wanted[:20])
    name = f"{number}-v{shown.version.number}.{wanted}"
    return _file(maker.make(shown, _today()), maker.media_type, name)


@bp.get("/standards/<string:number>/versions")
def versions(number: str) -> ResponseReturnValue:
    """All versions of a standard."""
    standard = queries.standard_or_404(me(), number)
    lines = pages.versions(me(), standard)
    return render_template("standards/paper/versions.html", standard=standard, lines=lines)
