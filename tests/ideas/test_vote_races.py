"""Fifty people at once on one idea: exact, on both databases."""

from __future__ import annotations

import os
import threading

from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.ideas import votes
from forum.ideas.models import Idea, Vote
from tests.support import make

ROUNDS = 100 if os.environ.get("FORUM_TEST_FULL") else 4
PEOPLE = 50


def test_fifty_people_at_once_are_counted_exactly(app) -> None:
    people = [make.person(app) for _ in range(PEOPLE)]
    failures: list[BaseException] = []

    for number in range(ROUNDS):
        idea = make.idea(app, problem=f"Round {number}")
        together = threading.Barrier(PEOPLE)

        def act(person_id: int, idea_id: int, together: threading.Barrier, number: int) -> None:
            together.wait()
            try:
                with app.app_context():
                    person = db.session.get_one(Person, person_id)
                    target = db.session.get_one(Idea, idea_id)
                    votes.cast_vote(person, target)
                    votes.cast_vote(person, target)
                    if (person_id + number) % 3 == 0:
                        votes.take_back_vote(person, target)
            except BaseException as error:
                failures.append(error)

        threads = [
            threading.Thread(target=act, args=(person, idea, together, number)) for person in people
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        expected = sum((person + number) % 3 != 0 for person in people)
        with app.app_context():
            counted = db.session.get_one(Idea, idea).vote_count
            rows = db.session.scalar(select(func.count()).where(Vote.idea_id == idea))
        assert not failures
        assert (counted, rows) == (expected, expected)
