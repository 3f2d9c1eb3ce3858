"""Parts of pages, mostly of the page of one alert, and the forms behind their buttons."""
