"""Serves the JSON API to other systems: docs/api.md."""
