"""The weekly mail has a draft, editors and a beginning of its sending; its editors are told what waits."""

import sqlalchemy as sa
from alembic import op

from tracker.store.columns import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BEFORE = ("delivery", "digest", "notice", "source_off")
_ADDED = ("digest_draft", "digest_waits")


def upgrade() -> None:
    """Bring the schema here. Of a week that was approved or mailed before, sending has begun."""
    op.add_column("digest_week", sa.Column("drafted_at", UtcDateTime(), nullable=True))
    op.add_column("digest_week", sa.Column("queued_at", UtcDateTime(), nullable=True))
    op.execute(
        "INSERT INTO digest_week (week) SELECT DISTINCT subject_id FROM outbox "
        "WHERE kind = 'digest' AND subject_id LIKE '____-W__' AND subject_id NOT IN (SELECT week FROM digest_week)"
    )
    op.execute(
        "UPDATE digest_week SET queued_at = (SELECT min(created_at) FROM outbox "
        "WHERE kind = 'digest' AND subject_id = digest_week.week)"
    )
    op.create_table(
        "digest_edit",
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "lead",
                "pinned",
                "dropped",
                "cleared",
                name="digest_edit_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("alert_id", sa.String(length=26), nullable=True),
        sa.Column("lead", sa.Text(), nullable=True),
        sa.Column("editor_id", sa.String(length=26), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["week"], ["digest_week.week"], name=op.f("fk_digest_edit_week")),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_digest_edit_alert_id")),
        sa.ForeignKeyConstraint(["editor_id"], ["app_user.id"], name=op.f("fk_digest_edit_editor_id")),
        sa.PrimaryKeyConstraint("week", "number", name=op.f("pk_digest_edit")),
    )
    _allow_outbox(*_BEFORE, *_ADDED)


def downgrade() -> None:
    """Take it back."""
    op.execute("DELETE FROM outbox WHERE kind IN ('digest_draft', 'digest_waits')")
    _allow_outbox(*_BEFORE)
    op.drop_table("digest_edit")
    op.execute("DELETE FROM digest_week WHERE approved_at IS NULL")
    op.drop_column("digest_week", "queued_at")
    op.drop_column("digest_week", "drafted_at")


def _allow_outbox(*kinds: str) -> None:
    """Let the outbox hold these kinds. SQLite cannot change a check, so the table is written anew there."""
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint(op.f("ck_outbox_outbox_kind"), type_="check")
        said = ", ".join(repr(kind) for kind in kinds)
        outbox.create_check_constraint(op.f("ck_outbox_outbox_kind"), f"kind IN ({said})")
