"""Added stages.

Why: a company's way of deciding has more steps than ours; each added one is of a kind that the
rules know, with a name, a meaning, days allowed and who may enter and leave it.
Old rows: the stages there are keep their names, their order and that moderators move ideas into
and out of them. Going back, ideas and their history stand at the first stage of their kind.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STAGE = (
    *((name, sa.String(), "") for name in ("name_en", "name_ru", "meaning_en", "meaning_ru")),
    ("enter", sa.String(), "moderators"),
    ("leave", sa.String(), "moderators"),
)


def upgrade() -> None:
    """What a stage may say of itself."""
    for name, kind, default in STAGE:
        op.add_column("stage", sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("stage", sa.Column("hue", sa.Integer(), nullable=True))
    op.add_column("stage", sa.Column("days", sa.Integer(), nullable=True))
    op.add_column("stage", sa.Column("removed_at", MOMENT, nullable=True))


def downgrade() -> None:
    """The stages that every forum has, alone."""
    for table in ("idea", "stage_change"):
        op.execute(
            f"UPDATE {table} SET stage_id = (SELECT first.id FROM stage AS first"
            " JOIN stage AS added ON added.kind = first.kind"
            f" WHERE added.id = {table}.stage_id AND first.slug = first.kind)"
            " WHERE stage_id IN (SELECT id FROM stage WHERE slug <> kind)"
        )
    op.execute("DELETE FROM stage WHERE slug <> kind")
    for name in ("removed_at", "days", "hue", *(column[0] for column in reversed(STAGE))):
        op.drop_column("stage", name)
