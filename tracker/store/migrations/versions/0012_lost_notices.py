"""Since when it is known that a notice did not arrive."""

import sqlalchemy as sa
from alembic import op

from tracker.store.columns import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here."""
    op.add_column("reminder", sa.Column("lost_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Take it back; what is noted as lost counts as told again."""
    op.drop_column("reminder", "lost_at")
