"""What somebody had typed when their sign-in ended, sealed."""

import sqlalchemy as sa
from alembic import op

from tracker.store.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here."""
    op.create_table(
        "kept_form",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("form", sa.String(length=120), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_kept_form_user_id")),
        sa.PrimaryKeyConstraint("user_id", "form", name=op.f("pk_kept_form")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("kept_form")
