"""What happened to each idea of the demo company, as steps of its timeline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from forum.accounts.models import Person
from forum.core import calendar, limits
from forum.core.db import db
from forum.core.events import EventType, record
from forum.core.richtext import Composed
from forum.core.site import site
from forum.core.textcheck import derive_title, excerpt
from forum.demo import afterwards
from forum.demo.content import Row
from forum.demo.people import Cast
from forum.demo.timeline import Step, chance
from forum.discussion.actions import open_thread, record_comment
from forum.discussion.facts import COMMENT_DELETED
from forum.discussion.models import Comment, CommentRevision
from forum.ideas import clock, facts, stages
from forum.ideas.actions import EXCERPT
from forum.ideas.models import (
    Answer,
    AnswerKind,
    AnswerRevision,
    Decision,
    Follow,
    Idea,
    IdeaRevision,
    StageChange,
    StageKind,
    Vote,
)
from forum.ideas.tags import file_under

PATIENCE = timedelta(days=24)
"""For how long a department that has not answered has a last day."""
POSTED, EDITED, SAID, ANSWERED, SUPPORTED, REVIEWED, DECIDED, CONFIRMED, CLOSED = range(9)
"""What comes first when several things happen to ideas on one day."""
CARRIED_OUT = ("standardised", "done")
"""Stages of ideas whose last day counts from their decision, since it lies behind them."""


def marks(author: Person, said: Row, at: datetime) -> Row:
    """What a comment is besides its words."""
    side = said.get("side", "")
    return {
        "official_at": at if said.get("official") else None,
        "question": said.get("question", ""),
        "side": side,
        "side_department_id": author.department_id if side else None,
    }


class Story:
    """One idea of the files and what happened to it; `idea` is there once it has been posted."""

    def __init__(self, cast: Cast, row: Row, earlier: Row | None, today: datetime) -> None:
        self.cast, self.row, self.earlier, self.today = cast, row, earlier, today
        self.idea: Idea
        self.answers: dict[str, Answer] = {}
        self.comments: dict[str, int] = {}
        self.author = cast.people[row["author"]]

    def steps(self) -> Iterator[Step]:
        """Everything that happened, rendered: about as many steps as there are texts."""
        row = self.row
        wording = self._wording(self.earlier or row)
        yield Step(row["days_ago"], POSTED, partial(self._post, wording), 12)
        if self.earlier is not None:
            edit = partial(self._edit, self._wording(row))
            yield Step(self.earlier["days_ago"], EDITED, edit)
        yield from self._comments()
        yield from self._answers()
        if any(row["votes"]["by_department"].values()):
            yield Step(self._settled_days_ago(), SUPPORTED, self._support, 60)
        if row["review_days_ago"] is not None:
            by = self._reviewer()
            review = partial(self._move, StageKind.REVIEW, by)
            yield Step(row["review_days_ago"], REVIEWED, review)
        yield from self._ends()

    def _comments(self) -> Iterator[Step]:
        for comment in self.row["comments"]:
            author = self.cast.people[comment["author"]]
            body = self.cast.compose(comment["body"])
            say = partial(self._say, author, body, comment["key"], comment["parent"], comment)
            yield Step(comment["days_ago"], SAID, say)
            if "deleted_days_ago" in comment:
                unsay = partial(self._unsay, author, comment["key"])
                yield Step(comment["deleted_days_ago"], CLOSED, unsay)

    def _answers(self) -> Iterator[Step]:
        for slug, answer in self.row["answers"].items():
            reason = self.cast.compose_if_any(answer["reason"])
            give = partial(self._answer, slug, answer, reason)
            yield Step(answer["days_ago"], ANSWERED, give)

    def _ends(self) -> Iterator[Step]:
        row = self.row
        if decision := row["decision"]:
            reason = self.cast.compose(decision["reason"])
            revisit = self.cast.compose_if_any(decision["revisit"])
            decide = partial(self._decide, decision, reason, revisit)
            yield Step(decision["days_ago"], DECIDED, decide, 6)
        if outcome := row["outcome"]:
            text = self.cast.compose(outcome["text"])
            done = partial(self._done, self.cast.people[outcome["by"]], text)
            yield Step(outcome["days_ago"], CLOSED, done)
        if (merged := row["merged"]) and not merged.get("moved"):
            by, why = self.cast.people[merged["by"]], self.cast.compose(merged["reason"])
            yield Step(merged["days_ago"], CLOSED, partial(self._close, StageKind.MERGED, by, why))
        if withdrawn := row["withdrawn"]:
            why = self.cast.compose(withdrawn["reason"])
            close = partial(self._close, StageKind.WITHDRAWN, self.author, why)
            yield Step(withdrawn["days_ago"], CLOSED, close)
        yield from self._afterwards()

    def _afterwards(self) -> Iterator[Step]:
        for name, happen in afterwards.HAPPENINGS.items():
            if told := self.row.get(name):
                by = self.cast.people.get(told.get("by"))
                yield Step(told["days_ago"], CLOSED, partial(happen, self, by))

    def _wording(self, row: Row) -> tuple[str, Composed, Composed | None]:
        title = row["title"] or derive_title(row["problem"], limits.TITLE.value)
        said = self.cast.compose(row["problem"])
        return title, said, self.cast.compose_if_any(row["proposal"])

    def _settled_days_ago(self) -> int:
        """The day voting ended, 0 while it goes on."""
        ends = (self.row[name] for name in ("decision", "merged", "withdrawn"))
        return next((end["days_ago"] for end in ends if end), 0)

    def _reviewer(self) -> Person:
        decision = self.row["decision"]
        names = [n for n in ("moderator", "hugh") if n != self.row["author"]]
        return self.cast.people[decision["by"] if decision else names[0]]

    def _tell(self, kind: EventType, by: Person | None, at: datetime, **payload: object) -> None:
        record(kind, by=by, about=("idea", self.idea.id), at=at, **payload)

    def _post(self, wording: tuple[str, Composed, Composed | None], at: datetime) -> None:
        title, problem, proposal = wording
        row, draft = self.row, self.row["stage"] == "draft"
        stage = StageKind.DRAFT if draft else StageKind.OPEN
        thread = open_thread("idea")
        self.idea = Idea(
            thread_id=thread.id,
            author_id=self.author.id,
            author_department_id=self.author.department_id,
            stage_id=stages.stage_id(stage),
            stage_kind=stage,
            stage_since=at,
            title=title,
            excerpt=excerpt(problem.plain, EXCERPT),
            lang=row["lang"],
            problem_id=self.cast.text_id(problem),
            proposal_id=self.cast.text_id(proposal),
            revision=1,
            created_at=at,
            posted_at=at,
            active_at=at,
            unsure=not row["departments"],
            vote_count=0,
            support=0,
            comment_count=0,
        )
        db.session.add(self.idea)
        db.session.flush()
        thread.subject_id = self.idea.id
        db.session.add(IdeaRevision.of(self.idea, self.author.id, at))
        db.session.add(Follow(idea_id=self.idea.id, person_id=self.author.id))
        if row["tags"]:
            file_under(self.idea.id, row["tags"])
        self._ask(at)
        db.session.flush()
        if not draft:
            self._announce(problem, proposal, at)

    def _ask(self, at: datetime) -> None:
        for slug in self.row["departments"]:
            department_id = self.cast.departments[slug]
            slot = Answer(
                idea_id=self.idea.id,
                department_id=department_id,
                revision=1,
                **self._clock(slug, at),
            )
            db.session.add(slot)
            self.answers[slug] = slot

    def _clock(self, slug: str, at: datetime) -> Row:
        """Departments have a last day from the day they were asked. What has waited for longer than
        anybody would let it counts as asked without one, or all that waits would be late."""
        forgotten = slug not in self.row["answers"] and at < self.today - PATIENCE
        if self.row["stage"] == "draft" or forgotten:
            return {"asked_at": at}
        allowed = site().answer_days
        due_on = calendar.add_working_days(calendar.company_day(at), allowed)
        return clock.caught_up(at, due_on, allowed)

    def _announce(self, problem: Composed, proposal: Composed | None, at: datetime) -> None:
        called = [text.mentions for text in (problem, proposal) if text is not None]
        self._tell(
            facts.POSTED,
            self.author,
            at,
            departments=[self.cast.departments[slug] for slug in self.row["departments"]],
            people=sorted({p for m in called for p in m.person_ids}),
            mentioned=sorted({d for m in called for d in m.department_ids}),
        )

    def _edit(self, wording: tuple[str, Composed, Composed | None], at: datetime) -> None:
        idea, (title, problem, proposal) = self.idea, wording
        idea.title, idea.excerpt = title, excerpt(problem.plain, EXCERPT)
        idea.problem_id = self.cast.text_id(problem)
        idea.proposal_id = self.cast.text_id(proposal)
        idea.revision, idea.edited_at = idea.revision + 1, at
        db.session.add(IdeaRevision.of(self.idea, self.author.id, at))
        self._tell(facts.EDITED, self.author, at, revision=idea.revision)

    def _say(
        self,
        author: Person,
        body: Composed,
        key: str,
        parent: str | None,
        marked: Row,
        at: datetime,
    ) -> None:
        parent_id = self.comments[parent] if parent else None
        text_id = self.cast.text_ids[body.digest]
        new = Comment(
            thread_id=self.idea.thread_id,
            parent_id=parent_id,
            author_id=author.id,
            text_id=text_id,
            created_at=at,
            **marks(author, marked, at),
        )
        db.session.add(new)
        db.session.flush()
        db.session.add(CommentRevision(comment_id=new.id, number=1, text_id=text_id, at=at))
        self.comments[key] = new.id
        self.idea.comment_count, self.idea.active_at = self.idea.comment_count + 1, at
        record_comment(author, new, body, at=at)

    def _unsay(self, author: Person, key: str, at: datetime) -> None:
        """Deleted by who wrote it; the trace stays."""
        said = db.session.get_one(Comment, self.comments[key])
        said.deleted_at, said.deleted_by_id = at, author.id
        self.idea.comment_count -= 1
        record(COMMENT_DELETED, by=author, about=("comment", said.id), at=at)

    def _answer(self, slug: str, answer: Row, reason: Composed | None, at: datetime) -> None:
        slot, by = self.answers[slug], self.cast.people[answer["by"]]
        slot.answer, slot.reason_id = answer["answer"], self.cast.text_id(reason)
        slot.by_id, slot.answered_at, slot.revision = by.id, at, self.idea.revision
        slot.nudge_on = None
        db.session.add(
            AnswerRevision(
                answer_id=slot.id,
                answer=slot.answer,
                reason_id=slot.reason_id,
                by_id=by.id,
                at=at,
            )
        )
        self.idea.active_at = at
        department = self.cast.departments[slug]
        self._tell(facts.ANSWERED, by, at, department=department, answer=answer["answer"])

    def voters(self) -> list[str]:
        """Who supports the idea: the same people every time, the author never."""
        chosen: list[str] = []
        for slug, count in self.row["votes"]["by_department"].items():
            members = [key for key in self.cast.members[slug] if key != self.row["author"]]
            members.sort(key=lambda key: chance(f"{self.row['id']} {key}"))
            chosen += members[:count]
        return chosen

    def _support(self, at: datetime) -> None:
        """Most support comes soon after posting, some of it until the end."""
        began, voters = self.idea.posted_at, self.voters()
        edited = self.idea.edited_at
        for key in voters:
            person = self.cast.people[key]
            moment = began + (at - began) * chance(f"{key} votes on {self.row['id']}") ** 2
            before = edited is not None and moment < edited
            db.session.add(
                Vote(
                    idea_id=self.idea.id,
                    person_id=person.id,
                    department_id=person.department_id,
                    revision=1 if before else self.idea.revision,
                    at=moment,
                )
            )
            if chance(f"{key} follows {self.row['id']}") < 0.08:
                db.session.add(Follow(idea_id=self.idea.id, person_id=person.id))
        self.idea.vote_count = self.idea.support = len(voters)
        self._tell(facts.SUPPORT_CHANGED, None, at)

    def _move(self, to: StageKind, by: Person, at: datetime) -> None:
        idea, old = self.idea, self.idea.stage_kind
        idea.stage_id, idea.stage_kind = stages.stage_id(to), to
        idea.stage_since = idea.active_at = at
        db.session.add(
            StageChange(
                idea_id=idea.id,
                from_kind=old,
                to_kind=to,
                stage_id=idea.stage_id,
                by_id=by.id,
                at=at,
            )
        )
        self._tell(facts.STAGE_CHANGED, by, at, before=str(old), after=str(to))

    def standardise(self, by: Person, at: datetime) -> None:
        """Became a standard, on the day the version that names it was published."""
        self._move(StageKind.STANDARDISED, by, at)

    def _decide(
        self, verdict: Row, reason: Composed, revisit: Composed | None, at: datetime
    ) -> None:
        by, idea = self.cast.people[verdict["by"]], self.idea
        accepts = verdict["decision"] == "accept"
        self._move(StageKind.ACCEPTED if accepts else StageKind.DECLINED, by, at)
        idea.settled_at = at
        owned = accepts and verdict["owner"] is not None
        if owned:
            idea.owner_department_id = self.cast.departments[verdict["owner"]]
            begun = at if self.row["stage"] in CARRIED_OUT else self.today
            idea.due_on = (begun + timedelta(days=verdict["due_in_days"])).date()
        decision = Decision(
            idea_id=idea.id,
            decision=verdict["decision"],
            by_id=by.id,
            at=at,
            reason_id=self.cast.text_id(reason),
            revisit_id=self.cast.text_id(revisit),
            owner_department_id=idea.owner_department_id,
            due_on=idea.due_on,
            override=accepts and self._harms(),
        )
        db.session.add(decision)
        db.session.flush()
        afterwards.watch(decision, verdict, self.today)
        self._tell(facts.SETTLED, by, at, decision=decision.id, outcome=verdict["decision"])
        if owned:
            self._owner_says(decision, verdict, at)

    def _harms(self) -> bool:
        return any(slot.answer == AnswerKind.HARMS for slot in self.answers.values())

    def _owner_says(self, decision: Decision, verdict: Row, at: datetime) -> None:
        """The owner confirms the date, asks to move it, or has yet to say something."""
        head = self.cast.heads[verdict["owner"]]
        later = min(at + timedelta(hours=20), self.today)
        luck = chance(f"owner of {self.row['id']}")
        if self.row["stage"] != "accepted" or luck < 0.55:
            decision.confirmed_at, decision.confirmed_by_id = later, head.id
            self._tell(facts.OWNER_CONFIRMED, head, later)
        elif verdict["due_in_days"] < 0:
            decision.asked_due_on = (self.today + timedelta(days=14)).date()
            self._tell(facts.OWNER_ASKED, head, later)

    def _done(self, by: Person, outcome: Composed, at: datetime) -> None:
        self.idea.outcome_id = self.cast.text_id(outcome)
        self._move(StageKind.DONE, by, at)
        self._tell(facts.DONE, by, at)

    def _close(self, to: StageKind, by: Person, why: Composed, at: datetime) -> None:
        """Merged or withdrawn; the reason stands under the idea, as its last comment."""
        self._say(by, why, "why", None, {}, at)
        self._move(to, by, at)
        if to == StageKind.WITHDRAWN:
            self._tell(facts.WITHDRAWN, by, at)

    def lead_to(self, target: Story) -> None:
        """Show where a merged idea went, in the open write."""
        self.idea.merged_into_id = target.idea.id
