"""Which tables are told row by row, and in what order.

What is told nowhere, and why, stands in docs/import.md: votes and whatever names a voter above all.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.accounts.trust import Suspension, Trust
from forum.admin.records import given, merged
from forum.admin.records.kinds import COMMENT, DEPARTMENT, IDEA, PERSON, SLOT, TAG, Kind, kind_of
from forum.admin.records.part import Part
from forum.admin.records.services import SERVICES
from forum.admin.records.standards import STANDARDS
from forum.admin.records.surveys import RESULTS, SURVEYS
from forum.admin.records.thanks import THANKS
from forum.admin.records.training import TRAINING
from forum.campaigns import facts as campaigns
from forum.campaigns.models import Campaign, CampaignField, CampaignIdea, CampaignValue
from forum.core.events import record
from forum.departments import facts as departments
from forum.departments.actions import remember
from forum.departments.models import (
    Attachment,
    Department,
    DepartmentSlug,
    Deputy,
    Membership,
    Representative,
)
from forum.departments.reach import ModeratorScope
from forum.discussion import facts as discussion
from forum.discussion.models import Comment, CommentRevision
from forum.ideas import facts
from forum.ideas.merges.models import (
    IdeaAuthor,
    Merge,
    MergedPerson,
    MergedRow,
    PersonPart,
    RowPart,
)
from forum.ideas.models import Answer, AnswerRevision, Follow, Handover, Idea, IdeaRevision
from forum.ideas.models import Question as Asked
from forum.ideas.together.models import AuthorInvitation, Suggestion, SuggestionState
from forum.moderation.models import Flag, Matter, MatterNote, Trashed
from forum.notifications.models import NewsChoice, Watch
from forum.scorecards.models import Expert, Score

ARCHIVED = Department.archived_at.is_not(None)
CURRENT, HOLDER = aliased(Answer), aliased(Department)
NOW_IDEA, NOW_COMMENT = aliased(Idea), aliased(Comment)


def _archived(column: Any) -> Any:
    return column.in_(select(HOLDER.id).where(HOLDER.archived_at.is_not(None)))


COMPANY: tuple[Part, ...] = (
    Part(
        "department",
        Department,
        ("slug",),
        but=("parent_id", "head_id", "merged_into_id"),
        changes=True,
        named=lambda row: row["slug"],
        tells=lambda row: remember(None, row["id"], departments.CHANGED),
    ),
    Part(
        "archived",
        Department,
        ("slug",),
        only=("parent_id", "head_id", "merged_into_id"),
        where=[ARCHIVED],
        adds=False,
        changes=True,
    ),
    Part("department-slug", DepartmentSlug, ("slug",)),
    *SERVICES,
    Part(
        "person",
        Person,
        ("id",),
        only=("job_title",),
        kinds={"id": PERSON},
        where=[Person.job_title != "", Person.erased_at.is_(None)],
        adds=False,
        changes=True,
    ),
    Part(
        "belonged",
        Membership,
        ("person_id", "department_id", "since"),
        where=[Membership.until.is_not(None)],
    ),
    Part(
        "belongs",
        Membership,
        ("person_id", "department_id"),
        only=("since",),
        among=[Membership.until.is_(None)],
        adds=False,
        changes=True,
    ),
    Part(
        "represents",
        Representative,
        ("department_id", "person_id"),
        only=("since",),
        adds=False,
        changes=True,
    ),
    Part("deputy", Deputy, ("person_id",)),
    Part(
        "attached",
        Attachment,
        ("person_id", "department_id", "since"),
        where=[Attachment.until.is_not(None)],
    ),
    Part("moderates", ModeratorScope, ("person_id", "department_id")),
    Part("trusted", Trust, ("person_id",)),
    Part("suspended", Suspension, ("person_id", "at")),
    Part("news", NewsChoice, ("person_id", "topic", "channel")),
)
"""What is there before any idea."""


def _watched(kind: str, thing: Kind) -> Part:
    return Part(
        f"watches-{kind}",
        Watch,
        ("person_id", "thing_id"),
        kinds={"thing_id": thing},
        where=[Watch.kind == kind],
        fixed={"kind": kind},
    )


def _matter(kind: str, thing: Kind) -> Part:
    return Part(
        f"matter-{kind}",
        Matter,
        ("kind", "thing_id", "opened_at"),
        kinds={"thing_id": thing},
        where=[Matter.thing_kind == kind],
        fixed={"thing_kind": kind},
        counted=True,
    )


def _came_along(part: RowPart, thing: Kind) -> Part:
    return Part(
        f"merged-{part}",
        MergedRow,
        ("merge_id", "row_id"),
        kinds={"row_id": thing},
        where=[MergedRow.part == part],
        fixed={"part": str(part)},
    )


IDEAS: tuple[Part, ...] = (
    Part(
        "wording",
        IdeaRevision,
        ("idea_id", "number"),
        where=[exists().where(NOW_IDEA.id == IdeaRevision.idea_id, NOW_IDEA.revision > 1)],
        changes=True,
    ),
    Part(
        "comment-wording",
        CommentRevision,
        ("comment_id", "number"),
        where=[
            exists().where(NOW_COMMENT.id == CommentRevision.comment_id, NOW_COMMENT.revision > 1)
        ],
        changes=True,
    ),
    Part(
        "comment",
        Comment,
        ("id",),
        only=("edited_at",),
        kinds={"id": COMMENT},
        where=[Comment.edited_at.is_not(None)],
        adds=False,
        changes=True,
        decided=(discussion.COMMENT_EDITED,),
    ),
    Part(
        "slot",
        Answer,
        ("id", "answered_at"),
        only=("revision",),
        kinds={"id": SLOT},
        where=[Answer.revision != 1],
        adds=False,
        changes=True,
    ),
    Part(
        "answered-before",
        AnswerRevision,
        ("answer_id", "answer", "by_id", "at"),
        where=[
            ~exists().where(
                CURRENT.id == AnswerRevision.answer_id,
                CURRENT.answer == AnswerRevision.answer,
                CURRENT.answered_at == AnswerRevision.at,
            )
        ],
        finish=given.put_present_last,
    ),
    Part("handed-over", Handover, ("answer_id", "from_id", "at")),
    Part("asked-author", Asked, ("answer_id", "department_id")),
    Part(
        "suggestion",
        Suggestion,
        ("idea_id", "by_id", "at"),
        where=[Suggestion.state != SuggestionState.OPEN],
    ),
    Part("author-invited", AuthorInvitation, ("idea_id", "person_id")),
    Part(
        "idea",
        Idea,
        ("id",),
        only=(
            *("author_department_id", "edited_at", "active_at", "locked_at", "pinned_at"),
            *("trashed_at", "purged_at", "gains"),
        ),
        kinds={"id": IDEA},
        adds=False,
        changes=True,
        decided=(facts.EDITED, facts.LOCKED, facts.PINNED, facts.TRASHED, facts.RESTORED),
        tells=lambda row: record(facts.IMPORTED, by=None, about=("idea", row["id"])),
    ),
    Part("trashed", Trashed, ("idea_id",), admit=given.only_in_trash),
    Part("follows", Follow, ("person_id", "idea_id")),
    _watched("idea", IDEA),
    _watched("department", DEPARTMENT),
    _watched("tag", TAG),
    _watched("person", PERSON),
    Part(
        "campaign",
        Campaign,
        ("title", "created_at"),
        counted=True,
        tells=lambda row: record(campaigns.IMPORTED, by=None, about=("campaign", row["id"])),
    ),
    Part(
        "campaign-field",
        CampaignField,
        ("campaign_id", "label", "kind", "options", "removed_at"),
        counted=True,
    ),
    Part(
        "campaign-idea",
        CampaignIdea,
        ("idea_id",),
        tells=lambda row: record(facts.IMPORTED, by=None, about=("idea", row["idea_id"])),
    ),
    Part("campaign-value", CampaignValue, ("idea_id", "field_id")),
    Part("expert", Expert, ("idea_id", "person_id"), counted=True),
    Part("score", Score, ("expert_id", "criterion")),
    Part(
        "merge",
        Merge,
        ("parent_id", "child_id", "at"),
        kinds={"comment_id": COMMENT},
        counted=True,
        shape=merged.as_numbers,
    ),
    _came_along(RowPart.COMMENT, COMMENT),
    _came_along(RowPart.SLOT, SLOT),
    Part(
        "merged-follow",
        MergedPerson,
        ("merge_id", "person_id"),
        where=[MergedPerson.part == PersonPart.FOLLOW],
        fixed={"part": str(PersonPart.FOLLOW)},
    ),
    Part(
        "coauthor",
        IdeaAuthor,
        ("idea_id", "person_id"),
        adds=False,
        changes=True,
    ),
    _matter("idea", IDEA),
    _matter("comment", COMMENT),
)
"""What needs ideas to be there; rows that others refer to come before those."""

LOOP = (
    *(*SURVEYS, *RESULTS, *TRAINING, *THANKS),
    _matter("thanks", kind_of("thanks")),
    Part("flag", Flag, ("matter_id", "person_id")),
    Part("matter-note", MatterNote, ("matter_id", "by_id", "at")),
)
"""What surveys, training and thanks keep, and what is said of whatever moderators looked at; ideas
and standards are there before it, and cases before the thank-yous for them."""
PARTS = {part.name: part for part in (*COMPANY, *IDEAS, *STANDARDS, *LOOP)}
