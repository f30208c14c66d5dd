"""News by mail, by choice, by week.

Why: what is put into an inbox is also mailed to whoever wants it so, each piece once; people choose
by which way they hear of what, and how much of a thing; a mail has a text in HTML, belongs to a
conversation, and can be unsubscribed from; a weekly mail goes to those who neither looked in nor
were mailed, so a session remembers when it was last used. Following begins at a moment, so that
reading the log again tells nobody of what was before.
Old rows: news stand alone, whoever follows has always done so, nobody has chosen anything, sessions
were last used when they began, mails have no HTML. Going back, the choices and what still waits to be mailed are lost, and
gathered news stand alone again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Columns in place, then the tables."""
    op.add_column("notification", sa.Column("behind_id", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_notification_behind",
        "notification",
        ["behind_id"],
        sqlite_where=sa.text("behind_id IS NOT NULL"),
        postgresql_where=sa.text("behind_id IS NOT NULL"),
    )
    op.add_column("follow", sa.Column("since", MOMENT, nullable=True))
    op.add_column("person_session", sa.Column("seen_at", MOMENT, nullable=True))
    op.execute("UPDATE person_session SET seen_at = created_at")
    for name, kind in (("html", sa.Text), ("unsubscribe", sa.Text), ("thing", sa.String)):
        op.add_column("outbox_mail", sa.Column(name, kind(), nullable=False, server_default=""))
    op.add_column("outbox_mail", sa.Column("person_id", sa.BigInteger(), nullable=True))
    _waiting()
    _chosen()
    _done()


def _waiting() -> None:
    op.create_table(
        "due_mail",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object_kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_due_mail_person_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_due_mail_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_mail")),
        sa.UniqueConstraint("person_id", "event_id", name=op.f("uq_due_mail_person_id_event_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_due_mail_due", "due_mail", ["due_at", "person_id"])


def _chosen() -> None:
    op.create_table(
        "news_choice",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_news_choice_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "topic", "channel", name=op.f("pk_news_choice")),
    )
    op.create_table(
        "watch",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thing_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.CheckConstraint(
            "level IN ('ignore', 'new', 'updates', 'all')", name=op.f("ck_watch_level")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_watch_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", "thing_id", name=op.f("pk_watch")),
    )
    op.create_index("ix_watch_thing", "watch", ["kind", "thing_id"])


def _done() -> None:
    op.create_table(
        "last_mail",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_last_mail_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_last_mail")),
    )
    op.create_table(
        "mail_mark",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mail_mark")),
    )
    op.create_table(
        "digest_week",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("week", name=op.f("pk_digest_week")),
    )


def downgrade() -> None:
    """Without all of it."""
    for table in ("digest_week", "mail_mark", "last_mail", "watch", "news_choice", "due_mail"):
        op.drop_table(table)
    for name in ("thing", "person_id", "unsubscribe", "html"):
        op.drop_column("outbox_mail", name)
    op.drop_column("person_session", "seen_at")
    op.drop_column("follow", "since")
    op.execute(
        "UPDATE person SET unread = unread + (SELECT count(*) FROM notification"
        " WHERE notification.person_id = person.id AND behind_id IS NOT NULL"
        " AND read_at IS NULL AND concealed = FALSE)"
    )
    op.drop_index("ix_notification_behind", "notification")
    op.drop_column("notification", "behind_id")
