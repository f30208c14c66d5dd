"""`forum demo`: the company of the files, made once, the same every time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from forum.accounts.models import Person
from forum.accounts.names import ANONYMOUS
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import Event
from forum.core.site import SiteSetting, site
from forum.demo import load as loader
from forum.demo.cli import is_loopback
from forum.demo.timeline import Step, arrange
from forum.discussion.models import Comment
from forum.discussion.visibility import standing
from forum.ideas.again.models import Condition
from forum.ideas.merges.models import Merge
from forum.ideas.models import (
    Answer,
    AnswerKind,
    Decision,
    Idea,
    IdeaRevision,
    Stage,
    StageChange,
    StageKind,
    Vote,
)
from forum.ideas.visibility import listed_for
from forum.moderation.queries import QUEUES, rows_of
from forum.notifications.models import Notification
from forum.search.glossary.models import GlossaryEntry
from forum.standards.models import Acknowledgement, Standard, Version
from tests.demo.company import BY_ID, IDEAS, LATELY, PEOPLE, SIGN_INS, STANDARDS
from tests.demo.made import count, make_company, the_idea
from tests.support import make
from tests.support.browser import Browser

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SIGNED = Idea.anonymous == ""
NAMED = Person.name != ANONYMOUS
"""Everybody but nobody, who stands as the author of what was posted without a name."""
GENERAL = 1
"""What every service goes by, of one version."""
RELAYED = 2
"""A question and its answer under that."""


def tables() -> dict[str, int]:
    return {table.name: count(table) for table in db.metadata.sorted_tables}


def test_everything_in_the_files_is_there(looking) -> None:
    voices = sum(len(idea["comments"]) for idea in IDEAS)
    reasons = sum(idea["stage"] in ("merged", "withdrawn") for idea in IDEAS)

    twice = db.session.scalar(select(func.sum(Merge.both)))

    assert count(Person, NAMED) == len(PEOPLE)
    assert count(Idea, SIGNED) == len(IDEAS) + len(LATELY["improvements"])
    assert count(Idea, ~SIGNED) == 1
    assert count(Comment) == voices + reasons + len(LATELY["documents"]) + RELAYED
    assert count(Vote) == sum(sum(i["votes"]["by_department"].values()) for i in IDEAS) - twice
    assert count(Standard) == len(STANDARDS) + GENERAL
    assert count(Version) == sum(len(s["versions"]) for s in STANDARDS) + GENERAL
    assert count(Acknowledgement) == sum(sum(s["acknowledged"].values()) for s in STANDARDS)


def test_every_idea_stands_at_the_stage_of_its_file(looking) -> None:
    stages = dict(
        db.session.execute(
            select(Idea.stage_kind, func.count()).where(SIGNED).group_by(Idea.stage_kind)
        ).all()
    )

    stages[StageKind.DONE] -= len(LATELY["improvements"])
    for stage in {idea["stage"] for idea in IDEAS}:
        assert stages[stage] == sum(idea["stage"] == stage for idea in IDEAS), stage


def test_counters_say_what_the_rows_say(looking) -> None:
    votes = select(func.count()).where(Vote.idea_id == Idea.id).scalar_subquery()
    shown = (Comment.thread_id == Idea.thread_id) & standing()
    comments = select(func.count()).where(shown).scalar_subquery()
    unread = (
        select(func.count())
        .where(Notification.person_id == Person.id, Notification.read_at.is_(None))
        .scalar_subquery()
    )

    assert count(Idea, (Idea.vote_count != votes) | (Idea.support != votes)) == 0
    assert count(Idea, Idea.comment_count != comments) == 0
    assert count(Person, Person.unread != unread) == 0


def test_what_happened_is_past_and_in_order(looking) -> None:
    early = select(Idea.posted_at).where(Idea.thread_id == Comment.thread_id).scalar_subquery()

    assert count(Event, Event.at > now()) == 0
    assert count(Comment, Comment.created_at < early) == 0
    assert count(Decision, Decision.at > now()) == 0
    steps = db.session.execute(
        select(
            StageChange.idea_id, StageChange.at, StageChange.from_kind, StageChange.to_kind
        ).order_by(StageChange.idea_id, StageChange.id)
    ).all()
    for before, after in pairwise(steps):
        if before.idea_id == after.idea_id:
            assert before.at <= after.at
            assert before.to_kind == after.from_kind


def test_every_state_can_be_looked_at(looking) -> None:
    admin = db.session.scalars(select(Person).where(Person.email == "admin@demo.example")).one()
    empty = [queue.name for queue in QUEUES if not rows_of(admin, queue)]
    assert not empty
    assert count(Comment, Comment.deleted_at.is_not(None)) == 1
    assert count(Decision, Decision.revisit_id.is_not(None)) >= 5
    assert count(Idea, Idea.hidden_at.is_not(None), Idea.trashed_at.is_(None)) == 1
    assert count(Idea, Idea.trashed_at.is_not(None)) == 1
    assert count(Condition, Condition.met_at.is_(None)) >= 2
    assert {state for (state,) in db.session.execute(select(Version.state).distinct())} >= {
        *("draft", "in_force", "superseded", "retired"),
    }
    assert set(db.session.scalars(select(Answer.answer).distinct())) == set(AnswerKind)


def test_old_news_is_read_and_some_new_is_not(looking) -> None:
    unread = Notification.read_at.is_(None)
    week = now() - timedelta(days=7, minutes=1)

    assert count(Notification, unread, Notification.at < week) == 0


def test_what_a_form_would_ask_twice_is_marked_so(looking) -> None:
    against = the_idea("sales-stock-hold")

    decision = db.session.scalars(select(Decision).where(Decision.idea_id == against.id)).one()

    assert decision.override
    assert count(Decision, Decision.override) >= 1


def test_some_ideas_were_edited_and_their_first_wording_is_kept(looking) -> None:
    idea = the_idea("cycle-count")

    wordings = db.session.scalars(
        select(IdeaRevision.title)
        .where(IdeaRevision.idea_id == idea.id)
        .order_by(IdeaRevision.number)
    ).all()

    assert idea.revision == len(wordings) == 2
    assert wordings[1] == idea.title != wordings[0]
    assert count(Idea, Idea.revision > 1) >= 5


def test_a_merged_idea_leads_to_the_other_and_keeps_its_votes(looking) -> None:
    merged = the_idea("overtime-approval")

    assert merged.merged_into_id == the_idea("saturday-work").id
    assert merged.vote_count == sum(BY_ID["overtime-approval"]["votes"]["by_department"].values())


def test_a_standard_has_one_version_in_force_and_its_ideas_became_it(looking) -> None:
    first = db.session.scalars(select(Standard).order_by(Standard.sequence)).first()

    assert first is not None
    assert first.number == "PS-001"
    assert (first.state, first.in_force) == ("in_force", 3)
    assert the_idea("laptop-day-one").stage_kind == "standardised"
    days = now().date() - the_idea("laptop-day-one").stage_since.date()
    assert days.days == STANDARDS[0]["versions"][0]["days_ago"]


def test_a_hundred_ideas_are_hidden_from_the_consultant(looking) -> None:
    consultant = db.session.scalars(
        select(Person).where(Person.email == "consultant@demo.example")
    ).one()

    seen = count(Idea, listed_for(consultant))

    assert seen >= 10
    assert count(Idea, Idea.stage_kind != "draft") - seen >= 100


@pytest.mark.parametrize("email", SIGN_INS)
def test_a_visitor_signs_in_and_is_told_that_it_is_a_demo(company, email) -> None:
    browser = Browser(company)
    browser.get("/sign-in")

    answer = browser.post("/sign-in", {"email": email, "password": loader.PASSWORD})

    assert answer.status_code == 303
    assert browser.page("/ideas").all("p", class_="demo")


def test_the_glossary_pairs_words_of_both_languages(looking) -> None:
    entries = db.session.scalars(select(GlossaryEntry)).all()

    assert len(entries) == 12
    assert any("ТМЦ" in entry.sides and "inventory" in entry.sides for entry in entries)


def test_making_it_twice_changes_nothing(company) -> None:
    with company.app_context():
        before = tables()
        assert not loader.load()
        assert tables() == before


def test_it_is_the_same_every_time(told, app) -> None:
    assert make_company(app) == told


@pytest.mark.parametrize("hour", [0, 4, 12, 23])
def test_days_follow_one_another_and_end_before_now_whatever_the_hour(hour) -> None:
    today = NOON.replace(hour=hour)
    steps = [Step(day, phase, lambda _at: None) for day in range(3) for phase in (2, 1, 1)]

    made = list(arrange(steps, today))

    moments = [moment for moment, _step in made]
    assert moments == sorted(moments)
    assert max(moments) < today
    assert [(s.days_ago, s.phase) for _at, s in made] == [
        (day, phase) for day in (2, 1, 0) for phase in (1, 1, 2)
    ]


def test_a_folder_with_a_real_forum_is_left_alone(app) -> None:
    make.person(app, email="somebody@company.example")
    with app.app_context():
        before = tables()

        with pytest.raises(Conflict, match="real forum"):
            loader.load()

        assert tables() == before


def after_a_fifth() -> None:
    """Somebody ends the loading soon after it began."""

    def interrupted(steps: Iterable[Any], total: int) -> Iterator[Any]:
        yield from islice(steps, total // 5)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loader.load(interrupted)
    db.session.remove()
    assert 0 < count(Idea) < len(IDEAS)
    db.session.remove()


def at_its_very_end() -> None:
    """Everything is there, but for the note that it is."""
    loader.load()
    with transaction():
        db.session.execute(delete(SiteSetting).where(SiteSetting.name == loader.COMPLETE))


@pytest.mark.share(2)
@pytest.mark.parametrize("interrupt", [after_a_fifth, at_its_very_end])
def test_an_interrupted_one_is_made_anew(app, interrupt: Callable[[], None]) -> None:
    with app.app_context():
        interrupt()
        app.extensions.pop("forum.stage-cards", None)  # begun again by another process

        assert loader.load()
        assert count(Idea, SIGNED) == len(IDEAS) + len(LATELY["improvements"])
        assert count(Person, NAMED) == len(PEOPLE)
        assert count(Stage) == len(StageKind) + len(LATELY["stages"])


def test_the_modules_of_the_environment_win(company) -> None:
    with company.app_context():
        assert len(site().modules) == 8
        db.session.remove()
    company.config["MODULES"] = frozenset(["map"])
    company.extensions["forum.site"]._site = None
    try:
        with company.app_context():
            assert site().modules == ("map",)
    finally:
        company.config["MODULES"] = None
        company.extensions["forum.site"]._site = None


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.3.2.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("demo.example", False),
        ("", False),
    ],
)
def test_only_this_machine_counts_as_alone(host, alone) -> None:
    assert is_loopback(host) is alone


def test_a_demo_does_not_listen_to_others_unless_told_to(app) -> None:
    refused = app.test_cli_runner().invoke(args=["demo", "--host", "0.0.0.0"])

    assert isinstance(refused.exception, Invalid)
    assert "--public-demo" in str(refused.exception)
