"""Records what people say: checks an event, filing or ruling, writes it with its journal line.

Knows no page or command.
"""
