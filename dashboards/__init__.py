"""Pages for those who work in the program for hours: analysts, coordinators, admins. They call and show."""
