"""Values in, bytes out: how a notice becomes a message and how a message leaves."""
