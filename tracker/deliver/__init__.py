"""The pass that sends: takes due notices, gives frozen messages and what became of them. Decides nothing."""
