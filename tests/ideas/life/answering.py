"""What those do who answer for a department, and what becomes of departments and their people."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core.calendar import add_working_days, company_day
from forum.core.db import db, transaction
from forum.core.errors import DomainError
from forum.departments import actions as departments
from forum.departments import membership, merging
from forum.departments.models import Department
from forum.ideas import affected, answers, asking, clock, handing_over
from forum.ideas.models import Answer, Handover, Idea
from tests.ideas.life.company import ANYBODY, IDEAS, PLACES, Company

GIVEN = st.sampled_from(answers.GIVEN)


class Answering(Company):
    """Answers, questions, handovers, and time that passes."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: set[int] = set()

    @rule(idea=IDEAS, place=PLACES, person=ANYBODY, answer=GIVEN)
    def answer(self, idea: int, place: int, person: int, answer: str) -> None:
        department = self.departments[place]

        def give(someone: Person, target: Idea) -> None:
            answers.give_answer(someone, target, department, answer=answer, reason="It costs us.")

        self.act(self.answering[place] if person % 4 else self.one(person), idea, give)

    @rule(idea=IDEAS, place=PLACES)
    def take_answer_back(self, idea: int, place: int) -> None:
        def take_back(someone: Person, target: Idea) -> None:
            answers.take_back_answer(someone, target, self.departments[place])

        self.act(self.answering[place], idea, take_back)

    @rule(idea=IDEAS, place=PLACES)
    def ask_author(self, idea: int, place: int) -> None:
        def ask(someone: Person, target: Idea) -> None:
            slot = answers.slot_for(someone, target, self.departments[place])
            made = asking.ask_author(someone, target, slot, question="How often?")
            self.known.say(made, idea)

        self.act(self.answering[place], idea, ask)

    @rule(idea=IDEAS, place=PLACES, taking_up=st.booleans())
    def author_acts_on_what_was_asked(self, idea: int, place: int, taking_up: bool) -> None:
        def act(author: Person, target: Idea) -> None:
            (asking.take_up if taking_up else asking.say_answered)(
                author, target, self.departments[place]
            )

        with self.app.app_context():
            author = db.session.get_one(Idea, idea).author_id
        self.act(author, idea, act)

    @rule(idea=IDEAS, place=PLACES, to=PLACES)
    def hand_over(self, idea: int, place: int, to: int) -> None:
        def pass_on(someone: Person, target: Idea) -> None:
            slot = answers.slot_for(someone, target, self.departments[place])
            handing_over.hand_over(someone, target, slot, to_id=self.departments[to])

        self.act(self.answering[place], idea, pass_on)

    @rule(idea=IDEAS, place=PLACES)
    def take_handover_back(self, idea: int, place: int) -> None:
        def take_back(someone: Person, target: Idea) -> None:
            passed = select(Handover.id).join(Answer, Answer.id == Handover.answer_id)
            newest = passed.where(Answer.idea_id == idea).order_by(Handover.id.desc()).limit(1)
            handing_over.take_back(someone, target, db.session.scalar(newest) or 0)

        self.act(self.answering[place], idea, take_back)

    @rule(idea=IDEAS, places=st.sets(PLACES), person=ANYBODY)
    def choose_departments(self, idea: int, places: set[int], person: int) -> None:
        wanted = [self.departments[place] for place in sorted(places)]

        def choose(someone: Person, target: Idea) -> None:
            affected.tag_departments(someone, target, wanted)

        by = self.moderators[person % 2] if person % 3 else self.one(person)
        self.act(by, idea, choose)

    @rule(idea=IDEAS, place=PLACES, days=st.integers(-9, 3))
    def time_passes(self, idea: int, place: int, days: int) -> None:
        """A slot's last day comes nearer, and those who are to be reminded are."""
        with self.app.app_context():
            due_on = add_working_days(company_day(), days)
            here = (Answer.idea_id == idea, Answer.department_id == self.departments[place])
            soon = {"due_on": due_on, "nudge_on": clock.next_nudge(due_on, 10, 0), "nudged": 0}
            with transaction():
                slots = update(Answer).where(*here, Answer.due_on.is_not(None), clock.runs())
                db.session.execute(slots.values(**soon))
            clock.nudge(company_day())

    @rule(person=ANYBODY, place=st.none() | PLACES)
    def move_person(self, person: int, place: int | None) -> None:
        with self.app.app_context(), suppress(DomainError):
            department = None if place is None else self.departments[place]
            membership.place(None, self.one(person), department)

    @rule(who=st.integers(0, 1), places=st.sets(PLACES))
    def attach_consultant(self, who: int, places: set[int]) -> None:
        """From now on they see what touches these departments, and nothing else."""
        with self.app.app_context(), suppress(DomainError):
            wanted = [self.departments[place] for place in places]
            membership.attach_only(None, self.consultants[who], wanted)

    @rule(place=PLACES, person=ANYBODY)
    def somebody_else_answers(self, place: int, person: int) -> None:
        with self.app.app_context(), suppress(DomainError):
            department = db.session.get_one(Department, self.departments[place])
            departments.set_representatives(None, department, [self.one(person)])
            self.answering[place] = self.one(person)

    @precondition(lambda self: not self.gone)
    @rule(place=PLACES)
    def a_department_becomes_part_of_another(self, place: int) -> None:
        with self.app.app_context(), suppress(DomainError):
            old, into = (
                db.session.get_one(Department, self.departments[each]) for each in (3, place)
            )
            merging.merge(None, old, into)
            self.gone.add(old.id)
