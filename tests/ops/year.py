"""A year in the life of a company, by chance but repeatable: everything that writes events."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from flask import Flask
from time_machine import Traveller

from forum.core.db import db
from forum.core.errors import DomainError
from forum.discussion import actions as discussion
from forum.discussion.models import Comment
from forum.ideas import affected, decisions, owning, votes
from forum.ideas.models import Idea
from forum.moderation import actions as moderation
from forum.notifications import watches
from tests.ops.newer import Act, Newer
from tests.standards import standards
from tests.support import make


class Year(Newer):
    """People, departments, and what they do day by day."""

    def __init__(self, app: Flask, clock: Traveller, seed: int = 7) -> None:
        self.app, self.clock, self.chance = app, clock, random.Random(seed)  # noqa: S311
        self.done: Counter[str] = Counter()
        self.departments = [make.department(app, slug=f"place-{n}") for n in range(4)]
        self.people = [make.person(app, department=self.departments[n % 4]) for n in range(12)]
        for number, department in enumerate(self.departments):
            make.represent(app, self.people[number], department)
        self.moderators = [make.moderator(app), make.moderator(app)]
        self.ideas: list[int] = []
        self.comments: list[tuple[int, int, int]] = []

    def live(self, days: int, each_day: Callable[[], object]) -> None:
        """So many days, a few acts each; the readers of the log look in after some of them."""
        for _day in range(days):
            for _act in range(self.chance.randint(1, 6)):
                self.clock.shift(timedelta(minutes=self.chance.randint(1, 90)))
                self._act()
                if self.chance.random() < 0.4:
                    each_day()
            self.clock.shift(timedelta(hours=self.chance.randint(12, 30)))
            each_day()

    def _act(self) -> None:
        acts: dict[Act, int] = {
            self._post: 4, self._comment: 8, self._answer: 6, self._vote: 6, self._decide: 3,
            self._take_back: 1, self._hide: 1, self._delete: 1, self._follow: 2, self._watch: 2,
            self._retag: 1, self._publish: 1, self._move_date: 1, self._draft: 1,
            **self.newer_acts(),
        }  # fmt: skip
        act = self.chance.choices(list(acts), weights=list(acts.values()))[0]
        with suppress(DomainError, IndexError):
            act()
            self.done[act.__name__.strip("_")] += 1

    def _mention(self) -> str:
        return f"@[You](person:{self._someone()})" if self.chance.random() < 0.4 else "Nobody"

    def _post(self) -> None:
        number = len(self.ideas)
        idea = make.idea(
            self.app, self._someone(), title=f"Idea {number} about invoice",
            problem=f"{self._mention()} should look at paper {number}.",
            departments=self.chance.sample(self.departments, self.chance.randint(0, 3)),
            tags=self.chance.sample(["paper", "safety", "travel"], 1),
        )  # fmt: skip
        self.ideas.append(idea)

    def _draft(self) -> None:
        make.idea(self.app, self._someone(), problem=f"{self._mention()}, not yet.", draft=True)

    def _comment(self) -> None:
        idea, author = self._one(self.ideas[-8:]), self._someone()
        comment = make.comment(self.app, idea, author, f"{self._mention()} knows this.")
        self.comments.append((comment, idea, author))

    def _answer(self) -> None:
        place = self.chance.randrange(4)
        answer = self._one(["helps", "no_effect", "needs_change", "harms"])
        idea = self._one(self.ideas[-8:])
        make.answer(
            self.app, idea, self.departments[place], self.people[place], answer, "So it is."
        )

    def _vote(self) -> None:
        make.vote(self.app, self._one(self.ideas[-8:]), self._someone())

    def _decide(self) -> None:
        verdict = self._one(["accept", "decline"])
        owner = self._one(self.departments) if verdict == "accept" else None
        idea, by = self._one(self.ideas[-8:]), self._one(self.moderators)
        make.decide(self.app, idea, verdict, by=by, owner_id=owner)

    def _take_back(self) -> None:
        with self.app.app_context():
            idea = db.session.get_one(Idea, self._one(self.ideas[-4:]))
            decisions.take_back(self._person(self._one(self.moderators)), idea)

    def _hide(self) -> None:
        idea = self._one(self.ideas)
        with self.app.app_context():
            target, by = db.session.get_one(Idea, idea), self._person(self.moderators[0])
            moderation.hide(by, target)

    def _delete(self) -> None:
        comment, idea, author = self._one(self.comments[-6:])  # type: ignore[misc]
        with self.app.app_context():
            one, target = db.session.get_one(Comment, comment), db.session.get_one(Idea, idea)
            discussion.delete_comment(self._person(author), "idea", target, one)

    def _follow(self) -> None:
        with self.app.app_context():
            votes.follow(
                self._person(self._someone()), db.session.get_one(Idea, self._one(self.ideas[-8:]))
            )

    def _watch(self) -> None:
        kind, key = self._one(
            [("department", "place-1"), ("tag", "paper"), ("person", str(self.people[5]))]  # type: ignore[list-item]
        )
        with self.app.app_context():
            person = self._person(self._someone())
            thing = watches.find(person, kind, key)
            if watches.level_of(person, thing) == watches.USUAL:
                watches.set_level(person, thing, self._one(["all", "updates", "new"]))

    def _retag(self) -> None:
        with self.app.app_context():
            idea = db.session.get_one(Idea, self._one(self.ideas[-4:]))
            chosen = self.chance.sample(self.departments, 2)
            affected.tag_departments(self._person(idea.author_id), idea, chosen)

    def _publish(self) -> None:
        standards.in_force(self.app, title="A rule", departments=[self._one(self.departments)])

    def _move_date(self) -> None:
        place = self.chance.randrange(4)
        with self.app.app_context():
            idea = db.session.get_one(Idea, self._one(self.ideas[-8:]))
            owning.hand_over(
                self._person(self.moderators[0]), idea,
                owner_id=self.departments[place], due_on=None,
            )  # fmt: skip
