"""Ranges of several services together rest on people, not on answers.

Why: one person answers about several services, and what they say of each hangs together.
Old rows: a figure of one service counts as many as it has answers, which are its people. Of others
it is not known until `forum surveys rebuild`; they have no range until then.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """As how many people's answers those of a figure count."""
    worth = sa.Column("worth", sa.Integer(), nullable=False, server_default="0")
    op.add_column("wave_result", worth)
    op.execute("UPDATE wave_result SET worth = people WHERE scope = 'service'")


def downgrade() -> None:
    """Without it."""
    op.drop_column("wave_result", "worth")
