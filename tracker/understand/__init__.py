"""Item → what it speaks of: countries, categories, theme, how grave, and where the text says so."""
