"""Decides status, light and reason from the evidence of cells and `now`. Independent of notices."""
