"""Field reports: a country that a person settles, two reports under one id, how a report came."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here."""
    with op.batch_alter_table("item_content", schema=None) as batch_op:
        batch_op.add_column(sa.Column("country_said", sa.Text(), nullable=True))
    with op.batch_alter_table("field_report", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("country_uncertain", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("conflicts_with", sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column("channel", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_field_report_country_uncertain"), ["country_uncertain"])
        batch_op.create_index(batch_op.f("ix_field_report_conflicts_with"), ["conflicts_with"])
        batch_op.create_foreign_key(
            batch_op.f("fk_field_report_conflicts_with"), "item", ["conflicts_with"], ["id"]
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("field_report", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_field_report_conflicts_with"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_field_report_conflicts_with"))
        batch_op.drop_index(batch_op.f("ix_field_report_country_uncertain"))
        batch_op.drop_column("channel")
        batch_op.drop_column("conflicts_with")
        batch_op.drop_column("country_uncertain")
    with op.batch_alter_table("item_content", schema=None) as batch_op:
        batch_op.drop_column("country_said")
