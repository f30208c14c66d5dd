"""Services, and the waves that asked about them, are found by who provides.

Why: a passport looks for the newest waves, among sixty thousand rows after five years, and it and the
star of a department for the services there, among three thousand.
Old rows: unchanged.
"""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

INDEX = "ix_wave_service_provider"
SERVICES = "ix_service_provider_id"


def upgrade() -> None:
    """An index of both by who provides."""
    op.create_index(INDEX, "wave_service", ["provider_id", "wave_id"])
    op.create_index(SERVICES, "service", ["provider_id"])


def downgrade() -> None:
    """Without them."""
    op.drop_index(SERVICES, "service")
    op.drop_index(INDEX, "wave_service")
