"""Runs the passes by the clock: takes rules and a database, gives runs, logs and a health check. Serves the console."""
