"""Alembic's entry: runs the migrations on the connection that tracker.store.migrate hands over."""

from alembic import context

from tracker.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
