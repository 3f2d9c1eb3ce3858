"""Actions: the organisation that owns one."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here."""
    op.add_column("action", sa.Column("owner_org", sa.String(length=200), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("action", "owner_org")
