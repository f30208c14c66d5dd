"""What was said of each promise, counted once rather than with every look.

Why: of a standard with twenty thousand marks, counting them was most of what its page cost.
Old rows: every clause with marks gets a row that says that it has to be counted; until the jobs
have, pages count its marks themselves.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The table, and a row for each clause that has marks."""
    op.create_table(
        "promise_count",
        sa.Column("clause_id", ID, nullable=False, autoincrement=False),
        sa.Column("standard_id", ID, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("kept", "total", "people")),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("groups", sa.JSON().with_variant(JSONB, "postgresql"), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("changed", "counted")),
        sa.ForeignKeyConstraint(
            ["clause_id"], ["clause.id"], name=op.f("fk_promise_count_clause_id")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_promise_count_standard_id")
        ),
        sa.PrimaryKeyConstraint("clause_id", name=op.f("pk_promise_count")),
    )
    op.create_index("ix_promise_count_standard", "promise_count", ["standard_id"])
    op.execute(
        "INSERT INTO promise_count (clause_id, standard_id, kept, total, people, first_on, groups,"
        " changed, counted) SELECT DISTINCT clause_id, standard_id, 0, 0, 0,"
        " CAST('9999-12-31' AS DATE), CAST('{}' AS JSONB), 1, 0 FROM promise_mark"
        if op.get_bind().dialect.name == "postgresql"
        else "INSERT INTO promise_count (clause_id, standard_id, kept, total, people, first_on,"
        " groups, changed, counted) SELECT DISTINCT clause_id, standard_id, 0, 0, 0,"
        " '9999-12-31', '{}', 1, 0 FROM promise_mark"
    )


def downgrade() -> None:
    """The marks stay; they are counted with every look again."""
    op.drop_table("promise_count")
