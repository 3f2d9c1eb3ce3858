"""Briefs: what each side says where sources disagree, with its grade."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here."""
    op.add_column("brief", sa.Column("claims", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("brief", "claims")
