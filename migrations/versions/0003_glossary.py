"""The company's glossary.

Why: an abbreviation, its long form and the word of the other language mean the same, and no
dictionary knows those of a company.
Old rows: there are none. Going back, the entries are lost; export them before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "glossary_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glossary_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_glossary_entry_revision"), "glossary_entry", ["revision"])


def downgrade() -> None:
    """Without it."""
    op.drop_table("glossary_entry")
