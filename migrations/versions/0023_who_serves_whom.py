"""Services have teams, roles and persons as sides, say more, and are agreed on by both.

Why: what one department draws is a claim until the other has confirmed it, a consultant or the
board serves and is served too, and a map should show how it looked on a day.
Old rows: every service is confirmed and stays between its two departments; its history begins with
the day on which it was added. Going down keeps services between two departments that have
not ended; the others go.

A department may be missing now where a person belongs to none, so SQLite rebuilds the table: what
refers to it, which standards services go by, steps aside meanwhile.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = {
    "uq_service_departments": (
        ["provider_id", "customer_id", "name"],
        "provider_side_id IS NULL AND customer_side_id IS NULL",
    ),
    "uq_service_to_side": (["provider_id", "customer_side_id", "name"], "provider_side_id IS NULL"),
    "uq_service_from_side": (
        ["provider_side_id", "customer_id", "name"],
        "customer_side_id IS NULL",
    ),
    "uq_service_sides": (
        ["provider_side_id", "customer_side_id", "name"],
        "provider_side_id IS NOT NULL AND customer_side_id IS NOT NULL",
    ),
}
OWN = ("provider_side_id", "customer_side_id", "provider_owner_id", "customer_owner_id")
FITTING = ("id", "state", "provider_id", "customer_id", "provider_side_id", "customer_side_id")
REFERS = {
    "provider_id": "department",
    "customer_id": "department",
    "provider_side_id": "side",
    "customer_side_id": "side",
    "provider_owner_id": "person",
    "customer_owner_id": "person",
}


def upgrade() -> None:
    """Sides first, then what services say, then their history."""
    _sides()
    last = _step_aside()
    with op.batch_alter_table("service", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint("uq_service_provider_id_customer_id_name", type_="unique")
        table.alter_column("provider_id", existing_type=ID, nullable=True)
        table.alter_column("customer_id", existing_type=ID, nullable=True)
        for column in _said(server_defaults=True):
            table.add_column(column)
        table.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("drawn_by_id", ID, nullable=True))
        table.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        for name in (*OWN, "drawn_by_id"):
            to = REFERS.get(name, "person")
            table.create_foreign_key(op.f(f"fk_service_{name}"), to, [name], ["id"])
    _step_back(last)
    for name in OWN:
        op.create_index(op.f(f"ix_service_{name}"), "service", [name])
    for name, (columns, where) in INDEXES.items():
        only = sa.text(f"state <> 'ended' AND {where}")
        op.create_index(
            name, "service", columns, unique=True, sqlite_where=only, postgresql_where=only
        )
    _history()


def _sides() -> None:
    op.create_table(
        "side",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_side_department_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_side_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_side")),
        sa.UniqueConstraint(
            "kind", "department_id", "name", name=op.f("uq_side_kind_department_id_name")
        ),
        sa.UniqueConstraint("person_id", name=op.f("uq_side_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_side_department_id"), "side", ["department_id"])


def _said(*, server_defaults: bool = False) -> list[sa.Column[object]]:
    """The columns that services and their history share, but for the four that were there."""

    def word(name: str, value: str = "") -> sa.Column[object]:
        default = value if server_defaults else None
        return sa.Column(name, sa.String(), nullable=False, server_default=default)

    zero = "0" if server_defaults else None
    return [
        *(sa.Column(name, ID, nullable=True) for name in OWN),
        word("delivered"),
        word("channel"),
        word("state", "confirmed"),
        word("proposed_by"),
        sa.Column("denials", sa.Integer(), nullable=False, server_default=zero),
        word("why"),
    ]


def _history() -> None:
    table = "service_change"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("provider_id", ID, nullable=True),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("criticality", sa.String(), nullable=False),
        *_said(),
        _refers(table, "service_id", "service"),
        _refers(table, "by_id", "person"),
        *(_refers(table, name, to) for name, to in REFERS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_change")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_service_change_service", table, ["service_id", "at", "id"])
    for name in ("customer_id", *OWN):
        op.create_index(op.f(f"ix_service_change_{name}"), table, [name])
    op.execute(
        "INSERT INTO service_change (service_id, at, what, provider_id, customer_id, name,"
        " criticality, delivered, channel, state, proposed_by, denials, why)"
        " SELECT id, created_at, 'drawn', provider_id, customer_id, name, criticality, '', '',"
        " 'confirmed', '', 0, '' FROM service ORDER BY id"
    )


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _step_aside() -> int:
    """On SQLite: what refers to services leaves, for dropping the old table would empty it.

    Returns the last number that was given out, which the new table would forget.
    """
    if op.get_bind().dialect.name != "sqlite":
        return 0
    op.execute("CREATE TABLE standard_service_kept AS SELECT * FROM standard_service")
    op.drop_table("standard_service")
    given = sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'service'")
    return int(op.get_bind().scalar(given) or 0)


def _step_back(last: int) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("DELETE FROM sqlite_sequence WHERE name IN ('service', '_alembic_tmp_service')")
    sequence = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))
    op.execute(sa.insert(sequence).values(name="service", seq=last))
    table = "standard_service"
    op.create_table(
        table,
        sa.Column("service_id", ID, nullable=False),
        sa.Column("standard_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_standard_service_service_id"),
            ondelete="CASCADE",
        ),
        _refers(table, "standard_id", "standard"),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_standard_service")),
    )
    op.create_index(op.f("ix_standard_service_standard_id"), table, ["standard_id"])
    op.execute(
        "INSERT INTO standard_service (service_id, standard_id)"
        " SELECT service_id, standard_id FROM standard_service_kept"
        " WHERE service_id IN (SELECT id FROM service)"
    )
    op.drop_table("standard_service_kept")


def downgrade() -> None:
    """Services between departments stay, unless they have ended; the rest goes."""
    op.drop_table("service_change")
    for name in INDEXES:
        op.drop_index(name, "service")
    for name in OWN:
        op.drop_index(op.f(f"ix_service_{name}"), "service")
    service, governed = (
        sa.table("service", *map(sa.column, FITTING)),
        sa.table("standard_service", sa.column("service_id")),
    )
    ends = (service.c[name] for name in ("provider_id", "customer_id"))
    own = (service.c[name] for name in ("provider_side_id", "customer_side_id"))
    new = sa.or_(
        service.c.state == "ended",
        *(end.is_(None) for end in ends),
        *(side.is_not(None) for side in own),
    )
    gone = sa.select(service.c.id).where(new).scalar_subquery()
    op.execute(sa.delete(governed).where(governed.c.service_id.in_(gone)))
    op.execute(sa.delete(service).where(new))
    last = _step_aside()
    with op.batch_alter_table("service", table_kwargs={"sqlite_autoincrement": True}) as table:
        for name in (*OWN, "drawn_by_id"):
            table.drop_constraint(op.f(f"fk_service_{name}"), type_="foreignkey")
        for column in _said():
            table.drop_column(column.name)
        for name in ("ended_at", "drawn_by_id", "revision"):
            table.drop_column(name)
        table.alter_column("provider_id", existing_type=ID, nullable=False)
        table.alter_column("customer_id", existing_type=ID, nullable=False)
        table.create_unique_constraint(
            "uq_service_provider_id_customer_id_name", ["provider_id", "customer_id", "name"]
        )
    _step_back(last)
    op.drop_table("side")
