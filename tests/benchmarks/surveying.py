"""What surveys cost after five years: 3,000 services between 200 departments, 20 quarterly waves,
100,000 answers of somebody about a service. On-CPU milliseconds a request beside the bare reference
page at the same size; queries, rows, bytes.

`python -m tests.benchmarks.surveying [--services 3000] [--departments 200] [--answers 100000]`
`python -m tests.benchmarks.surveying --people 50000`

First the CPU seconds of telling figures, of checking them, and of closing a wave with all its
answers. With `--people` only how a wave to so many is asked: CPU, memory, what its page says of it,
and what is left to do after SIGKILL in the middle.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import signal
import time
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, update

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import db, end_read, transaction
from forum.departments.models import Department
from forum.departments.services.asked import confirmed_edges
from forum.insights.figures import building
from forum.notifications.models import Notification
from forum.surveys import asking, closing, planning, queries
from forum.surveys.models import SurveyAnswer, Wave, WaveRequest
from forum.surveys.results import keeping
from forum.surveys.results.models import WaveOverall
from tests.benchmarks.crowded import MODERATOR, READER, Page, measure
from tests.benchmarks.forums import forum_in, new_forum
from tests.benchmarks.surveyed import Size, just_closed, settled, surveyed, timed

ASKED_OF = 7
"""A department whose page is looked at, of those in the order of their numbers."""
LOOK = 0.5
"""Seconds between two looks at how far asking has come."""


def planned(app: Flask) -> int:
    """A wave about all services that is due now."""
    with app.app_context():
        moderator = db.session.get_one(Person, MODERATOR)
        today = company_day()
        services = [edge.id for edge in confirmed_edges()]
        wanted = planning.Wanted("Now", today, today + timedelta(days=13), services)
        return planning.plan(moderator, wanted).id


def behind(app: Flask, waves: list[int], most: int) -> None:
    """What jobs and commands do."""
    with app.app_context():
        timed("surveys verify", lambda: [keeping.differences(each) for each in waves])
        timed("surveys rebuild", lambda: [keeping.rebuild(each) for each in waves])
        timed("insights, first count", building.rebuild)
        closed = just_closed(most)
        values = select(func.count()).where(SurveyAnswer.wave_id == closed)
        print(f"a wave with {db.session.scalar(values)} values", flush=True)
        timed("closing it", lambda: closing.mix(closed))
        timed("telling it", lambda: keeping.tell(closed))
        end_read()
        with transaction():
            db.session.execute(update(Wave).where(Wave.id == closed).values(purpose="baseline"))


def pages_of(app: Flask, running: int) -> list[Page]:
    """What is looked at."""
    with app.app_context():
        newest = _newest()
        place, branch = _told(newest, "provider"), _told(newest, "tree")
        service, served = _told(newest, "service"), _told(newest, "customer")
        slug = db.session.get_one(Department, place).slug
        owes = db.session.get_one(Person, READER).department_id
        month = company_day().strftime("%Y-%m")
    results = f"/surveys/{newest}/results"
    return [
        Page("surveys", READER, ["/surveys"]),
        Page("wave, closed", READER, [f"/surveys/{newest}"]),
        Page("wave, running", MODERATOR, [f"/surveys/{running}"]),
        Page("plan a wave", MODERATOR, ["/surveys/new"]),
        Page("answering", READER, [f"/surveys/{running}/answer"]),
        Page("home, asked", READER, ["/"]),
        Page("results, all", READER, [results]),
        Page("results, service", READER, [f"{results}/service/{service}"]),
        Page("results, provider", READER, [f"{results}/provider/{place}"]),
        Page("results, customer", READER, [f"{results}/customer/{served}"]),
        Page("results, branch", READER, [f"{results}/tree/{branch}"]),
        Page("results, CSV", READER, [f"{results}.csv"]),
        Page("reply", READER, [f"/surveys/{newest}/replies/{owes}"]),
        Page("changes", READER, ["/surveys/changes"]),
        Page("before and after", READER, ["/ideas/1"]),
        Page("promises", MODERATOR, ["/ideas/1/promises"]),
        Page("heat map", READER, ["/map"]),
        Page("services", READER, ["/map/services"]),
        Page("heat map, branch", READER, ["/map?branch=place-1"]),
        Page("star", READER, [f"/map/{slug}"]),
        Page("a service", READER, [f"/map/services/{service}"]),
        Page("insights", READER, ["/insights"]),
        Page("report", READER, [f"/insights/report/{month}"]),
        Page("passport", READER, [f"/departments/{slug}/passport"]),
    ]


def _newest() -> int:
    """The newest regular wave that is told."""
    told = select(func.max(Wave.id)).join(WaveOverall, WaveOverall.wave_id == Wave.id)
    return db.session.scalars(told.where(Wave.purpose == "regular")).one() or 0


def _told(wave: int, scope: str) -> int:
    """A whole of which the wave tells something."""
    query = select(WaveOverall.one).where(WaveOverall.wave_id == wave, WaveOverall.scope == scope)
    found = db.session.scalars(query.order_by(WaveOverall.one)).all()
    return found[min(ASKED_OF, len(found) - 1)]


def asks(folder: str) -> None:
    """Ask everybody in a process of its own, and print what it took."""
    app = forum_in(Path(folder))
    with app.app_context():
        begun = time.process_time()
        asking.sweep()
        spent = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"asked in a process of its own: {spent:.1f} s CPU, {memory} MB at most", flush=True)


def asking_many(app: Flask, folder: Path, wave: int) -> None:
    """Ask everybody, killed when half are asked."""
    start = multiprocessing.get_context("spawn").Process
    told = 0
    for killed in (True, False):
        process = start(target=asks, args=(str(folder),))
        process.start()
        while process.is_alive():
            time.sleep(LOOK)  # the other process works meanwhile
            with app.app_context():
                done = queries.progress_of(db.session.get_one(Wave, wave))
            if done.asked * 10 // max(done.to_ask, 1) > told:
                told = done.asked * 10 // max(done.to_ask, 1)
                print(f"{done.asked} asked of {done.to_ask}", flush=True)
            if killed and done.asked * 2 > done.to_ask:
                os.kill(process.pid or 0, signal.SIGKILL)
                break
        process.join()
    with app.app_context():
        requests = select(func.count(), func.count(WaveRequest.person_id.distinct()))
        told = select(func.count(), func.count(Notification.person_id.distinct()))
        asked = db.session.execute(requests.where(WaveRequest.wave_id == wave)).one()
        news = db.session.execute(told.where(Notification.object_kind == "surveys")).one()
        print(f"requests {asked[0]}, people {asked[1]}; news {news[0]}, people {news[1]}")


def measured(app: Flask, folder: Path, beside: Path, size: Size) -> None:
    """Fill, unless that was done before, and measure; the reference stands in a folder of its
    own."""
    if not (folder / "filled").exists():
        surveyed(app, size)
        with app.app_context():
            waves = keeping.reported()
        behind(app, waves, size.answers)
        running = planned(app)
        with app.app_context():
            timed("asking 2,000 people", asking.sweep)
        (folder / "filled").write_text(str(running))
    measure(app, beside, pages_of(app, int((folder / "filled").read_text())))


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--departments", type=int, default=200)
    parser.add_argument("--services", type=int, default=3_000)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--quarters", type=int, default=20)
    parser.add_argument("--ideas", type=int, default=60, help="those that promised something")
    parser.add_argument("--people", type=int, default=0, help="only ask so many")
    parser.add_argument("--keep", type=Path, help="folder to keep the filled forum in")
    given = parser.parse_args()
    size = Size(given.departments, given.services, answers=given.answers)
    with new_forum() as (app, folder):
        if given.people:
            settled(app, size._replace(people=given.people))
            asking_many(app, folder, planned(app))
            return
        kept = given.keep or folder
        kept.mkdir(parents=True, exist_ok=True)
        filled = forum_in(kept) if given.keep else app
        measured(filled, kept, folder, size._replace(quarters=given.quarters, ideas=given.ideas))


if __name__ == "__main__":
    main()
