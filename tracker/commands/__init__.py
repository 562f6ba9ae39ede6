"""Parses the command line, calls one register, pass or report, and prints the result; a file for each subject.

`main.py` lists the commands and imports a file only when one of its commands is given: `duban --help` stays quick.
A command is a function with its options above it. It returns the exit status: 0 fine, 1 found something, 2 unusable
input.
"""
