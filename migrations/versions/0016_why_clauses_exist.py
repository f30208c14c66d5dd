"""What clauses came from.

Why: a rule that remembers why it exists is followed, and who asked for it hears when it goes.
Old rows: versions of before keep no digest of their clauses' words, so each counts as worded anew;
nothing says yet what their clauses came from, until a version changes them or somebody says so.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """The digest of words, and the table."""
    op.add_column("version_clause", sa.Column("words", sa.String(), nullable=True))
    op.create_table(
        "clause_origin",
        sa.Column("clause_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("taken_away_at", MOMENT, nullable=True),
        _refers("clause_id", "clause"),
        _refers("version_id", "standard_version"),
        _refers("by_id", "person"),
        sa.PrimaryKeyConstraint("clause_id", "kind", "source_id", name=op.f("pk_clause_origin")),
    )
    op.create_index("ix_clause_origin_source", "clause_origin", ["kind", "source_id"])


def _refers(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_clause_origin_{column}"))


def downgrade() -> None:
    """What clauses came from is forgotten."""
    op.drop_table("clause_origin")
    op.drop_column("version_clause", "words")
