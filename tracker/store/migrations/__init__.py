"""Alembic migrations, one file per schema change, the same for both databases."""
