"""Each promise of an idea keeps the survey that says how it was before.

Why: one survey for all promises of an idea was years old for those that a later one told of.
Old rows: every promise keeps the survey that its idea was measured by. Verdicts on ideas that
promised more who would recommend were by the mean, and not by the share that stands beside them:
they go, and the next sweep says them anew from the figures that are kept.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_IDEA = """UPDATE idea_promise SET baseline_id = (
    SELECT baseline_id FROM idea_measure WHERE idea_measure.idea_id = idea_promise.idea_id)"""
NEWEST = """UPDATE idea_measure SET baseline_id = (
    SELECT max(baseline_id) FROM idea_promise WHERE idea_promise.idea_id = idea_measure.idea_id)"""
BY_THE_MEAN = """DELETE FROM idea_outcome WHERE idea_id IN (
    SELECT idea_promise.idea_id FROM idea_promise
    JOIN survey_item ON survey_item.id = idea_promise.item_id
    WHERE survey_item.kind = 'recommend')"""


def upgrade() -> None:
    """From the idea to each of its promises."""
    _move("idea_promise", OF_IDEA, "idea_measure")
    op.execute(BY_THE_MEAN)


def downgrade() -> None:
    """One for all again, the newest of them."""
    _move("idea_measure", NEWEST, "idea_promise")


def _move(to: str, filled: str, away_from: str) -> None:
    with op.batch_alter_table(to) as table:
        table.add_column(sa.Column("baseline_id", ID, nullable=True))
        table.create_foreign_key(f"fk_{to}_baseline_id", "wave", ["baseline_id"], ["id"])
    op.create_index(f"ix_{to}_baseline", to, ["baseline_id"])
    op.execute(filled)
    op.drop_index(f"ix_{away_from}_baseline", away_from)
    with op.batch_alter_table(away_from) as table:
        table.drop_constraint(f"fk_{away_from}_baseline_id", type_="foreignkey")
        table.drop_column("baseline_id")
