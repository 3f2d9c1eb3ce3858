"""Who is on duty and away, how people are reached, what they were told; and indexes for what is due."""

import sqlalchemy as sa
from alembic import op

from tracker.domain.words import ChannelState, Level, Occasion, Stage
from tracker.store.columns import UtcDateTime, words

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.String(length=26)
_DUE = ("verify_due_at", "decide_due_at", "respond_due_at")


def upgrade() -> None:
    """Bring the schema here. What was queued as a notice of one alert is withheld, and told anew."""
    op.create_table(
        "duty_plan",
        sa.Column("id", _ID, nullable=False),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("hands_over_at", sa.String(length=5), nullable=False),
        sa.Column("turn_days", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("only", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_plan")),
    )
    op.create_table(
        "duty_cover",
        sa.Column("id", _ID, nullable=False),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("taken_back_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_duty_cover_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_cover")),
    )
    op.create_index(op.f("ix_duty_cover_until"), "duty_cover", ["until"])
    op.create_table(
        "absence",
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("taken_back_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_absence_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_until"), "absence", ["until"])
    op.create_table(
        "channel",
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.String(length=100), nullable=False),
        sa.Column("from_level", words(Level, "channel_from_level"), nullable=False),
        sa.Column("state", words(ChannelState, "channel_state"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_channel_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
    )
    op.create_index(op.f("ix_channel_user_id"), "channel", ["user_id"])
    op.create_table(
        "reminder",
        sa.Column("id", _ID, nullable=False),
        sa.Column("thing_id", _ID, nullable=False),
        sa.Column("alert_id", _ID, nullable=True),
        sa.Column("occasion", words(Occasion, "reminder_occasion"), nullable=False),
        sa.Column("stage", words(Stage, "reminder_stage"), nullable=False),
        sa.Column("recipient_id", _ID, nullable=False),
        sa.Column("notice_id", _ID, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["app_user.id"], name=op.f("fk_reminder_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "thing_id",
            "occasion",
            "stage",
            "recipient_id",
            name=op.f("uq_reminder_thing_id_occasion_stage_recipient_id"),
        ),
    )
    op.create_index(op.f("ix_reminder_notice_id"), "reminder", ["notice_id"])
    op.add_column("outbox", sa.Column("channel_id", _ID, nullable=True))
    for column in _DUE:
        op.create_index(op.f(f"ix_alert_{column}"), "alert", [column])


def downgrade() -> None:
    """Take it back; notices that have still to leave by a channel are lost, those by mail are kept."""
    op.execute("DELETE FROM outbox WHERE channel_id IS NOT NULL")
    for column in _DUE:
        op.drop_index(f"ix_alert_{column}", table_name="alert")
    op.drop_column("outbox", "channel_id")
    for name in ("reminder", "channel", "absence", "duty_cover", "duty_plan"):
        op.drop_table(name)
