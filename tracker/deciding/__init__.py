"""The parts of a tick: what is judged together, what is remembered between passes, what is written and why."""
