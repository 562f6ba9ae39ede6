"""The command line, a file per subject; `register(commands)` of a file adds its commands to the parser.

`main.py` lists the commands and imports a file only when one of its commands is given: `duban --help` stays quick, and
a command loads nothing that another one needs. Handlers return the exit status: 0 fine, 1 found something, 2 unusable
input.
"""
