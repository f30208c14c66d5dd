"""Of equally fitting results the supported, accepted and newer come first; words still decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.ideas.models import Idea
from forum.search import priors
from forum.search.follower import catch_up
from tests.search.test_finding import found
from tests.support import make


def dated(app, idea, days):
    """Say that an idea was posted so long ago."""
    with app.app_context(), transaction():
        at = now() - timedelta(days=days)
        db.session.execute(update(Idea).where(Idea.id == idea).values(posted_at=at))


def titles(app, sign_in, query="dock"):
    """What a search finds, in order."""
    catch_up(app)
    return found(sign_in(), query)


def test_the_supported_one_comes_first(app, sign_in):
    older = make.idea(app, title="Dock two", problem="Lorries.")
    newer = make.idea(app, title="Dock one", problem="Lorries.")
    dated(app, older, 2)
    dated(app, newer, 2)
    make.vote(app, older)

    assert titles(app, sign_in) == ["Dock two", "Dock one"]


def test_the_accepted_one_comes_first(app, sign_in):
    accepted = make.idea(app, title="Dock two", problem="Lorries.")
    make.idea(app, title="Dock one", problem="Lorries.")
    make.decide(app, accepted)

    assert titles(app, sign_in) == ["Dock two", "Dock one"]


def test_the_newer_one_comes_first_though_it_says_it_in_more_words(app, sign_in):
    older = make.idea(app, title="Dock two", problem="Lorries " + "wait " * 9)
    make.idea(app, title="Dock one", problem="Lorries " + "wait " * 10)
    dated(app, older, 3_000)

    assert titles(app, sign_in) == ["Dock one", "Dock two"]


def test_words_outweigh_all_of_it(app, sign_in):
    make.idea(app, title="Dock", problem="Dock dock dock.")
    favoured = make.idea(app, title="Elsewhere", problem="There is a dock " + "far away " * 40)
    for _voter in range(5):
        make.vote(app, favoured)
    make.decide(app, favoured)

    assert titles(app, sign_in) == ["Dock", "Elsewhere"]


@pytest.mark.parametrize("name", ["in_force", "accepted", "supported", "fresh"])
def test_no_prior_is_more_than_a_tenth(name):
    assert 0 < priors.WEIGHTS[name] <= 0.1
    assert (
        max(
            sum(weight for other, weight in priors.WEIGHTS.items() if other != left_out)
            for left_out in ("in_force", "accepted")
        )
        <= priors.MOST
    )
