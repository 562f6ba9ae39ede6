"""The parts of a delivery: whom a role means today, the frozen message, how much may leave, what became of it."""
