"""More of what happens in a year: merges, the trash, questions, writing together, campaigns."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from forum.accounts.models import Person
from forum.campaigns import actions as campaigns
from forum.core import clock
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.ideas import answers, handing_over
from forum.ideas.models import Idea
from forum.ideas.together import suggestions
from forum.ideas.together.models import Suggestion
from forum.moderation import desk, trash
from forum.moderation.models import Matter
from tests.ideas import clocks, written
from tests.moderation.acts import flag
from tests.support import make

Act = Callable[[], object]


class Newer:
    """Acts of a year that are not about one idea, its answers and its decision alone."""

    app: Flask
    chance: random.Random
    done: Counter[str]
    departments: list[int]
    people: list[int]
    moderators: list[int]
    ideas: list[int]
    comments: list[tuple[int, int, int]]

    def newer_acts(self) -> dict[Act, int]:
        """Each with how often it happens."""
        return {
            self._merge: 3, self._separate: 2, self._trash: 1, self._restore: 1,
            self._ask_author: 3, self._pass_on: 3, self._say_officially: 2, self._join: 2,
            self._suggest: 3, self._settle_suggestion: 2, self._flag: 2, self._settle_flag: 2,
            self._campaign: 1,
        }  # fmt: skip

    def left_out(self) -> set[str]:
        """Those that never came to pass."""
        names = {act.__name__.strip("_") for act in self.newer_acts()}  # type: ignore[attr-defined]
        return {name for name in names if not self.done[name]}

    def _one(self, of: list) -> int:  # type: ignore[type-arg]
        return self.chance.choice(of)

    def _someone(self) -> int:
        return self._one([*self.people, *self.moderators])

    def _person(self, number: int) -> Person:
        return db.session.get_one(Person, number)

    def _recent(self) -> int:
        return self._one(self.ideas[-8:])

    def _merge(self) -> None:
        children = [self._recent() for _ in range(self.chance.randint(1, 2))]
        make.merge(self.app, self._recent(), *children, by=self._one(self.moderators))

    def _separate(self) -> None:
        with self.app.app_context():
            merged = db.session.query(Idea.id).where(Idea.merged_into_id.is_not(None))
            ids = [row[0] for row in merged.order_by(Idea.id)]
        make.unmerge(self.app, self._one(ids[-4:]), by=self._one(self.moderators))

    def _trash(self) -> None:
        idea, by = self._one(self.ideas), self._one(self.moderators)
        with self.app.app_context():
            trash.put_in_trash(self._person(by), db.session.get_one(Idea, idea))

    def _restore(self) -> None:
        with self.app.app_context():
            thrown = db.session.query(Idea).where(Idea.trashed_at.is_not(None)).order_by(Idea.id)
            trash.restore(self._person(self.moderators[0]), self.chance.choice(thrown.all()))

    def _ask_author(self) -> None:
        place = self.chance.randrange(4)
        clocks.ask_author(self.app, self._recent(), self.departments[place], self.people[place])

    def _pass_on(self) -> None:
        place, to = self.chance.sample(range(4), 2)
        idea = self._recent()
        with self.app.app_context():
            someone, target = self._person(self.people[place]), db.session.get_one(Idea, idea)
            slot = answers.slot_for(someone, target, self.departments[place])
            handing_over.hand_over(someone, target, slot, to_id=self.departments[to])

    def _say_officially(self) -> None:
        idea, by = self._recent(), self._one(self.moderators)
        comment = written.marked(self.app, idea, by, "We know more now.", official=True)
        self.comments.append((comment, idea, by))

    def _join(self) -> None:
        written.join(self.app, self._recent(), self._someone())

    def _suggest(self) -> None:
        words = f"The invoice, said better for the {self.chance.randint(1, 999)}th time."
        written.suggestion(self.app, self._recent(), self._someone(), words)

    def _settle_suggestion(self) -> None:
        with self.app.app_context():
            waiting = db.session.query(Suggestion).where(Suggestion.state == "open")
            one = self.chance.choice(waiting.order_by(Suggestion.id).all())
            idea = db.session.get_one(Idea, one.idea_id)
            author = self._person(idea.author_id)
            if self.chance.random() < 0.5:
                suggestions.take(author, idea, one)
            else:
                suggestions.leave(author, idea, one, reason="As it is, it is shorter.")

    def _flag(self) -> None:
        if self.chance.random() < 0.5:
            flag(self.app, "idea", self._recent(), self._someone())
        else:
            flag(self.app, "comment", self._one([each[0] for each in self.comments[-8:]]))

    def _settle_flag(self) -> None:
        by = self._one(self.moderators)
        with self.app.app_context():
            waiting = db.session.query(Matter).where(Matter.state == "waiting").order_by(Matter.id)
            outcome = self.chance.choice(["hidden", "disagreed", "ignored", "deleted"])
            desk.decide(self._person(by), self.chance.choice(waiting.all()), outcome, why="So.")

    def _campaign(self) -> None:
        with self.app.app_context(), transaction():
            save_settings({"modules": ["campaigns"]})
        with self.app.app_context():
            day = clock.today()
            wanted = campaigns.Wanted(
                title="Less paper",
                question="Which invoice do we still print?",
                owner_id=self.people[1],
                starts_on=day,
                ends_on=day + timedelta(days=9),
            )
            campaigns.start(self._person(self.moderators[0]), wanted)
