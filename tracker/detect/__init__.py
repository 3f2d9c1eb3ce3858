"""Items and weekly counts → signals, each with its sentence and its evidence."""
