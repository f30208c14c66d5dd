"""What is counted for insights, who gains from an idea, and searches in vain by many.

Why: the figures of five years are not counted on a page's request, so they are kept by month and
branch; shares of people who took part are written once for each quarter that is over. An idea may
say who gains from it. A search in vain is told to everybody only when five different people made
it, which is one step further than what moderators see.
Old rows: nothing is counted yet, the daily count makes all of it; no idea says who gains; searches
that three people made wait for five more, because nobody knows any more who the three were.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Columns in place, since others refer to the table of ideas, and the counted rows."""
    op.add_column("idea", sa.Column("gains", sa.String(), nullable=False, server_default=""))
    op.add_column(
        "missed_search",
        sa.Column("by_many", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "insight_month",
        sa.Column("department_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.PrimaryKeyConstraint("department_id", "month", name=op.f("pk_insight_month")),
    )
    op.create_table(
        "insight_share",
        sa.Column("department_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("took_part", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("with_votes", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("department_id", "quarter", name=op.f("pk_insight_share")),
    )
    op.create_table(
        "insight_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("shares_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_state")),
    )


def downgrade() -> None:
    """What was counted goes; it is counted again. Who gains is forgotten."""
    op.drop_table("insight_state")
    op.drop_table("insight_share")
    op.drop_table("insight_month")
    op.drop_column("missed_search", "by_many")
    op.drop_column("idea", "gains")
