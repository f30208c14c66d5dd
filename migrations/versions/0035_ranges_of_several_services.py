"""Ranges of several services rest on people, and means are compared of the same questions.

Why: one person answers about several services, and what they say of each hangs together. A mean of
several questions says nothing against one of others, so it is kept of which it is.
Old rows: a figure of one service counts as many as it has answers, which are its people. Of others
it is not known until `forum surveys rebuild`; they have no range until then. Of which questions a
mean is follows from the figures beside it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

FILL = """
UPDATE wave_overall SET versions = coalesce((
    SELECT JOINED(CAST(asked.version_id AS VARCHAR), ' ') FROM (
        SELECT r.version_id FROM wave_result r
        JOIN survey_item_version v ON v.id = r.version_id
        JOIN survey_item i ON i.id = v.item_id
        WHERE i.kind = 'scale' AND r.wave_id = wave_overall.wave_id
        AND r.scope = wave_overall.scope
        AND r.one = wave_overall.one AND r.other = wave_overall.other
        ORDER BY r.version_id
    ) AS asked
), '')
"""


def upgrade() -> None:
    """As how many people's answers those of a figure count, and of which questions a mean is."""
    worth = sa.Column("worth", sa.Integer(), nullable=False, server_default="0")
    op.add_column("wave_result", worth)
    op.execute("UPDATE wave_result SET worth = people WHERE scope = 'service'")
    versions = sa.Column("versions", sa.String(), nullable=False, server_default="")
    op.add_column("wave_overall", versions)
    joined = "string_agg" if op.get_bind().dialect.name == "postgresql" else "group_concat"
    op.execute(FILL.replace("JOINED", joined))


def downgrade() -> None:
    """Without them."""
    op.drop_column("wave_overall", "versions")
    op.drop_column("wave_result", "worth")
