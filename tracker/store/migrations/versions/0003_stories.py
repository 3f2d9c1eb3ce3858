"""Stories of several items. Items that were here before wait to be placed into stories, oldest first."""

import sqlalchemy as sa
from alembic import op

from tracker.store.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here."""
    op.add_column("item", sa.Column("wire_id", sa.String(length=26), nullable=True))
    op.create_index(
        "ix_item_unplaced",
        "item",
        ["published_at", "id"],
        sqlite_where=sa.text("wire_id IS NULL"),
        postgresql_where=sa.text("wire_id IS NULL"),
    )
    op.create_table(
        "story_move",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("from_story", sa.String(length=26), nullable=True),
        sa.Column("to_story", sa.String(length=26), nullable=False),
        sa.Column("likeness", sa.Float(), nullable=True),
        sa.Column("deed_id", sa.String(length=26), nullable=True),
        sa.Column("moved_by", sa.String(length=64), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_story_move_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_move")),
    )
    op.create_index(op.f("ix_story_move_item_id"), "story_move", ["item_id"])
    op.create_index(op.f("ix_story_move_deed_id"), "story_move", ["deed_id"])
    op.create_table(
        "item_sketch",
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("sketched_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_sketch_item_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_sketch")),
    )
    op.create_index(op.f("ix_item_sketch_sketched_at"), "item_sketch", ["sketched_at"])


def downgrade() -> None:
    """Take the schema back; every item is its own story again."""
    op.execute("UPDATE item SET story_id = id WHERE story_id <> id")
    for table in ("item_sketch", "story_move"):
        op.drop_table(table)
    op.drop_index("ix_item_unplaced", table_name="item")
    op.drop_column("item", "wire_id")
