"""Records what people enter: checks an event, filing or ruling and writes it with its journal entry.

Knows no page or command.
"""
