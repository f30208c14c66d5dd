"""Pages of results."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, redirect, render_template
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core import slots
from forum.core.errors import NotFound
from forum.core.modules import is_on
from forum.surveys.results import pages, sheet
from forum.surveys.results.atoms import ALL, Node
from forum.surveys.results.drawn import address
from forum.surveys.results.told import Told, Voice, wave_or_404

bp = Blueprint("survey_results", __name__)
PLACES = ("wave-results", "wave-voices")


@bp.before_request
def only_while_on() -> None:
    """Nothing of it is there while the module is off."""
    if not is_on("surveys"):
        raise NotFound


@bp.get("/surveys/<int:wave_id>/results")
def show(wave_id: int) -> ResponseReturnValue:
    """What a wave says, of all services together."""
    return _page(wave_or_404(me(), wave_id), ALL)


@bp.get("/surveys/<int:wave_id>/results/<string:scope>/<int:one>")
def part(wave_id: int, scope: str, one: int) -> ResponseReturnValue:
    """The same of a service, a department that serves, one that is served, or one with all below
    it."""
    told = wave_or_404(me(), wave_id)
    if scope not in pages.SHOWN:
        raise NotFound
    if told.report is None:
        return redirect(address(wave_id, ALL), 303)
    return _page(told, (scope, one, 0))


def _page(told: Told, node: Node) -> str:
    if told.report is None:
        return render_template("surveys/results/not_yet.html", wave=told.wave)
    page = pages.results_page(told, node)
    whole = Whole(told, node, page["voices"], page["drawn"].provider_id)
    panels = {name: slots.load(name, me(), [whole])[whole.id] for name in PLACES}
    return render_template(
        "surveys/results/show.html",
        **page,
        panels=panels["wave-results"],
        beside_voices=panels["wave-voices"],
    )


class Whole:
    """A whole of a wave, for what other parts say beside its figures and texts; `provider_id` where
    it is of one department."""

    def __init__(
        self, told: Told, node: Node, voices: Sequence[Voice], provider_id: int | None
    ) -> None:
        self.id, self.wave, self.node = told.wave.id, told.wave, node
        self.voices, self.provider_id = voices, provider_id


@bp.get("/surveys/<int:wave_id>/results.csv")
def as_csv(wave_id: int) -> ResponseReturnValue:
    """Every figure of a wave that may be told, as a file."""
    told = wave_or_404(me(), wave_id)
    if told.report is None:
        raise NotFound
    response = Response(sheet.file_of(told), mimetype="text/csv")
    name = f"survey-{wave_id}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
