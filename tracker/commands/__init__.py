"""The command line, a file per subject; each `register(commands)` adds its commands to the parser.

Handlers return the exit status: 0 fine, 1 found something, 2 unusable input. What they need beyond the
standard library is imported inside them, so that `duban --help` stays quick.
"""
