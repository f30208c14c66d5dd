"""The pages of the register."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.csvfiles import sheet_parts
from forum.departments.queries import current_cards
from forum.standards import listing, pages
from forum.standards.categories.queries import category_tree
from forum.standards.listing import StandardFilter
from forum.standards.register import phrases, queries

bp = Blueprint("standard_register", __name__)
ADDRESS = "/standards/register"


@bp.get(ADDRESS)
def index() -> ResponseReturnValue:
    """The register, by number."""
    departments = pages.choices(me(), current_cards())
    categories = category_tree()
    wanted = listing.read_filter(request.args, departments, categories, at=ADDRESS)
    page = queries.register_page(me(), wanted)
    chips = pages.filter_chips(me(), wanted, departments, categories)
    return render_template(
        "standards/register/index.html",
        lines=phrases.lines(page.rows),
        wanted=wanted,
        chips=[chip for chip in chips if chip["name"] != "sort"],
        file_url=_file_url(wanted),
        next_url=wanted.query(after=page.next) if page.next else "",
        first_url=wanted.query() if wanted.after else "",
    )


def _file_url(wanted: StandardFilter) -> str:
    return wanted.query().replace(ADDRESS, f"{ADDRESS}.csv", 1)


@bp.get("/standards/register.csv")
def download() -> ResponseReturnValue:
    """The whole register as a file, line by line."""
    departments = pages.choices(me(), current_cards())
    wanted = listing.read_filter(request.args, departments, category_tree(), at=ADDRESS)
    entries = queries.whole_register(me(), wanted)
    lines = sheet_parts(phrases.COLUMNS, (phrases.cells(entry) for entry in entries))
    response = Response(stream_with_context(lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="register.csv"'
    return response
