"""A year of the demo company: every month of it has something to tell."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db
from forum.core.events import Event
from forum.insights.figures.models import WHOLE, InsightMonth
from forum.notifications.models import Notification
from forum.thanks.models import Thanks
from forum.training.models import AgendaItem, Case, CaseState, Session
from tests.demo.made import count

YEAR = 12


def months() -> dict[date, dict[str, dict[str, int]]]:
    """The twelve months before this one, as the whole company's figures tell them."""
    this = company_day().replace(day=1)
    query = (
        select(InsightMonth.month, InsightMonth.counts)
        .where(InsightMonth.department_id == WHOLE, InsightMonth.month < this)
        .order_by(InsightMonth.month.desc())
        .limit(YEAR)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


@pytest.mark.parametrize(
    ("figure", "least"), [("answers", 11), ("thanks", 10), ("sessions", 7), ("cases", 7)]
)
def test_most_months_of_a_year_have_something_to_tell(looking, figure, least) -> None:
    told = months()

    assert len(told) == YEAR
    assert sum(sum(each.get(figure, {}).values()) > 0 for each in told.values()) >= least


def test_departments_reply_to_surveys_all_year(looking) -> None:
    assert sum(each.get("replies", {}).get("in_time", 0) > 0 for each in months().values()) >= 3


def test_most_answers_come_in_time_and_some_do_not(looking) -> None:
    found = [each.get("answers", {}) for each in months().values()]
    in_time, late, silent = (
        sum(each.get(name, 0) for each in found) for name in ("in_time", "late", "open")
    )

    assert in_time > 5 * (late + silent) > 0


def test_each_session_of_the_year_ended_a_case_that_everybody_reads(looking) -> None:
    held = count(Session, Session.starts_at < now())
    ended = select(AgendaItem.session_id).join(Case, Case.id == AgendaItem.case_id)
    ended = ended.where(AgendaItem.outcome.is_not(None), Case.state == CaseState.OPEN)

    assert held == 10
    assert len(set(db.session.scalars(ended))) == held
    assert count(Case, Case.opened_at > now() - timedelta(days=1)) == 0


def test_thanks_of_long_ago_are_no_news(looking) -> None:
    old = Thanks.at < now() - timedelta(days=30)
    of_them = Notification.object_kind == "thanks"
    new = select(func.count()).where(
        of_them,
        Notification.read_at.is_(None),
        Notification.object_id.in_(select(Thanks.id).where(old)),
    )
    told = select(Event.at).where(Event.object_kind == "thanks").order_by(Event.at)

    assert count(Thanks, old) > 50
    assert db.session.scalar(new) == 0
    assert db.session.scalars(told).first() < now() - timedelta(days=300)
