"""Added stages, campaigns and scorecards.

Why: a company's way of deciding has more steps than ours; each added one is of a kind that the
rules know, with a name, a meaning, days allowed and who may enter and leave it. A campaign asks
everybody a question, with fields of its own. Experts rate an idea each by themselves.
Old rows: the stages there are keep their names, their order and that moderators move ideas into
and out of them. Going back, ideas and their history stand at the first stage of their kind.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STAGE = (
    *((name, sa.String(), "") for name in ("name_en", "name_ru", "meaning_en", "meaning_ru")),
    ("enter", sa.String(), "moderators"),
    ("leave", sa.String(), "moderators"),
)
TO_THE_FIRST = (
    "UPDATE TABLE SET stage_id = (SELECT first.id FROM stage AS first"
    " JOIN stage AS added ON added.kind = first.kind"
    " WHERE added.id = TABLE.stage_id AND first.slug = first.kind)"
    " WHERE stage_id IN (SELECT id FROM stage WHERE slug <> kind)"
)


def upgrade() -> None:
    """What a stage may say of itself."""
    for name, kind, default in STAGE:
        op.add_column("stage", sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("stage", sa.Column("hue", sa.Integer(), nullable=True))
    op.add_column("stage", sa.Column("days", sa.Integer(), nullable=True))
    op.add_column("stage", sa.Column("removed_at", MOMENT, nullable=True))
    _campaigns()
    _scorecards()


def _scorecards() -> None:
    op.create_table(
        "scorecard_expert",
        sa.Column("id", ID, nullable=False),
        *(sa.Column(name, ID, nullable=False) for name in ("idea_id", "person_id", "asked_by_id")),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{table}.id"], name=op.f(f"fk_scorecard_expert_{name}")
            )
            for name, table in (
                ("idea_id", "idea"),
                ("person_id", "person"),
                ("asked_by_id", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_expert")),
        sa.UniqueConstraint(
            "idea_id", "person_id", name=op.f("uq_scorecard_expert_idea_id_person_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_scorecard_expert_person", "scorecard_expert", ["person_id", "submitted_at"])
    op.create_table(
        "scorecard_score",
        sa.Column("expert_id", ID, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("criterion", "mark", "note")),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["scorecard_expert.id"], name=op.f("fk_scorecard_score_expert_id")
        ),
        sa.PrimaryKeyConstraint("expert_id", "criterion", name=op.f("pk_scorecard_score")),
    )


def _campaigns() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", ID, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("question_id", ID, nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("outcome_id", ID, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["text.id"], name=op.f("fk_campaign_question_id")),
        sa.ForeignKeyConstraint(["outcome_id"], ["text.id"], name=op.f("fk_campaign_outcome_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_campaign_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_campaign_until", "campaign", ["ends_on", "id"])
    op.create_index(op.f("ix_campaign_owner_id"), "campaign", ["owner_id"])
    op.create_table(
        "campaign_field",
        sa.Column("id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("options", sa.String(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_field_campaign_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_field")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_campaign_field_campaign_id"), "campaign_field", ["campaign_id"])
    op.create_table(
        "campaign_idea",
        sa.Column("idea_id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_idea_campaign_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_campaign_idea_idea_id")),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_campaign_idea")),
    )
    op.create_index("ix_campaign_idea_campaign", "campaign_idea", ["campaign_id", "idea_id"])
    op.create_table(
        "campaign_value",
        sa.Column("idea_id", ID, nullable=False),
        sa.Column("field_id", ID, nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["field_id"], ["campaign_field.id"], name=op.f("fk_campaign_value_field_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_campaign_value_idea_id")),
        sa.PrimaryKeyConstraint("idea_id", "field_id", name=op.f("pk_campaign_value")),
    )


def downgrade() -> None:
    """The stages that every forum has, alone."""
    for table in (
        "scorecard_score",
        "scorecard_expert",
        "campaign_value",
        "campaign_idea",
        "campaign_field",
        "campaign",
    ):
        op.drop_table(table)
    for table in ("idea", "stage_change"):
        op.execute(TO_THE_FIRST.replace("TABLE", table))
    op.execute("DELETE FROM stage WHERE slug <> kind")
    for name in ("removed_at", "days", "hue", *(column[0] for column in reversed(STAGE))):
        op.drop_column("stage", name)
