"""From events to the things whose documents may have changed. Generous rather than exact."""

from __future__ import annotations

from collections.abc import Sequence

from forum.core.events import Event
from forum.search import consequences
from forum.search.documents import KINDS, Ref

QUIET = frozenset(
    (
        "idea.support-changed",
        "idea.owner-confirmed",
        "idea.owner-asked",
        "answer.nudged",
        "answer.escalated",
        "answer.question-asked",
        "answer.question-closed",
        "idea.still-needed",
        "idea.returned",
        "idea.left-declined",
        "idea.author-invited",
        "idea.author-invitation-ended",
        "idea.edit-suggested",
        "idea.suggestion-left",
        "idea.suggestion-withdrawn",
        "idea.improved",
        "idea.adopted",
        "idea.adoption-ended",
        "comment.made-official",
        "comment.made-plain",
        "comment.question-resolved",
        "comment.question-reopened",
        "survey.planned",
        "survey.changed",
        "survey.cancelled",
        "survey.opened",
        "survey.held",
        "survey.stopped",
        "survey.closed",
        "survey.item-worded",
        "survey.item-retired",
        "survey.settings",
        "survey.imported",
        "survey.told",
        "survey.replied",
        "survey.reply-due",
        "survey.reply-late",
        "survey.idea-came",
        "survey.author-asked",
        "idea.promised",
        "idea.measured",
        "idea.survey-cancelled",
        "idea.survey-again",
        "person.signed-in",
        "person.password-changed",
        "person.invited",
        "site.settings-changed",
        "standard.acknowledged",
        "standard.review-opened",
        "standard.review-reminded",
        "standard.review-overdue",
        "standard.emergency-overdue",
        "standard.reviewed",
        "standard.review-undone",
        "standard.review-planned",
        "standard.filed",
        "standard.governs",
        "standard.confirmations-due",
        "standard.paper-confirmed",
        "standard.paper-taken-back",
        "standard.training-confirmed",
        "standard.training-taken-back",
        "case.drafted",
        "case.changed",
        "case.sent",
        "case.checked",
        "case.opened",
        "case.taken-back",
        "case.idea-came",
        "case.imported",
        "training.planned",
        "training.changed",
        "training.cancelled",
        "training.invited",
        "training.signed-up",
        "training.signed-off",
        "training.seated",
        "training.reminded",
        "training.attended",
        "training.agenda",
        "training.settled",
        "training.imported",
        "thanks.given",
        "thanks.withdrawn",
        "thanks.hidden",
        "thanks.imported",
        "standard.renewal-changed",
    )
)
"""Nothing that the index keeps follows from these."""
RESCOPING = frozenset(("department.merged",))
"""These move people, ideas and standards from one department to another."""
SEATS = frozenset(("department.head-set", "department.representatives-set", "department.merged"))
"""Consultants see who answers for their department."""
OWN_TEXT_ONLY = frozenset(
    (
        "idea.posted",
        "idea.edited",
        "answer.given",
        "idea.author-joined",
        "idea.author-left",
        "idea.summarised",
        "idea.summary-removed",
        "idea.suggestion-taken",
        "idea.suggestion-reopened",
        "standard.translated",
    )
)
"""The comments below stay as they are."""
AGEING = frozenset(
    (
        "standard.published",
        "standard.retired",
        "standard.imported",
        "standard.completed",
        "standard.given",
        "person.name-removed",
    )
)
"""These bring versions out of force, move who sees those that are, or change what they say."""
PUBLISHED = frozenset(("standard.published",))
"""The ideas that it came from are found by its number from now on."""


FILES = frozenset(("file.read", "file.shown"))
"""What brings the document along is found by its words; nothing else changes."""


def refs_of(batch: Sequence[Event]) -> set[Ref]:
    """Everything to look at again after these events. At most twelve queries a batch."""
    news = [event for event in batch if event.type not in QUIET]
    refs = touched(news)
    refs.update(_consequences(news))
    for kind in ("idea", "standard"):
        subjects = {i for k, i in refs if k == kind} - _unmoved(news, kind)
        if subjects:
            refs.update(consequences.comments_under(kind, subjects))
    refs.update(showing(news))
    refs.update(aged(news))
    return refs


def ideas_of(batch: Sequence[Event]) -> set[int]:
    """The ideas whose figures may have changed. At most one query."""
    about = {(event.object_kind, event.object_id) for event in batch} | _named(batch)
    comments = [row_id for kind, row_id in about if kind == "comment"]
    ideas = {row_id for kind, row_id in about if kind == "idea"}
    return ideas | set(consequences.ideas_above(comments) if comments else ())


def showing(news: Sequence[Event]) -> list[Ref]:
    """What brings the documents along that events are about. A query if there are any."""
    files = [event.object_id for event in news if event.type in FILES]
    return consequences.showing(files) if files else []


def touched(news: Sequence[Event]) -> set[Ref]:
    """The things that events are about, without what follows for others. No query."""
    about = {(event.object_kind, event.object_id) for event in news if event.object_kind in KINDS}
    return about | _named(news)


def _named(news: Sequence[Event]) -> set[Ref]:
    """Single things that a payload names, such as the idea an answer or a merge is about."""
    found = set()
    for event in news:
        for key, value in event.payload.items():
            kind = event.object_kind if key == "into" else key
            if kind in KINDS and isinstance(value, int):
                found.add((kind, value))
    return found


def _consequences(news: Sequence[Event]) -> list[Ref]:
    refs: list[Ref] = []
    departments = _ids([event for event in news if event.type in RESCOPING], "department")
    if departments:
        refs += consequences.people_in(departments) + consequences.touching(departments)
    seats = _ids([event for event in news if event.type in SEATS], "department")
    if seats:
        refs += consequences.once_answering(seats)
    published = _ids([event for event in news if event.type in PUBLISHED], "standard")
    if published:
        refs += consequences.ideas_behind(published)
    gone = _ids([event for event in news if event.type == "person.erased"], "person")
    if gone:
        refs += consequences.written_by(gone)
    return refs


def aged(news: Sequence[Event]) -> list[Ref]:
    """The older versions of standards that events are about. A query if there are any."""
    about = [event for event in news if event.type in AGEING and event.object_kind == "standard"]
    ids = {event.object_id for event in about}
    return consequences.older_versions(ids) if ids else []


def _ids(news: Sequence[Event], kind: str) -> list[int]:
    about = {event.object_id for event in news if event.object_kind == kind}
    return sorted(about | {i for k, i in _named(news) if k == kind})


def _unmoved(news: Sequence[Event], kind: str) -> set[int]:
    """Subjects of which only the own text changed in this batch."""
    about = [event for event in news if event.object_kind == kind]
    moved = {event.object_id for event in about if event.type not in OWN_TEXT_ONLY}
    return {event.object_id for event in about} - moved
