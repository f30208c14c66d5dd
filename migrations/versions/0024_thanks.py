"""Thank-yous: a line to people and departments, for what, and why.

Why: the loop between departments ends with a thank-you, and that is a line to somebody rather than a
count. What it is for is a kind and a number, since later features bring kinds of their own.
Old rows: nobody has thanked yet, and nobody was asked to.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The tables."""
    op.create_table(
        "thanks",
        sa.Column("id", ID, nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("author_department_id", ID, nullable=True),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("text_id", ID, nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("everyone", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by_id", ID, nullable=True),
        sa.Column("hidden_why_id", ID, nullable=True),
        sa.CheckConstraint(
            "(subject_kind = '') = (subject_id IS NULL)", name=op.f("ck_thanks_subject")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_thanks_author_id")),
        sa.ForeignKeyConstraint(
            ["author_department_id"], ["department.id"], name=op.f("fk_thanks_author_department_id")
        ),
        sa.ForeignKeyConstraint(["text_id"], ["text.id"], name=op.f("fk_thanks_text_id")),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"], ["person.id"], name=op.f("fk_thanks_hidden_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["hidden_why_id"], ["text.id"], name=op.f("fk_thanks_hidden_why_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thanks")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_thanks_author", "thanks", ["author_id", "at"])
    op.create_index("ix_thanks_subject", "thanks", ["subject_kind", "subject_id", "author_id"])
    op.create_index("ix_thanks_at", "thanks", ["at"])
    op.create_index(op.f("ix_thanks_author_department_id"), "thanks", ["author_department_id"])
    op.create_index(op.f("ix_thanks_text_id"), "thanks", ["text_id"])
    op.create_index(op.f("ix_thanks_hidden_by_id"), "thanks", ["hidden_by_id"])
    op.create_table(
        "thanks_to",
        sa.Column("id", ID, nullable=False),
        sa.Column("thanks_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR department_id IS NOT NULL", name=op.f("ck_thanks_to_somebody")
        ),
        sa.ForeignKeyConstraint(["thanks_id"], ["thanks.id"], name=op.f("fk_thanks_to_thanks_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_thanks_to_person_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_thanks_to_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thanks_to")),
        sa.UniqueConstraint(
            "thanks_id",
            "person_id",
            "department_id",
            name=op.f("uq_thanks_to_thanks_id_person_id_department_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_thanks_to_person", "thanks_to", ["person_id", "thanks_id"])
    op.create_index("ix_thanks_to_department", "thanks_to", ["department_id", "thanks_id"])
    op.create_table(
        "thanks_not_now",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_thanks_not_now_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "subject_kind", "subject_id", name=op.f("pk_thanks_not_now")
        ),
    )


def downgrade() -> None:
    """Thank-yous go; their texts stay, as those of comments would."""
    op.drop_table("thanks_not_now")
    op.drop_table("thanks_to")
    op.drop_table("thanks")
