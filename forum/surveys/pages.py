"""What the pages of surveys show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.i18n import _, lazy, ngettext
from forum.core.site import site
from forum.surveys import holding, planning, policy, preview, queries, wordings
from forum.surveys.models import Wave, WaveState
from forum.surveys.results import told
from forum.surveys.waves import first_of, is_whole, last_day_before, last_of

STATES = {
    WaveState.PLANNED: lazy("Planned"),
    WaveState.RUNNING: lazy("Running"),
    WaveState.CLOSED: lazy("Ended"),
}


def last_day(wave: Wave) -> date:
    """The last day on which it takes answers, as the company counts days."""
    return last_day_before(wave.closes_at)


def zone() -> str:
    """The company's time zone, by whose midnights waves open and close."""
    return site().time_zone


def in_whole_days(wave: Wave) -> bool:
    """Whether it opens and ends at midnight, as it does unless the zone was another by then."""
    return is_whole(wave.opens_at) and is_whole(wave.closes_at)


def month_options() -> list[tuple[str, str]]:
    """So many months, to choose from."""
    return [
        (str(count), ngettext("%(num)d month", "%(num)d months", count))
        for count in planning.MONTHS
    ]


def kept(wave: Wave) -> dict[str, Any]:
    """What stays as it is of a wave for an idea. One query."""
    return {
        "services": queries.first_services(wave.id),
        "months": ngettext("%(num)d month", "%(num)d months", wave.months),
    }


def row(wave: Wave) -> dict[str, Any]:
    """A wave in a list."""
    return {
        "id": wave.id,
        "title": wave.title,
        "lang": wave.lang,
        "state": wave.state,
        "state_words": _("Has not opened")
        if holding.is_late(wave, now())
        else str(STATES[WaveState(wave.state)]),
        "first": first_of(wave.opens_at),
        "last": last_of(wave.closes_at),
    }


def index_page(reader: Person, arguments: Mapping[str, str]) -> dict[str, Any]:
    """What is asked of the reader, and a page of waves. Two queries."""
    page = queries.list_waves(arguments.get("after", ""))
    return {
        "waiting": [
            {**each._asdict(), "due": each.until, "url": f"/surveys/{each.id}/answer"}
            for each in queries.waiting_for(reader)
        ],
        "waves": [row(wave) for wave in page.rows],
        "may_plan": policy.may_plan(reader),
        "next_url": f"/surveys?after={page.next}" if page.next else "",
    }


def wave_page(reader: Person, wave: Wave) -> dict[str, Any]:
    """A wave as its reader sees it. At most a dozen queries, whatever its size."""
    place = queries.place_of(reader, wave)
    planner = policy.may_plan(reader)
    items = queries.items_of(wave.id) if wave.state != WaveState.PLANNED else wordings.current()
    shown: dict[str, Any] = {
        "wave": wave,
        "row": row(wave),
        "zone": zone(),
        "whole": in_whole_days(wave),
        "place": place,
        "may_answer": place.asked and not place.took_part and policy.is_open(wave, now()),
        "questions": [item.words for item in items],
        "planner": planner,
        "may_change": policy.may_change(reader, wave),
        "may_stop": policy.may_stop(reader, wave),
        "services": queries.first_services(wave.id) if planner else None,
        "preview": None,
        "held": "",
        "progress": None,
        "overlaps": [],
        "took_part": _took_part(wave),
    }
    if planner and wave.state == WaveState.PLANNED:
        ids = [each.service_id for each in queries.services_of(wave.id)]
        shown["preview"] = found = preview.preview(ids)
        why = holding.lacks(found.services, found.questions)
        shown["held"] = str(holding.WORDS[why]) if why is not None else ""
        shown["overlaps"] = [row(each) for each in queries.overlapping(wave)]
    if planner and wave.state == WaveState.RUNNING:
        shown["progress"] = queries.progress_of(wave)
    return shown


def _took_part(wave: Wave) -> str:
    """How many took part, once figures are there and where that tells nothing of anybody."""
    if wave.mixed_at is None:
        return ""
    said = told.of_wave(wave.id)
    if said.report is None:
        return ""
    if said.took_part is None:
        return _("How many took part is not told.")
    return ngettext("%(num)d person took part.", "%(num)d people took part.", said.took_part)
