"""Sources of pages added by hand: as strict as the loosest item in them, so that none names a site to more people."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LOOSEST = """
    SELECT min(CASE item.tlp WHEN 'CLEAR' THEN 0 WHEN 'GREEN' THEN 1 WHEN 'AMBER' THEN 2 ELSE 3 END)
    FROM item WHERE item.source_id = source.id AND item.hidden_at IS NULL
"""


def upgrade() -> None:
    """Label the sources, and put the label into their addresses, where it is not CLEAR."""
    op.execute(
        f"UPDATE source SET tlp = CASE ({_LOOSEST}) WHEN 0 THEN 'CLEAR' WHEN 1 THEN 'GREEN' WHEN 2 THEN 'AMBER' "  # noqa: S608
        "ELSE 'AMBER+STRICT' END WHERE url LIKE 'page:%'"
    )
    op.execute(
        "UPDATE source SET default_tlp = tlp, "
        "url = url || '#' || tlp || CASE tlp WHEN 'AMBER+STRICT' THEN ':' || org_id ELSE '' END "
        "WHERE url LIKE 'page:%' AND tlp <> 'CLEAR'"
    )


def downgrade() -> None:
    """Leave them as they are: an older program makes its own, and these go on saying no more than they may."""
