"""Asking people, in batches: a wave opens, and goes through whom it asks from number to number.

How far it has come is a position that moves in the write that asks, guarded by where it stood: a
crash neither loses nor doubles anybody, nor do two processes at once. huey only wakes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, update

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.events import record
from forum.core.jobs import each_alone
from forum.core.modules import is_on
from forum.core.site import site
from forum.departments.services.asked import Edge, Served, confirmed_edges, served_by
from forum.surveys import burden, facts, holding, wordings
from forum.surveys.models import Wave, WaveItem, WaveRequest, WaveSample, WaveService, WaveState
from forum.surveys.planning import freeze_items, name_services
from forum.surveys.results.framing import keep_tree, tree_of
from forum.surveys.rows import add_missing
from forum.surveys.waves import last_day_before

BATCH = 100
"""People of one write; each is asked about a few services."""
SMALLEST_K = 5

Chosen = dict[int, list[int]]
"""Whom a wave asks about which services."""
TELL: list[Callable[[str, Sequence[int]], None]] = []
"""How people hear that they are asked (`asked`) or reminded (`due`), in the open write: features
above put themselves here. No event tells it, so that the log names nobody who has not answered."""


def tell(why: str, people: Sequence[int]) -> None:
    """Let these people know, in the open write."""
    for told in TELL:
        told(why, people)


def sweep() -> None:
    """Open what is due, and go on asking where it stopped; nothing while the module is off."""
    if not is_on("surveys"):
        return
    due = select(Wave.id).where(Wave.state == WaveState.PLANNED, Wave.opens_at <= now())
    each_alone("surveys", db.session.scalars(due.order_by(Wave.id)).all(), open_wave)
    waiting = select(Wave.id).where(Wave.state == WaveState.RUNNING, Wave.asked_all_at.is_(None))
    each_alone("surveys", db.session.scalars(waiting.order_by(Wave.id)).all(), ask)


def open_wave(wave_id: int) -> bool:
    """Open a wave: from here on its items, their wording, the names of its services, the
    company's tree and the smallest number of answers that is shown stay as they are. False where
    it was not due, or has nothing to ask."""
    services = select(WaveService.service_id).where(WaveService.wave_id == wave_id)
    edges = confirmed_edges(db.session.scalars(services).all())
    lacking = holding.lacks(len(edges), len(wordings.current()))
    if lacking is not None:
        holding.hold(wave_id, lacking)
        return False
    to_ask = db.session.scalar(select(func.count()).where(served_by(edges).people())) or 0
    end_read()
    with transaction():
        opened = db.session.execute(
            update(Wave)
            .where(Wave.id == wave_id, Wave.state == WaveState.PLANNED, Wave.opens_at <= now())
            .values(state=WaveState.RUNNING, k=max(site().survey_k, SMALLEST_K), to_ask=to_ask)
        )
        if not opened.rowcount:  # type: ignore[attr-defined]
            return False
        freeze_items(wave_id)
        _rename(wave_id, edges)
        keep_tree(wave_id)
        burden.put_in_lots(wave_id)
        record(facts.OPENED, by=None, about=("wave", wave_id))
    return True


def _rename(wave_id: int, edges: Sequence[Any]) -> None:
    """The names of today; services that are not confirmed any more are not asked about."""
    db.session.execute(delete(WaveService).where(WaveService.wave_id == wave_id))
    name_services(wave_id, edges)


class Round(NamedTuple):
    """What asking one wave needs to know."""

    wave: Wave
    served: Served
    per_service: int
    lots: burden.Lots
    allowed: Mapping[int, frozenset[int]] | None
    """Where a service asks no more than some: whom, by service."""


def ask(wave_id: int) -> int:
    """Go on asking; how many people were asked now."""
    asked, wave = 0, _unfinished(wave_id)
    this = _round(wave) if wave is not None else None
    while this is not None and wave is not None:
        people = _next_people(this, wave.position, limit=BATCH)
        chosen = choose(this, people)
        end_read()
        if not _write(this, people, chosen):
            break
        asked += len(chosen)
        wave = _unfinished(wave_id)
    return asked


def _unfinished(wave_id: int) -> Wave | None:
    """The wave as it stands now, while there is somebody to ask. One query."""
    wave = db.session.get(Wave, wave_id, populate_existing=True)
    if wave is None or wave.state != WaveState.RUNNING or wave.asked_all_at is not None:
        return None
    return wave


def _round(wave: Wave) -> Round:
    served = served_by(_edges(wave.id), tree_of(wave.id))
    this = Round(wave, served, questions_of(wave.id), burden.lots_of(wave.id), None)
    if wave.most_people is None:
        return this
    return this._replace(allowed=_within(this, wave.most_people))


def _edges(wave_id: int) -> list[Edge]:
    """The services of a wave that are between the same departments still: figures are counted by
    those of the day it opened, and the same few people might else count as people of two."""
    columns = (WaveService.service_id, WaveService.provider_id, WaveService.customer_id)
    rows = db.session.execute(select(*columns).where(WaveService.wave_id == wave_id))
    sides = {row[0]: (row[1], row[2]) for row in rows}
    return [
        edge
        for edge in confirmed_edges(sides)
        if sides[edge.id] == (edge.provider_id, edge.customer_id)
    ]


def questions_of(wave_id: int) -> int:
    """How many questions a wave asks about each service. One query."""
    return db.session.scalar(select(func.count()).where(WaveItem.wave_id == wave_id)) or 0


def _within(this: Round, most: int) -> dict[int, frozenset[int]]:
    """For each service, whom it asks where it asks at most so many: those it has asked already, and
    then who was asked least lately."""
    everybody = _next_people(this, 0, limit=None)
    possible = choose(this, everybody)
    have: dict[int, set[int]] = defaultdict(set)
    rows = select(WaveSample.service_id, WaveSample.person_id).where(
        WaveSample.wave_id == this.wave.id
    )
    for service_id, person_id in db.session.execute(rows):
        have[service_id].add(person_id)
    last = _last_asked(this.wave.id)
    for person_id in burden.in_turn(this.lots, {each: last.get(each) for each in possible}):
        for service_id in possible[person_id]:
            if len(have[service_id]) < most:
                have[service_id].add(person_id)
    return {service_id: frozenset(people) for service_id, people in have.items()}


def _last_asked(wave_id: int) -> dict[int, date]:
    query = select(WaveRequest.person_id, func.max(WaveRequest.asked_on))
    query = query.where(WaveRequest.wave_id != wave_id).group_by(WaveRequest.person_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _next_people(this: Round, position: int, *, limit: int | None) -> list[tuple[int, int | None]]:
    """The next people who are served, with their departments. One query."""
    query = (
        select(Person.id, Person.department_id)
        .where(Person.id > position, this.served.people())
        .order_by(Person.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def choose(this: Round, people: Sequence[tuple[int, int | None]]) -> Chosen:
    """Whom of these to ask about what, by what their month leaves. Two queries."""
    ids, today = [person_id for person_id, _department in people], company_day()
    lately: dict[int, burden.Asked] = {}
    running: dict[int, set[int]] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        lately.update(burden.asked_lately(part, today, but=this.wave.id))
        running.update(burden.running_elsewhere(part, but=this.wave.id))
    found: Chosen = {}
    for person_id, department_id in people:
        services = [
            each
            for each in this.served.services_of(department_id)
            if each not in running.get(person_id, ()) and _is_allowed(this, each, person_id)
        ]
        left = burden.room(lately.get(person_id, burden.NEVER)).services(this.per_service)
        if services and left > 0:
            found[person_id] = burden.drawn(this.lots, person_id, services, left)
    return found


def _is_allowed(this: Round, service_id: int, person_id: int) -> bool:
    return this.allowed is None or person_id in this.allowed.get(service_id, ())


def _write(this: Round, people: Sequence[tuple[int, int | None]], chosen: Chosen) -> bool:
    """Ask these people and move on, in one write; False where another process was faster or the
    wave has closed meanwhile."""
    wave = this.wave
    moved: dict[str, Any] = {"position": people[-1][0]} if people else {}
    if len(people) < BATCH:
        moved["asked_all_at"] = now()
    with transaction():
        claimed = db.session.execute(
            update(Wave)
            .where(
                Wave.id == wave.id,
                Wave.position == wave.position,
                Wave.state == WaveState.RUNNING,
                Wave.asked_all_at.is_(None),
            )
            .values(**moved)
            .execution_options(synchronize_session=False)
        )
        if not claimed.rowcount:  # type: ignore[attr-defined]
            return False
        new = _ask_for(this, chosen)
        tell("asked", new)
    return True


def _ask_for(this: Round, chosen: Chosen) -> list[int]:
    """The requests and what they are about; who was asked only now."""
    wave, today = this.wave, company_day()
    due_on = last_day_before(wave.closes_at)
    requests = [
        {
            "wave_id": wave.id,
            "person_id": person_id,
            "asked_on": today,
            "due_on": due_on,
            "questions": len(services) * this.per_service,
            "reminders": 0,
        }
        for person_id, services in chosen.items()
    ]
    new = [row[0] for row in add_missing(WaveRequest, requests, WaveRequest.person_id)]
    samples = [
        {"wave_id": wave.id, "person_id": person_id, "service_id": service_id}
        for person_id in new
        for service_id in chosen[person_id]
    ]
    add_missing(WaveSample, samples)
    return sorted(new)
