"""An emergency publication that nobody has looked at in time is told: once, to who can look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.notifications import mailing
from forum.standards import actions
from forum.standards.approvals import overdue
from forum.standards.approvals.gate import How
from forum.standards.approvals.models import Release
from forum.standards.models import Version
from tests.notifications.inboxes import catch_up, news_of
from tests.notifications.posting import set_up
from tests.standards import standards
from tests.standards.approvals import approving
from tests.standards.approvals.approving import Scene, SignIn
from tests.support import make


@pytest.fixture
def late(app: Flask) -> Scene:
    """A standard that was published in an emergency and to be looked at by yesterday."""
    scene = approving.scene(app)
    with app.app_context():
        author, standard = db.session.get_one(Person, scene.author), standards.by_number("PS-001")
        actions.publish(author, standard, how=How(emergency=True, why="A pipe burst."))
    due(app, -1)
    catch_up(app)
    return scene


def due(app: Flask, days: int) -> None:
    """Let it be looked at by so many days from today."""
    with app.app_context(), transaction():
        db.session.query(Release).one().review_on = company_day() + timedelta(days=days)


def tell(app: Flask) -> int:
    with app.app_context():
        told = overdue.tell(company_day())
    catch_up(app)
    return told


def heard(app: Flask, who: int) -> list[str]:
    return [kind for kind in news_of(app, who) if kind == "review-overdue"]


def test_moderators_who_can_look_and_the_owner_hear_of_it_once(app: Flask, late: Scene) -> None:
    other = make.moderator(app)

    assert [tell(app) for _again in range(3)] == [1, 0, 0]
    assert heard(app, late.reviewer) == heard(app, other) == ["review-overdue"]
    assert heard(app, late.owner) == ["review-overdue"]
    for nobody in (late.author, late.head, late.of_it):
        assert heard(app, nobody) == []


def test_a_version_whose_moment_lies_ahead_is_told_once(app: Flask, late: Scene) -> None:
    with app.app_context(), transaction():
        db.session.query(Version).one().published_at = now() + timedelta(days=3)

    assert [tell(app) for _again in range(3)] == [1, 0, 0]
    assert heard(app, late.owner) == ["review-overdue"]


def test_the_next_emergency_of_a_standard_is_told_too(app: Flask, late: Scene) -> None:
    tell(app)
    standards.redraft(app, "PS-001", body="## Purpose\n\nCalmer.", departments=[late.it])
    with app.app_context():
        author, standard = db.session.get_one(Person, late.author), standards.by_number("PS-001")
        actions.publish(author, standard, how=How(emergency=True, why="It burst again."))
    with app.app_context(), transaction():
        for release in db.session.query(Release):
            release.review_on = company_day() - timedelta(days=1)

    assert [tell(app) for _again in range(2)] == [1, 0]


def test_it_is_said_in_both_languages(app: Flask, late: Scene, sign_in: SignIn) -> None:
    russian = make.person(app, role="moderator", locale="ru")
    tell(app)

    english = sign_in(late.owner).page("/notifications").text
    assert "Published in an emergency; it was to be looked at by" in english
    assert (
        "Опубликовано срочно; проверить надо было до"
        in sign_in(russian).page("/notifications").text
    )


def test_a_mail_goes_with_it(app: Flask, late: Scene) -> None:
    set_up(app, mail_url="smtp://127.0.0.1:9")
    with app.app_context():
        mailing.send_due()

    tell(app)

    with app.app_context():
        assert mailing.send_due() == 2  # the reviewer, the owner


def test_nothing_is_told_before_its_day_has_passed(app: Flask, late: Scene) -> None:
    due(app, 0)

    assert tell(app) == 0


def test_what_was_looked_at_is_told_no_more_and_is_news_no_more(
    app: Flask, late: Scene, sign_in: SignIn
) -> None:
    tell(app)
    sign_in(late.reviewer).post("/standards/PS-001/looked-at", {"note": "Fine."})
    catch_up(app)

    assert tell(app) == 0
    for who in (late.owner, late.reviewer):
        assert "Published in an emergency" not in sign_in(who).page("/notifications").text


def test_a_version_that_went_out_of_force_is_not_told(app: Flask, late: Scene) -> None:
    standards.rewrite(app, "PS-001", body="## Purpose\n\nCalmer.", departments=[late.it])

    assert tell(app) == 0


def test_the_only_moderator_hears_of_their_own(app: Flask, late: Scene) -> None:
    with app.app_context(), transaction():
        for other in db.session.query(Person).where(Person.role != "employee"):
            if other.id != late.author:
                other.role = "employee"

    tell(app)

    assert heard(app, late.author) == ["review-overdue"]
