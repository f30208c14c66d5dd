"""Threads read by time.

Why: a page of a thread follows the clock, which imported comments keep and their ids do not; and
nobody ever read how many comments a thread says it has, since ideas and standards count their own.
Old rows: stay as they are; the number that nobody read goes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index in the order of reading; the column goes in place, since comments refer to its row."""
    op.drop_index("ix_comment_thread", "comment")
    op.create_index("ix_comment_thread", "comment", ["thread_id", "created_at", "id"])
    op.drop_column("thread", "comment_count")


def downgrade() -> None:
    """The order of ids again, and a number that starts at nothing."""
    count = sa.Column("comment_count", sa.Integer(), nullable=False, server_default="0")
    op.add_column("thread", count)
    op.drop_index("ix_comment_thread", "comment")
    op.create_index("ix_comment_thread", "comment", ["thread_id", "id"])
