"""Merges of ideas and what moved, co-authors, conditions of a No, likely duplicates.

Why: what a merge moved can be given back; authors of merged ideas are credited; a decline may name
a day or so many departments that bring the idea back; moderators are shown what says the same.
Old rows: ideas that were merged by an import lead where they led, without a record of what moved.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STANDING = sa.text("undone_at IS NULL")
WATCHED = sa.text("met_at IS NULL")


def upgrade() -> None:
    """Eight tables."""
    _merges()
    _moved()
    _conditions()
    _duplicates()


def _merges() -> None:
    op.create_table(
        "idea_merge",
        sa.Column("id", ID, nullable=False),
        sa.Column("parent_id", ID, nullable=False),
        sa.Column("child_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("from_kind", sa.String(), nullable=False),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("comment_id", sa.BigInteger(), nullable=True),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("both", sa.Integer(), nullable=False),
        sa.Column("imported", sa.Integer(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["idea.id"], name=op.f("fk_idea_merge_parent_id")),
        sa.ForeignKeyConstraint(["child_id"], ["idea.id"], name=op.f("fk_idea_merge_child_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_idea_merge_by_id")),
        sa.ForeignKeyConstraint(["message_id"], ["text.id"], name=op.f("fk_idea_merge_message_id")),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["person.id"], name=op.f("fk_idea_merge_undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_merge")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_idea_merge_parent", "idea_merge", ["parent_id"])
    op.create_index(
        "ix_idea_merge_standing",
        "idea_merge",
        ["child_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def _moved() -> None:
    op.create_table(
        "merged_person",
        sa.Column("merge_id", ID, nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("both", sa.Boolean(), nullable=False),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=True),
        sa.Column("here_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["idea_merge.id"], name=op.f("fk_merged_person_merge_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_merged_person_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_merged_person_department_id")
        ),
        sa.PrimaryKeyConstraint("merge_id", "part", "person_id", name=op.f("pk_merged_person")),
    )
    op.create_index("ix_merged_person_person", "merged_person", ["person_id"])
    op.create_table(
        "merged_row",
        sa.Column("merge_id", ID, nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["idea_merge.id"], name=op.f("fk_merged_row_merge_id")
        ),
        sa.PrimaryKeyConstraint("merge_id", "part", "row_id", name=op.f("pk_merged_row")),
    )
    op.create_table(
        "idea_author",
        sa.Column("idea_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("merge_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_author_idea_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_idea_author_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["idea_merge.id"], name=op.f("fk_idea_author_merge_id")
        ),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name=op.f("pk_idea_author")),
    )
    op.create_index("ix_idea_author_person", "idea_author", ["person_id"])


def _conditions() -> None:
    op.create_table(
        "decision_condition",
        sa.Column("id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("idea_id", ID, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("departments", sa.Integer(), nullable=True),
        sa.Column("met_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_condition_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_decision_condition_idea_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_decision_condition_answered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_condition")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_decision_condition_decision_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decision_condition_idea", "decision_condition", ["idea_id"])
    op.create_index(
        "ix_decision_condition_watched",
        "decision_condition",
        ["on_day"],
        sqlite_where=WATCHED,
        postgresql_where=WATCHED,
    )
    op.create_table(
        "still_needed",
        sa.Column("condition_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["condition_id"], ["decision_condition.id"], name=op.f("fk_still_needed_condition_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_still_needed_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_still_needed_department_id")
        ),
        sa.PrimaryKeyConstraint("condition_id", "person_id", name=op.f("pk_still_needed")),
    )
    op.create_index("ix_still_needed_person", "still_needed", ["person_id"])


def _duplicates() -> None:
    op.create_table(
        "likely_duplicate",
        sa.Column("id", ID, nullable=False),
        sa.Column("first_id", ID, nullable=False),
        sa.Column("second_id", ID, nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("dismissed_at", MOMENT, nullable=True),
        sa.Column("dismissed_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["first_id"], ["idea.id"], name=op.f("fk_likely_duplicate_first_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["idea.id"], name=op.f("fk_likely_duplicate_second_id")
        ),
        sa.ForeignKeyConstraint(
            ["dismissed_by_id"], ["person.id"], name=op.f("fk_likely_duplicate_dismissed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likely_duplicate")),
        sa.UniqueConstraint(
            "first_id", "second_id", name=op.f("uq_likely_duplicate_first_id_second_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_likely_duplicate_second", "likely_duplicate", ["second_id"])
    op.create_table(
        "duplicate_round",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("swept_to", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_round")),
    )


def downgrade() -> None:
    """Merged ideas stay merged; what moved is not known any more."""
    for table in (
        "duplicate_round", "likely_duplicate", "still_needed", "decision_condition",
        "idea_author", "merged_row", "merged_person", "idea_merge",
    ):  # fmt: skip
        op.drop_table(table)
