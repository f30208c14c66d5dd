"""The waves that asked about somebody's services are found without a look at all services asked about.

Why: a passport looks for the newest, among sixty thousand rows after five years.
Old rows: unchanged.
"""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

INDEX = "ix_wave_service_provider"


def upgrade() -> None:
    """An index by who provides."""
    op.create_index(INDEX, "wave_service", ["provider_id", "wave_id"])


def downgrade() -> None:
    """Without it."""
    op.drop_index(INDEX, "wave_service")
