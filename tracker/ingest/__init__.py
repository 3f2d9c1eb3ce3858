"""Source → item: feeds are fetched, read, cleaned and recognised; field reports are taken in."""
