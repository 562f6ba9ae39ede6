"""Duban (督办): supervision of the disclosure duties of a county's departments."""

__version__ = "0.2.0"
