"""Saved, recent and vain searches; news without an event of its own.

Why: people keep searches and hear what is new in them; what they looked for lately is theirs; what
nobody finds is worth an idea. A saved search gathers several events into one piece of news, which
therefore belongs to none of them.
Old rows: news keep their events. Going back, news of saved searches are dropped.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Five tables, and an event that may be missing."""
    _saved()
    _recent()
    op.create_table(
        "missed_search",
        sa.Column("id", ID, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column(
            "askers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("dismissed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_search")),
        sa.UniqueConstraint("words", name=op.f("uq_missed_search_words")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_missed_search_last_on"), "missed_search", ["last_on"])
    _let_events_be_missing(True)


def _saved() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("alert", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("feed_number", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "alert IN ('never', 'at-once', 'daily', 'weekly')", name=op.f("ck_saved_search_alert")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_saved_search_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint(
            "person_id", "address_key", name=op.f("uq_saved_search_person_id_address_key")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_saved_search_alert", "saved_search", ["alert"])
    op.create_table(
        "told_thing",
        sa.Column("id", ID, nullable=False),
        sa.Column("saved_search_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thing_id", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["saved_search_id"], ["saved_search.id"], name=op.f("fk_told_thing_saved_search_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_thing")),
        sa.UniqueConstraint(
            "saved_search_id",
            "kind",
            "thing_id",
            name=op.f("uq_told_thing_saved_search_id_kind_thing_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_told_thing_waiting",
        "told_thing",
        ["saved_search_id"],
        sqlite_where=sa.text("told_at IS NULL"),
        postgresql_where=sa.text("told_at IS NULL"),
    )


def _recent() -> None:
    op.create_table(
        "recent_search",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recent_search_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recent_search")),
        sa.UniqueConstraint(
            "person_id", "address_key", name=op.f("uq_recent_search_person_id_address_key")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "no_recent_searches",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_no_recent_searches_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_no_recent_searches")),
    )


def _let_events_be_missing(may: bool) -> None:
    with op.batch_alter_table("notification") as batch:
        batch.alter_column("event_id", existing_type=ID, nullable=may)


def downgrade() -> None:
    """News with events only, and no kept searches."""
    op.execute(
        "UPDATE person SET unread = unread - (SELECT count(*) FROM notification"
        " WHERE notification.person_id = person.id AND event_id IS NULL"
        " AND read_at IS NULL AND concealed = FALSE)"
    )
    op.execute("DELETE FROM notification WHERE event_id IS NULL")
    _let_events_be_missing(False)
    for table in (
        "missed_search", "no_recent_searches", "recent_search", "told_thing", "saved_search",
    ):  # fmt: skip
        op.drop_table(table)
