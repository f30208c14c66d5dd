"""Standards row by row: pages, versions with their texts, clauses, audience, who has read what,
whether promises were kept, reviews, how they are looked after and filed.

Their comments stay (docs/import.md), since comments of files belong to ideas.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, or_, select, update

from forum.admin.records.kinds import COMMENT, IDEA, PERSON, STANDARD, Kind, kind_of
from forum.admin.records.part import Part, Row
from forum.core.db import db
from forum.core.events import record
from forum.core.i18n import LOCALES
from forum.core.limits import STANDARD_TEXT
from forum.core.textcheck import clean_line
from forum.discussion.models import Thread
from forum.notifications.models import Watch
from forum.standards import facts
from forum.standards.approvals.models import Approval, Release
from forum.standards.categories.models import Category
from forum.standards.clauses.models import Clause, ClauseKin, VersionClause
from forum.standards.confirming.models import VersionPeople
from forum.standards.kept import counting
from forum.standards.kept.models import IdeaClause, PromiseMark
from forum.standards.models import (
    Acknowledgement,
    Standard,
    Version,
    VersionDepartment,
    VersionIdea,
)
from forum.standards.paper.models import ImportedStandard
from forum.standards.review.evidence import opens_by
from forum.standards.review.models import Care, Review
from forum.standards.serving.models import ServiceStandard
from forum.standards.tongues.actions import note_languages
from forum.standards.tongues.models import Part as Translated
from forum.standards.tongues.models import Translation
from forum.standards.why.models import ClauseOrigin, Source


def _with_threads(rows: list[Row]) -> None:
    """A thread for each standard, in the open write."""
    query = insert(Thread).returning(Thread.id)
    for row in rows:
        row["thread_id"] = db.session.scalar(query, {"subject": "standard", "subject_id": 0})


def _holding_threads(rows: list[Row]) -> None:
    for row in rows:
        mine = update(Thread).where(Thread.id == row["thread_id"])
        db.session.execute(mine.values(subject_id=row["id"]))


def _tell(row: Row) -> None:
    about = ("standard", row["standard_id"])
    written = row["#"].written.get("text_id")
    digest = written.digest if written is not None else ""
    record(facts.IMPORTED, by=None, about=about, version=row["number"], text=digest)


def _of_version(model: Any, *key: str) -> Part:
    return Part(
        model.__tablename__.replace("_", "-"),
        model,
        ("version_id", *key),
        finish=_tell_again,
    )


def _tell_again(rows: list[Row]) -> None:
    """What is looked at again once the rest of a version is there."""
    _tell_of({row["#"].values["version_id"][0] for row in rows})


def _translated(rows: list[Row]) -> None:
    """A standard that was here before learns that there is more of it now."""
    for standard_id in sorted({row["standard_id"] for row in rows}):
        note_languages(db.session.get_one(Standard, standard_id))
    _tell_of({row["#"].values["standard_id"] for row in rows})


def _tell_of(numbers: set[str]) -> None:
    for standard in sorted(numbers):
        found = db.session.query(Standard.id).filter(Standard.number == standard).scalar()
        record(facts.COMPLETED, by=None, about=("standard", found))


def _marked(rows: list[Row]) -> None:
    """Promises of which something was said are counted again."""
    for standard_id in sorted({row["standard_id"] for row in rows}):
        mine = [row["clause_id"] for row in rows if row["standard_id"] == standard_id]
        counting.note(standard_id, mine)


def _came_from(source: Source, thing: Kind) -> Part:
    return Part(
        f"clause-from-{source}",
        ClauseOrigin,
        ("clause_id", "source_id"),
        kinds={"source_id": thing},
        where=[ClauseOrigin.kind == source],
        fixed={"kind": str(source)},
    )


def _one_line(title: str) -> bool:
    """Whether a title is as forms take it."""
    return title == clean_line(title)


def _categories() -> Iterator[Part]:
    """The tree of categories from its top, since each is known by the one that it stands under."""
    above: Any = None
    for depth in range(DEEPEST):
        here = Category.parent_id.is_(None) if above is None else Category.parent_id.in_(above)
        yield Part(
            f"standard-category-{depth + 1}",
            Category,
            ("name_en", "name_ru", "parent_id"),
            where=[here],
            checks={"name_en": _one_line, "name_ru": _one_line},
            counted=True,
        )
        above = select(Category.id).where(here)


DEEPEST = 8
"""Categories within categories that travel; nobody goes down so far."""

STANDARDS: tuple[Part, ...] = (
    *_categories(),
    Part(
        "standard",
        Standard,
        ("number",),
        but=("thread_id", "comment_count", "translated"),
        kinds={"deputy_id": PERSON},
        checks={"title": _one_line},
        named=lambda row: row["number"],
        before=_with_threads,
        finish=_holding_threads,
    ),
    # `looked_on` is empty there, so that evidence is looked for anew.
    Part(
        "standard-care",
        Care,
        ("standard_id",),
        but=("looked_on",),
        where=[
            or_(
                Care.every_months.is_not(None),
                Care.category_id.is_not(None),
                Care.reminded_for.is_not(None),
            )
        ],
    ),
    Part("service-standard", ServiceStandard, ("service_id",)),
    Part(
        "version",
        Version,
        ("standard_id", "number"),
        checks={"title": _one_line, "change": _one_line},
        named=lambda row: (row["#"].values["standard_id"], row["number"]),
        tells=_tell,
        limit=STANDARD_TEXT,
    ),
    Part(
        "clause",
        Clause,
        ("standard_id", "key"),
        named=lambda row: (row["#"].values["standard_id"], row["key"]),
    ),
    Part("version-clause", VersionClause, ("version_id", "place")),
    Part("clause-kin", ClauseKin, ("clause_id", "from_id")),
    _came_from(Source.IDEA, IDEA),
    _came_from(Source.COMMENT, COMMENT),
    _of_version(VersionDepartment, "department_id"),
    _of_version(VersionPeople, "what", "value"),
    Part("approval", Approval, ("version_id", "side", "department_id")),
    Part("release", Release, ("version_id",)),
    Part("version-idea", VersionIdea, ("version_id", "idea_id")),
    Part("acknowledgement", Acknowledgement, ("version_id", "person_id")),
    Part(
        "translation",
        Translation,
        ("standard_id", "lang", "part", "key", "words"),
        checks={
            "lang": LOCALES.__contains__,
            "part": frozenset(Translated).__contains__,
            "title": _one_line,
        },
        finish=_translated,
        limit=STANDARD_TEXT,
    ),
    Part("imported-standard", ImportedStandard, ("standard_id",)),
    Part(
        "watches-standard",
        Watch,
        ("person_id", "thing_id"),
        kinds={"thing_id": STANDARD},
        where=[Watch.kind == "standard"],
        fixed={"kind": "standard"},
    ),
    Part("idea-clause", IdeaClause, ("idea_id",)),
    Part("promise-mark", PromiseMark, ("clause_id", "person_id", "on_day"), finish=_marked),
    Part(
        "standard-review",
        Review,
        ("standard_id", "opened_at"),
        but=("batch",),
        checks={"evidence": opens_by},
        counted=True,
    ),
    # What was reviewed at once is known by the first of them, once all are there.
    Part(
        "standard-review-batch",
        Review,
        ("standard_id", "opened_at"),
        only=("batch",),
        kinds={"batch": kind_of(Review.__tablename__)},
        where=[Review.batch.is_not(None)],
        adds=False,
        changes=True,
    ),
)
"""What needs people, departments and ideas to be there."""
