"""A clock for every answer that is asked for, questions to the author, handovers, deputies.

Why: silence of a department must not hold an idea up, so each slot has a last day, reminders that
are sent once, and a rest while the author is asked something. Who is away names a deputy.
Old rows: slots that wait already get no clock, so that nobody is flooded with reminders of the
past; departments asked from now on have one. Going back, clocks, questions' marks, handovers and
deputies are dropped; the questions themselves stay as comments.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
COLUMNS = ("due_on", "allowed_days", "nudged", "nudge_on", "paused_at")


def upgrade() -> None:
    """Five columns, added in place because other tables refer to answers, and three tables."""
    op.add_column("answer", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("answer", sa.Column("allowed_days", sa.Integer(), nullable=True))
    op.add_column("answer", sa.Column("nudged", sa.Integer(), server_default="0", nullable=False))
    op.add_column("answer", sa.Column("nudge_on", sa.Date(), nullable=True))
    op.add_column("answer", sa.Column("paused_at", MOMENT, nullable=True))
    some = sa.text("nudge_on IS NOT NULL")
    op.create_index(
        "ix_answer_nudge", "answer", ["nudge_on"], sqlite_where=some, postgresql_where=some
    )
    _questions()
    _handovers()
    _deputies()


def _questions() -> None:
    op.create_table(
        "answer_question",
        sa.Column("id", ID, nullable=False),
        sa.Column("answer_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=False),
        sa.Column("comment_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"],
            name=op.f("fk_answer_question_answer_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_answer_question_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_answer_question_comment_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_answer_question_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_question")),
        sa.UniqueConstraint(
            "answer_id", "department_id", name=op.f("uq_answer_question_answer_id_department_id")
        ),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index(op.f("ix_answer_question_comment_id"), "answer_question", ["comment_id"])


def _handovers() -> None:
    op.create_table(
        "answer_handover",
        sa.Column("id", ID, nullable=False),
        sa.Column("answer_id", ID, nullable=False),
        sa.Column("from_id", ID, nullable=False),
        sa.Column("to_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("allowed_days", sa.Integer(), nullable=True),
        sa.Column("nudged", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"],
            name=op.f("fk_answer_handover_answer_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["department.id"], name=op.f("fk_answer_handover_from_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["department.id"], name=op.f("fk_answer_handover_to_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_answer_handover_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_handover")),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index(op.f("ix_answer_handover_answer_id"), "answer_handover", ["answer_id"])


def _deputies() -> None:
    op.create_table(
        "deputy",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("deputy_id", ID, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.CheckConstraint("person_id <> deputy_id", name=op.f("ck_deputy_somebody_else")),
        sa.CheckConstraint("since <= until", name=op.f("ck_deputy_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deputy_person_id")),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name=op.f("fk_deputy_deputy_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_deputy")),
    )
    op.create_index(op.f("ix_deputy_deputy_id"), "deputy", ["deputy_id"])


def downgrade() -> None:
    """Answers without a clock."""
    for table in ("deputy", "answer_handover", "answer_question"):
        op.drop_table(table)
    op.drop_index("ix_answer_nudge", table_name="answer")
    for column in COLUMNS:
        op.drop_column("answer", column)
