"""The files that articles link and people file: bytes give their text. Knows no page."""
