"""The predicate of the design in plain Python, over rows as dicts. Written from the page, not from the SQL.

It names every table, so that a new one must be thought about here as well.
"""

from collections.abc import Callable

from tests.store.world import Row, World
from tracker.domain.viewer import Viewer

ORDER = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]
LABELLED = {
    "source", "item", "signal", "triage", "week_count", "alert_check", "history", "milestone", "brief",
    "delivery", "decision", "action", "outcome", "lesson", "release_line", "mail_reply",
}  # fmt: skip
OPEN = {"rule_version"}
CLOSED = {
    "item_key", "receipt", "sealed_identity", "dirty_week", "outbox", "digest_week", "job_run", "lease",
    "audit", "public_key", "secret", "alert_number", "program", "organisation", "app_user", "user_country",
    "access_grant", "sign_in_link", "sign_in", "api_token", "partner_source", "source_address", "item_sketch",
    "kept_form", "duty_plan", "duty_cover", "absence", "channel", "reminder", "digest_edit",
    "other_mail",
}  # fmt: skip
CHILDREN = {
    "item_version", "item_country", "field_report", "item_content", "item_tag", "signal_evidence",
    "alert_signal", "alert", "signal_series", "story_move",
}  # fmt: skip
EVERY_TABLE = LABELLED | OPEN | CLOSED | CHILDREN


def visible(world: World, viewer: Viewer) -> dict[str, list[Row]]:
    """Return for every table the rows that this viewer may see."""
    return _Eye(world, viewer).everything()


class _Eye:
    def __init__(self, world: World, viewer: Viewer) -> None:
        self.rows, self.viewer = world.rows, viewer
        self.granted = {g["row_id"] for g in self.rows["access_grant"] if g["user_id"] == viewer.user_id}
        self.child: dict[str, Callable[[Row], bool]] = {
            "item_version": lambda row: self.sees_item(row["item_id"]),
            "item_country": lambda row: self.sees_item(row["item_id"]),
            "field_report": lambda row: self.sees_item(row["item_id"]),
            "story_move": lambda row: self.sees_item(row["item_id"]),
            "item_content": lambda row: self.sees_version(row["version_id"]),
            "item_tag": lambda row: self.sees_version(row["version_id"]),
            "signal_evidence": lambda row: (
                self.sees_signal(row["signal_id"]) and self.sees_item(row["item_id"])
            ),
            "signal_series": lambda row: self.sees_signal(row["signal_id"]),
            "alert_signal": lambda row: self.sees_signal(row["signal_id"]),
            "alert": lambda row: any(
                self.sees_signal(link["signal_id"])
                for link in self.rows["alert_signal"]
                if link["alert_id"] == row["id"]
            ),
        }

    def everything(self) -> dict[str, list[Row]]:
        return {name: [row for row in rows if self.sees(name, row)] for name, rows in self.rows.items()}

    def sees(self, table: str, row: Row) -> bool:
        if table in OPEN:
            return True
        if table in CLOSED:
            return False
        if table in LABELLED:
            return self.sees_labelled(table, row)
        return self.child[table](row)

    def sees_labelled(self, table: str, row: Row) -> bool:
        label = str(row["tlp"])
        if row["hidden_because"] is not None:
            return False
        if ORDER.index(label) > ORDER.index(str(self.viewer.clearance)):
            return False
        if row["id"] in self.granted:
            return True
        if label == "RED" or (label == "AMBER+STRICT" and row["org_id"] != self.viewer.org_id):
            return False
        return self.in_scope(table, row) and self.fits_role(table, row)

    def in_scope(self, table: str, row: Row) -> bool:
        if self.viewer.scope is None:
            return True
        return any(country in self.viewer.scope for country in self.countries(table, row))

    def countries(self, table: str, row: Row) -> list[str]:
        if table == "item":
            return [r["country"] for r in self.rows["item_country"] if r["item_id"] == row["id"]]
        return [row["country"]] if row["country"] else []

    def fits_role(self, table: str, row: Row) -> bool:
        if self.viewer.role == "partner":
            return table == "release_line"
        if self.viewer.role == "member_state":
            # A line that names no country may be about any; the design leaves it open and it stays hidden.
            about = row["country"]
            own = self.viewer.own_country
            return table == "release_line" and None not in (about, own) and about != own
        return True

    def sees_item(self, key: str) -> bool:
        return any(row["id"] == key and self.sees_labelled("item", row) for row in self.rows["item"])

    def sees_version(self, key: str) -> bool:
        return any(row["id"] == key and self.sees_item(row["item_id"]) for row in self.rows["item_version"])

    def sees_signal(self, key: str) -> bool:
        return any(row["id"] == key and self.sees_labelled("signal", row) for row in self.rows["signal"])
