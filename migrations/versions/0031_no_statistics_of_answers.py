"""PostgreSQL samples no answers and no words of surveys for its planner.

Why: its statistics keep the most frequent values and some of the words of a running survey beyond
its end, where what was said by all alike shows and erased words are kept; nothing wipes them.
Old rows: what was sampled before goes with the columns' next statistics, of which there are none;
who has run surveys on PostgreSQL lets its superuser delete from pg_statistic.
"""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

COLUMNS = (
    ("survey_answer", "value"),
    ("survey_text", "body"),
    ("survey_text", "lang"),
    ("voice_answer", "body"),
    ("voice_answer", "lang"),
)


def upgrade() -> None:
    """Columns that are never searched by; SQLite samples nothing but by hand."""
    _sample(0)


def downgrade() -> None:
    """As many as of any column."""
    _sample(-1)


def _sample(rows: int) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column in COLUMNS:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS {rows}")
