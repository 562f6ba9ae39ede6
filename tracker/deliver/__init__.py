"""Sends: takes due notices, gives frozen messages and the answers of the servers. Decides nothing about duties."""
