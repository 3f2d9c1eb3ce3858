"""A half-year of made-up warnings, brought in through the front doors only: a served feed, files, HTTP."""
