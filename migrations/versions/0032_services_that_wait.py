"""Services that are not agreed on are found without a look at all the others.

Why: Home looks for those that wait for its reader, on a map of thousands that are confirmed.
Old rows: unchanged.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

INDEX = "ix_service_open"
OPEN = "state IN ('proposed', 'disputed')"


def upgrade() -> None:
    """An index of the few."""
    where = sa.text(OPEN)
    op.create_index(INDEX, "service", ["state"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Without it."""
    op.drop_index(INDEX, "service")
