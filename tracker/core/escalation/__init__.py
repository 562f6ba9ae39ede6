"""Decides notices: takes a status, its policy and the earlier notices. Knows nothing of how they are delivered."""
