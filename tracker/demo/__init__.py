"""A county in a box: its site as it stood at each instant, its clerks, its mailbox and the view of it all."""
