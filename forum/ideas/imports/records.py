"""One line of a file, understood: the shape every format is brought to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Any

from forum.core.i18n import _
from forum.core.limits import TAG, TAGS, TITLE
from forum.core.textcheck import excerpt
from forum.ideas.imports.fields import (
    NOBODY,
    Format,
    ImportedText,
    Raw,
    Refused,
    format_of,
    line_of,
    markdown_of,
    moment_of,
    objects_of,
    person_of,
    revision_of,
    stage_of,
    text_of,
    words_of,
    yes_of,
)
from forum.ideas.imports.outcomes import (
    DECIDED,
    ImportedAnswer,
    ImportedDecision,
    ImportedStep,
    answers_of,
    decision_of,
    resulting_stage,
    steps_of,
)
from forum.ideas.imports.together import FIELDS as TOGETHER
from forum.ideas.imports.together import (
    NOTHING,
    UNMARKED,
    ImportedMarks,
    Together,
    marks_of,
    together_of,
)
from forum.ideas.models import AnswerKind, StageKind

LANGUAGE = re.compile(r"[a-z]{2,3}")
LONGEST_ID = 200
MOST_VOTES = 10**9
DECISION = "#decision"
"""The id of the comment that keeps a decision which no longer stands."""
NOT_IN_DRAFTS = ("votes", "comments", "answers", "decision", "steps", *TOGETHER)


@dataclass(frozen=True, slots=True)
class ImportedComment:
    """A comment; `parent` is the source's id of the one it answers."""

    id: str
    author: str
    body: ImportedText
    at: datetime | None
    parent: str | None
    marks: ImportedMarks = UNMARKED
    revision: int = 1
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ImportedIdea:
    """Everything a line says about an idea."""

    id: str
    digest: str
    title: str
    problem: ImportedText
    proposal: ImportedText | None
    lang: str
    author: str
    at: datetime | None
    stage: StageKind
    departments: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    counted_votes: int = 0
    votes: tuple[tuple[str, datetime | None], ...] = ()
    comments: tuple[ImportedComment, ...] = ()
    answers: tuple[ImportedAnswer, ...] = ()
    steps: tuple[ImportedStep, ...] = ()
    decision: ImportedDecision | None = None
    outcome: ImportedText | None = None
    merged_into: str = ""
    hidden: bool = False
    revision: int = 1
    together: Together = NOTHING
    added: int | None = None
    """The added stage of its kind where it stands, if it is not in the first one."""

    @property
    def named_departments(self) -> tuple[str, ...]:
        """Every department it names, its owner included."""
        owner = self.decision.owner if self.decision is not None else ""
        return (*self.departments, *((owner,) if owner else ()), *self.together.departments)

    @property
    def asked_departments(self) -> frozenset[str]:
        """Those that are asked and have not answered, so that they have to be there still."""
        gave = {a.department.casefold() for a in self.answers if a.answer != AnswerKind.WAITING}
        return frozenset(name for name in self.departments if name.casefold() not in gave)


def understand(raw: Mapping[str, Any], digest: str) -> ImportedIdea:
    """A line in our own format. Raises Refused, with a sentence saying what is wrong."""
    source_id = _id(raw, "id")
    whole = line_of(raw, "title")
    if not source_id or not whole:
        raise Refused(_("It has no title.") if source_id else _("It has no id."))
    written = format_of(raw)
    title, problem = _title_and_body(
        whole, text_of(raw, "problem") or text_of(raw, "body"), written
    )
    proposal, answers, steps = text_of(raw, "proposal"), answers_of(raw), steps_of(raw)
    decision = decision_of(raw)
    stand = resulting_stage(stage_of(raw), decision, steps)
    idea = ImportedIdea(
        id=source_id,
        digest=digest,
        title=title,
        problem=ImportedText(problem, written),
        proposal=ImportedText(proposal, written) if proposal.strip() else None,
        lang=_lang(raw),
        author=person_of(raw, "author"),
        at=moment_of(raw.get("created_at")),
        stage=stand.kind,
        added=stand.added,
        departments=_departments(raw, answers),
        tags=_tags(raw),
        counted_votes=_count(raw),
        votes=_votes(raw),
        comments=tuple(_comments(raw)),
        answers=answers,
        steps=steps,
        decision=decision,
        outcome=markdown_of(raw, "outcome"),
        merged_into=_id(raw, "merged_into"),
        hidden=yes_of(raw, "hidden"),
        revision=revision_of(raw),
        together=together_of(raw),
    )
    _check_stage(idea, raw)
    return _with_decision_kept(idea)


def _check_stage(idea: ImportedIdea, raw: Raw) -> None:
    """A draft is only words; what was merged says into what."""
    if idea.stage == StageKind.DRAFT:
        if idea.author == NOBODY:
            raise Refused(_("A draft needs an author; nobody else sees it."))
        if any(raw.get(name) for name in NOT_IN_DRAFTS):
            raise Refused(_("A draft has no votes, comments, answers or decision."))
    if (idea.stage == StageKind.MERGED) != bool(idea.merged_into):
        raise Refused(_("“merged” and “merged_into” go together."))
    if idea.merged_into == idea.id:
        raise Refused(_("An idea cannot be merged into itself."))


def _with_decision_kept(idea: ImportedIdea) -> ImportedIdea:
    """A decision on an idea that stands at no decided stage is kept as its decider's comment."""
    decision = idea.decision
    if decision is None or idea.stage in DECIDED:
        return idea
    if decision.reason is None:
        return replace(idea, decision=None)
    kept = ImportedComment(DECISION, decision.by, decision.reason, decision.at, None)
    return replace(idea, decision=None, comments=(*idea.comments, kept))


def _id(raw: Raw, name: str) -> str:
    found = text_of(raw, name)
    if len(found) > LONGEST_ID:
        raise Refused(_("“%(name)s” is too long.", name=name))
    return found


def _departments(raw: Raw, answers: Sequence[ImportedAnswer]) -> tuple[str, ...]:
    named = words_of(raw, "departments") + [each.department for each in answers]
    once: dict[str, str] = {}
    for name in named:
        once.setdefault(name.casefold(), name)
    return tuple(once.values())


def _title_and_body(whole: str, body: str, written: Format) -> tuple[str, str]:
    """A title over the limit is cut at a word and kept whole in the body."""
    if len(whole) <= TITLE.value:
        return whole, body
    head = f"<p>{escape(whole)}</p>\n" if written == "html" else f"{whole}\n\n"
    kept = head + body
    return excerpt(whole, TITLE.value), kept


def _lang(raw: Raw) -> str:
    found = LANGUAGE.match(text_of(raw, "lang").lower())
    return found.group() if found else ""


def _tags(raw: Raw) -> tuple[str, ...]:
    return tuple(tag[: TAG.value] for tag in words_of(raw, "tags"))[: TAGS.value]


def _is_counted(raw: Raw) -> bool:
    """Whether votes are a number; a text with people in it is a list of them."""
    value = raw.get("votes")
    return not (isinstance(value, list | dict) or (isinstance(value, str) and "@" in value))


def _count(raw: Raw) -> int:
    value = raw.get("votes")
    if value in (None, "") or not _is_counted(raw):
        return 0
    try:
        number = float(str(value).strip()) if not isinstance(value, bool) else 0.5
    except ValueError:
        number = 0.5
    if not number.is_integer():
        raise Refused(_("“votes” is neither a list nor a number."))
    if abs(number) > MOST_VOTES:
        raise Refused(_("“votes” is too large."))
    return int(number)


def _votes(raw: Raw) -> tuple[tuple[str, datetime | None], ...]:
    """Who supports it, each name once; a list of people, or of objects with a person and a
    moment."""
    value = raw.get("votes")
    if _is_counted(raw):
        return ()
    entries = value.split(";") if isinstance(value, str) else value
    if not isinstance(entries, list):
        raise Refused(_("“votes” is neither a list nor a number."))
    votes = [each if isinstance(each, dict) else {"person": each} for each in entries]
    found = {line_of(vote, "person"): moment_of(vote.get("at")) for vote in votes}
    return tuple((person, at) for person, at in found.items() if person)


def _comments(raw: Raw) -> list[ImportedComment]:
    found = [_comment(each, position) for position, each in enumerate(objects_of(raw, "comments"))]
    names = [each.id for each in found]
    if len(set(names)) < len(names):
        raise Refused(_("Two comments have the same id."))
    return _hung_on_top([each for each in found if each.body.source.strip()])


def _comment(raw: Raw, position: int) -> ImportedComment:
    return ImportedComment(
        id=text_of(raw, "id")[:LONGEST_ID] or f"#{position}",
        author=person_of(raw, "author"),
        body=ImportedText(text_of(raw, "body"), format_of(raw)),
        at=moment_of(raw.get("created_at")),
        parent=text_of(raw, "parent") or None,
        marks=marks_of(raw),
        revision=revision_of(raw),
        hidden=yes_of(raw, "hidden"),
    )


def _hung_on_top(comments: list[ImportedComment]) -> list[ImportedComment]:
    """Deeper replies hang on their top comment; a circle or an unknown parent makes a top one."""
    tops = _tops({each.id: each.parent for each in comments})
    hung = [replace(each, parent=tops[each.id]) for each in comments]
    top = [replace(each, parent=None) for each in hung if each.parent == each.id]
    return top + [each for each in hung if each.parent != each.id]


def _tops(parents: Mapping[str, str | None]) -> dict[str, str]:
    """The top comment above each; every comment is looked at once, however deep they hang."""
    tops: dict[str, str] = {}
    for name in parents:
        way: dict[str, None] = {}
        here: str | None = name
        while here is not None and here in parents and here not in tops and here not in way:
            way[here] = None
            here = parents[here]
        top = _end_of(list(way), here, tops)
        tops.update(dict.fromkeys(way, top))
    return tops


def _end_of(way: list[str], here: str | None, tops: Mapping[str, str]) -> str:
    """Where a way up ended: at a known top, in a circle, or at nothing."""
    if here is not None and here in tops:
        return tops[here]
    if here is not None and here in way:
        return min(way[way.index(here) :])
    return way[-1] if way else ""
