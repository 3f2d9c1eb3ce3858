"""The scheduled jobs: one module each, thin; schedule.py says when, the library says how."""
