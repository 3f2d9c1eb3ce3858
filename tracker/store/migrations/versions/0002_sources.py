"""How a source stands and since when, where it moved, when its host wants to be left alone; a mail to its steward."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from tracker.store.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _added() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("trouble", sa.String(length=32), nullable=True),
        sa.Column("state_since", UtcDateTime(), nullable=True),
        sa.Column("last_new_at", UtcDateTime(), nullable=True),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("says_every", sa.Integer(), nullable=True),
        sa.Column("moved_to", sa.String(length=2000), nullable=True),
        sa.Column("moved_count", sa.Integer(), nullable=False, server_default="0"),
    )


_KINDS = ("delivery", "digest", "notice")


def upgrade() -> None:
    """Bring the schema here."""
    for column in _added():
        op.add_column("source", column)
    op.execute(
        "UPDATE source SET last_new_at = (SELECT max(fetched_at) FROM item WHERE item.source_id = source.id)"
    )
    op.create_table(
        "source_address",
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("source_id", sa.String(length=26), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_source_address_source_id")),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_source_address")),
    )
    _allow_outbox(*_KINDS, "source_off")


def downgrade() -> None:
    """Take it back."""
    op.execute("DELETE FROM outbox WHERE kind = 'source_off'")
    _allow_outbox(*_KINDS)
    op.drop_table("source_address")
    for column in _added():
        op.drop_column("source", column.name)


def _allow_outbox(*kinds: str) -> None:
    """Let the outbox hold these kinds. SQLite cannot change a check, so the table is written anew there."""
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint(op.f("ck_outbox_outbox_kind"), type_="check")
        said = ", ".join(repr(kind) for kind in kinds)
        outbox.create_check_constraint(op.f("ck_outbox_outbox_kind"), f"kind IN ({said})")
