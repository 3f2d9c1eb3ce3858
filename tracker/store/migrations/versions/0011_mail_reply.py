"""Answers by mail, and what else comes to the mailbox."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TLP = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
_HIDDEN = ("withdrawn", "erased", "superseded")
_ANSWERS = ("received", "act", "watch", "not_acting_now", "not_for_me")
_STATES = ("waiting", "confirmed", "set_aside")
_KINDS = ("answers_another", "answers_none", "automatic", "unreadable")


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Bring the schema here."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "mail_reply",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=True),
        sa.Column("hidden_at", instant, nullable=True),
        sa.Column("tlp", _words("mail_reply_tlp", _TLP), nullable=False),
        sa.Column("hidden_because", _words("mail_reply_hidden", _HIDDEN), nullable=True),
        sa.Column("delivery_id", sa.String(length=26), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("from_recipient", sa.Boolean(), nullable=False),
        sa.Column("sent_at", instant, nullable=False),
        sa.Column("received_at", instant, nullable=False),
        sa.Column("proposed", _words("mail_reply_proposed", _ANSWERS), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state", _words("mail_reply_state", _STATES), nullable=False),
        sa.Column("settled_at", instant, nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("set_aside_because", sa.String(length=32), nullable=True),
        sa.Column("decision_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name="fk_mail_reply_org_id"),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name="fk_mail_reply_delivery_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="fk_mail_reply_decision_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mail_reply"),
        sa.UniqueConstraint("fingerprint", name="uq_mail_reply_fingerprint"),
    )
    for column in ("delivery_id", "state", "received_at"):
        op.create_index(f"ix_mail_reply_{column}", "mail_reply", [column])
    op.create_table(
        "other_mail",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("kind", _words("other_mail_kind", _KINDS), nullable=False),
        sa.Column("answers", sa.String(length=32), nullable=True),
        sa.Column("received_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_other_mail"),
    )
    op.create_index("ix_other_mail_received_at", "other_mail", ["received_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("other_mail")
    op.drop_table("mail_reply")
