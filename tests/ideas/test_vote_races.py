"""Fifty people at once on one idea: exact, on both databases."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.ideas import votes
from forum.ideas.models import Idea, Vote
from tests.support import make

ROUNDS = 100 if os.environ.get("FORUM_TEST_FULL") else 4
PEOPLE = 50


def in_the_end(person_id: int, number: int) -> bool:
    """Whether this person still supports the idea of a round: a third take it back."""
    return (person_id + number) % 3 != 0


def act(app: Flask, person_id: int, idea_id: int, number: int) -> None:
    """Support twice, and perhaps take it back."""
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        target = db.session.get_one(Idea, idea_id)
        votes.cast_vote(person, target)
        votes.cast_vote(person, target)
        if not in_the_end(person_id, number):
            votes.take_back_vote(person, target)


def test_fifty_people_at_once_are_counted_exactly(app) -> None:
    people = [make.person(app) for _ in range(PEOPLE)]

    for number in range(ROUNDS):
        idea = make.idea(app, problem=f"Round {number}")
        together = threading.Barrier(PEOPLE)

        def acts(person_id: int, idea: int, number: int, together: threading.Barrier) -> None:
            together.wait()
            act(app, person_id, idea, number)

        with ThreadPoolExecutor(PEOPLE) as pool:
            given = [pool.submit(acts, person, idea, number, together) for person in people]
            for each in given:
                each.result()

        expected = sum(in_the_end(person, number) for person in people)
        with app.app_context():
            counted = db.session.get_one(Idea, idea).vote_count
            rows = db.session.scalar(select(func.count()).where(Vote.idea_id == idea))
        assert (counted, rows) == (expected, expected)
