"""What is offered beside a text that is being written: the rule that may settle it, ideas to
support in place, the No that was said before. Nothing of it stands in the writer's way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.richtext import plain_text
from forum.core.texts import Text
from forum.ideas.again.phrases import comes_back
from forum.ideas.again.queries import OldNo, old_nos
from forum.ideas.models import VOTABLE, Idea, StageKind, Vote
from forum.ideas.visibility import listed_for
from forum.search import related
from forum.search.analysis import words_of
from forum.search.documents import Ref
from forum.search.queries import Hit
from forum.standards.clauses.known import clauses_of
from forum.standards.document import Clause, lay_out
from forum.standards.models import Version, VersionState

ENOUGH = 2
"""Words of the text that a clause has to share to be named."""
READ = 12_000
"""Characters of a standard in which its clause is looked for."""
FIRST_LINE = 160


class Supported(NamedTuple):
    """How many support an idea, whether the reader does, and where it leads if it was merged."""

    votes: int
    voted: bool
    into_id: int | None
    into_title: str | None
    into_lang: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """An idea or a standard as it is offered."""

    hit: Hit
    support: Supported | None = None
    no: str = ""
    back: str = ""

    @property
    def may_vote(self) -> bool:
        """Whether it can be supported in place."""
        return self.support is not None and self.hit.found.stage in VOTABLE

    @property
    def stage_label(self) -> str:
        """Where an idea stands, in words."""
        return self.hit.found.stage_label if self.hit.found.kind == "idea" else ""


@dataclass(frozen=True, slots=True)
class Rule:
    """The standard that may settle it, with its clause where one fits."""

    title: str
    url: str
    lang: str
    clause: str = ""
    number: str = ""
    key: int = 0

    @property
    def breach_url(self) -> str:
        """Where one says that the clause was broken."""
        return f"/standards/{self.number}/kept?clause={self.key}"


@dataclass(frozen=True, slots=True)
class Offered:
    """Everything beside a text."""

    rule: Rule | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many there are, for those who listen."""
        return len(self.lines) + (self.rule is not None)


def offered(reader: Person, title: str, body: str, own: Ref | None = None) -> Offered:
    """What says much the same. Three queries, and one each for support, an old No, a rule."""
    found = related.similar(reader, title, body, own=own)
    rules = [hit for hit in found if hit.found.kind == "standard"]
    rest = [hit for hit in found if not rules or hit is not rules[0]]
    rule = _rule(rules[0], f"{title}\n{body}") if rules else None
    ideas = [hit.found.id for hit in rest if hit.found.kind == "idea"]
    support = _supported(reader, ideas)
    declined = [hit.found.id for hit in rest if hit.found.stage == StageKind.DECLINED]
    nos = old_nos([number for number in declined if number in support])
    return Offered(rule, [_line(hit, support, nos) for hit in rest])


def _line(hit: Hit, support: dict[int, Supported], nos: dict[int, OldNo]) -> Line:
    if hit.found.kind != "idea":
        return Line(hit)
    no = nos.get(hit.found.id)
    if no is None:
        return Line(hit, support.get(hit.found.id))
    first, *_rest = no.reason.strip().split("\n", 1) or [""]
    shown = first if len(first) <= FIRST_LINE else first[:FIRST_LINE].rsplit(" ", 1)[0] + "…"
    return Line(hit, support.get(hit.found.id), shown, _back(no))


def _back(no: OldNo) -> str:
    """What brings it back: the condition that is watched, else what would change it, in words."""
    if no.met_at is None and (no.on_day is not None or no.departments):
        return comes_back(no.on_day, no.departments)
    return no.revisit.strip().split("\n", 1)[0][:FIRST_LINE]


def _supported(reader: Person, idea_ids: Sequence[int]) -> dict[int, Supported]:
    """Support of some ideas. One query, none for no ideas."""
    if not idea_ids:
        return {}
    into = aliased(Idea)
    voted = exists().where(Vote.idea_id == Idea.id, Vote.person_id == reader.id)
    shown = select(into.id).where(into.id == Idea.merged_into_id, into.hidden_at.is_(None))
    query = (
        select(Idea.id, Idea.vote_count, voted, into.id, into.title, into.lang)
        .outerjoin(into, into.id.in_(shown.correlate(Idea)))
        .where(Idea.id.in_(list(idea_ids)), listed_for(reader))
    )
    return {row[0]: Supported(*row[1:]) for row in db.session.execute(query)}


def _rule(hit: Hit, text: str) -> Rule:
    """The standard, and the clause that shares most words with the text. Two queries."""
    query = (
        select(Text.html, Version.id)
        .join(Version, Version.text_id == Text.id)
        .where(Version.standard_id == hit.found.id, Version.state == VersionState.IN_FORCE)
    )
    row = db.session.execute(query).one_or_none()
    document = lay_out(row.html[:READ]) if row is not None else lay_out("")
    keys = [standing.key for standing in clauses_of(row.id)] if row is not None else []
    document = document.keyed(keys[: len(document.clauses)])
    clause = _clause(document.clauses, _lemmas(text))
    found = hit.found
    if clause is None:
        return Rule(found.title, found.url, found.lang)
    named = f"{clause.number} {clause.title}".strip()
    number = found.url.rpartition("/")[2]
    return Rule(found.title, f"{found.url}#{clause.id}", found.lang, named, number, clause.key)


def _clause(clauses: Sequence[Clause], words: set[str]) -> Clause | None:
    shared = [
        (len(words & _lemmas(f"{clause.title}\n{plain_text(str(clause.html))}")), -place, clause)
        for place, clause in enumerate(clauses)
    ]
    best = max(shared, key=lambda each: each[:2], default=None)
    return best[2] if best is not None and best[0] >= ENOUGH else None


def _lemmas(text: str) -> set[str]:
    return {word.lemmas[0] for word in words_of(text[:READ]) if word.lemmas}
