"""Whether promises are kept, and which clauses ideas are about.

Why: anyone on either side of a promise says whether it was kept; an idea that would change a rule
remembers which clause it is about.
Old rows: none; nothing was said before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "promise_mark",
        sa.Column("id", ID, nullable=False),
        *(sa.Column(name, ID, nullable=False) for name in ("standard_id", "clause_id")),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("note_id", ID, nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _refers("promise_mark", "standard_id", "standard"),
        _refers("promise_mark", "clause_id", "clause"),
        _refers("promise_mark", "person_id", "person"),
        _refers("promise_mark", "department_id", "department"),
        _refers("promise_mark", "note_id", "text"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_mark")),
        sa.UniqueConstraint(
            "clause_id",
            "person_id",
            "on_day",
            name=op.f("uq_promise_mark_clause_id_person_id_on_day"),
        ),
        sqlite_autoincrement=True,
    )
    columns = ["standard_id", "clause_id", "on_day"]
    op.create_index("ix_promise_mark_standard", "promise_mark", columns)
    op.create_index("ix_promise_mark_person", "promise_mark", ["person_id"])
    op.create_table(
        "idea_clause",
        sa.Column("idea_id", ID, nullable=False),
        sa.Column("clause_id", ID, nullable=False),
        _refers("idea_clause", "idea_id", "idea"),
        _refers("idea_clause", "clause_id", "clause"),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_idea_clause")),
    )
    op.create_index("ix_idea_clause_clause", "idea_clause", ["clause_id"])


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def downgrade() -> None:
    """What was said of promises goes; standards and ideas stay."""
    op.drop_table("idea_clause")
    op.drop_table("promise_mark")
