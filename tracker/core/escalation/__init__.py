"""Decides notices from status, policy and earlier notices. Independent of how they are delivered."""
