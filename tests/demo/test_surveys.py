"""The demo's surveys: what they tell agrees with what is told of ideas, in its own time."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from forum.core.calendar import company_day, working_days
from forum.core.db import db
from forum.demo import load as loader
from forum.departments.models import Department
from forum.ideas.models import Idea
from forum.surveys.change import queries
from forum.surveys.figures.verdicts import Verdict
from forum.surveys.loop.models import Reply
from forum.surveys.models import (
    Purpose,
    SurveyAnswer,
    SurveyText,
    Wave,
    WaveParticipation,
    WaveService,
    WaveState,
)
from forum.surveys.results.models import WaveOverall
from tests.demo.made import the_idea
from tests.support.browser import Browser

ENDED = Wave.state == WaveState.CLOSED
VERDICTS = {
    "torque-wrench-recall": Verdict.BETTER,
    "weighing-small-parts": Verdict.BETTER,
    "night-it-support": Verdict.UNCLEAR,
    "drawing-revision": Verdict.WORSE,
}


def change_of(name: str) -> queries.Change:
    idea = the_idea(name)
    return queries.changes_of([idea.id])[idea.id]


@pytest.mark.parametrize("name", VERDICTS)
def test_ideas_that_are_measured_are_told_of_whatever_came_of_them(looking, name) -> None:
    change = change_of(name)

    assert change.verdict == VERDICTS[name]
    assert len(change.waves) == 2
    assert all(promise.before is not None for promise in change.promises)


@pytest.mark.parametrize("name", VERDICTS)
def test_the_trend_of_a_service_tells_the_same_story(looking, name) -> None:
    change = change_of(name)
    assert change.since is not None
    service = change.promises[0].cell[0]

    means = regular_means(service)

    before = [mean for on, mean in means if on < change.since]
    next_one = next(mean for on, mean in means if on > change.since)
    rose = next_one - before[-1]
    agrees = {Verdict.BETTER: rose > 0.5, Verdict.WORSE: rose < -0.5, Verdict.UNCLEAR: True}
    assert agrees[VERDICTS[name]]
    assert abs(rose) < 0.5 or VERDICTS[name] != Verdict.UNCLEAR


@pytest.mark.parametrize("name", VERDICTS)
def test_what_was_before_is_what_the_newest_survey_told_then(looking, name) -> None:
    change = change_of(name)
    assert change.since is not None

    asked = [promise.asked for promise in change.promises]

    means = regular_means(change.promises[0].cell[0])
    newest = [on for on, _mean in means if on <= change.since][-1]
    assert [company_day(each.closes_at) for each in asked if each] == [newest] * len(asked)


def regular_means(service: int) -> list[tuple[date, float]]:
    query = (
        select(Wave.closes_at, WaveOverall.mean)
        .join(WaveOverall, WaveOverall.wave_id == Wave.id)
        .where(Wave.purpose == Purpose.REGULAR)
        .where(WaveOverall.scope == "service", WaveOverall.one == service)
        .order_by(Wave.closes_at)
    )
    return [(company_day(row[0]), row[1]) for row in db.session.execute(query)]


@pytest.mark.parametrize("name", VERDICTS)
def test_what_is_measured_is_a_service_of_the_department_that_carries_the_idea(
    looking, name
) -> None:
    idea = the_idea(name)

    (provider,) = {promise.provider for promise in change_of(name).promises}

    owner = db.session.get_one(Department, idea.owner_department_id)
    assert provider == owner.name


def test_as_many_took_part_as_answered(looking) -> None:
    took_part = dict(
        map(
            tuple,
            db.session.execute(
                select(WaveParticipation.wave_id, func.count()).group_by(WaveParticipation.wave_id)
            ),
        )
    )
    cells = (SurveyAnswer.wave_id, SurveyAnswer.service_id, SurveyAnswer.version_id)
    counted = db.session.execute(select(cells[0], func.count()).group_by(*cells)).all()
    asked = db.session.execute(select(WaveService.wave_id, WaveService.service_id)).all()

    assert {row[0] for row in counted} == set(db.session.scalars(select(Wave.id).where(ENDED)))
    assert all(row[1] <= took_part[row[0]] for row in counted)
    assert len(asked) > len(took_part)


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_no_survey_denies_the_answers_that_it_shows(company, locale) -> None:
    with company.app_context():
        ended = db.session.scalars(select(Wave.id).where(ENDED)).all()
    browser = Browser(company)
    browser.get("/sign-in")
    email = {"en": "anna@demo.example", "ru": "moderator@demo.example"}[locale]
    browser.post("/sign-in", {"email": email, "password": loader.PASSWORD})

    for wave in ended:
        page = browser.get(f"/surveys/{wave}").text
        assert "Fewer than" not in page
        assert "Меньше" not in page
        assert f"/surveys/{wave}/results" in page


def test_surveys_are_told_apart_by_their_titles(looking) -> None:
    titles = db.session.scalars(select(Wave.title)).all()

    assert Counter(titles).most_common(1)[0][1] == 1
    assert any(title.startswith("After 6 weeks: ") for title in titles)
    assert any(title.startswith("Спустя 12 недель: ") for title in titles)


def test_answers_say_nothing_of_who_gave_them(looking) -> None:
    keys = [
        *db.session.scalars(select(SurveyAnswer.key)),
        *db.session.scalars(select(SurveyText.key)),
    ]
    columns = {*SurveyAnswer.__table__.columns.keys(), *SurveyText.__table__.columns.keys()}

    assert len(set(keys)) == len(keys)
    assert all(len(key) == 32 for key in keys)
    assert columns == {"key", "wave_id", "service_id", "version_id", "value", "lang", "body"}


def test_nobody_says_the_same_twice(looking) -> None:
    said = db.session.scalars(select(SurveyText.body)).all()

    assert len(said) > 60
    assert len(set(said)) == len(said)


def test_departments_reply_in_the_time_of_their_survey_most_of_them(looking) -> None:
    ends = dict(map(tuple, db.session.execute(select(Wave.id, Wave.closes_at))))
    replies = db.session.scalars(select(Reply)).all()

    assert all(working_days(company_day(ends[r.wave_id]), r.due_on) == 10 for r in replies)
    said = [reply for reply in replies if reply.at is not None]
    assert all(reply.at >= ends[reply.wave_id] for reply in said if reply.at)
    assert 0.6 * len(replies) < len(said) < len(replies)
    assert any(on_day(reply.at) > reply.due_on for reply in said)
    assert all(reply.next_on is None for reply in said)


def on_day(at: datetime | None) -> date:
    assert at is not None
    return company_day(at)


def test_it_replied_to_the_newest_survey(looking) -> None:
    newest = (
        select(Wave.id)
        .where(ENDED, Wave.purpose == Purpose.REGULAR)
        .order_by(Wave.closes_at.desc())
        .limit(1)
    )
    it = select(Department.id).where(Department.slug == "it")

    replied = select(Reply.at).where(
        Reply.wave_id == newest.scalar_subquery(), Reply.department_id == it.scalar_subquery()
    )

    assert db.session.scalar(replied) is not None


def test_what_is_carried_out_is_due_no_more(looking) -> None:
    over = Idea.stage_kind.in_(("standardised", "done"))
    late = select(Idea.title).where(over, Idea.due_on > company_day())

    assert not db.session.scalars(late).all()
