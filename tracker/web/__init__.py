"""The light pages, the API and what machines ask for: FastAPI over the library, no rules of its own.

Everything works without JavaScript, phone first. Pages and API call the same functions of the library as the
dashboard, the command line and the jobs; what a person may see is decided by the store, not here.
"""
