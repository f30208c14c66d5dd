"""What was written together elsewhere: co-authors, summaries, suggested edits, adopted
improvements, and marks on comments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from forum.core import limits
from forum.core.i18n import LOCALES, _
from forum.discussion.models import Question, Side
from forum.ideas.imports.fields import (
    ImportedText,
    Raw,
    Refused,
    day_of,
    line_of,
    markdown_of,
    moment_of,
    objects_of,
    person_of,
    words_of,
)

FIELDS = ("coauthors", "summaries", "suggestions", "improvement", "adoptions")


@dataclass(frozen=True, slots=True)
class ImportedMarks:
    """What a comment is besides its words; `department` is whose side it takes."""

    official_at: datetime | None = None
    question: str = ""
    side: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class ImportedSummary:
    """The idea in short."""

    lang: str
    text: ImportedText
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportedSuggestion:
    """Another wording that waits."""

    by: str
    title: str
    problem: ImportedText | None
    proposal: ImportedText | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportedDone:
    """A department that does it, since when, and who said so."""

    department: str
    on: date | None
    by: str


@dataclass(frozen=True, slots=True)
class Together:
    """Everything of this kind that a line says."""

    coauthors: tuple[str, ...] = ()
    summaries: tuple[ImportedSummary, ...] = ()
    suggestions: tuple[ImportedSuggestion, ...] = ()
    improvement: ImportedDone | None = None
    adoptions: tuple[ImportedDone, ...] = ()

    @property
    def people(self) -> Iterator[str]:
        """Everybody it names."""
        yield from self.coauthors
        yield from (each.by for each in self.summaries)
        yield from (each.by for each in self.suggestions)
        yield from (each.by for each in self.adoptions)

    @property
    def departments(self) -> tuple[str, ...]:
        """Every department it names."""
        first = (self.improvement,) if self.improvement is not None else ()
        return tuple(each.department for each in (*first, *self.adoptions))

    @property
    def texts(self) -> list[ImportedText | None]:
        """Its texts: summaries, then problem and proposal of each suggestion."""
        suggested = [text for each in self.suggestions for text in (each.problem, each.proposal)]
        return [*(each.text for each in self.summaries), *suggested]


UNMARKED, NOTHING = ImportedMarks(), Together()
"""A comment of words alone, and an idea that nobody wrote with others."""


def marks_of(raw: Raw) -> ImportedMarks:
    """What a comment is besides its words. Raises Refused."""
    question, side = line_of(raw, "question"), line_of(raw, "side")
    for said, allowed in ((question, Question), (side, Side)):
        if said and said not in frozenset(allowed):
            raise Refused(_("“%(text)s” is no mark of a comment.", text=said[:40]))
    official_at = moment_of(raw.get("official_at"))
    return ImportedMarks(official_at, question, side, line_of(raw, "department") if side else "")


def together_of(raw: Raw) -> Together:
    """What was written together. Raises Refused."""
    summaries = tuple(_summary(each) for each in objects_of(raw, "summaries"))
    if len({each.lang for each in summaries}) < len(summaries):
        raise Refused(_("Two summaries are in one language."))
    return Together(
        coauthors=tuple(words_of(raw, "coauthors")),
        summaries=summaries,
        suggestions=tuple(_suggestion(each) for each in objects_of(raw, "suggestions")),
        improvement=_improvement(raw),
        adoptions=tuple(_done(each, "adopted_on") for each in objects_of(raw, "adoptions")),
    )


def _summary(raw: Raw) -> ImportedSummary:
    lang, text = line_of(raw, "lang"), line_of(raw, "text")
    if lang not in LOCALES or not text:
        raise Refused(_("A summary has no text, or no language of ours."))
    short = ImportedText(text[: limits.SUMMARY.value], "text")
    return ImportedSummary(lang, short, person_of(raw, "by"), moment_of(raw.get("at")))


def _suggestion(raw: Raw) -> ImportedSuggestion:
    title, problem = line_of(raw, "title"), markdown_of(raw, "problem")
    if not title:
        raise Refused(_("A suggested edit has no title."))
    title = title[: limits.TITLE.value]
    proposal, at = markdown_of(raw, "proposal"), moment_of(raw.get("at"))
    return ImportedSuggestion(person_of(raw, "by"), title, problem, proposal, at)


def _improvement(raw: Raw) -> ImportedDone | None:
    value = raw.get("improvement")
    if not value:
        return None
    if not isinstance(value, dict):
        raise Refused(_("“%(name)s” is not a list of objects.", name="improvement"))
    return _done(value, "done_on")


def _done(raw: Raw, day: str) -> ImportedDone:
    department = line_of(raw, "department")
    if not department:
        raise Refused(_("Something that is done names no department."))
    return ImportedDone(department, day_of(raw.get(day)), person_of(raw, "by"))
