"""What a department asks the unknown author of a text in a survey, and what they answer, once.

Why: a text that is told often needs one more word to act on, and nobody knows whom to ask. The
question is the department's; the answer has the text's random key and nothing else: no person, no
time, no number, as the text itself.
Old rows: texts written before have no address by which their authors could answer; nobody could
have kept one, so they may be asked and will not answer.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Two tables; answers lie in the order of their random keys."""
    op.create_table(
        "voice_question",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("wave_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["survey_text.key"], name=op.f("fk_voice_question_key")),
        _refers("wave_id", "wave"),
        _refers("department_id", "department"),
        _refers("by_id", "person"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_voice_question")),
    )
    op.create_index("ix_voice_question_wave", "voice_question", ["wave_id"])
    op.create_index("ix_voice_question_department", "voice_question", ["department_id"])
    op.create_index("ix_voice_question_by", "voice_question", ["by_id"])
    op.create_table(
        "voice_answer",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["voice_question.key"], name=op.f("fk_voice_answer_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_voice_answer")),
        sqlite_with_rowid=False,
    )


def _refers(column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_voice_question_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def downgrade() -> None:
    """Questions and what was answered go."""
    op.drop_table("voice_answer")
    op.drop_table("voice_question")
