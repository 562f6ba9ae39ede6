"""The command line, a file per subject; each command stands in its file with its options above it (`@command`).

`main.py` lists the commands and imports a file only when one of its commands is given: `duban --help` stays quick, and
a command loads nothing that another one needs. Handlers return the exit status: 0 fine, 1 found something, 2 unusable
input.
"""
