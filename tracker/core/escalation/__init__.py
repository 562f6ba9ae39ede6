"""From status, policy and what was told before to notices. Knows nothing of how they are delivered."""
