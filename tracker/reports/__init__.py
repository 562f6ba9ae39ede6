"""What the system tells people beyond a single matter: the overdue report."""
