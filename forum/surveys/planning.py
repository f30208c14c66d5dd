"""Planning a wave, changing and cancelling it before it opens, and ending it early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.calendar import company_day, midnight
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, day, ngettext
from forum.core.textcheck import detect_lang
from forum.departments.services.asked import Edge, confirmed_edges
from forum.surveys import facts, policy, wordings
from forum.surveys.change import facts as change_facts
from forum.surveys.change.models import IdeaPromise
from forum.surveys.models import Purpose, Wave, WaveItem, WaveService, WaveState
from forum.surveys.rows import add_missing
from forum.surveys.waves import last_day_before

LONGEST = 92
"""Days a wave may take: a quarter, after which nobody remembers what was asked."""
FARTHEST = 366
MONTHS = (1, 3, 6, 12)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody writes about a wave; days are the company's, the last one included."""

    title: str
    opens_on: date | None
    closes_on: date | None
    services: Sequence[int] = ()
    months: int = 3
    most_people: int | None = None
    purpose: str = Purpose.REGULAR
    idea_id: int | None = None
    baseline_id: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The same as columns, with the services it asks about."""

    values: dict[str, Any]
    edges: list[Edge] = field(default_factory=list)


def plan(person: Person | None, wanted: Wanted) -> Wave:
    """A new wave; None plans at the forum's own word, as after a standard came into force.

    Raises Invalid, and says what to do.
    """
    require(person is None or policy.may_plan(person))
    checked = _check(wanted)
    with transaction():
        wordings.ensure()
        wave = Wave(
            **checked.values,
            state=WaveState.PLANNED,
            purpose=wanted.purpose,
            idea_id=wanted.idea_id,
            baseline_id=wanted.baseline_id,
            created_by_id=person.id if person is not None else None,
        )
        db.session.add(wave)
        db.session.flush()
        name_services(wave.id, checked.edges)
        freeze_items(wave.id)
        record(facts.PLANNED, by=person, about=("wave", wave.id))
    return wave


def change(person: Person, wave: Wave, wanted: Wanted, *, seen: int) -> None:
    """Write a wave anew before it opens; of one for an idea the title, and later days. Raises
    Conflict where it opened or changed meanwhile."""
    require(policy.may_plan(person))
    if wave.state != WaveState.PLANNED:
        raise Conflict(_("This survey has opened; what it asks stays as it is."))
    bound = policy.is_bound(wave)
    checked = _check_bound(wave, wanted) if bound else _check(wanted)
    with transaction():
        changed = db.session.execute(
            update(Wave)
            .where(Wave.id == wave.id, Wave.state == WaveState.PLANNED, Wave.revision == seen)
            .values(**checked.values, revision=Wave.revision + 1)
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            raise Conflict(_("Somebody has changed this survey meanwhile. Compare, and save."))
        if not bound:
            db.session.execute(delete(WaveService).where(WaveService.wave_id == wave.id))
            name_services(wave.id, checked.edges)
        record(facts.CHANGED, by=person, about=("wave", wave.id))


def cancel(person: Person, wave: Wave) -> None:
    """Give up a wave that has not opened: nobody was asked anything, and what was to be compared
    with it has nothing before. Raises Conflict."""
    require(policy.may_plan(person))
    idea_id, purpose = wave.idea_id, wave.purpose
    with transaction():
        for compared in (Wave, IdeaPromise):
            before = update(compared).where(compared.baseline_id == wave.id)
            db.session.execute(before.values(baseline_id=None))
        for model in (WaveService, WaveItem):
            db.session.execute(delete(model).where(model.wave_id == wave.id))
        gone = db.session.execute(
            delete(Wave).where(Wave.id == wave.id, Wave.state == WaveState.PLANNED)
        )
        if not gone.rowcount:  # type: ignore[attr-defined]
            raise Conflict(_("This survey has opened; what it asks stays as it is."))
        record(facts.CANCELLED, by=person, about=("wave", wave.id))
        if idea_id is not None:
            record(change_facts.CANCELLED, by=person, about=("idea", idea_id), purpose=purpose)


def stop(person: Person, wave: Wave) -> None:
    """End a running wave now rather than on its last day. Raises Conflict."""
    require(policy.may_plan(person))
    at = now()
    with transaction():
        ended = db.session.execute(
            update(Wave)
            .where(Wave.id == wave.id, Wave.state == WaveState.RUNNING, Wave.closes_at > at)
            .values(closes_at=at)
        )
        if not ended.rowcount:  # type: ignore[attr-defined]
            raise Conflict(_("This survey is not running."))
        record(facts.STOPPED, by=person, about=("wave", wave.id))


def name_services(wave_id: int, edges: Sequence[Edge]) -> None:
    """The services a wave asks about, with the names of today."""
    rows = [
        {
            "wave_id": wave_id,
            "service_id": edge.id,
            "name": edge.name,
            "provider_id": edge.provider_id,
            "provider_name": edge.provider_name,
            "customer_id": edge.customer_id,
            "customer_name": edge.customer_name,
            "asked": 0,
        }
        for edge in edges
    ]
    add_missing(WaveService, rows)


def freeze_items(wave_id: int) -> None:
    """The items a wave asks, in the wording of today."""
    db.session.execute(delete(WaveItem).where(WaveItem.wave_id == wave_id))
    rows = [
        {"wave_id": wave_id, "version_id": asked.version_id, "position": place}
        for place, asked in enumerate(wordings.current(), 1)
    ]
    add_missing(WaveItem, rows)


def _check(wanted: Wanted) -> Checked:
    _check_title(wanted)
    opens_at, closes_at = _days(wanted)
    if wanted.months not in MONTHS:
        raise Invalid(_("Choose one from the list."), field="months")
    if wanted.most_people is not None and wanted.most_people < 1:
        raise Invalid(_("Give a whole number."), field="most_people")
    edges = confirmed_edges(wanted.services) if wanted.services else []
    if not edges:
        raise Invalid(_("Choose at least one service."), field="services")
    values = _said(wanted, opens_at, closes_at)
    return Checked(values | {"months": wanted.months, "most_people": wanted.most_people}, edges)


def _check_title(wanted: Wanted) -> None:
    if not wanted.title:
        raise Invalid(_("Give it a title."), field="title")
    if not limits.TITLE.allows(wanted.title):
        raise Invalid(_("Say it in one line."), field="title")


def _said(wanted: Wanted, opens_at: datetime, closes_at: datetime) -> dict[str, Any]:
    said = {"title": wanted.title, "lang": detect_lang(wanted.title)}
    return {**said, "opens_at": opens_at, "closes_at": closes_at}


def _check_bound(wave: Wave, wanted: Wanted) -> Checked:
    """What it asks and whom stays; it may begin later, and take longer, so that both surveys of an
    idea stay comparable."""
    _check_title(wanted)
    opens_at, closes_at = _days(wanted)
    first, last = company_day(wave.opens_at), last_day_before(wave.closes_at)
    if company_day(opens_at) < first:
        raise Invalid(
            _("It may begin later than %(day)s, not earlier.", day=day(first)), field="opens_on"
        )
    days = (last - first).days + 1
    if (last_day_before(closes_at) - company_day(opens_at)).days + 1 < days:
        raise Invalid(
            ngettext(
                "It takes %(num)d day now, and may take longer but not shorter.",
                "It takes %(num)d days now, and may take longer but not shorter.",
                days,
            ),
            field="closes_on",
        )
    following = db.session.scalar(
        select(func.min(Wave.opens_at)).where(
            Wave.idea_id == (wave.idea_id or 0), Wave.opens_at > wave.opens_at
        )
    )
    if following is not None and closes_at > following:
        on = day(company_day(following))
        raise Invalid(
            _("It must be over before customers are asked again, on %(day)s.", day=on),
            field="closes_on",
        )
    return Checked(_said(wanted, opens_at, closes_at))


def _days(wanted: Wanted) -> tuple[datetime, datetime]:
    """From the first midnight to the one after the last day, as the company's clocks show them."""
    first, last = wanted.opens_on, wanted.closes_on
    if first is None or last is None:
        raise Invalid(_("Choose a day."), field="opens_on" if first is None else "closes_on")
    today = company_day()
    if first < today:
        raise Invalid(_("Choose today or a later day."), field="opens_on")
    if (first - today).days > FARTHEST:
        raise Invalid(_("Choose a day within a year."), field="opens_on")
    if last < first:
        raise Invalid(_("It cannot end before it begins."), field="closes_on")
    if (last - first).days >= LONGEST:
        raise Invalid(_("A survey takes at most %(limit)d days.", limit=LONGEST), field="closes_on")
    return midnight(first), midnight(last + timedelta(days=1))
