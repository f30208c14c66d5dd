"""Clauses of standards as rows.

Why: a clause stays the same one through versions, moves and edits, and things hang on it: where it
came from, whether it is kept.
Old rows: versions there are say nothing of how many clauses they have; a sweep writes those down,
the oldest version of a standard first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The tables, and a column that says what has been looked at."""
    op.create_table(
        "clause",
        sa.Column("id", ID, nullable=False),
        sa.Column("standard_id", ID, nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        _refers("clause", "standard_id", "standard"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause")),
        sa.UniqueConstraint("standard_id", "key", name=op.f("uq_clause_standard_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "version_clause",
        sa.Column("version_id", ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("clause_id", ID, nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("guessed", sa.Boolean(), nullable=False),
        _refers("version_clause", "version_id", "standard_version"),
        _refers("version_clause", "clause_id", "clause"),
        sa.PrimaryKeyConstraint("version_id", "place", name=op.f("pk_version_clause")),
        sa.UniqueConstraint(
            "version_id", "clause_id", name=op.f("uq_version_clause_version_id_clause_id")
        ),
    )
    op.create_index("ix_version_clause_clause", "version_clause", ["clause_id"])
    op.create_table(
        "clause_kin",
        *(sa.Column(name, ID, nullable=False) for name in ("clause_id", "from_id", "version_id")),
        _refers("clause_kin", "clause_id", "clause"),
        _refers("clause_kin", "from_id", "clause"),
        _refers("clause_kin", "version_id", "standard_version"),
        sa.PrimaryKeyConstraint("clause_id", "from_id", name=op.f("pk_clause_kin")),
    )
    op.create_index("ix_clause_kin_from", "clause_kin", ["from_id"])
    op.add_column("standard_version", sa.Column("clauses", sa.Integer(), nullable=True))


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def downgrade() -> None:
    """What was known of clauses goes; texts and versions stay."""
    op.drop_column("standard_version", "clauses")
    for table in ("clause_kin", "version_clause", "clause"):
        op.drop_table(table)
