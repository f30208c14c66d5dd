"""Of surveys that ended nobody can tell any more whom they asked, who answered late, or that all did.

Why: lots drawn from numbers that stand in addresses could be drawn again by anybody, for ever, and
told whom a survey had asked about what. A mail that was sent, or that was about a survey and failed,
still said who was reminded, and so had not answered. That as many took part as were asked said that
each of them did.
Old rows: planned surveys get a secret when they open, running ones that have not begun to ask get
one here. Those that have begun go on by what they began with, lest anybody be asked twice; what was
drawn so before can be drawn again as long as the numbers stand. Of sent mails stays that they were,
and mails about surveys go where none runs. How many took part stays where as many as of any figure
did not.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LOT = "wave_lot"
BEGINS = sa.text(
    "SELECT id FROM wave WHERE state = 'running' AND position = 0 AND asked_all_at IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM wave_request WHERE wave_request.wave_id = wave.id)"
)
REPORTS = (
    "UPDATE wave_report SET others = (SELECT count(*) FROM wave_request AS asked "
    "JOIN person ON person.id = asked.person_id WHERE asked.wave_id = wave_report.wave_id "
    "AND person.deactivated_at IS NULL AND person.erased_at IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM wave_participation AS part "
    "WHERE part.wave_id = asked.wave_id AND part.person_id = asked.person_id)) "
    "WHERE took_part IS NOT NULL",
    "UPDATE wave_report SET took_part = NULL, others = NULL WHERE others < k",
)
MAILS = (
    "DELETE FROM outbox_mail WHERE thing LIKE 'surveys-%' AND (sent_at IS NOT NULL "
    "OR NOT EXISTS (SELECT 1 FROM wave WHERE state = 'running'))",
    "UPDATE outbox_mail SET person_id = NULL, thing = '', created_at = sent_at, due_at = sent_at, "
    "attempts = 0 WHERE sent_at IS NOT NULL",
)


def upgrade() -> None:
    """A table of secrets; PostgreSQL's planner samples none of them."""
    made = op.create_table(
        LOT,
        sa.Column("wave_id", ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name="fk_wave_lot_wave_id_wave"),
        sa.PrimaryKeyConstraint("wave_id", name="pk_wave_lot"),
        sqlite_with_rowid=False,
    )
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {LOT} ALTER COLUMN key SET STATISTICS 0")
    rows = [{"wave_id": row[0], "key": secrets.token_hex(16)} for row in bind.execute(BEGINS)]
    if rows:
        op.bulk_insert(made, rows)
    op.add_column("wave_report", sa.Column("others", sa.Integer(), nullable=True))
    for statement in (*MAILS, *REPORTS):
        op.execute(statement)


def downgrade() -> None:
    """Without them: what runs would draw the rest otherwise."""
    op.drop_column("wave_report", "others")
    op.drop_table(LOT)
