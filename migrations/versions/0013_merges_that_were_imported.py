"""Support that came with a merge which was imported.

Why: votes leave a forum as numbers, so an imported merge knows only how many backed both ideas, and
gives the child so many back when it is separated.
Old rows: merges made here know their voters by name and count none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The column; every merge there is counts none."""
    column = sa.Column("imported_both", sa.Integer(), nullable=False, server_default="0")
    op.add_column("idea_merge", column)


def downgrade() -> None:
    """The column goes, in place."""
    op.drop_column("idea_merge", "imported_both")
