"""Shares of those who were trained are written down when a host notes who came.

Why: counted anew for each look, a share that moved when somebody left told whether they had come.
Old rows: the shares as they are today, of departments somebody of whom came.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FILL = """
INSERT INTO training_share (department_id, standard_id, trained, people)
SELECT p.department_id, t.standard_id, count(DISTINCT s.person_id),
    (SELECT count(*) FROM person o
     WHERE o.department_id = p.department_id AND o.kind = 'staff'
         AND o.deactivated_at IS NULL AND o.erased_at IS NULL)
FROM training_seat s
JOIN person p ON p.id = s.person_id
JOIN training_session m ON m.id = s.session_id
JOIN training_session_standard t ON t.session_id = s.session_id
WHERE s.attended AND m.cancelled_at IS NULL AND p.department_id IS NOT NULL
    AND p.kind = 'staff' AND p.deactivated_at IS NULL AND p.erased_at IS NULL
GROUP BY p.department_id, t.standard_id
"""


def upgrade() -> None:
    """The table, filled."""
    op.create_table(
        "training_share",
        sa.Column("department_id", ID, nullable=False),
        sa.Column("standard_id", ID, nullable=False),
        sa.Column("trained", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name="fk_training_share_department_id_department"
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name="fk_training_share_standard_id_standard"
        ),
        sa.PrimaryKeyConstraint("department_id", "standard_id", name="pk_training_share"),
    )
    op.execute(FILL)


def downgrade() -> None:
    """Counted again at each look."""
    op.drop_table("training_share")
