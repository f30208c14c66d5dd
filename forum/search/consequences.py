"""What else has to be looked at when something changes, by what hangs on what in the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.departments.models import DepartmentChange, Service
from forum.discussion.models import Comment, Thread
from forum.files.models import UploadUse
from forum.ideas.models import Answer, Idea
from forum.ideas.together.models import Summary, SummaryRevision
from forum.search.documents import KINDS, OLDER, Ref
from forum.standards.models import Standard, Version, VersionDepartment, VersionIdea
from forum.standards.older import older_of


def comments_under(kind: str, subject_ids: Iterable[int]) -> list[Ref]:
    """The comments of some ideas or standards. One query."""
    query = (
        select(Comment.id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Thread.subject == kind, Thread.subject_id.in_(list(subject_ids)))
    )
    return [("comment", row_id) for row_id in db.session.scalars(query)]


def ideas_above(comment_ids: Sequence[int]) -> Iterable[int]:
    """The ideas that some comments are under. One query."""
    query = (
        select(Thread.subject_id)
        .join(Comment, Comment.thread_id == Thread.id)
        .where(Comment.id.in_(comment_ids), Thread.subject == "idea")
    )
    return db.session.scalars(query)


def ideas_behind(standard_ids: Sequence[int]) -> list[Ref]:
    """The ideas that some standards came from. One query."""
    query = (
        select(VersionIdea.idea_id)
        .join(Version, Version.id == VersionIdea.version_id)
        .where(Version.standard_id.in_(standard_ids))
    )
    return [("idea", row_id) for row_id in db.session.scalars(query)]


def written_by(person_ids: Sequence[int]) -> list[Ref]:
    """The ideas and comments of some people, and what they said in short. Two queries."""
    short = (
        select(Summary.idea_id)
        .join(SummaryRevision, SummaryRevision.summary_id == Summary.id)
        .where(SummaryRevision.by_id.in_(person_ids))
    )
    theirs = or_(Idea.author_id.in_(person_ids), Idea.id.in_(short))
    ideas = db.session.scalars(select(Idea.id).where(theirs))
    comments = db.session.scalars(select(Comment.id).where(Comment.author_id.in_(person_ids)))
    return [*(("idea", i) for i in ideas), *(("comment", i) for i in comments)]


def showing(upload_ids: Sequence[int]) -> list[Ref]:
    """What some files are used in. One query."""
    query = select(UploadUse.kind, UploadUse.subject_id).where(UploadUse.upload_id.in_(upload_ids))
    return [(kind, row_id) for kind, row_id in db.session.execute(query) if kind in KINDS]


def people_in(department_ids: Sequence[int]) -> list[Ref]:
    """The people of some departments. One query."""
    query = select(Person.id).where(Person.department_id.in_(department_ids))
    return [("person", row_id) for row_id in db.session.scalars(query)]


def once_answering(department_ids: Sequence[int]) -> list[Ref]:
    """Everybody who has ever represented or headed one of the departments. One query."""
    query = select(DepartmentChange.old, DepartmentChange.new).where(
        DepartmentChange.department_id.in_(department_ids),
        DepartmentChange.what.in_(("head-set", "representatives-set")),
    )
    named = {word for row in db.session.execute(query) for part in row for word in part.split()}
    return [("person", int(word)) for word in named if word.isdigit()]


def touching(department_ids: Sequence[int]) -> list[Ref]:
    """The ideas and standards whose scope names one of these departments. Four queries."""
    answers = select(Answer.idea_id).where(Answer.department_id.in_(department_ids))
    ideas = select(Idea.id).where(
        or_(
            Idea.id.in_(answers),
            Idea.author_department_id.in_(department_ids),
            Idea.owner_department_id.in_(department_ids),
        )
    )
    audience = (
        select(Version.standard_id)
        .join(VersionDepartment, VersionDepartment.version_id == Version.id)
        .where(VersionDepartment.department_id.in_(department_ids))
    )
    standards = select(Standard.id).where(
        or_(Standard.id.in_(audience), Standard.owner_department_id.in_(department_ids))
    )
    services = select(Service.id).where(
        or_(Service.provider_id.in_(department_ids), Service.customer_id.in_(department_ids))
    )
    touched = list(db.session.scalars(standards))
    return [
        *(("idea", i) for i in db.session.scalars(ideas)),
        *(("standard", i) for i in touched),
        *older_versions(touched),
        *(("service", i) for i in db.session.scalars(services)),
    ]


def older_versions(standard_ids: Iterable[int]) -> list[Ref]:
    """The versions of some standards that are not in force any more. One query."""
    return [(OLDER, row_id) for row_id in older_of(list(standard_ids))]
