"""The process that runs the passes by the clock: takes rules and a database, gives runs, logs and a health check. The
console's pages are served in it."""
