"""The demo's training: cases, a session to come with a waiting list, and those of a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from forum.accounts.models import Person
from forum.core.calendar import add_working_days, company_day, midnight
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.events import record
from forum.demo.content import Content, Row
from forum.demo.people import Cast
from forum.demo.timeline import put_back
from forum.departments.queries import answerers_of
from forum.standards.clauses.models import Clause, VersionClause
from forum.standards.models import Standard, Version
from forum.training import facts
from forum.training.cases import actions as cases
from forum.training.cases.queries import unconfirmed
from forum.training.models import (
    AgendaItem,
    Case,
    CaseDepartment,
    CaseState,
    Check,
    Seat,
    Session,
)
from forum.training.record import keep_shares
from forum.training.sessions import actions, attendance, outcomes, seats


def add(content: Content, cast: Cast) -> None:
    """Everything of the file, by the forum's own actions. Some forty short writes."""
    Training(content, cast).tell()


class Training:
    """The file `training.json`; standards are named by their keys in `standards.json`."""

    def __init__(self, content: Content, cast: Cast) -> None:
        self.told, self.cast = content.training, cast
        self.moderator = cast.people["moderator"]
        self.places = {row["key"]: place for place, row in enumerate(content.standards, 1)}
        self.cases: dict[str, Case] = {}

    def tell(self) -> None:
        """Cases first, so that they make the agendas."""
        for row in self.told["cases"]:
            self.cases[row["key"]] = self._case(row)
        self._past(self.told["past"])
        self._coming(self.told["coming"])
        for row in self.told["earlier"]:
            self._earlier(row)

    def _standard(self, key: str) -> Standard:
        query = select(Standard).where(Standard.sequence == self.places[key])
        return db.session.scalars(query).one()

    def _departments(self, row: Row) -> list[int]:
        return [self.cast.departments[slug] for slug in row["departments"]]

    def _case(self, row: Row) -> Case:
        standard, places = self._standard(row["standard"]), self._departments(row)
        month = (company_day() - timedelta(days=30 * row["months_ago"])).replace(day=1)
        wanted = cases.Wanted(
            **{name: row[name] for name in ("title", *cases.WORDS)},
            month=month,
            departments=places,
            touches=_touched(standard, row["clause"]),
        )
        case = cases.draft(self.moderator, wanted)
        with transaction():
            case.confirmed = " ".join(unconfirmed(case))
        cases.send(self.moderator, case)
        for place, people in answerers_of(places).items():
            speaker = db.session.get_one(Person, people[0])
            cases.check(speaker, case, place, fine=True)
        opened = midnight(month + timedelta(days=20)) + timedelta(hours=9)
        with transaction():
            case.created_at = case.opened_at = opened
            put_back("case", case.id, opened)
        return case

    def _plan(self, row: Row, on: date) -> Session:
        about: dict[str, Any] = {
            "minutes": 90,
            "at": time(row["hour"]),
            "on": on,
            "host_id": self.moderator.id,
            "departments": self._departments(row),
            "standards": self._standard(row["standard"]).number,
        }
        told = {name: row[name] for name in ("title", "about", "place", "capacity")}
        return actions.plan(self.moderator, actions.Wanted(**about, **told))

    def _past(self, row: Row) -> None:
        """Planned for a day to come, like any session, and then put where the file says: yesterday
        first, while cases still end."""
        session = self._plan(row, company_day() + timedelta(days=1))
        for key in row["came"]:
            seats.sign_up(self.cast.people[key], session)
        self._put(session, now() - timedelta(days=1))
        for each in row["outcomes"]:
            query = select(AgendaItem).where(
                AgendaItem.session_id == session.id,
                AgendaItem.case_id == self.cases[each["case"]].id,
            )
            item = db.session.scalars(query).one()
            outcomes.settle(self.moderator, session, item, each["outcome"], note=each["note"])
        on = add_working_days(company_day() - timedelta(days=row["days_ago"]), 0)
        self._put(session, datetime.combine(on, time(row["hour"]), UTC))
        came = [self.cast.people[key].id for key in row["came"]]
        attendance.note(self.moderator, session, came)

    def _earlier(self, row: Row) -> None:
        """A session of long ago, with the case it was about, as both have become since."""
        on = add_working_days(company_day() - timedelta(days=row["days_ago"]), 0)
        starts_at = datetime.combine(on, time(row["hour"]), UTC)
        case = self._opened(row, starts_at - timedelta(days=12))
        session = self._plan(row, company_day() + timedelta(days=1))
        keys = [key for slug in row["departments"] for key in self.cast.members[slug]]
        came = [self.cast.people[key] for key in keys[-row["people"] :]]
        about = {"outcome": row["outcome"], "note": row["note"], "by_id": self.moderator.id}
        with transaction():
            gone = delete(AgendaItem).where(AgendaItem.session_id == session.id)
            db.session.execute(gone)
            item = AgendaItem(session_id=session.id, case_id=case.id, at=starts_at, **about)
            db.session.add(item)
            db.session.add_all(
                Seat(
                    session_id=session.id,
                    person_id=each.id,
                    department_id=each.department_id,
                    at=starts_at - timedelta(days=5),
                    attended=True,
                )
                for each in came
            )
            db.session.flush()
            keep_shares(session, {each.id for each in came})
        self._put(session, starts_at)

    def _opened(self, row: Row, at: datetime) -> Case:
        """A case that its departments found right on a day."""
        told, standard = row["case"], self._standard(row["standard"])
        wanted = cases.Wanted(
            **{name: told[name] for name in ("title", *cases.WORDS)},
            month=(at - timedelta(days=20)).date().replace(day=1),
            departments=self._departments(row),
            touches=_touched(standard, told["clause"]),
        )
        case = cases.draft(self.moderator, wanted)
        checked = update(CaseDepartment).where(CaseDepartment.case_id == case.id)
        with transaction():
            case.confirmed = " ".join(unconfirmed(case))
            case.state, case.opened_at, case.created_at = CaseState.OPEN, at, at
            db.session.execute(checked.values(answer=Check.FINE, at=at))
            put_back("case", case.id, at)
            about = ("case", case.id)
            record(facts.OPENED, by=None, about=about, at=at, writer=case.drafted_by_id)
        return case

    def _put(self, session: Session, starts_at: datetime) -> None:
        with transaction():
            session.starts_at = starts_at
            session.reminded_at = starts_at - timedelta(days=1)
            session.created_at = starts_at - timedelta(days=21)
            put_back("training", session.id, starts_at)

    def _coming(self, row: Row) -> None:
        session = self._plan(row, add_working_days(company_day(), row["in_days"]))
        seats.invite(self.moderator, session, [], members=True)
        keys = [key for slug in row["departments"] for key in self.cast.members[slug]]
        for key in keys[: row["people"]]:
            seats.sign_up(self.cast.people[key], session)


def _touched(standard: Standard, title: str) -> str:
    """The clause of the version in force with a heading, as a form names it."""
    query = (
        select(Clause.key)
        .join(VersionClause, VersionClause.clause_id == Clause.id)
        .join(Version, Version.id == VersionClause.version_id)
        .where(
            Version.standard_id == standard.id,
            Version.number == standard.in_force,
            VersionClause.title == title,
        )
    )
    return f"{standard.number}:{db.session.scalars(query).one()}"
