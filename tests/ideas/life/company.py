"""Who lives in the company of the machine, and how one of them does something to an idea."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import DomainError
from forum.ideas import queries
from forum.ideas.models import Idea
from tests.ideas.life.remembered import Remembered
from tests.support import make
from tests.support.forums import Prepared

PLACES = st.integers(0, 3)
ANYBODY = st.integers(0, 20)
MODERATORS = st.integers(0, 1)
IDEAS: Bundle[int] = Bundle("ideas")
COMMENTS: Bundle[int] = Bundle("comments")

Act = Callable[[Person, Idea], object]


class Company(RuleBasedStateMachine):
    """Four departments, those who answer for them, others, two consultants and two moderators."""

    prepared: Prepared

    def __init__(self) -> None:
        super().__init__()
        self.known = Remembered()
        self.slower = False
        self.meanwhile: Callable[[], None] | None = None

    @property
    def app(self) -> Flask:
        return self.prepared.app

    @initialize(target=IDEAS)
    def company(self) -> Any:
        self.prepared.reset()
        represented = [make.represented(self.app) for _ in range(4)]
        self.departments = [department for department, _person in represented]
        self.answering = [person for _department, person in represented]
        staff = [make.person(self.app, department=d) for d in self.departments[:3] for _ in "ab"]
        self.consultants = [
            make.person(self.app, kind="consultant", attached=[department])
            for department in self.departments[:2]
        ]
        self.moderators = [make.moderator(self.app) for _ in "ab"]
        self.people = [*staff, *self.answering, *self.consultants, *self.moderators]
        return multiple(
            *(
                make.idea(self.app, author, departments=self.departments[:number])
                for number, author in enumerate(staff[:4])
            )
        )

    @rule()
    def somebody_is_slower(self) -> None:
        """What is done next is done while somebody else already looks at their page."""
        self.slower = True

    def one(self, person: int) -> int:
        """One of the people."""
        return self.people[person % len(self.people)]

    def act(self, person: int, idea: int, act: Act) -> None:
        """Somebody does something to an idea that they see, if the forum lets them.

        After `somebody_is_slower` it waits for the next one, who has loaded their idea before.
        """
        if self.slower and self.meanwhile is None:
            self.slower = False
            self.meanwhile = lambda: self._act(person, idea, act)
        else:
            self._act(person, idea, act)

    def _act(self, person: int, idea: int, act: Act) -> None:
        first, self.meanwhile = self.meanwhile, None
        with self.app.app_context():
            someone = db.session.get_one(Person, person)
            seen = self._seen(someone, idea)
            if first is not None:
                first()
            if seen is not None:
                with suppress(DomainError):
                    act(someone, seen)

    def _seen(self, someone: Person, idea: int) -> Idea | None:
        with suppress(DomainError):
            return queries.idea_or_404(someone, idea)
        return None
