"""The text of files: PDF, Word, WPS, spreadsheets, archives. Read in a child process with limits.

`kinds` says what a file is, one module a format reads it, `child` runs them apart, `reader` talks to the child.
A new format is one module with `read(body, out)` and one line in `registry`.
"""
