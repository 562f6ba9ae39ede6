"""Serves the web pages on which the people who got a mail answer it. Takes a signed link, gives an acknowledgement."""
