"""Whom a version asks, whether it is a minor change, how somebody confirmed, and reminders.

Why: a version is for roles and kinds too; a minor change keeps confirmations, a material one asks
again; paper is entered by a clerk; a standard may ask again after some months.
Old rows: every version there is counts as a material change and is asked for since it came into
force; confirmations there are were given on the page. Going back, confirmations kept through a
minor change and those of paper count as given on the page.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
MOMENTS = ("soon_from", "soon_until", "late_from", "late_until")


def upgrade() -> None:
    """Columns in place, since others refer to these tables, and two tables."""
    no = sa.text("false")
    op.add_column(
        "standard_version", sa.Column("minor", sa.Boolean(), nullable=False, server_default=no)
    )
    op.add_column("standard_version", sa.Column("asked_at", MOMENT, nullable=True))
    op.execute("UPDATE standard_version SET asked_at = published_at")
    op.add_column("standard", sa.Column("renew_months", sa.Integer(), nullable=True))
    with op.batch_alter_table("acknowledgement") as table:
        table.add_column(sa.Column("way", sa.String(), nullable=False, server_default="page"))
        table.add_column(sa.Column("by_id", ID, nullable=True))
        table.create_foreign_key(op.f("fk_acknowledgement_by_id"), "person", ["by_id"], ["id"])
    op.create_table(
        "version_people",
        sa.Column("version_id", ID, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.CheckConstraint("what IN ('role', 'kind')", name=op.f("ck_version_people_what")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["standard_version.id"], name=op.f("fk_version_people_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "what", "value", name=op.f("pk_version_people")),
    )
    op.create_index("ix_membership_person", "membership", ["person_id", "until"])
    op.create_table(
        "confirmation_round",
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, MOMENT, nullable=False) for name in MOMENTS),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_confirmation_round")),
    )


def downgrade() -> None:
    """Acknowledgements without their way, versions for departments alone."""
    op.drop_index("ix_membership_person", table_name="membership")
    for table in ("confirmation_round", "version_people"):
        op.drop_table(table)
    with op.batch_alter_table("acknowledgement") as table:
        table.drop_constraint(op.f("fk_acknowledgement_by_id"), type_="foreignkey")
        table.drop_column("by_id")
        table.drop_column("way")
    op.drop_column("standard", "renew_months")
    op.drop_column("standard_version", "asked_at")
    op.drop_column("standard_version", "minor")
